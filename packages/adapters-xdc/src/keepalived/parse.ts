/** What hosts answer. Pure. */
import * as E from 'fp-ts/lib/Either.js';
import * as t from 'io-ts';
import { HeardAdvert, NotReady, type PortError, retryable, VipInstance, type VrrpState } from '@blockledger/domain';

/** What is written down of an instance beside its files, so that it can be told again. */
export const Card = t.readonly(t.strict({ installationId: t.string, instance: VipInstance, yielding: t.boolean }), 'Card');
/** A value of the codec `Card`. */
export type Card = t.TypeOf<typeof Card>;

/** One instance as its files and processes show it. */
export interface LookedAt {
  readonly id: string;
  /** Undefined when it cannot be read: cut off before it was written, or somebody else's. */
  readonly card: Card | undefined;
  /** SHA-256 of each file that is there, by its name without folders. */
  readonly sums: ReadonlyMap<string, string>;
  readonly loaded: string;
  readonly keeper: number | undefined;
  readonly daemon: number | undefined;
  readonly state: string;
  readonly notReady: NotReady | undefined;
  /** How long ago it was last found to be served, in seconds. */
  readonly goodAgo: number | undefined;
}

/** An address on an interface. */
export interface HeldAddress {
  readonly interface: string;
  readonly ip: string;
}

/** What one look at a host shows. */
export interface Looked {
  readonly instances: readonly LookedAt[];
  readonly addresses: readonly HeldAddress[];
}

const Link = t.type({ ifname: t.string, addr_info: t.array(t.type({ local: t.string })) });
const Links = t.array(t.union([Link, t.type({})]));

const json = (text: string): unknown => E.getOrElse((): unknown => undefined)(E.tryCatch((): unknown => JSON.parse(text), String));

/** Addresses that `ip -j address` shows; undefined for anything else. */
export const parseAddresses = (text: string): readonly HeldAddress[] | undefined => {
  const links = Links.decode(json(text));
  if (E.isLeft(links)) return undefined;
  return links.right.flatMap((link) => (Link.is(link) ? link.addr_info.map(({ local }) => ({ interface: link.ifname, ip: local })) : []));
};

interface Section {
  readonly name: string;
  readonly text: string;
}

const sectionsOf = (text: string): readonly Section[] =>
  text
    .split(/^== /m)
    .slice(1)
    .map((piece) => {
      const end = piece.indexOf('\n');
      return end < 0 ? { name: piece, text: '' } : { name: piece.slice(0, end), text: piece.slice(end + 1).trim() };
    });

const pidIn = (text: string | undefined): number | undefined => (text !== undefined && /^\d+$/.test(text) ? Number(text) : undefined);

const sumsIn = (text: string): ReadonlyMap<string, string> =>
  new Map([...text.matchAll(/^([0-9a-f]{64}) [ *](.*)$/gm)].map(([, sum = '', path = '']) => [path.slice(path.lastIndexOf('/') + 1), sum]));

const instanceFrom = (sections: readonly Section[], uptime: number): LookedAt => {
  const of = (wanted: string): string => sections.find(({ name }) => name === wanted)?.text ?? '';
  const card = Card.decode(json(of('card')));
  const notReady = of('not-ready');
  const good = /^\S+ (\d+)$/.exec(of('good'))?.[1];
  return {
    id: of('id'),
    card: E.isRight(card) ? card.right : undefined,
    sums: sumsIn(of('sums')),
    loaded: of('loaded'),
    keeper: pidIn(of('keeper')),
    daemon: pidIn(of('daemon')),
    state: of('state'),
    notReady: NotReady.is(notReady) ? notReady : undefined,
    goodAgo: good === undefined ? undefined : Math.max(0, uptime - Number(good)),
  };
};

/** What the look printed. An answer that was cut off is an error, never an empty host. */
export const parseLook = (text: string): E.Either<PortError, Looked> => {
  const sections = sectionsOf(text);
  const addresses = parseAddresses(sections.find(({ name }) => name === 'addresses')?.text ?? '');
  const uptime = Number.parseFloat(sections.find(({ name }) => name === 'uptime')?.text ?? '');
  if (addresses === undefined || Number.isNaN(uptime)) return E.left(retryable('Unreadable', 'the look at a host has no end, or its addresses cannot be read'));
  const starts = sections.flatMap(({ name }, index) => (name === 'id' ? [index] : []));
  return E.right({ instances: starts.map((start, n) => instanceFrom(sections.slice(start, starts[n + 1]), Math.floor(uptime))), addresses });
};

/** So many seconds after it last was served an instance still counts as served: the script runs every second. */
const FRESH = 3;

/**
 * What an instance does. Its own word is checked against what else there is: the notices of a reload can overtake each other, and a killed
 * daemon says nothing at all.
 */
export const stateOf = ({ daemon, state, notReady, goodAgo }: LookedAt, holds: boolean): VrrpState => {
  if (daemon === undefined) return 'stopped';
  if (state === 'MASTER' && holds) return 'master';
  if (notReady !== undefined) return 'fault';
  return state === 'FAULT' && (goodAgo === undefined || goodAgo > FRESH) ? 'fault' : 'backup';
};

const ADVERT = /\bIP (\d+\.\d+\.\d+\.\d+) > \S+: VRRPv\d, Advertisement, (?:\([^)]*\), )?vrid (\d+), prio (\d+)\b/;

/** Who was heard: each source and router id once, with the highest priority that was heard. Anything else on the wire is passed over. */
export const parseAdverts = (text: string): readonly HeardAdvert[] => {
  const heard = new Map<string, HeardAdvert>();
  for (const line of text.split('\n')) {
    const [, source = '', vrid, priority] = ADVERT.exec(line) ?? [];
    const advert = { source, vrid: Number(vrid), priority: Number(priority) };
    if (!HeardAdvert.is(advert)) continue;
    const known = heard.get(`${source} ${advert.vrid}`);
    if (known === undefined || known.priority < advert.priority) heard.set(`${source} ${advert.vrid}`, advert);
  }
  return [...heard.values()].toSorted((a, b) => a.vrid - b.vrid || a.source.localeCompare(b.source));
};
