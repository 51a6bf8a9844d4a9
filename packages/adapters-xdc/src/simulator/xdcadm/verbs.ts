/** What a simulated daemon does when it is told something. Exit codes and texts of refusals are assumed, as is what assumed.ts lists. */
import { ENABLED, HAS_IO, LUN_HEADING, REFUSED, TYPE_WORDS } from '../../xdc/assumed.ts';
import { INDENT, lunText, MASKED, printShow, type ClearAccount, type ShownTarget } from '../../xdc/show.ts';
import type { Asked } from './argv.ts';
import { shownAts, type SimAt, type SimClient, type SimDaemon, type SimHost, type SimLun } from './state.ts';

/** What is answered, and what the host is then. */
export interface Answer {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
  readonly host?: SimHost;
}

/** A refusal is a text. */
type Outcome = SimDaemon | string;
type Verb = (daemon: SimDaemon, asked: Asked, node: string) => Outcome;

export const refused = (text: string): Answer => ({ exitCode: REFUSED, stdout: '', stderr: `xdcadm: ${text}\n` });

const isNumber = (text: string | undefined): text is string => text !== undefined && /^\d{1,15}$/.test(text);
const replaced = <A>(all: readonly A[], old: A, next: A): readonly A[] => all.map((one) => (one === old ? next : one));

const onAt = (daemon: SimDaemon, { words }: Asked, work: (at: SimAt) => SimAt | string): Outcome => {
  if (!isNumber(words['atid'])) return 'atid is needed';
  const at = daemon.ats.find(({ atid }) => String(atid) === words['atid']);
  if (at === undefined) return `access target ${words['atid']} does not exist`;
  const next = work(at);
  return typeof next === 'string' ? next : { ...daemon, ats: replaced(daemon.ats, at, next) };
};

const onTarget = (daemon: SimDaemon, asked: Asked, work: (target: ShownTarget, ip: string, port: number) => ShownTarget | string): Outcome =>
  onAt(daemon, asked, (at) => {
    const target = at.targets.find(({ iqn }) => iqn === asked.words['iqn']);
    const [, ip = '', port = ''] = /^([^:]+):(\d{1,5})$/.exec(asked.words['port'] ?? '') ?? [];
    if (target === undefined) return 'the target does not exist';
    if (ip === '') return 'port must be ip:port';
    const next = work(target, ip, Number(port));
    return typeof next === 'string' ? next : { ...at, targets: replaced(at.targets, target, next) };
  });

const onLun = (daemon: SimDaemon, { words }: Asked, work: (lun: SimLun) => SimLun | string): Outcome => {
  const lun = daemon.luns.find(({ name }) => name === words['lunname']);
  if (lun === undefined) return `lun ${words['lunname'] ?? ''} does not exist`;
  const next = work(lun);
  return typeof next === 'string' ? next : { ...daemon, luns: replaced(daemon.luns, lun, next) };
};

const onClient = (daemon: SimDaemon, asked: Asked, work: (client: SimClient, at: SimAt) => SimClient | string): Outcome =>
  onAt(daemon, asked, (at) => {
    const client = at.clients.find(({ code }) => code === asked.words['iqn']);
    if (client === undefined) return 'the client does not exist';
    const next = work(client, at);
    return typeof next === 'string' ? next : { ...at, clients: replaced(at.clients, client, next) };
  });

const accountOf = ({ words }: Asked): ClearAccount | undefined => {
  const { user, password } = words;
  return user === undefined || user === '' || password === undefined ? undefined : { user, password };
};

const atVerbs: Readonly<Record<string, Verb>> = {
  create: (daemon, { words }, node) => {
    const { atid, servernode, boardid } = words;
    if (!isNumber(atid) || servernode === undefined || (boardid !== '0' && boardid !== '1')) return 'atid, servernode and boardid are needed';
    if (daemon.ats.some((at) => String(at.atid) === atid)) return `access target ${atid} already exists`;
    const made: SimAt = { atid: Number(atid), board: Number(boardid), hostname: servernode || node, type: TYPE_WORDS.iscsi, targets: [], luns: [], clients: [] };
    return { ...daemon, ats: [...daemon.ats, made] };
  },
  delete: (daemon, asked) => {
    const checked = onAt(daemon, asked, (at) => (at.targets.length + at.luns.length + at.clients.length > 0 ? 'the access target is not empty' : at));
    return typeof checked === 'string' ? checked : { ...daemon, ats: daemon.ats.filter(({ atid }) => String(atid) !== asked.words['atid']) };
  },
  add: (daemon, asked) =>
    onAt(daemon, asked, (at) => {
      const chap = accountOf(asked);
      return chap === undefined || !asked.flags.has('incoming') ? 'an incoming account needs -I, a user and a password' : { ...at, chap };
    }),
  remove: (daemon, asked) =>
    onAt(daemon, asked, ({ chap, ...at }) => (!asked.flags.has('incoming') || chap === undefined || chap.user !== asked.words['user'] ? 'the account does not exist' : at)),
};

const targetVerbs: Readonly<Record<string, Verb>> = {
  create: (daemon, asked) => {
    const { iqn, type } = asked.words;
    if (iqn === undefined || type === undefined || !Object.values(TYPE_WORDS).includes(type)) return 'iqn and type are needed';
    if (daemon.ats.some(({ targets }) => targets.some((one) => one.iqn === iqn))) return 'the target already exists';
    return onAt(daemon, asked, (at) => ({ ...at, type, targets: [...at.targets, { iqn, state: ENABLED, portals: [] }] }));
  },
  delete: (daemon, asked) =>
    onAt(daemon, asked, (at) => {
      const target = at.targets.find(({ iqn }) => iqn === asked.words['iqn']);
      if (target === undefined) return 'the target does not exist';
      return target.portals.length > 0 ? 'the target has portals' : { ...at, targets: at.targets.filter((one) => one !== target) };
    }),
  add: (daemon, asked) =>
    onTarget(daemon, asked, (target, ip, port) =>
      target.portals.some((one) => one.ip === ip && one.port === port) ? 'the portal already exists' : { ...target, portals: [...target.portals, { ip, port, flag: 0, mode: 0 }] },
    ),
  remove: (daemon, asked) =>
    onTarget(daemon, asked, (target, ip, port) => {
      const portals = target.portals.filter((one) => one.ip !== ip || one.port !== port);
      return portals.length === target.portals.length ? 'the portal does not exist' : { ...target, portals };
    }),
};

const lunVerbs: Readonly<Record<string, Verb>> = {
  create: (daemon, { words }) => {
    const { lunname: name, lunsn: serial, lunsize, luncfg: config } = words;
    if (name === undefined || serial === undefined || !isNumber(lunsize) || !/^ceph\/[^/]+\/.+$/.test(config ?? '')) return 'lunname, lunsn, lunsize and luncfg ceph/<pool>/<image> are needed';
    if (daemon.luns.some((one) => one.name === name || one.serial === serial)) return `lun ${name} already exists`;
    return { ...daemon, luns: [...daemon.luns, { name, serial, sizeBytes: Number(lunsize), config: config ?? '', limits: {} }] };
  },
  delete: (daemon, asked) => {
    const { lunname } = asked.words;
    const checked = onLun(daemon, asked, (lun) => (daemon.ats.some(({ luns }) => luns.some(({ name }) => name === lun.name)) ? `lun ${lun.name} is in use` : lun));
    return typeof checked === 'string' ? checked : { ...daemon, luns: daemon.luns.filter(({ name }) => name !== lunname) };
  },
  add: (daemon, asked) => {
    const { lunname: name, lunid } = asked.words;
    if (!isNumber(lunid)) return 'lunid is needed';
    if (name === undefined || !daemon.luns.some((one) => one.name === name)) return `lun ${name ?? ''} does not exist`;
    return onAt(daemon, asked, (at) =>
      at.luns.some((one) => one.name === name || String(one.lun) === lunid) ? 'the lun or its number is there already' : { ...at, luns: [...at.luns, { lun: Number(lunid), name }] },
    );
  },
  remove: (daemon, asked) =>
    onAt(daemon, asked, (at) => {
      const { lunname, lunid } = asked.words;
      const bound = at.luns.find(({ name, lun }) => name === lunname && String(lun) === lunid);
      const serial = daemon.luns.find(({ name }) => name === lunname)?.serial;
      if (bound === undefined) return 'the access target does not have this lun';
      return at.clients.some(({ mappings }) => mappings.some((one) => one.serial === serial)) ? `lun ${bound.name} ${HAS_IO}` : { ...at, luns: at.luns.filter((one) => one !== bound) };
    }),
  update: (daemon, asked) =>
    onLun(daemon, asked, (lun) => {
      const { lunsize, name, value } = asked.words;
      if (isNumber(lunsize)) return { ...lun, sizeBytes: Number(lunsize) };
      const isLimit = (name === 'bps_total' || name === 'ops_total') && /^\d+,\d+$/.test(value ?? '');
      return isLimit ? { ...lun, limits: { ...lun.limits, [name]: value ?? '' } } : 'lunsize, or name bps_total or ops_total with value max,burst, is needed';
    }),
};

const clientVerbs: Readonly<Record<string, Verb>> = {
  create: (daemon, asked) =>
    onAt(daemon, asked, (at) => {
      const { iqn } = asked.words;
      if (iqn === undefined || iqn === '') return 'iqn is needed';
      return at.clients.some(({ code }) => code === iqn) ? 'the client already exists' : { ...at, clients: [...at.clients, { code: iqn, flag: MASKED, mappings: [] }] };
    }),
  delete: (daemon, asked) =>
    onAt(daemon, asked, (at) => {
      const clients = at.clients.filter(({ code }) => code !== asked.words['iqn']);
      return clients.length === at.clients.length ? 'the client does not exist' : { ...at, clients };
    }),
  add: (daemon, asked) =>
    onClient(daemon, asked, (client, at) => {
      const mutual = accountOf(asked);
      if (asked.flags.has('outgoing')) return mutual === undefined ? 'an outgoing account needs a user and a password' : { ...client, mutual };
      const { lunsn, lunid } = asked.words;
      const bound = at.luns.find(({ name }) => daemon.luns.some((lun) => lun.name === name && lun.serial === lunsn));
      if (lunsn === undefined || bound === undefined || String(bound.lun) !== lunid) return 'the access target does not have this lun';
      return client.mappings.some(({ serial }) => serial === lunsn) ? 'the mapping already exists' : { ...client, mappings: [...client.mappings, { serial: lunsn, lun: bound.lun }] };
    }),
  remove: (daemon, asked) =>
    onClient(daemon, asked, ({ mutual, ...client }) => {
      const kept = mutual === undefined ? {} : { mutual };
      if (asked.flags.has('outgoing')) return mutual === undefined || mutual.user !== asked.words['user'] ? 'the account does not exist' : client;
      const mappings = client.mappings.filter(({ serial, lun }) => serial !== asked.words['lunsn'] || String(lun) !== asked.words['lunid']);
      return mappings.length === client.mappings.length ? 'the mapping does not exist' : { ...client, ...kept, mappings };
    }),
};

const VERBS: Readonly<Record<string, Readonly<Record<string, Verb>>>> = { at: atVerbs, target: targetVerbs, lun: lunVerbs, client: clientVerbs };

const shown = (stdout: string): Answer => ({ exitCode: 0, stdout, stderr: '' });

const LOOKS: Readonly<Record<string, (daemon: SimDaemon) => string>> = {
  at: (daemon) => printShow(shownAts(daemon)),
  lun: ({ luns }) => `${[LUN_HEADING, ...luns.map((lun) => INDENT + lunText(lun))].join('\n')}\n`,
  sys: () => 'System information:\n',
};

/** Does what is asked on a host. */
export const answer = (host: SimHost, asked: Asked, node: string): Answer => {
  const { lld, mode: word = '', op = '' } = asked.words;
  const mode = word === 'system' ? 'sys' : word;
  if (lld !== 'at') return refused('lld must be at');
  const look = op === 'show' ? LOOKS[mode] : undefined;
  if (look !== undefined) return shown(look(host.running));
  if (mode === 'sys' && op === 'save') return { ...shown(''), host: { ...host, saved: host.running } };
  if (mode === 'sys' && op === 'load') return { ...shown(''), host: { ...host, running: host.saved } };
  const verb = VERBS[mode]?.[op];
  if (verb === undefined) return refused(`mode ${mode} has no operation ${op}`);
  const outcome = verb(host.running, asked, node);
  return typeof outcome === 'string' ? refused(outcome) : { ...shown(''), host: { ...host, running: outcome } };
};
