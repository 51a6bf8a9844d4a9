/** Every command there is, in the order of the help. */
import type { CliCommand } from '../frame/command.ts';
import type { Groups } from '../frame/program.ts';
import { attachmentCommands } from './attachment/index.ts';
import { backendCommands } from './backend/index.ts';
import { cinderBridgeCommand } from './cinderBridge.ts';
import { clientGroupCommands } from './clientGroup/index.ts';
import { completeCommand, completionCommand } from './completion.ts';
import { doctorCommand } from './doctor.ts';
import { eventsCommand } from './events.ts';
import { hostCommands } from './host/index.ts';
import { initCommand } from './init.ts';
import { atCommand, historyCommand } from './inspect/history.ts';
import { actionsCommand } from './inspect/actions.ts';
import { driftCommand, orphansCommand, warningsCommand } from './inspect/looking.ts';
import { acceptRestoredLogCommand, rebuildCommand } from './inspect/restoring.ts';
import { pathCommands } from './path/index.ts';
import { planCommand } from './plan.ts';
import { poolCommands } from './pool/index.ts';
import { serveCommand } from './serve.ts';
import { snapshotCommands } from './snapshot/index.ts';
import { storeBackupCommand } from './storeBackup.ts';
import { storeCopyCommand } from './storeCopy.ts';
import { storeVerifyCommand } from './storeVerify.ts';
import { taskCommands } from './task/index.ts';
import { tokenCommands } from './token/index.ts';
import { vipGroupCommands } from './vipGroup/index.ts';
import { volumeCommands } from './volume/index.ts';
import { webhookCommands } from './webhook/index.ts';

/** What the groups of commands are about. */
export const groups: Groups = {
  'volume': 'Volumes and clones',
  'snapshot': 'Snapshots of volumes',
  'pool': 'Where volumes live',
  'backend': 'What pools and hosts are driven by',
  'host': 'Gateways that serve targets and virtual IPs',
  'client-group': 'Initiators that see the same volumes',
  'path': 'Access paths: by which hosts who sees which volumes',
  'vip-group': 'Virtual IPs that move between the hosts of an access path',
  'attachment': 'Who has a volume, and where its host finds it',
  'task': 'What is being done, and what to do about it',
  'token': 'Who may ask',
  'webhook': 'Where events are sent',
  'store': 'The store in which the log of events stands',
};

export const commands: readonly CliCommand[] = [
  initCommand,
  serveCommand,
  doctorCommand,
  ...volumeCommands,
  ...snapshotCommands,
  ...poolCommands,
  acceptRestoredLogCommand,
  ...backendCommands,
  ...hostCommands,
  ...clientGroupCommands,
  ...pathCommands,
  ...vipGroupCommands,
  ...attachmentCommands,
  ...taskCommands,
  planCommand,
  historyCommand,
  atCommand,
  eventsCommand,
  actionsCommand,
  driftCommand,
  orphansCommand,
  rebuildCommand,
  warningsCommand,
  ...tokenCommands,
  ...webhookCommands,
  cinderBridgeCommand,
  storeBackupCommand,
  storeCopyCommand,
  storeVerifyCommand,
  completionCommand,
  completeCommand(() => ({ commands, groups })),
];
