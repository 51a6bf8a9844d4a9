/**
 * A control plane as one tenant may see and use it (I-12). Every member is written down here one by one, so that a new one does not compile
 * before somebody has said what it is to a tenant; what references lead to is decided below, by the indexes that are given to everything.
 */
import * as E from 'fp-ts/lib/Either.js';
import type { Actions } from '../queries/actions.ts';
import { isOfTenants } from '../queries/kinds/index.ts';
import { pageOf } from '../queries/paging.ts';
import type { ResourceQueries } from '../queries/resources.ts';
import type { States } from '../queries/states.ts';
import type { TaskRecords } from '../queries/taskRecords.ts';
import { makeTasks } from '../queries/tasks.ts';
import type { TenantTotals } from '../queries/tenantTotals.ts';
import type { TokenQueries } from '../queries/tokens.ts';
import type { BackendView } from '../queries/backendViews.ts';
import type { WebhookView } from '../queries/webhookViews.ts';
import { resourcesWithin, tasksWithin, tokensWithin } from '../queries/withinTenant.ts';
import { makeAttachments } from './attachments.ts';
import type { Callees } from './backends/callees.ts';
import type { Callers } from './commands/callers.ts';
import type { Answer, ControlPlane, Webhooks } from './controlPlane.ts';
import type { Drift, DriftReport } from './audit/driftViews.ts';
import type { LiveWorks } from './drivers/live.ts';
import { makeFeeds } from './events/feeds.ts';
import { seenBy, storeWithin } from './events/within.ts';
import type { FactSources } from './commands/facts.ts';
import { makeHistory } from './history.ts';
import type { Leases } from './leases/leases.ts';
import { countTasks } from './watching/monitor.ts';
import type { Engine } from './parts.ts';
import { makePlan, makePlanWish, type AdminPlans } from './commands/plan.ts';
import { refuseConfined } from './refusals.ts';
import { makeTaskChanges } from './tasks/changes.ts';
import { makeTaskWaits } from './tasks/face.ts';
import type { AdminRequest } from './requests.ts';
import { makeAccessTokens } from './tokens/tokens.ts';
import { tokenPlans } from './tokens/wishes.ts';
import type { ChapSecrets } from './secrets/chap.ts';
import { makeVerbs } from './verbs.ts';

export interface ConfinedParts {
  readonly engine: Engine;
  readonly installationId: string;
  readonly states: States;
  readonly resources: ResourceQueries;
  readonly records: TaskRecords;
  readonly actions: Actions;
  readonly tokens: TokenQueries;
  readonly totals: TenantTotals;
  readonly callees: Callees;
  readonly facts: Omit<FactSources, 'read'>;
  readonly callers: Callers;
  readonly chap: ChapSecrets;
  readonly live: LiveWorks;
  readonly leases: Pick<Leases, 'isElsewhere' | 'view'>;
  readonly closing: AbortSignal;
}

/** The readers and askers that everything of a confined plane is made of. */
const partsWithin = ({ states, resources: whole, records, totals, tokens, callers, live, leases, engine, closing }: ConfinedParts, tenant: string) => {
  const resources = resourcesWithin(whole, { states, totals, tenant });
  const own = tasksWithin(records, tenant);
  const tasks = makeTasks(own, live, { ...resources, isElsewhere: leases.isElsewhere });
  return {
    resources,
    records: own,
    tasks,
    tokens: tokensWithin(tokens, tenant),
    waits: makeTaskWaits(tasks, engine.clock, engine.limits.taskTimeoutMs, closing),
    callers: callers.within({ resolve: resources.resolve, indexes: resources.indexes, findPart: resources.findPart, tasks: own, states: resources.lookup, confinedTo: tenant }),
    sees: seenBy({ states, indexes: whole.indexes }, tenant),
  };
};

/** Drift of what is a tenant's own. An error of a backend may speak of anything that stands there: only its code is told. */
const driftWithin = ({ drifts, unseen, busy }: DriftReport, isOwn: (id: string) => boolean): DriftReport => ({
  drifts: drifts.filter(({ volumeId, accessPathId, vipGroupId }) => isOwn(accessPathId ?? vipGroupId ?? volumeId ?? '')),
  unseen: unseen.map(({ poolId, hostId, error: { _tag, code } }) => {
    const message = `the ${poolId === null ? 'host' : 'pool'} could not be looked at`;
    return { poolId, hostId, error: _tag === 'Retryable' ? { _tag, code, message, outcomeUnknown: false } : { _tag, code, message } };
  }),
  busy: busy.filter(isOwn),
});

/** A backend is everybody's, like its pools; what runs there is shown where it is the tenant's own. */
const backendWithin = (backend: BackendView, live: LiveWorks, records: TaskRecords): BackendView => {
  const isOwn = (taskId: string): boolean => records.get(taskId) !== undefined;
  const works = live.onBackend(backend.name).filter(({ operationId }) => isOwn(operationId));
  const inPhase = (phase: (typeof works)[number]['phase']): number => works.filter((work) => work.phase === phase).length;
  return { ...backend, calls: backend.calls.filter(({ taskId }) => isOwn(taskId)), queuedCount: inPhase('queued'), waitingCount: inPhase('waiting') };
};

/** Webhooks reach into the network of whoever runs the service: its operators register them, for a tenant where they want to. */
const webhooksWithin = (whole: Webhooks, notForTenants: (what: string) => Answer<never>): Webhooks => ({
  register: () => notForTenants('registering a webhook'),
  update: () => notForTenants('updating a webhook'),
  rotateSecret: () => notForTenants('rotating the secret of a webhook'),
  remove: () => notForTenants('removing a webhook'),
  test: () => notForTenants('testing a webhook'),
  get: () => undefined,
  list: (query = {}) => {
    // Asked for the sake of its checks.
    whole.list(query);
    return pageOf<WebhookView>([], query, () => undefined);
  },
  page: (query = {}) => E.map(() => pageOf<WebhookView>([], query, () => undefined))(whole.page(query)),
  deliveries: () => [],
});

/** What is not for tenants is not planned for them. */
const plansNotForTenants = (notForTenants: (what: string) => Answer<never>): Omit<AdminPlans, 'issueToken' | 'revokeToken'> => {
  const refuse = ({ do: what }: AdminRequest): Answer<never> => notForTenants(what);
  return {
    pauseBackend: refuse,
    resumeBackend: refuse,
    registerWebhook: refuse,
    updateWebhook: refuse,
    rotateWebhookSecret: refuse,
    removeWebhook: refuse,
    rebuild: refuse,
    acceptRestoredLog: refuse,
  };
};

/** The view of one tenant on a control plane. */
export const confinedPlane = (whole: ControlPlane, parts: ConfinedParts, tenant: string): ControlPlane => {
  const { engine, installationId, states, live, closing, facts } = parts;
  const { resources, records, tasks, tokens, waits, callers, sees } = partsWithin(parts, tenant);
  const verbs = makeVerbs({ callers, chap: parts.chap, states, lookup: resources.lookup, tasks, waits, closing });
  const { history, at, changedBy } = makeHistory(engine, resources, resources.lookup);
  const { volume, accessPath, vipGroup } = resources.indexes;
  const isOwn = (id: string): boolean => [volume, accessPath, vipGroup].some((index) => index.tenantOf(id) !== undefined);
  const notForTenants = (what: string): Answer<never> => Promise.resolve(E.left(refuseConfined(what, tenant)));
  const drift = async (): Promise<DriftReport> => driftWithin(await whole.drift(), isOwn);
  const backendOf = (backend: BackendView): BackendView => backendWithin(backend, live, records);

  const planWish = makePlanWish({ callees: parts.callees, states, facts, callers });

  const confined: ControlPlane = {
    ...verbs,
    installationId,
    volumes: resources.volumes,
    snapshots: resources.snapshots,
    hosts: resources.hosts,
    clientGroups: resources.clientGroups,
    accessPaths: resources.accessPaths,
    vipGroups: resources.vipGroups,
    networkAddresses: resources.networkAddresses,
    targets: resources.targets,
    mappingGroups: resources.mappingGroups,
    vips: resources.vips,
    attachments: makeAttachments({ engine, ...resources }),
    pools: { ...resources.pools, stats: whole.pools.stats },
    tasks: {
      get: tasks.get,
      list: tasks.list,
      page: tasks.page,
      ...waits,
      changes: makeTaskChanges({ tasks, states, closing }),
      retry: (ref, options) => verbs.request({ do: 'retryTask', task: ref }, options),
      abandon: (ref, options) => verbs.request({ do: 'abandonTask', task: ref }, options),
      cancel: (ref, options) => verbs.request({ do: 'cancelTask', task: ref }, options),
    },
    backends: {
      get: (name) => {
        const backend = whole.backends.get(name);
        return backend === undefined ? undefined : backendOf(backend);
      },
      list: () => whole.backends.list().map(backendOf),
    },
    pauseBackend: () => notForTenants('pauseBackend'),
    resumeBackend: () => notForTenants('resumeBackend'),
    tokens: makeAccessTokens({ callers, tokens, closing }),
    webhooks: webhooksWithin(whole.webhooks, notForTenants),
    actions: parts.actions.within(tenant),
    // Who did what to what is everybody's is the operators' business.
    history: (of) => (isOfTenants(of.kind) ? history(of) : notForTenants(`the history of a ${of.kind}`)),
    at,
    changedBy: (commandId, of) => (isOfTenants(of.kind) ? changedBy(commandId, of) : notForTenants(`the history of a ${of.kind}`)),
    revision: ({ kind, ref }) => states.peek(`${kind}-${resources.resolve[kind](ref) ?? ''}`)?.revision,
    plan: makePlan(planWish, { ...plansNotForTenants(notForTenants), ...tokenPlans(planWish, tokens) }, (request, options) => parts.chap.planned(callers, request, options)),
    drift,
    orphans: async (): Promise<readonly Drift[]> => (await drift()).drifts.filter(({ kind }) => kind === 'unexpected'),
    rebuild: () => notForTenants('rebuild'),
    events: makeFeeds({ engine, states, resources, sees, closing }),
    subscribe: storeWithin(engine.store, sees).subscribe,
    progress: (listener) => live.onProgress((note) => records.get(note.taskId) !== undefined && listener(note)),
    warnings: () => [],
    monitor: {
      status: () => ({
        position: states.head(),
        busyStreams: 0,
        queues: [],
        owed: whole.monitor.status().owed.filter(({ operationId }) => records.get(operationId) !== undefined),
        tasks: countTasks({ records, live, leases: parts.leases, lookup: resources.lookup }),
        // Who runs what is the operators' business.
        leases: null,
      }),
      storeHead: whole.monitor.storeHead,
      backends: () => [],
      lastAudit: () => {
        const audit = whole.monitor.lastAudit();
        return audit === null ? null : { ...audit, report: driftWithin(audit.report, isOwn) };
      },
    },
    acceptRestoredLog: () => notForTenants('acceptRestoredLog'),
    confinedTo: () => confined,
    position: whole.position,
    followed: whole.followed,
    idle: whole.idle,
    // When the process ends is not for a tenant to say.
    drain: () => Promise.resolve({ finished: 0, handedBack: 0 }),
    close: () => Promise.resolve(),
  };
  return confined;
};
