/** Every figure that there is: name, meaning and labels. The documents, the dashboard and the alert rules are held against this table. */

/** What a figure is. Times are in seconds, as Prometheus wants them. */
export interface Figure {
  readonly type: 'counter' | 'gauge' | 'histogram';
  readonly help: string;
  readonly labels: readonly string[];
  /** Upper bounds of a histogram's buckets, in seconds. */
  readonly buckets?: readonly number[];
}

/** From the append to the request. */
const SHORT = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10];
/** From a quick look to a flatten of a day. */
const LONG = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 1800, 7200, 43_200];

/** Owed work is counted by how old it is; these are the ages, in seconds. */
export const AGES_SECONDS = [60, 600, 1800, 3600, 21_600, 86_400] as const;

/** What all names begin with. */
export const PREFIX = 'blockledger_';

const counter = <const L extends readonly string[]>(help: string, labels: L) => ({ type: 'counter' as const, help, labels });
const gauge = <const L extends readonly string[]>(help: string, labels: L) => ({ type: 'gauge' as const, help, labels });
const histogram = <const L extends readonly string[]>(help: string, labels: L, buckets: readonly number[]) => ({ type: 'histogram' as const, help, labels, buckets });

/** The figures, by their names without the prefix. */
export const FIGURES = {
  build_info: gauge('Always 1; the version as a label.', ['version']),

  requests_total: counter('Requests of callers, by what was asked for and how it was answered.', ['request', 'outcome']),
  request_seconds: histogram('Time until a request was answered: its reservations are made, its work is on record.', ['request'], SHORT),
  refusals_total: counter('Requests that were refused, by the refusal and its rule.', ['refusal', 'rule']),
  commands_total: counter('Commands to streams, of callers and of drivers, by type and outcome.', ['command', 'outcome']),
  command_seconds: histogram('Time from a command to its answer, waiting for its stream included.', [], SHORT),
  command_streams_busy: gauge('Streams with commands under way or waiting.', []),
  http_requests_total: counter('HTTP requests, by route and status.', ['method', 'route', 'status']),
  http_request_seconds: histogram('Time from an HTTP request to the end of its answer. A stream of events lasts as long as it is read.', ['method', 'route'], LONG),

  append_seconds: histogram('Time of one append to the event store, repeats after no answer included.', ['outcome'], SHORT),
  append_conflicts_total: counter('Appends that found another revision than expected: somebody else writes to the stream, too.', []),
  append_retries_total: counter('Appends sent again because the store did not answer.', []),
  events_appended_total: counter('Events appended, by type.', ['event']),
  store_up: gauge('1 if the event store told its head when it was asked for this scrape, else 0.', []),
  store_head_position: gauge('Position of the last event stored; -1 before any. Absent while the store does not answer.', []),
  folded_position: gauge('Position of the last event that this process has folded; -1 before any.', []),
  projection_lag_events: gauge('Events stored that this process has not folded yet.', []),

  lease_members: gauge('Processes that share the store and take part in its work, this one included. Absent where this one works alone, like all figures of shards.', []),
  lease_valid: gauge('1 while the lease of this process lasts, else 0: then it works on nothing.', []),
  shards_held: gauge('Shards of the streams that this process works on.', []),
  shards_unheld: gauge('Shards that nobody works on, as this process sees it.', []),
  shard_take_overs_total: counter('Shards that this process took from others that were dead.', []),
  shard_hand_overs_total: counter('Shards that this process gave to others in order.', []),

  owed_work: gauge('Owed work, by step and what becomes of it.', ['step', 'phase']),
  owed_work_oldest_age_seconds: gauge('Age of the oldest owed work: since it was asked for, or asked for again.', ['step', 'phase']),
  owed_work_aged: gauge('Owed work that is due and older than so many seconds.', ['phase', 'older_than_seconds']),
  work_running: gauge('Work that drivers carry out just now.', ['step']),
  work_seconds: histogram('Time that drivers spent on one piece of work, pauses between attempts included.', ['step', 'outcome'], LONG),
  tasks: gauge('Tasks that are kept, by status.', ['status']),
  task_seconds: histogram('Time from a task’s beginning to its end or failure.', ['type', 'status'], LONG),

  backend_up: gauge('1 if the backend answered when it was last asked, 0 if it did not or is absent. Absent until it was asked.', ['backend']),
  backend_check_age_seconds: gauge('Time since the backend was last asked whether it answers.', ['backend']),
  backend_calls_running: gauge('Calls of backends that run just now.', ['backend', 'action']),
  backend_calls_waiting: gauge('Calls that wait for their turn at a backend.', ['backend']),
  backend_call_seconds: histogram('Time of one call of a backend. exit is "done", or the code of its error.', ['backend', 'action', 'exit'], LONG),
  backend_question_seconds: histogram('Time of one question to a backend. exit is "answered", or the code of its error.', ['backend', 'question', 'exit'], LONG),
  backend_command_seconds: histogram('Time of one program or request of a backend. exit is an exit code, a status, or the code of an error.', ['backend', 'program', 'command', 'exit'], LONG),

  warnings: gauge('What an operator should know, by code.', ['code']),
  audit_drift: gauge('Differences between log and backends, as the latest audit found them.', ['kind']),
  audit_unseen_pools: gauge('Pools that the latest audit could not look at.', []),
  audit_unseen_hosts: gauge('Hosts that the latest audit could not look at.', []),
  audit_busy: gauge('Volumes, snapshots, access paths and VIP groups that the latest audit left out, because work on them ran.', []),
  audit_seconds: gauge('Time that the latest audit took.', []),
  audit_timestamp_seconds: gauge('When the latest audit ended, in seconds since 1970.', []),

  event_streams: gauge('Streams of events that are open to clients.', []),
  webhook_delivery_seconds: histogram('Time of one attempt to deliver an event to a webhook.', ['outcome'], LONG),
  webhooks: gauge('Webhooks, by how they fare: delivering, failing, or disabled since they failed too long.', ['state']),
  token_expiry_timestamp_seconds: gauge('When the next valid token expires, in seconds since 1970. Absent where none does.', []),
  certificate_expiry_timestamp_seconds: gauge('When the service’s TLS certificate expires, in seconds since 1970. Absent without TLS.', []),
  draining: gauge('1 while the service shuts down, else 0.', []),
} as const satisfies Readonly<Record<string, Figure>>;

/** The name of a figure, without its prefix. */
export type FigureName = keyof typeof FIGURES;
