/** The steps of an action on a host where nothing stands yet. */
import { match } from 'ts-pattern';
import type { PlannedStep, TargetAction, TargetActionOf, VolumeRef } from '@blockledger/domain';
import { addAccount, addLun, addNote, addPortal, addTarget, bindAccount, endDaemon, letIn, openLun, removeTarget, setTarget, showTargets, type Command } from './commands.ts';
import { noteOf } from './notes.ts';
import type { Settings } from './options.ts';
import { tidOf } from './ensure.ts';
import { admArgv, folderOf, shownArgv } from './session.ts';

/** What stands in a plan for what only the volume's block backend knows. */
const bytesOf = ({ volumeId }: VolumeRef): { readonly type: 'rbd'; readonly path: string; readonly options: undefined } => ({ type: 'rbd', path: `<volume ${volumeId}>`, options: undefined });

const making = ({ target: { iqn }, config: { portals, chap, luns, clients } }: TargetActionOf<'ensureTarget'>, { vendor }: Settings): readonly Command[] => {
  const tid = tidOf(iqn, []);
  const mutual = clients[0]?.mutual ?? null;
  const accounts = [chap, mutual].filter((account) => account !== null);
  return [
    showTargets,
    addTarget(tid, iqn),
    setTarget(tid, 'nop_count', '3'),
    setTarget(tid, 'nop_interval', '5'),
    ...portals.map(addPortal),
    ...accounts.flatMap((account) => [addAccount(account.user), addNote(noteOf(account))]),
    ...(chap === null ? [] : [bindAccount(tid, chap.user, false)]),
    ...(mutual === null ? [] : [bindAccount(tid, mutual.user, true)]),
    ...luns.flatMap(({ lun, volume }) => [addLun(tid, lun, bytesOf(volume)), openLun(tid, lun, { serial: volume.serial, vendor }, bytesOf(volume))]),
    ...clients.map(({ code }) => letIn(tid, code)),
    showTargets,
  ];
};

/** The steps, secrets masked. */
export const planned = (action: TargetAction, settings: Settings): readonly PlannedStep[] => {
  const { place, number, iqn } = action.target;
  const host = { name: place.host };
  const argv = admArgv(host, settings.controlPort + number, settings);
  const steps = (commands: readonly Command[]): readonly PlannedStep[] => commands.map((command) => ({ summary: command.summary, argv: shownArgv(argv, command) }));
  return match(action)
    .returnType<readonly PlannedStep[]>()
    .with({ do: 'ensureTarget' }, (wanted) => [
      {
        summary: `start a daemon for access path ${number}`,
        argv: ['env', `TGT_IPC_SOCKET=${folderOf(host, settings)}/ipc`, settings.program, '-C', String(settings.controlPort + number), '--iscsi', 'portal=127.0.0.1:0'],
      },
      ...steps(making(wanted, settings)),
    ])
    .with({ do: 'ensureTargetGone' }, () => steps([showTargets, removeTarget(tidOf(iqn, []), iqn), endDaemon]))
    .with({ do: 'observeTarget' }, () => steps([showTargets]))
    .exhaustive();
};
