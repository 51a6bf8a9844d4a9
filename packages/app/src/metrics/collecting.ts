/** What is not counted as it happens is looked at when somebody scrapes. */
import type { ControlPlane } from '../engine/controlPlane.ts';
import type { LeaseView } from '../engine/leases/leases.ts';
import type { OwedView } from '../engine/watching/monitor.ts';
import { WARNING_CODES } from '../engine/watching/warningCodes.ts';
import { headInTime } from '../engine/watching/storeHead.ts';
import { stepName } from './bounded.ts';
import type { Instruments } from './instruments.ts';
import { AGES_SECONDS } from './table.ts';

const MS = 1000;

const owed = (instruments: Instruments, works: readonly OwedView[], nowMs: number): void => {
  const { owed_work: count, owed_work_oldest_age_seconds: oldest, owed_work_aged: aged } = instruments;
  for (const instrument of [count, oldest, aged]) instrument.reset();
  const ages = new Map<string, { readonly step: string; readonly phase: string; readonly seconds: number }>();
  for (const phase of ['queued', 'running', 'waiting']) for (const older of AGES_SECONDS) aged.set({ phase, older_than_seconds: String(older) }, 0);
  for (const { step: named, phase, dueSince } of works) {
    const step = stepName(named);
    const seconds = Math.max(0, nowMs - dueSince) / MS;
    count.inc({ step, phase });
    // What is not due yet has no age, and what another process has is told by that one.
    if (phase === 'scheduled' || phase === 'elsewhere') continue;
    const key = `${phase} ${step}`;
    if (seconds >= (ages.get(key)?.seconds ?? -1)) ages.set(key, { step, phase, seconds });
    for (const older of AGES_SECONDS) if (seconds > older) aged.inc({ phase, older_than_seconds: String(older) });
  }
  for (const { step, phase, seconds } of ages.values()) oldest.set({ step, phase }, seconds);
};

const backends = (instruments: Instruments, { monitor }: ControlPlane, nowMs: number): void => {
  const { backend_up: up, backend_check_age_seconds: age } = instruments;
  up.reset();
  age.reset();
  for (const { backend, state, checkedAt } of monitor.backends()) {
    if (state !== 'unknown') up.set({ backend }, state === 'up' ? 1 : 0);
    if (checkedAt !== null) age.set({ backend }, Math.max(0, nowMs - checkedAt) / MS);
  }
};

const audit = (instruments: Instruments, { monitor }: ControlPlane): void => {
  const latest = monitor.lastAudit();
  if (latest === null) {
    for (const gauge of [instruments.audit_unseen_pools, instruments.audit_unseen_hosts, instruments.audit_busy, instruments.audit_seconds, instruments.audit_timestamp_seconds]) gauge.remove({});
    return;
  }
  const { drifts, unseen, busy } = latest.report;
  for (const kind of ['unexpected', 'missing', 'differing'] as const) instruments.audit_drift.set({ kind }, drifts.filter((drift) => drift.kind === kind).length);
  instruments.audit_unseen_pools.set(unseen.filter(({ poolId }) => poolId !== null).length);
  instruments.audit_unseen_hosts.set(unseen.filter(({ hostId }) => hostId !== null).length);
  instruments.audit_busy.set(busy.length);
  instruments.audit_seconds.set(latest.tookMs / MS);
  instruments.audit_timestamp_seconds.set(latest.at / MS);
};

const warnings = ({ warnings: gauge }: Instruments, plane: ControlPlane): void => {
  for (const code of WARNING_CODES) gauge.set({ code }, 0);
  for (const { code } of plane.warnings()) gauge.inc({ code });
};

const webhooks = ({ webhooks: gauge }: Instruments, plane: ControlPlane): void => {
  const counts = { delivering: 0, failing: 0, disabled: 0 };
  for (const { status, failing } of plane.webhooks.list({ limit: -1 }).items) {
    if (status === 'disabled') counts.disabled += 1;
    else if (failing === null) counts.delivering += 1;
    else counts.failing += 1;
  }
  for (const [state, count] of Object.entries(counts)) gauge.set({ state }, count);
};

const tokens = ({ token_expiry_timestamp_seconds: gauge }: Instruments, plane: ControlPlane): void => {
  const moments = plane.tokens.list({ limit: -1, status: 'active' }).items.flatMap(({ expiresAt }) => expiresAt ?? []);
  // A gauge that was never set, or was removed, is not shown.
  gauge.remove({});
  if (moments.length > 0) gauge.set(Math.min(...moments) / MS);
};

/** Where the log is. A store that does not answer in time is down. */
const positions = (instruments: Instruments, head: number | undefined, folded: number): void => {
  instruments.store_up.set(head === undefined ? 0 : 1);
  instruments.folded_position.set(folded);
  for (const gauge of [instruments.store_head_position, instruments.projection_lag_events]) gauge.remove({});
  if (head === undefined) return;
  instruments.store_head_position.set(head);
  instruments.projection_lag_events.set(Math.max(0, head - folded));
};

/** How the work is divided, where several processes do it. What was counted is told as it stands. */
const division = (instruments: Instruments, view: LeaseView | null): void => {
  const { lease_members: members, lease_valid: valid, shards_held: held, shards_unheld: unheld, shard_take_overs_total: takeOvers, shard_hand_overs_total: handOvers } = instruments;
  for (const instrument of [members, valid, held, unheld, takeOvers, handOvers]) instrument.remove({});
  if (view === null) return;
  members.set(view.members.length);
  valid.set(view.isValid ? 1 : 0);
  held.set(view.shardsHeld);
  unheld.set(view.unheld.length);
  takeOvers.inc(view.takeOvers);
  handOvers.inc(view.handOvers);
};

/** Fills in every figure that is looked at. */
export const collect = async (instruments: Instruments, plane: ControlPlane, nowMs: () => number): Promise<void> => {
  const head = await headInTime(plane.monitor);
  // From here on nothing waits: two scrapes at once do not mix.
  const { position, busyStreams, queues, owed: works, tasks, leases } = plane.monitor.status();
  positions(instruments, head, position);
  instruments.command_streams_busy.set(busyStreams);
  for (const { backend, waiting } of queues) instruments.backend_calls_waiting.set({ backend }, waiting);
  for (const [status, count] of Object.entries(tasks)) instruments.tasks.set({ status }, count);
  division(instruments, leases);
  owed(instruments, works, nowMs());
  backends(instruments, plane, nowMs());
  audit(instruments, plane);
  warnings(instruments, plane);
  webhooks(instruments, plane);
  tokens(instruments, plane);
};
