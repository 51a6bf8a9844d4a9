/** One lane of a soak: changes one after the other on volumes of its own, with a model of what should be there. */
import type { Client } from '../crash/client.ts';
import { sleep, type Body, type Reply } from '../serviceProcess.ts';

const GIB = 2 ** 30;
const MOST_VOLUMES = 5;
const MOST_SNAPSHOTS = 3;
const MOST_RETRIES = 5;
const MOST_WAITING_MS = 180_000;

/** A volume as the lane knows it. */
export interface SoakVolume {
  readonly uuid: string;
  sizeBytes: number;
  /** Its snapshots, and how many clones hang on each. */
  readonly snapshots: Map<string, number>;
  /** The snapshot that it is a clone of, and whose. */
  readonly parent: { readonly of: SoakVolume; readonly snapshot: string } | undefined;
  /** Initiators by their attachments. */
  readonly attachments: Map<string, string>;
}

export interface SoakLane {
  readonly volumes: readonly SoakVolume[];
  readonly step: () => Promise<void>;
  /** Changes that are done. */
  readonly changes: () => number;
  /** What was asked last, for whoever looks for a reason. */
  readonly log: readonly string[];
}

type Random = () => number;

/** `name` is its own among lanes. */
export const soakLane = (name: string, client: Client, random: Random): SoakLane => {
  const volumes: SoakVolume[] = [];
  const log: string[] = [];
  let [asked, changes] = [0, 0];
  const below = (count: number): number => Math.floor(random() * count);
  const pick = <A>(items: Iterable<A>): A | undefined => {
    const all = [...items];
    return all[below(all.length)];
  };

  /** A task that failed is tried again; it is the same task, and its end is waited for. */
  const again = async ({ uuid }: Body, key: string): Promise<Body> => {
    const { reply } = await client.change('POST', `/tasks/${uuid}:retry`, { key });
    if (reply.status >= 400) throw new Error(`${name}: a task that failed is not tried again: ${JSON.stringify(reply.json)}`);
    for (const untilMs = Date.now() + MOST_WAITING_MS; Date.now() < untilMs; await sleep(50)) {
      const now = (await client.ask('GET', `/tasks/${uuid}`)).json['task'] as Body;
      if (now.status === 'succeeded' || now.status === 'failed') return now;
    }
    throw new Error(`${name}: task ${uuid} did not end when it was tried again`);
  };

  /** What was made or changed. A task that failed is tried again, as an operator does; what is refused is a finding. */
  const done = async (method: string, path: string, body?: object): Promise<Reply['json']> => {
    asked += 1;
    const { reply, task } = await client.change(method, path, { key: `${name} ${asked}`, ...(body === undefined ? {} : { body }) });
    let end = task;
    for (let retry = 1; end?.status === 'failed' && retry <= MOST_RETRIES; retry += 1) end = await again(end, `${name} ${asked} again ${retry}`);
    log.push(`${method} ${path}: ${end?.status ?? reply.status}`);
    if (end === undefined ? reply.status >= 400 : end.status !== 'succeeded') throw new Error(`${name}: ${method} ${path} ended as ${JSON.stringify(end ?? reply.json)}`);
    changes += 1;
    return reply.json;
  };

  const make = async (parent: SoakVolume['parent'], sizeBytes: number): Promise<void> => {
    const { block_volume: made } = (await done('POST', '/block-volumes', { block_volume: { name: `${name} volume ${asked}`, pool_id: 1, ...(parent === undefined ? { size: sizeBytes } : { block_snapshot_id: parent.snapshot }) } })) as { readonly block_volume: Body };
    volumes.push({ uuid: made.uuid, sizeBytes: made.size, snapshots: new Map(), parent, attachments: new Map() });
    parent?.of.snapshots.set(parent.snapshot, (parent.of.snapshots.get(parent.snapshot) ?? 0) + 1);
  };
  const remove = async (volume: SoakVolume): Promise<void> => {
    await done('DELETE', `/block-volumes/${volume.uuid}?cascade=true`);
    volumes.splice(volumes.indexOf(volume), 1);
    const { parent } = volume;
    if (parent !== undefined) parent.of.snapshots.set(parent.snapshot, (parent.of.snapshots.get(parent.snapshot) ?? 1) - 1);
  };
  const release = async ({ uuid, attachments }: SoakVolume, id: string): Promise<void> => {
    await done('DELETE', `/block-volumes/${uuid}/attachments/${id}`);
    attachments.delete(id);
  };
  const attach = async ({ uuid, attachments }: SoakVolume): Promise<void> => {
    const host = `${name.replaceAll(' ', '-')}-${below(3)}`;
    const initiator = `iqn.1994-05.com.redhat:${host}`;
    if ([...attachments.values()].includes(initiator)) return;
    const { attachment: made } = (await done('POST', `/block-volumes/${uuid}/attachments`, { attachment: { shared: true, access_path_id: 1, connector: { initiator, host } } })) as { readonly attachment: Body };
    attachments.set(made.uuid, initiator);
  };
  const disconnectAll = async (volume: SoakVolume): Promise<void> => {
    await done('POST', `/block-volumes/${volume.uuid}/attachments:disconnect`);
    for (const id of volume.attachments.keys()) await release(volume, id);
  };

  const changing: readonly ((volume: SoakVolume) => Promise<unknown> | undefined)[] = [
    (volume) => (volumes.length < MOST_VOLUMES ? make(undefined, (1 + below(3)) * GIB) : remains(volume)),
    async (volume) => {
      const sizeBytes = volume.sizeBytes + GIB;
      await done('PATCH', `/block-volumes/${volume.uuid}`, { block_volume: { size: sizeBytes } });
      volume.sizeBytes = sizeBytes;
    },
    async ({ uuid, snapshots }) => {
      if (snapshots.size >= MOST_SNAPSHOTS) return;
      const { block_snapshot: made } = (await done('POST', '/block-snapshots', { block_snapshot: { block_volume_id: uuid, name: `snapshot ${asked}` } })) as { readonly block_snapshot: Body };
      snapshots.set(made.uuid, 0);
    },
    async ({ snapshots }) => {
      const free = pick([...snapshots].filter(([, clones]) => clones === 0));
      if (free === undefined) return;
      await done('DELETE', `/block-snapshots/${free[0]}`);
      snapshots.delete(free[0]);
    },
    (volume) => {
      const snapshot = pick(volume.snapshots.keys());
      return snapshot === undefined || volumes.length >= MOST_VOLUMES ? undefined : make({ of: volume, snapshot }, 0);
    },
    attach,
    attach,
    attach,
    async (volume) => {
      const id = pick(volume.attachments.keys());
      if (id !== undefined) await release(volume, id);
    },
    disconnectAll,
  ];
  const remains = (volume: SoakVolume): Promise<unknown> | undefined => (volume.attachments.size === 0 && [...volume.snapshots.values()].every((clones) => clones === 0) ? remove(volume) : undefined);

  return {
    volumes,
    step: async () => {
      const volume = pick(volumes);
      if (volume === undefined) await make(undefined, GIB);
      else await pick(changing)?.(volume);
    },
    changes: () => changes,
    log,
  };
};
