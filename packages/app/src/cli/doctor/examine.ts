/** Looks at everything that a service needs, in the order in which one thing needs the other. */
import * as E from 'fp-ts/lib/Either.js';
import type { Ending } from '../exit.ts';
import { givenPath } from '../store/place.ts';
import { outsideOf, placeOf, type ServeFlags } from '../settings.ts';
import { lookAtBackends } from './backends.ts';
import { lookAtConfiguration } from './configuration.ts';
import type { Section } from './findings.ts';
import { lookAtAllGateways } from './gateways.ts';
import { lookAtNode } from './machine.ts';
import { lookAtSecrets } from './secrets.ts';
import { lookAtService } from './service.ts';
import { lookAtStore } from './store.ts';

/** What a doctor is told. */
export interface Examination {
  /** As `serve` would get them. */
  readonly flags: ServeFlags;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Each backend has so long. */
  readonly patienceMs: number;
  /** Told what is looked at now. */
  readonly onLook: (what: string) => void;
}

/** All sections; Left only where the command line itself is wrong. */
export const examine = async ({ flags, environment, patienceMs, onLook }: Examination): Promise<E.Either<Ending, readonly Section[]>> => {
  const outside = outsideOf(flags, environment);
  if (E.isLeft(outside)) return outside;
  const { store, token } = outside.right;
  onLook('the configuration');
  const { config, findings } = await lookAtConfiguration(flags.config, givenPath(store), token);
  const first: readonly Section[] = [
    { title: 'This machine', findings: [lookAtNode(process.versions.node)] },
    { title: 'Configuration', findings },
  ];
  if (config === undefined) return E.right(first);
  const placed = placeOf(outside.right, config);
  if (E.isLeft(placed)) {
    await config.close?.();
    return placed;
  }
  const place = placed.right;
  onLook('the store');
  const stored = await lookAtStore(place.store);
  const secrets = lookAtSecrets(config, place.store, environment['BLOCKLEDGER_SECRET_KEY']);
  onLook('the port');
  const service = await lookAtService(place, stored.holder);
  const looking = { patienceMs, onBegin: (name: string) => onLook(`backend ${name}`) };
  const backends = [...(await lookAtBackends(config, looking)), ...(await lookAtAllGateways(config, looking))];
  await config.close?.();
  return E.right([...first, { title: 'Store', findings: [...stored.findings, ...secrets] }, { title: 'Service', findings: service }, ...backends]);
};
