/**
 * What no source shows of `xdcadm`, and we took for granted, in one place. The options are known, and the words for what is done; how they
 * go together for clients and accounts is not. Whoever has an XDC compares these with it first, and changes them here alone: the simulator
 * reads the same table.
 */
import type { AccessType } from '@blockledger/domain';

/** The pairs of mode and operation, and which options go with them. A list of options ends with what the simulator must find. */
export const ASSUMED_WORDS = {
  /** The account that initiators present, `-I`. Adding one takes the place of another. A password follows. */
  setChap: (atid: string, user: string): readonly string[] => ['-m', 'at', '-o', 'add', '--atid', atid, '-I', '-u', user],
  clearChap: (atid: string, user: string): readonly string[] => ['-m', 'at', '-o', 'remove', '--atid', atid, '-I', '-u', user],
  /** A client is made and then bound, as everything else. A new one is masked and sees no LUN. */
  createClient: (atid: string, code: string): readonly string[] => ['-m', 'client', '-o', 'create', '--atid', atid, '--iqn', code],
  deleteClient: (atid: string, code: string): readonly string[] => ['-m', 'client', '-o', 'delete', '--atid', atid, '--iqn', code],
  /** The account by which the target proves itself to a client, `-O`. A password follows. */
  setMutual: (atid: string, code: string, user: string): readonly string[] => ['-m', 'client', '-o', 'add', '--atid', atid, '--iqn', code, '-O', '-u', user],
  clearMutual: (atid: string, code: string, user: string): readonly string[] => ['-m', 'client', '-o', 'remove', '--atid', atid, '--iqn', code, '-O', '-u', user],
  /** A mask: the client sees the LUN of this serial number under this number, as `show` tells it (S0-94). */
  addMapping: (atid: string, code: string, serial: string, lun: string): readonly string[] => ['-m', 'client', '-o', 'add', '--atid', atid, '--iqn', code, '--lunsn', serial, '--lunid', lun],
  removeMapping: (atid: string, code: string, serial: string, lun: string): readonly string[] => ['-m', 'client', '-o', 'remove', '--atid', atid, '--iqn', code, '--lunsn', serial, '--lunid', lun],
  /** LUN objects, bound or not (X-3 has the operation, not what it shows). */
  showLuns: ['-m', 'lun', '-o', 'show'],
  /** The whole configuration is saved at once (X-3 has the operation, not its mode). */
  save: ['-m', 'sys', '-o', 'save'],
  load: ['-m', 'sys', '-o', 'load'],
} as const;

/** The option of a password. It comes last, so that it can be given by what starts the program. */
export const PASSWORD = '-p';

/** The words of `--type` and of `type:`, of which only `iscsi` was seen. */
export const TYPE_WORDS: Readonly<Record<AccessType, string>> = { iscsi: 'iscsi', local: 'local', fc: 'FC' };

/** A target that serves says so. Seen; that anything else means that it does not is assumed. */
export const ENABLED = 'Enable';

/** The first line of what `-m lun -o show` says; then one line for each LUN, as in `lunlist`, without its number. */
export const LUN_HEADING = 'Lun information:';

/** What takes all limits off: 0 is unlimited with everything else that we know. */
export const UNLIMITED = '0,0';

/** Anything but 0 is a refusal. What the text says is not relied upon, but for this one, which is met in XSKY's tests. */
export const REFUSED = 1;
export const HAS_IO = 'still has IO on target';

/** For the doctor and the manual. */
export const ASSUMPTIONS: readonly string[] = [
  'the command lines for clients, masks and accounts',
  'an account takes the place of another one in a single step',
  'a client that is made sees no LUN until it is given one',
  '`-m sys -o save` saves everything',
  'what `-m lun -o show` says; nothing depends on it but LUNs that were left behind',
  'exit codes other than 0 are refusals',
];
