/** What readers are shown, and starts over a log to compare it with; and steps that make such a log. */
import { controlPlane, newWebhookSecret, type ControlPlane, type Logger } from '@blockledger/app';
import type { EventStore } from '@blockledger/domain';
import fc from 'fast-check';
import * as E from 'fp-ts/lib/Either.js';
import { fakeBackend } from './fakeBackend.ts';
import { GIB, lasting } from './plane.ts';
import { virtualClock } from './virtualClock.ts';

const ALL = { limit: -1 } as const;
const KINDS = ['volumes', 'snapshots', 'pools', 'hosts', 'clientGroups', 'accessPaths', 'vipGroups'] as const;
const PARTS = ['networkAddresses', 'targets', 'mappingGroups', 'vips'] as const;

/** Resources and their parts as they are listed, for everybody and for tenants. */
export const listsOf = (plane: ControlPlane): unknown =>
  JSON.parse(
    JSON.stringify({
      resources: KINDS.map((kind) => plane[kind].list(ALL)),
      parts: PARTS.map((kind) => plane[kind].list(ALL)),
      tenants: ['default', 'acme'].map((tenant) => KINDS.map((kind) => plane.confinedTo(tenant)[kind].list(ALL))),
    }),
  );

/** Everything that readers can ask for. */
export const viewsOf = async (plane: ControlPlane): Promise<unknown> => {
  const gone = await Promise.all(KINDS.map((kind) => plane[kind].listGone(ALL)));
  const numbers = Array.from({ length: 40 }, (_, index) => index + 1);
  return JSON.parse(
    JSON.stringify({
      lists: listsOf(plane),
      gone,
      numbers: PARTS.map((kind) => numbers.map((number) => plane[kind].idOf(String(number)))),
      backends: plane.backends.list(),
      tasks: plane.tasks.list(ALL),
      actions: plane.actions.list(ALL),
      tokens: plane.tokens.list({ ...ALL, status: 'revoked' }),
      issued: plane.tokens.list(ALL),
      webhooks: plane.webhooks.list(ALL),
    }),
  );
};

export interface Started {
  readonly plane: ControlPlane;
  /** Up to where a checkpoint was taken in, −1 for none, and how many events were folded after it. */
  readonly from: number;
  readonly folded: number;
}

const nobody = (): void => undefined;

/** A start over a log; nothing is done in it. */
export const startOver = async (store: EventStore, parts: Partial<Parameters<typeof controlPlane>[0]> = {}): Promise<Started> => {
  let told = { checkpoint: -2, events: -1 };
  const logger: Logger = {
    debug: nobody,
    warn: nobody,
    error: nobody,
    info: (fields, message) => {
      if (message === 'the log is replayed') told = fields as typeof told;
    },
  };
  const plane = await controlPlane({ store: lasting(store), backends: { fake: fakeBackend().backend }, clock: virtualClock(), exclusive: true, drive: false, ...parts, logger, limits: { checkpointEvents: 0 } });
  return { plane, from: told.checkpoint, folded: told.events };
};

export const isOfCheckpoint = (stream: string): boolean => stream.startsWith('checkpoint-');

/** The same log, and nothing put aside that is of a checkpoint. */
export const bare = (store: EventStore): EventStore => ({ ...store, loadState: (stream, version) => (isOfCheckpoint(stream) ? async () => E.right(undefined) : store.loadState(stream, version)) });

export type Step = { readonly do: 'create' | 'update' | 'snapshot' | 'delete' | 'token' | 'revoke' | 'webhook' | 'pause' | 'nonsense'; readonly at: number };
export const step: fc.Arbitrary<Step> = fc.record({ do: fc.constantFrom('create', 'create', 'update', 'snapshot', 'snapshot', 'delete', 'token', 'revoke', 'webhook', 'pause', 'nonsense'), at: fc.nat(5) });

export const run = async (plane: ControlPlane, { do: what, at }: Step, count: number): Promise<unknown> => {
  const volume = plane.volumes.list({ limit: -1 }).items[at]?.id ?? '';
  const tenant = at % 2 === 0 ? 'default' : 'acme';
  switch (what) {
    case 'create':
      return plane.createVolume({ pool: 'ssd', name: `volume ${count}`, sizeBytes: GIB }, { wait: 'done', tenant });
    case 'update':
      return plane.updateVolume(volume, { description: `text ${count}`, ...(at === 0 ? { sizeBytes: 2 * GIB } : {}) }, { wait: 'done' });
    case 'snapshot':
      return plane.createSnapshot({ volume, name: `snapshot ${count}` }, { wait: 'done' });
    case 'delete':
      return plane.deleteVolume(volume, { cascade: at < 3, retainMs: null }, { wait: 'done' });
    case 'token':
      return plane.tokens.issue({ name: `token ${count}`, role: 'reader', tenant });
    case 'revoke':
      return plane.tokens.revoke(plane.tokens.list({ limit: -1 }).items[0]?.id ?? '');
    case 'webhook':
      return plane.webhooks.register({ name: `hook ${count}`, url: 'https://127.0.0.1:9/', secret: newWebhookSecret() });
    case 'pause':
      return at % 2 === 0 ? plane.pausePool('ssd', { reason: 'disks' }) : plane.resumePool('ssd');
    case 'nonsense':
      return plane.createVolume({ pool: 'ssd', name: '', sizeBytes: at }, { wait: 'done' });
  }
};
