/** The deciders connected in memory, over a trivial backend: flows run to their end without an engine. */
import { accessPath, accessToken, backend, clientGroup, host, isUsable, pool, reservation, snapshot, vipGroup, volume, webhook } from '@blockledger/domain';
import type {
  BackendAction,
  BackendResult,
  Capabilities,
  DomainCommand,
  Outcome,
  PoolId,
  PoolState,
  PortError,
  Qos,
  Refusal,
  Reply,
  ReservationKey,
  ReservationState,
  SnapshotId,
  SnapshotState,
  VolumeCommand,
  VolumeFacts,
  VolumeId,
  VolumeState,
  WebhookCommand,
  WebhookDecisionFacts,
  WebhookId,
  Work,
} from '@blockledger/domain';
import { reservationStream } from '@blockledger/domain';
import { metaOf, NOON } from './decider.ts';
import { accessPathFactsOf, attachingPathsOf, clientGroupFactsOf, hostFactsOf, vipGroupFactsOf, type PathOptions } from './pathWorld.ts';
import { able, noQos, placement, secretRefOf, webhookFacts } from './samples.ts';

export type Kind = DomainCommand['to'];
interface Stream {
  readonly kind: Kind;
  readonly state: unknown;
}

/** An image of the backend model. */
export interface Image {
  readonly sizeBytes: number;
  readonly parent: SnapshotId | null;
  readonly trashed: boolean;
  readonly snapshots: ReadonlyMap<SnapshotId, number>;
  readonly qos: Qos;
}

/** How a piece of backend work goes wrong, or undefined. `landed` says whether its effect took place all the same. */
export type Fault = (work: Work<DomainCommand>) => { readonly error: PortError; readonly landed: boolean; readonly final: boolean } | undefined;

export interface Owing {
  readonly stream: string;
  readonly kind: Kind;
  readonly work: Work<DomainCommand>;
}

export interface WorldOptions {
  readonly capabilities?: Partial<Capabilities>;
  readonly poolBytes?: number;
  /** What the backend of targets can do, and who is logged in. */
  readonly paths?: PathOptions;
  readonly freeBytes?: number;
  /** Sees every event and every refusal as they happen. */
  readonly watch?: (kind: Kind, seen: { readonly events: readonly { readonly type: string }[]; readonly refusal: Refusal | undefined; readonly command: { readonly type: string } }) => void;
}

interface AnyDecider {
  readonly initial: unknown;
  readonly decide: (state: unknown, command: unknown, meta: ReturnType<typeof metaOf>, facts: unknown) => { readonly _tag: 'Left'; readonly left: Refusal } | { readonly _tag: 'Right'; readonly right: readonly { readonly type: string }[] };
  readonly evolve: (state: unknown, event: unknown) => unknown;
  readonly owed: (state: unknown) => readonly Work<DomainCommand>[];
  readonly settle: (state: unknown, work: Work<DomainCommand>, outcome: Outcome) => unknown;
  readonly reply: (state: unknown, command: unknown) => Reply;
  readonly streamOf: (command: unknown) => string;
}

const deciders = { volume, snapshot, pool, backend, token: accessToken, webhook, reservation, host, clientGroup, accessPath, vipGroup } as unknown as Readonly<Record<Kind, AnyDecider>>;

/** Addresses are told apart by their beginning; the secret with the number 7 is lost, that with the number 8 is short. */
const factsOfWebhook = (command: WebhookCommand, registered: number): WebhookDecisionFacts => {
  const { url = '' } = command.type === 'UpdateWebhook' ? command.changes : command.type === 'RegisterWebhook' ? command : {};
  const parsed = { protocol: `${url.split(':')[0]}:`, isLoopback: false, hasCredentials: false };
  const secretRef = 'secretRef' in command ? command.secretRef : undefined;
  const shortOrWhole = secretRef === secretRefOf(8) ? 8 : 32;
  return webhookFacts({ url: url.includes('://') ? parsed : null, secretBytes: secretRef === secretRefOf(7) ? null : shortOrWhole, registered });
};

/** A world of its own: nothing in it is shared with another. */
export const world = (options: WorldOptions = {}) => {
  const streams = new Map<string, Stream>();
  const images = new Map<VolumeId, Image>();
  let capabilities: Capabilities = { ...able, ...options.capabilities };
  let isDark = false;
  let commands = 0;
  let now: number = NOON;

  const stateOf = <S>(stream: string, initial: S): S => (streams.get(stream)?.state as S | undefined) ?? initial;
  const volumeState = (id: VolumeId): VolumeState => stateOf(`volume-${id}`, volume.initial);
  const snapshotState = (id: SnapshotId): SnapshotState => stateOf(`snapshot-${id}`, snapshot.initial);
  const webhookIsDisabled = (id: WebhookId): boolean => (stateOf(`webhook-${id}`, webhook.initial).webhook?.disabled ?? null) !== null;
  const poolState = (id: PoolId): PoolState => stateOf(`pool-${id}`, pool.initial);
  const held = (key: ReservationKey): ReservationState => stateOf(reservationStream(key), reservation.initial);

  const poolFactsOf = (id: PoolId): VolumeFacts['pool'] => {
    const { pool: found, lifecycle } = poolState(id);
    return found === null ? null : { poolId: id, registered: lifecycle === 'active', health: found.health, poolType: found.poolType, placement: found.placement, capabilities: isDark ? null : capabilities };
  };

  const depthOf = (id: VolumeId): number => {
    const parent = volumeState(id).volume?.parent ?? null;
    return parent === null ? 0 : 1 + depthOf(parent.volume.volumeId);
  };

  const volumeFacts = (command: VolumeCommand): VolumeFacts => {
    const poolId = 'poolId' in command && command.type !== 'MigrateVolume' ? command.poolId : volumeState(command.volumeId).volume?.poolId;
    const named = (command.type === 'CreateVolume' || command.type === 'RollBackVolume') && command.snapshotId !== null ? snapshotState(command.snapshotId) : null;
    const fields = named?.snapshot ?? null;
    const source = fields === null ? null : volumeState(fields.volume.volumeId).volume;
    return {
      pool: poolId === undefined ? null : poolFactsOf(poolId),
      snapshot:
        named === null || fields === null || named.lifecycle === 'deleted'
          ? null
          : { snapshotId: fields.snapshotId, usable: isUsable(named), volume: fields.volume, poolId: fields.poolId, sizeBytes: fields.sizeBytes, groupSnapshotId: fields.groupSnapshotId, expiresAt: fields.expiresAt },
      source: source === null ? null : { volumeId: source.volumeId, generation: source.generation, poolType: source.poolType, depth: depthOf(source.volumeId) },
      paths: attachingPathsOf(stateOf, command, paths()),
      ...(command.type === 'MigrateVolume' ? { destination: poolFactsOf(command.poolId) } : {}),
    };
  };

  const paths = (): PathOptions => ({ ...options.paths, isDark: () => isDark });

  const factsFor = ({ to, command }: DomainCommand): unknown => {
    switch (to) {
      case 'volume':
        return volumeFacts(command);
      case 'snapshot': {
        const poolId = snapshotState(command.snapshotId).snapshot?.poolId;
        return { pool: poolId === undefined ? null : poolFactsOf(poolId) };
      }
      case 'pool':
        return { capabilities: isDark ? null : capabilities, identity: { cluster: 'c', pool: 'p' }, provisionedBytes: held({ kind: 'capacity', poolId: command.poolId }).total };
      case 'backend':
        return { known: command.backend === placement.backend };
      case 'webhook':
        return factsOfWebhook(command, commands % 23 === 0 ? 100 : 3);
      case 'token':
        return null;
      case 'host':
        return hostFactsOf(stateOf, command, paths());
      case 'clientGroup':
        return clientGroupFactsOf(stateOf, command, paths());
      case 'accessPath':
        return accessPathFactsOf(stateOf, command, paths());
      case 'vipGroup':
        return vipGroupFactsOf(stateOf, command, paths());
      case 'reservation':
        if (isDark) return { limit: null, limitUnknown: { why: 'the backend is away', passes: commands % 2 === 0 } };
        return { limit: command.key.kind === 'capacity' ? (options.poolBytes ?? 2 ** 60) : (options.freeBytes ?? 2 ** 60), limitUnknown: null };
    }
  };

  /** Sends a command. The refusal, or undefined, and what the aggregate replies. */
  const send = (wish: DomainCommand): { readonly refusal: Refusal | undefined; readonly reply: Reply; readonly operationId: string } => {
    const decider = deciders[wish.to];
    const stream = decider.streamOf(wish.command);
    commands += 1;
    now += 1;
    const meta = metaOf(commands, now);
    const before = stateOf<unknown>(stream, decider.initial);
    const decided = decider.decide(before, wish.command, meta, factsFor(wish));
    const events = decided._tag === 'Right' ? decided.right : [];
    const refusal = decided._tag === 'Left' ? decided.left : undefined;
    const state = events.reduce<unknown>((folded, event) => decider.evolve(folded, event), before);
    if (events.length > 0) streams.set(stream, { kind: wish.to, state });
    options.watch?.(wish.to, { events, refusal, command: wish.command });
    return { refusal, reply: refusal === undefined ? decider.reply(state, wish.command) : {}, operationId: meta.commandId };
  };

  /** The work that is owed now, of all aggregates, in the order of their streams. */
  const owing = (): readonly Owing[] =>
    [...streams].flatMap(([stream, { kind, state }]) =>
      deciders[kind]
        .owed(state)
        .filter((work) => (work.notBefore ?? 0) <= now)
        .map((work) => ({ stream, kind, work })),
    );

  const act = (action: BackendAction): BackendResult => perform(images, action);

  /** Undefined where it is asked again later: a refusal that passes by itself. */
  const tellAll = (told: readonly DomainCommand[]): Outcome | undefined => {
    const replies: Reply[] = [];
    for (const command of told) {
      const { refusal, reply } = send(command);
      if (refusal?._tag === 'AttachmentMustWait') return undefined;
      if (refusal !== undefined) return { _tag: 'Refused', refusal };
      replies.push(reply);
    }
    return { _tag: 'Told', replies };
  };

  /** Does one piece of owed work and settles it. */
  const work = ({ stream, kind, work: owed }: Owing, fault?: Fault): void => {
    const wrong = fault?.(owed);
    const outcome = ((): Outcome | undefined => {
      if (wrong !== undefined && !wrong.landed) return { _tag: wrong.final ? 'Failed' : 'Delayed', error: wrong.error };
      const done: Outcome | undefined = owed.kind === 'tell' ? tellAll(owed.commands) : { _tag: 'Performed', result: owed.on === 'block' ? act(owed.action) : (options.paths?.act?.(owed) ?? { exists: true, holds: true, heard: [] }) };
      return wrong === undefined ? done : { _tag: wrong.final ? 'Failed' : 'Delayed', error: wrong.error };
    })();
    if (outcome === undefined) return;
    const state = streams.get(stream)?.state;
    const command = deciders[kind].settle(state, owed, outcome);
    if (command !== undefined) send({ to: kind, command } as DomainCommand);
  };

  const nameOf = ({ stream, work: { workId } }: Owing): string => `${stream} ${workId}`;

  /** Works until nothing is owed, or nothing comes of it any more; fails when that does not come to pass. */
  const settle = (fault?: Fault, most = 2000): void => {
    // What was done, changed nothing and is owed still rests until something else has changed, as it does with drivers.
    const resting = new Set<string>();
    for (let turn = 0; turn < most; turn += 1) {
      const next = owing().find((one) => !resting.has(nameOf(one)));
      if (next === undefined) return;
      const before = streams.get(next.stream)?.state;
      work(next, fault);
      if (streams.get(next.stream)?.state === before) resting.add(nameOf(next));
      else resting.clear();
    }
    throw new Error(`still owed after ${most} works: ${owing().map(({ stream, work: { workId } }) => `${stream} ${workId}`).join('; ')}`);
  };

  return {
    send,
    owing,
    work,
    settle,
    images: images as ReadonlyMap<VolumeId, Image>,
    streams: streams as ReadonlyMap<string, Stream>,
    volumeState,
    snapshotState,
    poolState,
    webhookIsDisabled,
    held,
    depthOf,
    now: (): number => now,
    advance: (ms: number): void => {
      now += ms;
    },
    /** The backend is away: nobody knows its capabilities or statistics. */
    dark: (away: boolean): void => {
      isDark = away;
    },
    /** The backend learns or unlearns something. */
    able: (changes: Partial<Capabilities>): void => {
      capabilities = { ...capabilities, ...changes };
    },
  };
};

export type World = ReturnType<typeof world>;

/** The trivial backend: everything works, and doing it again does nothing. */
const perform = (images: Map<VolumeId, Image>, action: BackendAction): BackendResult => {
  const id = action.volume.volumeId;
  const image = images.get(id);
  const put = (changes: Partial<Image>): BackendResult => {
    const next: Image = { sizeBytes: 0, parent: null, trashed: false, snapshots: new Map(), qos: noQos, ...image, ...changes };
    images.set(id, next);
    return { sizeBytes: next.sizeBytes as never, hasParent: next.parent !== null };
  };
  switch (action.do) {
    case 'ensureVolume':
      return put({ qos: action.qos, ...(image === undefined ? { sizeBytes: action.sizeBytes, parent: action.parent?.snapshotId ?? null } : {}) });
    case 'adopt':
      return put(image ?? { sizeBytes: 2 ** 30 });
    case 'ensureFlattened':
      return put({ parent: null });
    case 'ensureSize':
      return put({ sizeBytes: action.toBytes });
    case 'ensureSnapshot':
      return put({ snapshots: new Map([...(image?.snapshots ?? []), [action.snapshotId, image?.snapshots.get(action.snapshotId) ?? image?.sizeBytes ?? 0]]) });
    case 'ensureSnapshotGone':
      return image === undefined ? {} : put({ snapshots: new Map([...image.snapshots].filter(([snapshotId]) => snapshotId !== action.snapshotId)) });
    case 'rollBack':
      return put({ sizeBytes: image?.snapshots.get(action.snapshotId) ?? 0 });
    case 'ensureMigrated':
    case 'ensureMigrationCommitted':
    case 'ensureMigrationAborted':
      return put({});
    case 'ensureTrashed':
      return put({ trashed: true });
    case 'ensureRestored':
      return put({ trashed: false });
    case 'ensureVolumeGone':
    case 'disown':
      images.delete(id);
      return { exists: false };
    case 'observe':
      return image === undefined ? { exists: false } : { ...put({}), exists: true, owned: true, trashed: image.trashed, qos: image.qos };
    case 'ensureSettings':
      return put({ qos: action.qos });
  }
};
