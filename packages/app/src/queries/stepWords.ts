/** Steps in words and names, for people: the log tells them apart by UUIDs and versions. */
import type { AccessPathState, VipGroupState } from '@blockledger/domain';
import type { ResourceStates } from './states.ts';
import type { ResourceKindName } from './views.ts';

/** A step as it is told; one that has no other words stays as it is. */
export type Wording = (step: string) => string;

/** What a step looks like, and how it is told: of what its pattern found. */
type Phrase = readonly [pattern: RegExp, told: (first: string, second: string) => string];

const wordingOf =
  (phrases: readonly Phrase[]): Wording =>
  (step) => {
    for (const [pattern, told] of phrases) {
      const found = pattern.exec(step);
      if (found !== null) return told(found[1] ?? '', found[2] ?? '');
    }
    return step;
  };

/** The step of a work's name, without its operation: `make`. */
export const stepOf = (work: string): string => work.replace(/^[0-9a-f-]{36}\//, '');

/** Of a VIP group: it knows the addresses of its virtual IPs and the names of its hosts. */
export const vipGroupWording = ({ group }: VipGroupState): Wording => {
  const vip = (id: string): string => group?.vips.find(({ vipId }) => vipId === id)?.ip ?? 'a virtual IP that is gone';
  const host = (id: string): string => group?.members.find(({ networkAddressId }) => networkAddressId === id)?.host ?? 'a host that is gone';
  return wordingOf([
    [/^run (\S+) (\S+) /, (of, on) => `run ${vip(of)} on ${host(on)}`],
    [/^yield (\S+) (\S+) /, (of, on) => `have ${host(on)} hand over ${vip(of)}`],
    [/^remove (\S+) (\S+) /, (of, on) => `remove ${vip(of)} from ${host(on)}`],
    // Several hosts are asked in turn: which of them just now is no news.
    [/^await (\S+) /, (of) => `wait until a host holds ${vip(of)}`],
    [/^clear (\S+) (.+)$/, (of, on) => `clear ${vip(of)} from ${on}`],
    [/^scan (\S+) /, (on) => `listen on ${host(on)} for virtual router ids in use`],
    [/^ask admission (\S+) /, (on) => `ask for the admission of ${host(on)}`],
    [/^reserve vip (\S+)$/, (of) => `reserve ${vip(of)}`],
    [/^(reserve|release) vrid (.+)$/, (verb, rest) => `${verb} virtual router id ${rest.replace(/ of (\S+)$/, (_all, of: string) => ` of ${vip(of)}`)}`],
    [/^show \d+$/, () => 'tell the access path its portals'],
    [/^tell serving \d+$/, () => 'tell the access path what hosts check'],
  ]);
};

/** Of an access path: its calls carry the names of hosts already. */
export const accessPathWording = ({ path }: AccessPathState, { hostState, vipGroupState }: ResourceStates): Wording => {
  const host = (id: string): string => path?.hosts.find(({ hostId }) => hostId === id)?.name ?? hostState(id)?.host?.name ?? 'a host that is gone';
  const vipGroup = (id: string): string => `VIP group ${vipGroupState(id)?.group?.number ?? 'that is gone'}`;
  return wordingOf([
    [/^converge (.+) \S+ \d+$/, (on) => `bring the target on ${on} up to date`],
    [/^remove (.+) \S+ \d+$/, (on) => `remove the target on ${on}`],
    [/^clear (.+) \S+$/, (on) => `clear what a target left on ${on}`],
    [/^(use|release) host (\S+)$/, (verb, of) => `${verb} host ${host(of)}`],
    [/^reserve group /, () => 'reserve clients and volumes'],
    [/^(reserve volumes|release clients|release volume) /, (what) => what],
    [/^tell serving (\S+) /, (of) => `tell ${vipGroup(of)} what is served`],
    [/^tell vips (\S+) /, (of) => `tell ${vipGroup(of)} that its portals stand`],
    [/^tell opening (\S+) /, (of) => `tell host ${host(of)} that its LUNs were opened anew`],
  ]);
};

const hostWording = (id: string, states: ResourceStates): Wording => {
  const ip = (of: string): string => states.hostState(id)?.host?.addresses.find(({ address }) => address.networkAddressId === of)?.address.ip ?? 'an address';
  return wordingOf([
    [/^admit \d+$/, () => 'admit'],
    [/^(reserve|release) address (\S+)$/, (verb, of) => `${verb} ${ip(of)}`],
    [/^show (\S+) /, (to) => `tell access path ${states.accessPathState(to)?.path?.name ?? 'that is gone'}`],
  ]);
};

/** Of the paths that see it. */
const shownWording = wordingOf([[/^show \S+ \d+$/, () => 'tell the access path']]);

/** The wording of what an operation of a resource does. */
export const wordingFor = (states: ResourceStates, kind: ResourceKindName, id: string): Wording => {
  switch (kind) {
    case 'vipGroup': {
      const state = states.vipGroupState(id);
      return state === undefined ? (step) => step : vipGroupWording(state);
    }
    case 'accessPath': {
      const state = states.accessPathState(id);
      return state === undefined ? (step) => step : accessPathWording(state, states);
    }
    case 'host':
      return hostWording(id, states);
    case 'clientGroup':
    case 'volume':
      return shownWording;
    case 'snapshot':
    case 'pool':
      return (step) => step;
  }
};
