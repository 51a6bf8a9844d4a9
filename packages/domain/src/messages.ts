/** All commands of the domain, for work that tells another aggregate. A command's type and its id field say which aggregate it is for. */
import type { AccessPathCommand } from './accessPath/messages.ts';
import type { TokenCommand } from './accessToken/messages.ts';
import type { BackendCommand } from './backend/messages.ts';
import type { ClientGroupCommand } from './clientGroup/messages.ts';
import type { HostCommand } from './host/messages.ts';
import type { PoolCommand } from './pool/messages.ts';
import type { ReservationCommand } from './reservation/messages.ts';
import type { SnapshotCommand } from './snapshot/messages.ts';
import type { VipGroupCommand } from './vipGroup/messages.ts';
import type { VolumeCommand } from './volume/messages.ts';
import type { WebhookCommand } from './webhook/messages.ts';

/** A command with the kind of aggregate that it is for. */
export type DomainCommand =
  | { readonly to: 'volume'; readonly command: VolumeCommand }
  | { readonly to: 'snapshot'; readonly command: SnapshotCommand }
  | { readonly to: 'pool'; readonly command: PoolCommand }
  | { readonly to: 'backend'; readonly command: BackendCommand }
  | { readonly to: 'token'; readonly command: TokenCommand }
  | { readonly to: 'webhook'; readonly command: WebhookCommand }
  | { readonly to: 'host'; readonly command: HostCommand }
  | { readonly to: 'clientGroup'; readonly command: ClientGroupCommand }
  | { readonly to: 'accessPath'; readonly command: AccessPathCommand }
  | { readonly to: 'vipGroup'; readonly command: VipGroupCommand }
  | { readonly to: 'reservation'; readonly command: ReservationCommand };
