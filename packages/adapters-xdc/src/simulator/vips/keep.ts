/** Keeps in a file what runs on the hosts of a simulated segment: it goes on while nobody looks, as keepalived does. */
import { readJson, writeJson } from '../file.ts';
import type { SimHost, SimInstance, Wire } from './wire.ts';

interface KeptHost {
  readonly admission?: string;
  readonly instances: readonly SimInstance[];
}

interface KeptWire {
  readonly at: number;
  readonly hosts: Readonly<Record<string, KeptHost>>;
}

/** Enough to know a file of ours; what is inside was written by the simulator itself. */
const isKept = (value: unknown): value is KeptWire =>
  typeof value === 'object' && value !== null && 'at' in value && typeof value.at === 'number' && 'hosts' in value && typeof value.hosts === 'object';

const keptHost = ({ admission, instances }: SimHost): KeptHost => ({ ...(admission === undefined ? {} : { admission }), instances: [...instances.values()] });

/** What the hosts have now. */
export const writeWire = (file: string, { at, hosts }: Wire): void =>
  writeJson(file, { at, hosts: Object.fromEntries(hosts.map((host) => [host.name, keptHost(host)])) } satisfies KeptWire);

/** Gives the hosts what is kept of them; the time since then passes with the next look. */
export const readWire = (file: string, wire: Wire): void => {
  const kept = readJson(file);
  if (!isKept(kept)) return;
  wire.at = Math.min(wire.at, kept.at);
  for (const host of wire.hosts) {
    const { admission, instances = [] } = kept.hosts[host.name] ?? {};
    host.admission = admission;
    for (const one of instances) host.instances.set(one.instance.vipId, one);
  }
};
