/** Random walks over a world: each step is four numbers, read against the live state, so that fast-check can shrink a walk. */
import { GIB, MIB } from '@blockledger/domain';
import type { DeliveryOutcome, DomainCommand, PortError, Refusal, SnapshotId, VolumeId, WebhookCommand, WebhookFilter } from '@blockledger/domain';
import fc from 'fast-check';
import { attachmentCommand, user } from './attachmentDraws.ts';
import { NOON, operation } from './decider.ts';
import { accessPathId, bytes, create, exampleQos, moment, noQos, otherPathId, placement, poolIdOf, secretRefOf, serialOf, snapshotIdOf, tokenHashOf, tokenIdOf, volumeIdOf, webhookIdOf } from './samples.ts';
import { world, type Fault, type World } from './world.ts';

/** Which command, and three choices in it. */
export type Step = readonly [number, number, number, number];

export const steps = (least: number, most: number): fc.Arbitrary<readonly Step[]> =>
  fc.array(fc.tuple(fc.nat(999), fc.nat(999), fc.nat(999), fc.nat(999)), { minLength: least, maxLength: most, size: 'max' });

/** Walks use few ids at a time and few slots, so that limits are met. */
export const SLOTS = 3;

const broken: PortError = { _tag: 'Permanent', code: 'Broken', message: 'it does not work' };
/** Steps whose effect may have landed although they failed; giving these up is looked at, or is not possible. */
const lookedAt = new Set(['copy', 'commit', 'abort', 'make', 'adopt', 'flatten', 'resize', 'roll back', 'trash', 'remove', 'take', 'settings', 'restore', 'disown']);

export interface Walk {
  readonly it: World;
  readonly volumes: readonly VolumeId[];
  readonly snapshots: readonly SnapshotId[];
  readonly step: (step: Step) => void;
  /** The operations that failed for good, as the commands that retry them. */
  readonly retries: () => readonly DomainCommand[];
  /** Retries and works until nothing is owed or stuck. */
  readonly calm: () => void;
}

export interface Seen {
  readonly events: Set<string>;
  readonly refusals: Set<string>;
}

/** Begins a walk with two pools, one of them erasure coded. */
export const beginWalk = (seen: Readonly<Record<DomainCommand['to'], Seen>>, onStep?: (command: DomainCommand, refusal: Refusal | undefined) => void): Walk => {
  const volumes: VolumeId[] = [];
  const snapshots: SnapshotId[] = [];
  const operations: string[] = [];
  const it = world({
    capabilities: { maxSnapshots: SLOTS },
    poolBytes: 24 * GIB,
    freeBytes: 1.5 * GIB,
    watch: (kind, { events, refusal }) => {
      for (const event of events) {
        seen[kind].events.add(event.type);
        // A refusal that comes later is told by an event.
        if ('refusal' in event) seen[kind].refusals.add((event.refusal as Refusal)._tag);
      }
      if (refusal !== undefined) seen[kind].refusals.add(refusal._tag);
    },
  });
  const send = (command: DomainCommand): void => {
    const { refusal, operationId } = it.send(command);
    if (refusal === undefined) operations.push(operationId);
    onStep?.(command, refusal);
  };
  for (const n of [1, 2])
    send({ to: 'pool', command: { type: 'RegisterPool', poolId: poolIdOf(n), name: `p${n}`, placement: n === 1 ? placement : { ...placement, pool: `${placement.pool}-ec`, dataPool: 'ec' }, poolType: n === 1 ? 'replicated' : 'erasure', overSubscriptionRatio: 2 } });
  it.settle();

  const recent = <T>(list: readonly T[], choice: number, none: T): T => (choice % 25 === 24 ? none : (list[Math.max(0, list.length - 4) + (choice % 4)] ?? list.at(-1) ?? none));
  const volumeOf = (choice: number): VolumeId => recent(volumes, choice, volumeIdOf(4095));
  /** Mostly one that can be used. */
  const usableOf = (choice: number): VolumeId => {
    const usable = volumes.filter((id) => it.volumeState(id).lifecycle === 'active');
    return choice % 8 === 7 ? volumeOf(choice) : (usable.at(-1 - (choice % 3)) ?? usable.at(-1) ?? volumeOf(choice));
  };
  /** Mostly a linked clone. */
  const cloneOf = (choice: number): VolumeId => {
    const clones = volumes.filter((id) => it.volumeState(id).lifecycle === 'active' && it.volumeState(id).volume?.parent !== null);
    return choice % 8 === 7 ? volumeOf(choice) : (clones.at(-1) ?? volumeOf(choice));
  };
  const snapshotOf = (choice: number): SnapshotId => recent(snapshots, choice, snapshotIdOf(4095));
  /** Mostly a snapshot that can be cloned: internal ones cannot. */
  const sourceOf = (choice: number): SnapshotId => {
    const users = snapshots.filter((id) => it.snapshotState(id).lifecycle === 'active' && it.snapshotState(id).snapshot?.expiresAt === null);
    return choice % 3 === 2 ? snapshotOf(choice) : (users.at(-1 - (choice % 4)) ?? snapshotOf(choice));
  };
  /** Mostly a snapshot of this volume. */
  const ownOf = (volumeId: VolumeId, choice: number): SnapshotId => {
    const slots = it.volumeState(volumeId).volume?.slots ?? [];
    return choice % 10 === 9 || slots.length === 0 ? snapshotOf(choice) : slots[choice % slots.length]!.snapshotId;
  };
  /** Mostly an operation under way. */
  const operationOf = (volumeId: VolumeId, choice: number) => {
    const { operation: running, update } = it.volumeState(volumeId);
    const of = [running?.operationId, update?.operationId].filter((id) => id !== undefined);
    return (choice % 10 === 9 ? operation(1) : of.length > 0 ? of[choice % of.length]! : (operations.at(-1 - (choice % 3)) ?? operation(1))) as ReturnType<typeof operation>;
  };
  const volumeCommand = (choice: number, a: number, b: number, c: number): DomainCommand['command'] => {
    const volumeId = volumeOf(a);
    switch (choice) {
      case 0:
      case 1: {
        const fresh = c % 20 === 19 ? volumeOf(b) : volumeIdOf(volumes.length + 1);
        if (!volumes.includes(fresh)) volumes.push(fresh);
        const bad = c % 17;
        return create({
          volumeId: fresh,
          poolId: poolIdOf(b % 23 === 22 ? 9 : 1 + (b % 2)),
          name: bad === 16 ? 'a@b' : `n${a % 4}`,
          serial: serialOf(c % 40),
          sizeBytes: bad === 15 ? null : bytes(bad === 14 ? 1 : (1 + (a % 3)) * GIB),
          generation: b % 5 === 4 ? 'v2' : 'v3',
          qos: bad === 13 ? { ...noQos, enabled: true } : bad % 2 === 0 ? exampleQos : noQos,
          performancePriority: c % 11 === 10,
          description: bad === 12 ? 'x'.repeat(2000) : '',
        });
      }
      case 2:
      case 3: {
        const fresh = volumeIdOf(volumes.length + 1);
        volumes.push(fresh);
        const own = c % 19 === 18;
        return create({ volumeId: fresh, poolId: poolIdOf(1 + (c % 2)), name: `n${a % 4}`, serial: serialOf(b % 40), sizeBytes: own ? bytes(GIB) : null, generation: null, snapshotId: sourceOf(b), flattened: c % 3 === 0, performancePriority: c % 13 === 12 });
      }
      case 4:
      case 5: {
        const fresh = c % 13 === 12 ? ownOf(volumeId, b) : c % 13 === 11 && snapshots.length > 0 ? snapshots[0]! : snapshotIdOf(snapshots.length + 1);
        if (!snapshots.includes(fresh)) snapshots.push(fresh);
        if (a % 11 === 10) return { type: 'RecoverSnapshot', volumeId, snapshotId: fresh, name: `s${b % 5}`, internal: b % 2 === 0 };
        return { type: 'CreateSnapshot', volumeId, snapshotId: fresh, name: `s${b % 5}`, description: '', groupSnapshotId: null };
      }
      case 6:
      case 7: {
        const changes = [{ name: `n${b % 4}` }, { sizeBytes: bytes((1 + (b % 4)) * GIB) }, { qos: exampleQos }, { name: `n${b % 4}`, sizeBytes: bytes((1 + (c % 40)) * GIB) }, { performancePriority: b % 2 === 0 }, { description: 'd' }, {}, { sizeBytes: bytes(600 * 2 ** 40) }] as const;
        return { type: 'UpdateVolume', volumeId, changes: changes[c % changes.length]! };
      }
      case 8:
        return { type: 'FlattenVolume', volumeId: cloneOf(a) };
      case 9:
      case 10: {
        const backup = c % 15 === 14 ? ownOf(volumeId, c) : snapshotIdOf(snapshots.length + 1);
        if (!snapshots.includes(backup)) snapshots.push(backup);
        const { operation: running } = it.volumeState(volumeId);
        const target = running?.kind === 'rollBack' && b % 2 === 0 ? running.backupSnapshotId : ownOf(volumeId, b);
        return { type: 'RollBackVolume', volumeId, snapshotId: target, backupSnapshotId: backup };
      }
      case 11:
      case 12:
        return { type: 'DeleteVolume', volumeId, cascade: b % 2 === 0, force: c % 2 === 0, retainMs: b % 3 === 0 ? (b % 21 === 0 ? 2 ** 50 : 86_400_000) : null };
      case 13:
        return { type: 'UndeleteVolume', volumeId };
      case 14:
        return b % 3 === 0 ? { type: 'DisownVolume', volumeId: c % 2 === 0 ? volumeId : cloneOf(a) } : { type: 'PromoteVolume', volumeId };
      case 15:
        return b % 4 === 0 ? { type: 'DemoteVolume', volumeId } : { type: 'PromoteVolume', volumeId };
      case 16:
        return { type: b % 2 === 0 ? 'ReserveMapping' : 'ReleaseMapping', volumeId: usableOf(a), mappingId: user(c), shared: a % 4 !== 3, accessPathId: c % 4 < 2 ? accessPathId : otherPathId, onePath: a % 3 !== 0, connectionId: null };
      case 17:
        return attachmentCommand({ it, volumes, volumeId: usableOf(a) }, [a, b, c]);
      case 18:
        return { type: b % 3 === 0 ? 'JoinVolumeGroup' : 'LeaveVolumeGroup', volumeId, groupId: user(c) };
      case 19:
      case 20: {
        const rolling = volumes.find((id) => it.volumeState(id).operation?.kind === 'rollBack');
        if (rolling !== undefined && a % 3 === 0) return { type: 'AbandonOperation', volumeId: rolling, operationId: operationOf(rolling, 0) };
        return b % 2 === 0 ? { type: 'RetryOperation', volumeId, operationId: operationOf(volumeId, c) } : { type: 'AbandonOperation', volumeId, operationId: operationOf(volumeId, c) };
      }
      case 21: {
        const flattening = volumes.find((id) => it.volumeState(id).operation?.kind === 'flatten');
        if (flattening !== undefined && a % 2 === 0) return { type: 'CancelOperation', volumeId: flattening, operationId: operationOf(flattening, 0) };
        return { type: 'CancelOperation', volumeId, operationId: operationOf(volumeId, c) };
      }
      case 22: {
        const fresh = volumeIdOf(volumes.length + 1);
        volumes.push(fresh);
        const found = { volumeId: fresh, poolId: poolIdOf(1), name: `n${a % 4}`, description: '', labels: {}, serial: serialOf(40 + volumes.length), hidden: false, generation: 'v3', sizeBytes: bytes(GIB) } as const;
        return b % 2 === 0 ? { type: 'AdoptVolume', ...found, backendName: 'old' } : { type: 'RecoverVolume', ...found, labels: { recovered: 'yes' }, qos: noQos, performancePriority: false, parent: null, depth: 0 };
      }
      default:
        return { type: 'RetryOperation', volumeId, operationId: operationOf(volumeId, c) };
    }
  };

  const snapshotCommand = (choice: number, a: number, b: number): DomainCommand => {
    const stuck = snapshots.findLast((id) => it.snapshotState(id).lifecycle === 'creating' && stuckOf(it.snapshotState(id).troubles).length > 0);
    const closed = snapshots.findLast((id) => it.snapshotState(id).closedBy !== null && it.snapshotState(id).lifecycle === 'active');
    if (choice === 1 && closed !== undefined) return { to: 'snapshot', command: { type: 'DeleteSnapshot', snapshotId: closed, force: false } };
    const snapshotId = choice === 4 && stuck !== undefined && b % 2 === 0 ? stuck : snapshotOf(a);
    const { operationId } = it.snapshotState(snapshotId);
    const about = { snapshotId, operationId: b % 9 === 8 || operationId === null ? operation(1) : operationId };
    switch (choice) {
      case 0:
      case 1:
        return { to: 'snapshot', command: { type: 'DeleteSnapshot', snapshotId, force: b % 2 === 0 } };
      case 2:
        return { to: 'snapshot', command: { type: b % 3 === 0 ? 'ProtectSnapshot' : 'UnprotectSnapshot', snapshotId } };
      case 3:
        return { to: 'snapshot', command: { type: 'RetryOperation', ...about } };
      default:
        return { to: 'snapshot', command: { type: 'AbandonOperation', ...about } };
    }
  };

  const poolCommand = (choice: number, a: number, b: number): DomainCommand => {
    const poolId = poolIdOf(b % 19 === 18 ? 9 : 1 + (a % 2));
    const health = b % 6 === 0 ? 'error' : b % 6 === 1 ? 'degraded' : 'online';
    const commands: readonly Extract<DomainCommand, { to: 'pool' }>['command'][] = [
      { type: 'ReportPoolHealth', poolId, health },
      { type: 'ReportPoolHealth', poolId, health: 'online' },
      { type: 'UpdatePool', poolId, overSubscriptionRatio: b % 4 },
      { type: 'PausePool', poolId, reason: 'disks' },
      { type: 'ResumePool', poolId },
      { type: 'RetirePool', poolId: it.held({ kind: 'capacity', poolId: poolIdOf(1) }).total > 0 ? poolIdOf(1) : poolIdOf(3) },
      { type: 'RegisterPool', poolId: poolIdOf(1 + (b % 4)), name: `p${a % 4}${a % 7 === 0 ? '/' : ''}`, placement, poolType: a % 5 === 0 ? 'erasure' : 'replicated', overSubscriptionRatio: b % 4 },
    ];
    return { to: 'pool', command: commands[choice % commands.length]! };
  };

  const backendCommand = (a: number, b: number, c: number): DomainCommand => {
    const backend = a % 5 === 4 ? 'nowhere' : placement.backend;
    return { to: 'backend', command: b % 2 === 0 ? { type: 'ResumeBackend', backend } : { type: 'PauseBackend', backend, reason: c % 5 === 4 ? 'x'.repeat(300) : 'disks' } };
  };

  const tokenCommand = (a: number, b: number, c: number): DomainCommand => {
    const tokenId = tokenIdOf(a % 6);
    if (b % 2 === 0) return { to: 'token', command: { type: 'RevokeAccessToken', tokenId, reason: c % 9 === 8 ? 'x'.repeat(300) : 'lost' } };
    const expiresAt = [null, null, null, moment(NOON), moment(NOON + 300 * 86_400_000), moment(NOON + 2 ** 45)][c % 6] ?? null;
    const fields = { name: c % 7 === 6 ? 'a b' : `n${a % 3}`, hash: tokenHashOf(c), role: (['reader', 'operator', 'admin'] as const)[c % 3]!, tenant: [null, 't1', ''][(a + c) % 3] ?? null, expiresAt };
    return { to: 'token', command: { type: 'IssueAccessToken', tokenId, ...fields } };
  };

  const webhookCommand = (a: number, b: number, c: number): DomainCommand => {
    const webhookId = webhookIdOf(1 + (a % 3));
    const url = ['https://a.example/', 'https://b.example/', 'http://a.example/', 'nowhere'][b % 4]!;
    const filter: WebhookFilter = { kinds: c % 5 === 4 ? ['token'] : null, ids: null, types: c % 3 === 0 ? ['VolumeCreated'] : null, tenant: null };
    const secretRef = secretRefOf(c % 9);
    const outcomes: readonly DeliveryOutcome[] = [{ _tag: 'delivered', count: c }, { _tag: 'failing', status: 500, message: 'no' }, { _tag: 'gone' }];
    const commands: readonly WebhookCommand[] = [
      { type: 'RegisterWebhook', webhookId, name: c % 13 === 12 ? 'a/b' : 'hook', url, filter, secretRef, position: c },
      { type: 'UpdateWebhook', webhookId, changes: c % 2 === 0 ? { url, filter } : { enabled: c % 4 === 1, ...(c % 3 === 0 ? { position: b } : {}) } },
      { type: 'RotateSecret', webhookId, secretRef },
      { type: 'RecordDelivery', webhookId, round: b % 2, position: a + c, outcome: outcomes[c % 3]! },
      { type: 'RecordDelivery', webhookId, round: 0, position: c, outcome: outcomes[c % 2]! },
      b % 5 === 0 ? { type: 'RemoveWebhook', webhookId } : { type: 'UpdateWebhook', webhookId, changes: { enabled: it.webhookIsDisabled(webhookId) } },
    ];
    return { to: 'webhook', command: commands[(a + b) % commands.length]! };
  };

  const fault = (choice: number): Fault | undefined =>
    // Looking does not fail for good: who then gives up again takes the log's word, which may be wrong.
    choice % 10 < 7 ? undefined : (work) => ({ error: broken, final: choice % 10 > 7 && !work.step.startsWith('look'), landed: choice % 10 === 9 && work.kind === 'perform' && lookedAt.has(work.step) });

  /** A flatten that is begun, and cancelled before its copy has ended. */
  const troubleFlatten = (a: number, b: number): void => {
    const volumeId = cloneOf(a);
    send({ to: 'volume', command: { type: 'FlattenVolume', volumeId } });
    const { operation: running } = it.volumeState(volumeId);
    if (running?.kind !== 'flatten') return;
    const own = it.owing().find(({ work: { operationId, step } }) => operationId === running.operationId && step === 'reserve space');
    if (own !== undefined) it.work(own);
    if (b % 4 > 0) send({ to: 'volume', command: { type: 'CancelOperation', volumeId, operationId: running.operationId } });
  };

  /** A volume that moves to the other pool: as far as it comes, taken back, or stuck in one of its steps and given up. */
  const troubleMigration = (a: number, b: number, c: number): void => {
    const volumeId = volumes.findLast((id) => it.volumeState(id).lifecycle === 'active' && it.volumeState(id).operation === null) ?? volumeOf(a);
    const { volume } = it.volumeState(volumeId);
    send({ to: 'volume', command: { type: 'MigrateVolume', volumeId, poolId: volume?.poolId === poolIdOf(1) && c % 9 < 8 ? poolIdOf(2) : poolIdOf(1) } });
    const { operation: running } = it.volumeState(volumeId);
    if (running?.kind !== 'migrate') return;
    const { operationId } = running;
    const worked = (step: string, failing: boolean): void => {
      const own = it.owing().find(({ work }) => work.operationId === operationId && work.step === step);
      if (own !== undefined) it.work(own, failing ? () => ({ error: broken, final: true, landed: b % 2 === 0 }) : undefined);
    };
    worked('reserve move', false);
    if (b % 5 === 0) send({ to: 'volume', command: { type: 'CancelOperation', volumeId, operationId } });
    worked('copy', b % 5 === 1);
    worked('commit', b % 5 === 2);
    worked('abort', b % 5 === 3);
    if (b % 5 < 3) send({ to: 'volume', command: { type: 'AbandonOperation', volumeId, operationId } });
  };

  /** Begins an operation of one step that fails, having landed or not, and gives it up. */
  const inVain = (command: Extract<DomainCommand, { to: 'volume' }>['command'], step: string, landed: boolean): void => {
    const { volumeId } = command;
    send({ to: 'volume', command });
    const running = it.volumeState(volumeId).operation?.operationId;
    const own = it.owing().find(({ work }) => work.operationId === running && work.step === step);
    if (own === undefined || running === undefined) return;
    it.work(own, () => ({ error: broken, final: true, landed }));
    send({ to: 'volume', command: { type: 'AbandonOperation', volumeId, operationId: running } });
  };

  /** A volume that is put into the trash, taken out of it or let go, in vain or not. */
  const troubleEnding = (a: number, b: number): void => {
    const atRest = volumes.filter((id) => it.volumeState(id).operation === null);
    const trashed = atRest.findLast((id) => it.volumeState(id).lifecycle === 'trashed');
    const plain = atRest.findLast((id) => it.volumeState(id).lifecycle === 'active' && it.volumeState(id).volume?.slots.length === 0);
    if (a % 3 === 0 && plain !== undefined) return inVain({ type: 'DisownVolume', volumeId: plain }, 'disown', b % 2 === 0);
    if (trashed !== undefined) return inVain({ type: 'UndeleteVolume', volumeId: trashed }, 'restore', b % 2 === 0);
    return send({ to: 'volume', command: { type: 'DeleteVolume', volumeId: volumeOf(a), cascade: true, force: false, retainMs: 86_400_000 } });
  };

  /** A rollback, work of one that fails, or an attempt to get out of one. */
  const troubleRollback = (a: number, b: number): void => {
    const rolling = volumes.map((id) => it.volumeState(id)).find(({ operation: running }) => running?.kind === 'rollBack');
    const running = rolling?.operation;
    if (rolling?.volume === undefined || rolling.volume === null || running?.kind !== 'rollBack') {
      const volumeId = volumes.findLast((id) => it.volumeState(id).lifecycle === 'active' && (it.volumeState(id).volume?.slots.length ?? 0) > 0) ?? volumeOf(a);
      snapshots.push(snapshotIdOf(snapshots.length + 1));
      return send({ to: 'volume', command: { type: 'RollBackVolume', volumeId, snapshotId: ownOf(volumeId, b), backupSnapshotId: snapshots.at(-1)! } });
    }
    const { volumeId } = rolling.volume;
    const own = it.owing().find(({ work: { operationId, kind, step } }) => operationId === running.operationId && (kind === 'perform' || step === 'number'));
    if (own !== undefined && a % 2 === 0) return it.work(own, fault(8));
    if (running.stage === 'rolling') return send({ to: 'volume', command: { type: 'AbandonOperation', volumeId, operationId: running.operationId } });
    return send({ to: 'snapshot', command: { type: 'AbandonOperation', snapshotId: running.backupSnapshotId, operationId: running.operationId } });
  };

  const workOne = (a: number, b: number): void => {
    const owed = it.owing();
    const one = owed[a % Math.max(1, owed.length)];
    if (one !== undefined) it.work(one, fault(b));
  };

  const retries = (): readonly DomainCommand[] => [
    ...volumes.flatMap((volumeId) => stuckOf(it.volumeState(volumeId).troubles).map((operationId): DomainCommand => ({ to: 'volume', command: { type: 'RetryOperation', volumeId, operationId } }))),
    ...snapshots.flatMap((snapshotId) => stuckOf(it.snapshotState(snapshotId).troubles).map((operationId): DomainCommand => ({ to: 'snapshot', command: { type: 'RetryOperation', snapshotId, operationId } }))),
  ];

  return {
    it,
    volumes,
    snapshots,
    retries,
    step: ([kind, a, b, c]) => {
      if (kind < 30) send(webhookCommand(a, b, c));
      else if (kind < 385) workOne(a, b);
      else if (kind < 400) send(tokenCommand(a, b, c));
      else if (kind < 420) send(backendCommand(a, b, c));
      else if (kind < 450) it.settle();
      else if (kind < 470) it.advance(a % 2 === 0 ? 8 * 86_400_000 : a * 1000);
      else if (kind < 520) send(poolCommand(a, b, c));
      else if (kind < 530) it.able({ qos: a % 4 !== 0, shrink: b % 4 !== 0, trash: c % 4 !== 0, sizeGranularityBytes: MIB, erasurePools: a % 3 !== 0 });
      else if (kind < 536) it.dark(a % 3 === 0);
      else if (kind < 560) troubleRollback(a, b);
      else if (kind < 570) troubleFlatten(a, b);
      else if (kind < 576) troubleEnding(a, b);
      else if (kind < 588) troubleMigration(a, b, c);
      else if (kind < 640) send(snapshotCommand(kind % 5, a, b));
      else send({ to: 'volume', command: volumeCommand(kind % 24, a, b, c) } as DomainCommand);
    },
    calm: () => {
      for (let round = 0; round < 50; round += 1) {
        it.settle();
        const again = retries();
        if (again.length === 0) return;
        for (const command of again) it.send(command);
      }
      throw new Error(`still stuck: ${JSON.stringify(retries())}`);
    },
  };
};

type Troubles = World['volumeState'] extends (id: VolumeId) => { readonly troubles: infer T } ? T : never;
export const stuckOf = (troubles: Troubles): readonly ReturnType<typeof operation>[] => [...new Set(Object.values(troubles).filter(({ final, open }) => final && open).map(({ operationId }) => operationId))];

export const nothingSeen = (): Readonly<Record<DomainCommand['to'], Seen>> => {
  const one = (): Seen => ({ events: new Set(), refusals: new Set() });
  return { volume: one(), snapshot: one(), pool: one(), backend: one(), token: one(), webhook: one(), reservation: one(), host: one(), clientGroup: one(), accessPath: one(), vipGroup: one() };
};

/** One seed for ever and one for today, which is printed so that a failure can be repeated. */
export const seeds = (): readonly number[] => {
  const fresh = Number(process.env['BLOCKLEDGER_SEED'] ?? Math.floor(Math.random() * 2 ** 31));
  console.log(`seeds: 42 and ${fresh} (repeat with BLOCKLEDGER_SEED=${fresh})`);
  return [42, fresh];
};
