/** The steps of an action on a host where nothing stands yet. */
import { match } from 'ts-pattern';
import type { PlannedStep, TargetAction, TargetActionOf, TargetRef, VolumeRef } from '@blockledger/domain';
import {
  addLun,
  addMapping,
  addPortal,
  createAt,
  createClient,
  createLun,
  createTarget,
  deleteAt,
  deleteTarget,
  limitLun,
  save,
  setChap,
  setMutual,
  showAts,
  type Command,
} from './commands.ts';
import type { Settings } from './options.ts';
import { shownArgv } from './session.ts';

/** What stands in a plan for what only the volume's block backend knows. */
const nameOf = ({ volumeId }: VolumeRef): string => `<image of ${volumeId}>`;

const making = ({ target, config }: TargetActionOf<'ensureTarget'>, { nodes, board }: Settings): readonly Command[] => {
  const { number, iqn, type, place } = target;
  const serialOf = (lun: number): string => config.luns.find((one) => one.lun === lun)?.volume.serial ?? '';
  return [
    showAts,
    createAt(number, nodes[place.host] ?? place.host, board),
    createTarget(number, iqn, type),
    ...(config.chap === null ? [] : [setChap(number, config.chap.user)]),
    ...config.portals.map((portal) => addPortal(number, iqn, portal)),
    ...config.luns.flatMap(({ lun, volume, sizeBytes, qos }) => {
      const name = nameOf(volume);
      const config = `ceph/${volume.placement.pool}/${name}`;
      return [createLun({ name, serial: volume.serial, sizeBytes, config }), ...(qos.enabled ? limitLun(name, qos) : []), addLun(number, name, lun)];
    }),
    ...config.clients.flatMap(({ code, mutual, luns }) => [
      createClient(number, code),
      ...(mutual === null ? [] : [setMutual(number, code, mutual.user)]),
      ...luns.map((lun) => addMapping(number, code, { serial: serialOf(lun), lun })),
    ]),
    showAts,
    save,
  ];
};

const ending = ({ number, iqn }: TargetRef): readonly Command[] => [showAts, deleteTarget(number, iqn), deleteAt(number), showAts, save];

/** The steps, secrets masked. */
export const planned = (action: TargetAction, settings: Settings): readonly PlannedStep[] => {
  const steps = (commands: readonly Command[]): readonly PlannedStep[] => commands.map((command) => ({ summary: command.summary, argv: shownArgv(settings, command) }));
  return match(action)
    .returnType<readonly PlannedStep[]>()
    .with({ do: 'ensureTarget' }, (wanted) => steps(making(wanted, settings)))
    .with({ do: 'ensureTargetGone' }, ({ target }) => steps(ending(target)))
    .with({ do: 'observeTarget' }, () => steps([showAts]))
    .exhaustive();
};
