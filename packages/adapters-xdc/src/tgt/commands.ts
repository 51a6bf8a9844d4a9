/** What is said to `tgtadm`: one table, no effects. */
import type { Portal } from '@blockledger/domain';
import { isInitiatorName } from './addresses.ts';

/** One command line of `tgtadm`, without the program and the daemon's control port. */
export interface Command {
  /** For people. */
  readonly summary: string;
  readonly args: readonly string[];
  /** A secret is to be given besides, as the last word. It stands nowhere else. */
  readonly takesSecret?: true;
}

/** How a LUN's bytes are reached. */
export interface Backing {
  readonly type: 'rbd' | 'rdwr';
  readonly path: string;
  /** Options of the kind of backing: where the cluster is, and who to be there. */
  readonly options: string | undefined;
}

/** What initiators are shown of a LUN. */
export interface LunIdentity {
  readonly serial: string;
  readonly vendor: string;
}

/** LUN 0 of every target is its controller, so ours are one higher. */
export const tgtLun = (lun: number): number => lun + 1;

const adm = (mode: string, op: string, ...rest: readonly string[]): readonly string[] => ['--lld', 'iscsi', '--mode', mode, '--op', op, ...rest];
const ofTarget = (mode: string, op: string, tid: number, ...rest: readonly string[]): readonly string[] => adm(mode, op, '--tid', String(tid), ...rest);

/** `10.77.0.1:3260`, `[::1]:3260`. */
export const portalText = ({ ip, port }: Portal): string => (ip.includes(':') ? `[${ip}]:${port}` : `${ip}:${port}`);

export const showSystem: Command = { summary: 'see whether the daemon is ready', args: ['--mode', 'system', '--op', 'show'] };
export const endDaemon: Command = { summary: 'end the daemon', args: ['--mode', 'system', '--op', 'delete'] };

export const showTargets: Command = { summary: 'look at the targets', args: adm('target', 'show') };
export const showPortals: Command = { summary: 'look at the portals', args: adm('portal', 'show') };
export const showAccounts: Command = { summary: 'look at the accounts', args: adm('account', 'show') };
export const showTraffic = (tid: number): Command => ({ summary: 'see how much IO is under way', args: ofTarget('target', 'stat', tid) });

export const addPortal = (portal: Portal): Command => ({ summary: `listen on ${portalText(portal)}`, args: adm('portal', 'new', '--param', `portal=${portalText(portal)}`) });
export const removePortal = (portal: Portal): Command => ({
  summary: `listen no more on ${portalText(portal)}`,
  args: adm('portal', 'delete', '--param', `portal=${portalText(portal)}`),
});

export const addTarget = (tid: number, iqn: string): Command => ({ summary: `make target ${iqn}`, args: ofTarget('target', 'new', tid, '--targetname', iqn) });
export const removeTarget = (tid: number, iqn: string): Command => ({ summary: `take target ${iqn} away`, args: ofTarget('target', 'delete', tid) });
export const setTarget = (tid: number, name: 'state' | 'nop_interval' | 'nop_count', value: string): Command => ({
  summary: `set ${name} of the target to ${value}`,
  args: ofTarget('target', 'update', tid, '--name', name, '--value', value),
});

export const addAccount = (user: string): Command => ({ summary: `make account ${user}`, args: adm('account', 'new', '--user', user), takesSecret: true });
/** An account that nobody can use, for its name. */
export const addNote = (name: string): Command => ({ summary: 'note which secret the account has', args: adm('account', 'new', '--user', name, '--password', 'unused') });
export const removeAccount = (user: string): Command => ({ summary: `take account ${user} away`, args: adm('account', 'delete', '--user', user) });

const outgoing = (isOutgoing: boolean): readonly string[] => (isOutgoing ? ['--outgoing'] : []);

export const bindAccount = (tid: number, user: string, isOutgoing: boolean): Command => ({
  summary: isOutgoing ? `the target proves itself as ${user}` : `let initiators present account ${user}`,
  args: ofTarget('account', 'bind', tid, '--user', user, ...outgoing(isOutgoing)),
});
export const unbindAccount = (tid: number, user: string, isOutgoing: boolean): Command => ({
  summary: isOutgoing ? `the target proves itself as ${user} no more` : `let nobody present account ${user}`,
  args: ofTarget('account', 'unbind', tid, '--user', user, ...outgoing(isOutgoing)),
});

/** Without a path a LUN is made offline: nobody reads from it before it has its identity. */
export const addLun = (tid: number, lun: number, { type, options }: Backing): Command => ({
  summary: `make LUN ${lun}, not ready yet`,
  args: ofTarget('logicalunit', 'new', tid, '--lun', String(tgtLun(lun)), '--bstype', type, ...(options === undefined ? [] : ['--bsopts', options])),
});

const update = (tid: number, lun: number, summary: string, params: readonly string[]): Command => ({
  summary,
  args: ofTarget('logicalunit', 'update', tid, '--lun', String(tgtLun(lun)), '--params', params.join(',')),
});

const identityParams = ({ serial, vendor }: LunIdentity): readonly string[] => [`vendor_id=${vendor}`, 'product_id=volume', `scsi_id=${serial}`, `scsi_sn=${serial}`];

/** Identity first, then the bytes, in one call: the daemon does nothing else in between. */
export const openLun = (tid: number, lun: number, identity: LunIdentity, { path }: Backing): Command =>
  update(tid, lun, `LUN ${lun} is ${path} with serial number ${identity.serial}`, [...identityParams(identity), `path=${path}`, 'online=1', 'removable=0']);

/** The size is read when the bytes are opened, so they are opened anew. Reservations of initiators stay. */
export const reopenLun = (tid: number, lun: number, identity: LunIdentity, { path }: Backing): Command =>
  update(tid, lun, `open ${path} anew as LUN ${lun}`, ['removable=1', 'online=0', ...identityParams(identity), `path=${path}`, 'online=1', 'removable=0']);

/** New IO is answered with not ready, so that what is under way comes to its end. */
export const stopLun = (tid: number, lun: number): Command => update(tid, lun, `LUN ${lun} takes no more IO`, ['removable=1', 'online=0']);
export const removeLun = (tid: number, lun: number): Command => ({
  summary: `take LUN ${lun} away`,
  args: ofTarget('logicalunit', 'delete', tid, '--lun', String(tgtLun(lun))),
});

const whoIs = (code: string): readonly string[] => (isInitiatorName(code) ? ['--initiator-name', code] : ['--initiator-address', code]);

export const letIn = (tid: number, code: string): Command => ({ summary: `let ${code} in`, args: ofTarget('target', 'bind', tid, ...whoIs(code)) });
export const keepOut = (tid: number, code: string): Command => ({ summary: `keep ${code} out`, args: ofTarget('target', 'unbind', tid, ...whoIs(code)) });

export const endConnection = (tid: number, session: number, connection: number): Command => ({
  summary: `end session ${session}`,
  args: ofTarget('conn', 'delete', tid, '--sid', String(session), '--cid', String(connection)),
});
