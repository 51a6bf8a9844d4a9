/** Reads what `xdcadm` shows. It takes a text only if it can be printed again just so; passwords are read into nothing (S0-91, S0-92). */
import * as E from 'fp-ts/lib/Either.js';
import { Reader, type ShowTrouble } from './reader.ts';
import { HEADING, type ShownAt, type ShownClient, type ShownLun, type ShownMapping, type ShownPortal, type ShownTarget } from './show.ts';

/** An account as it is read. */
export interface SealedAccount {
  readonly user: string;
  /** What the seal makes of the password; nothing without one. */
  readonly seal: string;
}

/** Turns a password into something from which it cannot be learned, only compared. */
export type Seal = (password: string) => string;

const NO_SEAL: Seal = () => '';

/**
 * An account: `user: U password: P`, of which both are empty where there is none. A password may begin with a blank: it is not looked at.
 */
const accountIn = (reader: Reader, rest: string | undefined, seal: Seal): { readonly account: SealedAccount | undefined } | undefined => {
  const beginning = ' user: ';
  if (rest === undefined) return undefined;
  if (!rest.startsWith(beginning)) return reader.fail('Missing', 'a field "user"');
  const parts = rest.slice(beginning.length).split(' password:');
  const [user = '', after] = parts;
  if (after === undefined) return reader.fail('Missing', 'a field "password"');
  if (parts.length > 2) return reader.fail('Ambiguous', 'one field "password"');
  if (after !== '' && !after.startsWith(' ')) return reader.fail('Unexpected', 'a blank after "password:"');
  const password = after.slice(1);
  if (user === '') return password === '' ? { account: undefined } : reader.fail('Inconsistent', 'a user for the password');
  return user.trim() === user ? { account: { user, seal: seal(password) } } : reader.fail('Unexpected', 'one blank around the user');
};

const portalIn = (reader: Reader, depth: number): ShownPortal | undefined => {
  const [ip, ...rest] = reader.values(depth, ['portal IP', 'port', 'flag', 'mode']) ?? [];
  const [port, flag, mode] = [reader.number(rest[0], 'port'), reader.number(rest[1], 'flag'), reader.number(rest[2], 'mode')];
  return ip === undefined || port === undefined || flag === undefined || mode === undefined ? undefined : { ip, port, flag, mode };
};

const targetIn = (reader: Reader, depth: number): ShownTarget | undefined => {
  const iqn = reader.value(depth, 'iqn');
  const state = reader.value(depth, 'state');
  reader.heading(depth, 'portlist:');
  const portals = reader.list(depth + 1, () => portalIn(reader, depth + 1));
  return iqn === undefined || state === undefined || portals === undefined ? undefined : { iqn, state, portals };
};

const lunIn = (reader: Reader, depth: number): ShownLun | undefined => {
  const [id, name, serial, size, config] = reader.values(depth, ['lun id', 'name', 'sn', 'size', 'config']) ?? [];
  const [lun, sizeBytes] = [reader.number(id, 'lun id'), reader.number(size, 'size')];
  return lun === undefined || name === undefined || serial === undefined || sizeBytes === undefined || config === undefined ? undefined : { lun, name, serial, sizeBytes, config };
};

const mappingIn = (reader: Reader, depth: number, code: string): ShownMapping | undefined => {
  const [whose, serial, id] = reader.values(depth, ['client iqn', 'lun sn', 'lunid']) ?? [];
  const lun = reader.number(id, 'lunid');
  if (serial === undefined || lun === undefined) return undefined;
  return whose === code ? { serial, lun } : reader.fail('Inconsistent', 'a mapping of the client above');
};

const clientIn = (reader: Reader, depth: number, seal: Seal): ShownClient<SealedAccount> | undefined => {
  const code = reader.value(depth, 'client iqn');
  const mutual = accountIn(reader, reader.after(depth, 'chap mutual:'), seal);
  const flag = reader.value(depth, 'client lun mapping flag');
  reader.heading(depth, 'client lun mapping list:');
  const mappings = reader.list(depth + 1, () => mappingIn(reader, depth + 1, code ?? ''));
  return code === undefined || mutual === undefined || flag === undefined || mappings === undefined ? undefined : { code, mutual: mutual.account, flag, mappings };
};

const hasTwice = <A>(values: readonly A[], nameOf: (value: A) => string | number): boolean => new Set(values.map(nameOf)).size < values.length;

/** What would be the same thing twice. */
const repeated = ({ targets, luns, clients }: ShownAt<SealedAccount>): string | undefined => {
  if (hasTwice(targets, ({ iqn }) => iqn)) return 'each target once';
  if (targets.some(({ portals }) => hasTwice(portals, ({ ip, port }) => `${ip} ${port}`))) return 'each portal once';
  if (hasTwice(luns, ({ lun }) => lun) || hasTwice(luns, ({ name }) => name) || hasTwice(luns, ({ serial }) => serial)) return 'each LUN once';
  if (hasTwice(clients, ({ code }) => code)) return 'each client once';
  return clients.some(({ mappings }) => hasTwice(mappings, ({ serial }) => serial) || hasTwice(mappings, ({ lun }) => lun)) ? 'each mapping once' : undefined;
};

const atIn = (reader: Reader, seal: Seal): ShownAt<SealedAccount> | undefined => {
  const title = reader.after(1, 'AT ');
  if (title?.endsWith(':') === false) return reader.fail('Missing', 'a colon after the number');
  const titled = reader.number(title?.slice(0, -1), 'AT');
  const atid = reader.number(reader.value(2, 'atid'), 'atid');
  if (titled !== atid) return reader.fail('Inconsistent', 'the number of the heading');
  const board = reader.number(reader.value(2, 'boardid'), 'boardid');
  const hostname = reader.value(2, 'hostname');
  const type = reader.value(2, 'type');
  const chap = accountIn(reader, reader.after(2, 'chap:'), seal);
  reader.heading(2, 'targetlist:');
  const targets = reader.list(3, () => targetIn(reader, 3));
  reader.heading(2, 'lunlist:');
  const luns = reader.list(3, () => lunIn(reader, 3));
  reader.heading(2, 'clientlist:');
  const clients = reader.list(3, () => clientIn(reader, 3, seal));
  if (atid === undefined || board === undefined || hostname === undefined || type === undefined || chap === undefined) return undefined;
  if (targets === undefined || luns === undefined || clients === undefined) return undefined;
  const at: ShownAt<SealedAccount> = { atid, board, hostname, type, chap: chap.account, targets, luns, clients };
  const wrong = repeated(at);
  return wrong === undefined ? at : reader.fail('Inconsistent', wrong);
};

/**
 * Reads the whole text. A text that was cut just between two entries cannot be told from a whole one by itself: the way it came must tell.
 */
export const parseShow = (text: string, seal: Seal = NO_SEAL): E.Either<ShowTrouble, readonly ShownAt<SealedAccount>[]> => {
  const reader = new Reader(text);
  reader.heading(0, HEADING);
  const ats = reader.list(1, () => atIn(reader, seal));
  reader.end();
  if (ats !== undefined && hasTwice(ats, ({ atid }) => atid)) reader.fail('Inconsistent', 'each AT once');
  return ats === undefined || reader.trouble !== undefined ? E.left(reader.trouble ?? { reason: 'Unexpected', line: 1, wanted: HEADING }) : E.right(ats);
};

/** In words, without a word of the text. */
export const troubleText = ({ reason, line, wanted }: ShowTrouble): string => `line ${line}: ${reason}, wanted ${wanted}`;
