/** Every `blockledger attachment …`. */
import type { CliCommand } from '../../frame/command.ts';
import { attachmentComplete, attachmentConnect, attachmentReserve } from './attaching.ts';
import { attachmentBeginDetach, attachmentDisconnect, attachmentRelease } from './detaching.ts';
import { attachmentConnectionInfo, attachmentList, attachmentShow } from './reading.ts';

export const attachmentCommands: readonly CliCommand[] = [
  attachmentList,
  attachmentShow,
  attachmentReserve,
  attachmentConnect,
  attachmentConnectionInfo,
  attachmentComplete,
  attachmentBeginDetach,
  attachmentDisconnect,
  attachmentRelease,
];
