/** Puts the parts of the engine together. Everything lives in these variables: two control planes share nothing. */
import { setMaxListeners } from 'node:events';
import type { PoolState, Refusal, StoreError } from '@blockledger/domain';
import * as E from 'fp-ts/lib/Either.js';
import { makeActionRecords, type Answered } from '../queries/actionRecords.ts';
import { makeActions } from '../queries/actions.ts';
import { makeBackends } from '../queries/backends.ts';
import { makeResources, pathListsOf } from '../queries/resources.ts';
import { makeStates } from '../queries/states.ts';
import { makeTaskRecords, type TaskRecords } from '../queries/taskRecords.ts';
import { makeTasks } from '../queries/tasks.ts';
import { makeTenantTotals } from '../queries/tenantTotals.ts';
import { makeTokens } from '../queries/tokens.ts';
import { makeWebhookQueries } from '../queries/webhooks.ts';
import type { Kept } from '../queries/kept.ts';
import type { ResourceRef } from '../queries/views.ts';
import { makeAttachments } from './attachments.ts';
import { makeActionMemory } from './commands/actionMemory.ts';
import { makeAsk } from './backends/bounded.ts';
import { makeCheckpoints, type Checkpoints } from './checkpoints/checkpoints.ts';
import { takeIn } from './checkpoints/reading.ts';
import { makeCallees } from './backends/callees.ts';
import { makeSeenVips } from './audit/seenVips.ts';
import { makeVipLooks } from './audit/vipLooks.ts';
import { makeChapSecrets } from './secrets/chap.ts';
import { backendPlans, makeBackendVerbs } from './backends/face.ts';
import { makeCallers } from './commands/callers.ts';
import { makeCommandHandler } from './commands/commandHandler.ts';
import { makeWitnessed } from './commands/witnessed.ts';
import { confinedPlane } from './confined.ts';
import type { ControlPlane, DrainReport } from './controlPlane.ts';
import { audit } from './audit/drift.ts';
import { auditGateways } from './audit/gatewayDrift.ts';
import { makeAftermath } from './drivers/aftermath.ts';
import { makeDriver } from './drivers/driver.ts';
import { makeGate } from './drivers/gate.ts';
import { makeLiveWorks } from './drivers/live.ts';
import { makeMarks } from './drivers/marks.ts';
import { makePerformer } from './drivers/performer.ts';
import { makeTenure } from './drivers/tenure.ts';
import { makeTeller } from './drivers/teller.ts';
import { makeEventsOut, webhookFactSources, type EventsOut } from './events/out.ts';
import { makeHistory } from './history.ts';
import { aloneLeases, leasesOf } from './leases/leases.ts';
import { makeMonitor } from './watching/monitor.ts';
import { traced } from './watching/observing.ts';
import type { Engine } from './parts.ts';
import { makePlan, makePlanWish } from './commands/plan.ts';
import { mendingPlans } from './audit/mendingPlans.ts';
import { tokenPlans } from './tokens/wishes.ts';
import { webhookPlans } from './webhooks/plans.ts';
import { makeQuestions } from './backends/questions.ts';
import { makeMending } from './audit/mending.ts';
import { makeRounds, type Rounds } from './audit/rounds.ts';
import { makeFollowing, type Following } from './following.ts';
import { follow, replay } from './recovery.ts';
import { notFound, refuseEngine } from './refusals.ts';
import { makeTaskChanges } from './tasks/changes.ts';
import { watchStore, type StoreHealth } from './watching/storeHealth.ts';
import { makeTaskWaits } from './tasks/face.ts';
import { makeAccessTokens } from './tokens/tokens.ts';
import { makeTrackers } from './commands/trackers.ts';
import { makeVerbs } from './verbs.ts';
import { makeWarnings } from './watching/warnings.ts';

/** The log in memory, and all that reads it; nothing runs yet. */
const makeReaders = (engine: Engine) => {
  const states = makeStates(engine);
  const trackers = makeTrackers(engine);
  states.onChange(({ folded }) => {
    for (const { stored } of folded) trackers.note(stored);
  });
  const seenVips = makeSeenVips();
  const resources = makeResources(states, {
    hasBackend: (name) => engine.backends.has(name),
    hasTargets: (name) => engine.targets.has(name),
    hasVips: (name) => engine.vips.has(name),
    seenInstance: seenVips.of,
  });
  const records = makeTaskRecords(states, engine.limits.finishedTasks);
  const actionRecords = makeActionRecords(states, engine.limits.actionRecords);
  const actions = makeActions(actionRecords);
  const memory = makeActionMemory(engine, states, actionRecords);
  const tokens = makeTokens(states, engine.clock);
  const totals = makeTenantTotals(states);
  const webhooks = makeWebhookQueries(states);
  return { states, trackers, seenVips, resources, records, actionRecords, actions, memory, tokens, totals, webhooks };
};

/** What takes commands and what carries out owed work. */
const makeEngine = (engine: Engine, installationId: string, drive: boolean) => {
  const leases = drive ? leasesOf(engine) : aloneLeases;
  const readers = makeReaders(engine);
  const { states, trackers, resources, records, actionRecords, memory } = readers;
  const questions = makeQuestions(engine, installationId);
  const live = makeLiveWorks();
  const backends = makeBackends({ states, backends: engine.backends, targets: engine.targets, pools: resources.indexes.pool, live });
  const paths = { engine, ask: makeAsk(engine, installationId) };
  const facts = { questions, paths, backends: engine.backends, isBackendKnown: backends.isKnown, webhooks: webhookFactSources(engine, readers.webhooks) };
  const handler = makeCommandHandler({ engine, states, trackers, facts });
  const context = { resolve: resources.resolve, indexes: resources.indexes, findPart: resources.findPart, tasks: records, states, confinedTo: null };
  const noted = (answered: Answered): void => {
    actionRecords.note(answered);
    memory.noted(answered.commandId);
  };
  const callers = makeCallers({ engine, installationId, states, handler, noted, context });
  const chap = makeChapSecrets({ engine, states, resources, paths });
  const witnessed = makeWitnessed({
    engine,
    callers,
    // Rare and grave, and the log does not tell all of it: a crash must not lose who did it.
    noted: (answered) => {
      noted(answered);
      void memory.save();
    },
  });
  const marks = makeMarks(engine, states, questions);
  const callees = makeCallees(engine, installationId);
  const gate = makeGate({ callees, states, marks, hosts: resources.indexes.host });
  const aftermath = makeAftermath(engine, callees);
  const performer = makePerformer({ engine, installationId, callees, gate, marks, live, aftermath, leases });
  const teller = makeTeller({ engine, states, handler, leases });
  const driver = makeDriver({ engine, states, tasks: records, teller, performer, gate, marks, live, aftermath, leases, tenure: makeTenure(engine, states, leases) });
  leases.add(driver);
  return { ...readers, leases, questions, backends, callees, paths, facts, handler, callers, chap, witnessed, live, marks, driver, performer };
};

type Parts = ReturnType<typeof makeEngine> & { readonly storeTrouble: StoreHealth['trouble'] };

interface Ending {
  readonly closing: AbortController;
  readonly out: EventsOut;
  readonly stopFollowing: () => Promise<void>;
  readonly checkpoints: Checkpoints;
}

const makeClose = (engine: Engine, { driver, leases, marks, memory }: Parts, { closing, out, stopFollowing, checkpoints }: Ending): (() => Promise<void>) => {
  let closed: Promise<void> | undefined;
  const close = async (): Promise<void> => {
    closing.abort();
    await driver.stop();
    await out.dispatcher.stop();
    await leases.leave();
    await stopFollowing();
    await marks.flush();
    await checkpoints.stop();
    await memory.save();
    await Promise.all([...engine.backends.values(), ...engine.targets.values(), ...engine.vips.values()].map((backend) => backend.close()));
    await engine.store.close();
  };
  return () => (closed ??= close());
};

/** The first call counts: who asks again waits for the same end. */
const makeDrain = ({ driver, leases }: Pick<Parts, 'driver' | 'leases'>): ControlPlane['drain'] => {
  let drained: Promise<DrainReport> | undefined;
  const drain = async (graceMs: number): Promise<DrainReport> => {
    const report = await driver.drain(graceMs);
    // Others go on at once, with what is told, too.
    await leases.leave();
    return report;
  };
  return (graceMs) => (drained ??= drain(graceMs));
};

/** What the engine looks after by itself, and the audit that people can ask for. */
const makeLooking = (engine: Engine, installationId: string, { states, resources, questions, paths, handler, seenVips, leases }: Parts, closing: AbortSignal): Rounds =>
  makeRounds({
    engine,
    states,
    resources,
    questions,
    closing,
    vipLooks: makeVipLooks({ engine, states, resources, ask: paths.ask, handler, seenVips, leases }),
    audit: async () => {
      const [pools, gateways] = await Promise.all([audit({ states, resources, questions, installationId }), auditGateways({ engine, states, resources, ask: paths.ask })]);
      return { drifts: [...pools.drifts, ...gateways.drifts], unseen: [...pools.unseen, ...gateways.unseen], busy: [...pools.busy, ...gateways.busy] };
    },
  });

const makeFace = (engine: Engine, installationId: string, parts: Parts & { readonly rounds: Rounds; readonly following: Following }, ending: Ending): ControlPlane => {
  const { signal } = ending.closing;
  const { states, resources, records, questions, backends, callers, witnessed, live, marks, driver, handler, performer, rounds } = parts;
  const tasks = makeTasks(records, live, { ...resources, isElsewhere: parts.leases.isElsewhere });
  const waits = makeTaskWaits(tasks, engine.clock, engine.limits.taskTimeoutMs, signal);
  const verbs = makeVerbs({ callers, chap: parts.chap, states, lookup: resources.lookup, tasks, waits, closing: signal });
  const auditParts = { states, resources, questions, installationId };
  const poolOf = (ref: ResourceRef): E.Either<Refusal, PoolState & { readonly pool: NonNullable<PoolState['pool']> }> => {
    const state = states.poolState(resources.resolve.pool(ref) ?? '');
    return state?.pool === undefined || state.pool === null ? E.left(notFound('pool', ref)) : E.right({ ...state, pool: state.pool });
  };
  const planWish = makePlanWish({ callees: parts.callees, states, facts: parts.facts, callers });
  const unavailable = E.mapLeft((error: { readonly message: string }): Refusal => refuseEngine('BackendUnavailable', error.message));

  const whole: ControlPlane = {
    ...verbs,
    ...makeBackendVerbs({ callers, backends, closing: signal }),
    ...makeHistory(engine, resources, resources.lookup),
    plan: makePlan(planWish, {
      ...backendPlans(planWish),
      ...tokenPlans(planWish, parts.tokens),
      ...webhookPlans(planWish, { engine, callers, states, webhooks: parts.webhooks, facts: parts.facts }),
      ...mendingPlans({ ...auditParts, engine, callees: parts.callees, facts: parts.facts, callers, marks, poolOf }),
    }, (request, options) => parts.chap.planned(callers, request, options)),
    revision: ({ kind, ref }) => states.peek(`${kind}-${resources.resolve[kind](ref) ?? ''}`)?.revision,
    installationId,
    volumes: resources.volumes,
    snapshots: resources.snapshots,
    ...pathListsOf(resources),
    pools: {
      ...resources.pools,
      stats: async (ref) => {
        const pool = poolOf(ref);
        return E.isLeft(pool) ? pool : unavailable(await questions.stats(pool.right.pool.placement));
      },
    },
    attachments: makeAttachments({ engine, ...resources }),
    backends: { get: backends.get, list: backends.list },
    tasks: {
      get: tasks.get,
      list: tasks.list,
      page: tasks.page,
      ...waits,
      changes: makeTaskChanges({ tasks, states, closing: signal }),
      retry: (ref, options) => verbs.request({ do: 'retryTask', task: ref }, options),
      abandon: (ref, options) => verbs.request({ do: 'abandonTask', task: ref }, options),
      cancel: (ref, options) => verbs.request({ do: 'cancelTask', task: ref }, options),
    },
    tokens: makeAccessTokens({ callers, tokens: parts.tokens, closing: signal }),
    webhooks: ending.out.webhooks,
    actions: { list: parts.actions.list, page: parts.actions.page, get: parts.actions.get },
    drift: rounds.audit,
    orphans: async () => (await rounds.audit()).drifts.filter(({ kind }) => kind === 'unexpected'),
    ...makeMending({ ...auditParts, engine, handler, settled: callers.settled, witnessed, marks, poolOf, closing: signal }),
    events: ending.out.feeds,
    subscribe: engine.store.subscribe,
    progress: live.onProgress,
    warnings: makeWarnings({ engine, states, resources, marks, webhooks: parts.webhooks, storeTrouble: parts.storeTrouble, rounds, leases: parts.leases }),
    monitor: makeMonitor({ engine, states, records, driver, live, queues: performer.queues, busyStreams: handler.busy, rounds, leases: parts.leases, lookup: resources.lookup }),
    confinedTo: (tenant) => confinedPlane(whole, { ...parts, engine, installationId, closing: signal }, tenant),
    position: states.head,
    followed: parts.following.followed,
    idle: driver.idle,
    drain: makeDrain(parts),
    close: makeClose(engine, parts, ending),
  };
  return whole;
};

/** Asks each pool for its mark, so that a restored log is noticed before anybody deletes anything. A backend that is down delays nothing. */
const readMarks = ({ resources, marks }: Parts): void => {
  for (const poolId of resources.indexes.pool.ids()) void marks.check(poolId);
};

/** Tells observers of tasks that end or fail from now on. */
const tellTasks = ({ observing, clock }: Engine, records: TaskRecords): void => {
  records.onChange((id, before) => {
    const task = records.get(id);
    if (task === undefined || task.status === 'open' || task.status === before?.status) return;
    const { type, status, startedAt, correlationId, traceparent } = task;
    observing.task({ id, type, status, startedAt, at: task.finishedAt ?? clock.nowMs(), correlationId, ...traced(traceparent) });
  });
};

/** What a checkpoint holds, in the order in which it is taken in: who is told of a state may look at what is here already. */
const keptOf = ({ states, records, actionRecords, callers, resources }: ReturnType<typeof makeEngine>): readonly Kept[] => [...states.keeps, records.keeps, actionRecords.keeps, callers.keeps, ...resources.keeps];

/** Replays the log, or what follows a checkpoint of it, then begins to work. Left where the log cannot be read. */
export const startPlane = async (given: Engine, installationId: string, drive: boolean): Promise<E.Either<StoreError, ControlPlane>> => {
  const health = watchStore(given);
  const engine: Engine = { ...given, store: health.store };
  const parts = { ...makeEngine(engine, installationId, drive), storeTrouble: health.trouble };
  await parts.memory.recall();
  const kept = keptOf(parts);
  const checkpoint = engine.exclusive ? await takeIn(engine, kept) : -1;
  const replayed = await replay(engine, parts.states, checkpoint + 1);
  if (E.isLeft(replayed)) return replayed;
  engine.logger.info({ installationId, events: replayed.right, checkpoint }, 'the log is replayed');
  const checkpoints = makeCheckpoints({ engine, states: parts.states, kept, settledTo: parts.handler.settledTo });
  if (engine.exclusive) checkpoints.start(checkpoint);
  const closing = new AbortController();
  // Every loop over events listens to it, and there may be many.
  setMaxListeners(0, closing.signal);
  const following = makeFollowing(engine, parts.states, closing.signal);
  const subscription = engine.exclusive ? undefined : follow(engine, parts.states, following);
  const rounds = makeLooking(engine, installationId, parts, closing.signal);
  const out = makeEventsOut({ ...parts, engine, closing: closing.signal });
  const face = makeFace(engine, installationId, { ...parts, rounds, following }, { closing, out, stopFollowing: async () => subscription?.close(), checkpoints });
  tellTasks(engine, parts.records);
  readMarks(parts);
  rounds.start();
  if (drive) {
    parts.chap.watch();
    parts.driver.start();
    out.dispatcher.start();
    parts.leases.add(out.dispatcher);
    parts.leases.start();
  }
  return E.right(face);
};
