/** The one place where parts are wired: a container per control plane, typed tokens, no decorators. */
import 'reflect-metadata';
import type { BlockBackend, Clock, EventStore, IdGenerator, SecretStore, StoreError, TargetBackend, VipBackend } from '@blockledger/domain';
import * as E from 'fp-ts/lib/Either.js';
import { container, type DependencyContainer, type InjectionToken } from 'tsyringe';
import type { ControlPlane } from './engine/controlPlane.ts';
import { foundInstallation } from './engine/installation.ts';
import { defaultLimits, silentLogger, type ControlPlaneParts, type Engine, type EngineLimits, type Logger, type WebhookSettings } from './engine/parts.ts';
import { observing, type Observing } from './engine/watching/observing.ts';
import { startPlane } from './engine/plane.ts';
import { memorySecretStore } from './secrets/index.ts';
import { systemClock } from './system/clock.ts';
import { uuidIds } from './system/ids.ts';

/** A bare symbol would lose the type. */
const token = <T>(name: string): InjectionToken<T> => Symbol.for(`@blockledger/${name}`);

/** What is registered in a control plane's container. */
const TOKENS = {
  store: token<EventStore>('store'),
  backends: token<ReadonlyMap<string, BlockBackend>>('backends'),
  targets: token<ReadonlyMap<string, TargetBackend>>('targets'),
  vips: token<ReadonlyMap<string, VipBackend>>('vips'),
  clock: token<Clock>('clock'),
  ids: token<IdGenerator>('ids'),
  limits: token<EngineLimits>('limits'),
  logger: token<Logger>('logger'),
  observing: token<Observing>('observing'),
  exclusive: token<boolean>('exclusive'),
  secrets: token<SecretStore>('secrets'),
  keepsSecrets: token<boolean>('keepsSecrets'),
  webhooks: token<WebhookSettings>('webhooks'),
  engine: token<Engine>('engine'),
} as const;

/** Callers without types may forget a wrapper; they are told at once, not at the first volume. */
const checkBackends = ({ backends, targets = {}, vips = {} }: Pick<ControlPlaneParts, 'backends' | 'targets' | 'vips'>): void => {
  const given: Readonly<Record<string, Readonly<Record<string, Partial<BlockBackend | TargetBackend | VipBackend> | null | undefined>>>> = { backends, targets, vips };
  for (const [part, named] of Object.entries(given)) {
    for (const [name, backend] of Object.entries(named)) {
      if (typeof backend?.perform !== 'function' || typeof backend.kind !== 'string') throw new TypeError(`${part}.${name} is no backend: give one such as rbdBackend({ run: simulateRbd().run })`);
    }
  }
};

/** A child container with the parts of one control plane; what was left out gets its default. */
const containerOf = (parts: ControlPlaneParts): DependencyContainer => {
  const child = container.createChildContainer();
  child.register(TOKENS.store, { useValue: parts.store });
  child.register(TOKENS.backends, { useValue: new Map(Object.entries(parts.backends)) });
  child.register(TOKENS.targets, { useValue: new Map(Object.entries(parts.targets ?? {})) });
  child.register(TOKENS.vips, { useValue: new Map(Object.entries(parts.vips ?? {})) });
  child.register(TOKENS.clock, { useValue: parts.clock ?? systemClock });
  child.register(TOKENS.ids, { useValue: parts.ids ?? uuidIds });
  child.register(TOKENS.limits, { useValue: { ...defaultLimits, ...parts.limits } });
  child.register(TOKENS.logger, { useValue: parts.logger ?? silentLogger });
  child.register(TOKENS.observing, { useValue: observing(parts.observers ?? [], parts.logger ?? silentLogger) });
  child.register(TOKENS.exclusive, { useValue: parts.exclusive ?? false });
  child.register(TOKENS.secrets, { useValue: parts.secrets ?? memorySecretStore() });
  child.register(TOKENS.keepsSecrets, { useValue: parts.secrets !== undefined });
  child.register(TOKENS.webhooks, { useValue: parts.webhooks ?? {} });
  child.register(TOKENS.engine, {
    useFactory: (from): Engine => ({
      store: from.resolve(TOKENS.store),
      backends: from.resolve(TOKENS.backends),
      targets: from.resolve(TOKENS.targets),
      vips: from.resolve(TOKENS.vips),
      clock: from.resolve(TOKENS.clock),
      ids: from.resolve(TOKENS.ids),
      limits: from.resolve(TOKENS.limits),
      logger: from.resolve(TOKENS.logger),
      observing: from.resolve(TOKENS.observing),
      exclusive: from.resolve(TOKENS.exclusive),
      secrets: from.resolve(TOKENS.secrets),
      keepsSecrets: from.resolve(TOKENS.keepsSecrets),
      webhooks: from.resolve(TOKENS.webhooks),
    }),
  });
  return child;
};

/** A control plane that could not start: its event store cannot be read, is locked, or belongs to another installation. */
export class ControlPlaneCannotStart extends Error {
  readonly error: StoreError;
  constructor(error: StoreError) {
    super('message' in error ? error.message : error._tag);
    this.name = 'ControlPlaneCannotStart';
    this.error = error;
  }
}

/**
 * Starts a control plane, or says why it cannot: founds or recognises the installation, folds the whole log, then carries on with all
 * work that is owed. A backend that is absent or down does not keep it from starting.
 *
 * @example
 * import { startControlPlane } from '@blockledger/app';
 * import { memoryStore } from '@blockledger/app/memory';
 * const started = await startControlPlane({ store: memoryStore(), backends: {} });
 * started._tag; // => 'Right'
 * if (started._tag === 'Right') await started.right.close();
 */
export const startControlPlane = async (parts: ControlPlaneParts): Promise<E.Either<StoreError, ControlPlane>> => {
  checkBackends(parts);
  const engine = containerOf(parts).resolve(TOKENS.engine);
  const installation = await foundInstallation(engine, parts.installationId);
  return E.isLeft(installation) ? installation : startPlane(engine, installation.right, parts.drive ?? true);
};

/**
 * Starts a control plane. Rejects with `ControlPlaneCannotStart` only where the event store cannot be read; after that nothing rejects.
 *
 * @example
 * import { controlPlane } from '@blockledger/app';
 * import { memoryStore } from '@blockledger/app/memory';
 * const plane = await controlPlane({ store: memoryStore(), backends: {} });
 * plane.volumes.list().totalCount; // => 0
 * await plane.close();
 */
export const controlPlane = async (parts: ControlPlaneParts): Promise<ControlPlane> => {
  const started = await startControlPlane(parts);
  if (E.isLeft(started)) throw new ControlPlaneCannotStart(started.left);
  return started.right;
};
