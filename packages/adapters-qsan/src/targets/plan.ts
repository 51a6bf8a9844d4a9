/** The requests of an action on an array where the target does not stand yet, or stands as it was wanted. */
import * as E from 'fp-ts/lib/Either.js';
import { match } from 'ts-pattern';
import { MASK, type PlannedStep, secret, type TargetAction, type TargetActionOf } from '@blockledger/domain';
import { volumeName } from '../names.ts';
import { stepOf } from '../plan.ts';
import { type ArrayRequest, createTarget, deleteTarget, findTarget, letIn, mapVolume, setChap, showLuns, showPortals, showTarget } from '../requests.ts';
import { nameOf } from './wanted.ts';

/** What stands in a plan for the id that the array gives. */
const ID = ':target';

const looks = (name: string): readonly ArrayRequest[] => [findTarget(name), showTarget(ID), showLuns(ID)];

const making = ({ target: { iqn }, config: { chap, luns, clients } }: TargetActionOf<'ensureTarget'>, name: string): readonly ArrayRequest[] => [
  showPortals,
  findTarget(name),
  createTarget(name, iqn),
  ...(chap === null ? [] : [setChap(ID, chap.user, secret(MASK))]),
  ...luns.map(({ lun, volume }) => mapVolume(ID, volumeName(volume.volumeId), lun)),
  ...clients.map(({ code }) => letIn(ID, code)),
  ...looks(name),
];

/** The steps, secrets masked. */
export const planned = (action: TargetAction): readonly PlannedStep[] => {
  const name = nameOf(action.target);
  if (E.isLeft(name)) return [{ summary: `refused before anything is sent: ${name.left.message}` }];
  const requests = match(action)
    .returnType<readonly ArrayRequest[]>()
    .with({ do: 'ensureTarget' }, (wanted) => making(wanted, name.right))
    .with({ do: 'ensureTargetGone' }, () => [...looks(name.right), deleteTarget(ID), findTarget(name.right)])
    .with({ do: 'observeTarget' }, () => [...looks(name.right), showPortals])
    .exhaustive();
  return requests.map(stepOf).map((step) => ({ ...step, ...(step.request === undefined ? {} : { request: step.request.replaceAll(encodeURIComponent(ID), ID) }) }));
};
