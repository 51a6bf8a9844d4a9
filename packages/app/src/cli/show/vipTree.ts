/** Virtual IPs for people: who holds which, and where it may go. */
import type { VipBody, VipGroupBody } from '../../api/bodies/vipGroup.ts';
import type { Io } from '../frame/io.ts';
import { clean } from '../frame/text.ts';
import { showMoment } from '../frame/time.ts';
import type { Branch } from '../frame/tree.ts';
import { nameOf, titledLink } from './links.ts';
import { paintState, standing } from './states.ts';

type Drawn = Pick<Io, 'screen'>;
type Instance = VipBody['instances'][number];

/** The name of the host that is preferred to hold it. */
export const preferredOf = ({ network_address: preferred, instances }: VipBody): string | undefined => {
  const found = instances.find(({ network_address: address }) => address.uuid === preferred.uuid);
  return found === undefined ? undefined : nameOf(found.host);
};

/** Hosts on which the address was seen. */
const holdersOf = ({ instances, holder }: VipBody): readonly string[] => {
  const seen = instances.filter(({ holds }) => holds === true).map(({ host }) => nameOf(host));
  return seen.length === 0 && holder !== null ? [nameOf(holder.host)] : seen;
};

/** `MASTER on gw1`, or what is wrong with it. */
export const masterText = (vip: VipBody): string => {
  if (vip.split) return `SPLIT: several hosts hold it: ${holdersOf(vip).join(', ')}`;
  return vip.holder === null ? 'nobody was seen holding it' : `MASTER on ${nameOf(vip.holder.host)}`;
};

const painted = ({ screen: { colour } }: Drawn, vip: VipBody): string => {
  const text = clean(masterText(vip));
  return vip.split ? colour.red(text) : vip.holder === null ? colour.yellow(text) : colour.green(text);
};

/** A virtual IP in one line. */
export const vipBranch = (io: Drawn, vip: VipBody): Branch => {
  const { colour } = io.screen;
  const preferred = preferredOf(vip);
  const elsewhere = vip.holder !== null && preferred !== undefined && preferred !== nameOf(vip.holder.host) ? `, preferred on ${clean(preferred)}` : '';
  const contested = vip.contested ? `, ${colour.red('CONTESTED: somebody else speaks for its virtual router id')}` : '';
  return { text: `${colour.bold(clean(vip.ip))}: ${painted(io, vip)}${elsewhere}${contested}${vip.status === 'active' ? '' : `, ${colour.yellow(vip.status)}`}` };
};

const WHY_NOT: Readonly<Record<NonNullable<Instance['not_ready']>, string>> = {
  admission: 'waits to be admitted',
  service: 'does not serve what it must',
  yielding: 'told to yield',
};

const instanceBranch = ({ screen }: Drawn, instance: Instance, isPreferred: boolean): Branch => {
  const { colour } = screen;
  const { host, interface: device, priority, state, holds, confirmed, unreachable, seen, not_ready: why } = instance;
  const looked = seen === null ? 'not looked at yet' : `${state ?? '?'}${holds === true ? ', holds it' : ''}${why === null ? '' : `, ${WHY_NOT[why]}`}, seen ${showMoment(screen, Date.parse(seen))}`;
  const trouble = unreachable !== null ? `, ${colour.red(clean(`not reached: ${unreachable.code}: ${unreachable.message}`))}` : confirmed ? '' : `, ${colour.yellow('not confirmed')}`;
  return { text: `${clean(nameOf(host))} on ${clean(device)}, priority ${priority}${isPreferred ? ' (preferred)' : ''}: ${clean(looked)}${trouble}` };
};

/** A virtual IP with each place where it may be. */
const vipWithInstances = (io: Drawn, vip: VipBody): Branch => {
  const { text } = vipBranch(io, vip);
  const number = vip.virtual_router_id === null ? '' : `, virtual router id ${vip.virtual_router_id}`;
  return { text: `${text}${number}`, branches: vip.instances.map((instance) => instanceBranch(io, instance, instance.network_address.uuid === vip.network_address.uuid)) };
};

const memberBranch = ({ screen: { colour } }: Drawn, { host, ip, interface: device, status, off, unreachable }: VipGroupBody['network_addresses'][number]): Branch => {
  const trouble = off ? colour.yellow('declared off') : unreachable !== null ? colour.red(clean(`not reached: ${unreachable.code}: ${unreachable.message}`)) : status === 'active' ? colour.green(status) : colour.yellow(status);
  return { text: `host ${colour.bold(clean(nameOf(host)))}, ${clean(`${ip} on ${device}`)}: ${trouble}` };
};

/** A VIP group: its virtual IPs with their instances, and the hosts that take part. */
export const vipGroupTree = (io: Drawn, group: VipGroupBody): Branch => {
  const { screen } = io;
  const { colour } = screen;
  const { failure, operations } = group;
  const title = `${colour.bold(clean(titledLink('VIP group', group)))} of ${colour.bold(clean(titledLink('access path', group.access_path)))}`;
  const facts = `${clean(group.network)}, segment ${clean(group.segment)}, ${group.preempt ? 'preferred hosts take addresses back' : 'addresses stay where they are'}`;
  return {
    text: `${title}: ${paintState(screen)(standing(group))}, ${facts}${group.stage === 'alone' ? '' : `, ${group.stage === 'beside' ? 'beside the physical portals' : 'about to go'}`}`,
    branches: [
      ...operations.map(({ kind, task }) => ({ text: `under way: ${clean(kind)} (task ${task})` })),
      ...(failure === null ? [] : [{ text: colour.red(clean(`failed: ${failure.step}: ${failure.code}: ${failure.message} (task ${failure.task})`)) }]),
      ...group.vips.map((vip) => vipWithInstances(io, vip)),
      ...group.network_addresses.map((member) => memberBranch(io, member)),
    ],
  };
};
