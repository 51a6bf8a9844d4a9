/** What the engine keeps to, broken by hand: tenants, the record of actions, tokens and webhooks. */
import type { Mutant } from './mutant.ts';

const inEngine = (name: string, mutants: readonly Omit<Mutant, 'of' | 'tests'>[]): readonly Mutant[] => mutants.map((mutant) => ({ ...mutant, of: 'app', tests: [`engine/${name}.test.ts`] }));

const tenants = inEngine('tenants', [
  { breaks: 'a tenant finds its own things by reference', file: 'queries/withinTenant.ts', find: 'own(index.resolve(ref))', replace: 'index.resolve(ref)' },
  { breaks: 'a tenant finds its own things by number', file: 'queries/withinTenant.ts', find: 'index.slotAt(number)?.tenant === tenant;', replace: 'index.slotAt(number) !== undefined;' },
  { breaks: 'a tenant sees its own tasks', file: 'queries/withinTenant.ts', find: 'task.tenant === tenant && isOfTenants(task.kind)', replace: 'isOfTenants(task.kind)' },
  { breaks: 'a pool shows a tenant its own bytes', file: 'queries/withinTenant.ts', find: 'totals.of(tenant, poolId).bytes', replace: 'whole.lookup.provisionedBytes(poolId)' },
  { breaks: 'a tenant sees its own actions', file: 'queries/actions.ts', find: 'over(({ owner }) => owner === tenant)', replace: 'over(() => true)' },
  { breaks: 'a tenant pauses no backend', file: 'engine/confined.ts', find: "pauseBackend: () => notForTenants('pauseBackend')", replace: 'pauseBackend: whole.pauseBackend' },
  { breaks: 'what was done to a pool is the operators’ business', file: 'engine/confined.ts', find: '(of) => (isOfTenants(of.kind) ? history(of) : notForTenants(`the history of a ${of.kind}`))', replace: '(of) => history(of)' },
  { breaks: 'a view of a view stays with its tenant', file: 'engine/confined.ts', find: 'confinedTo: () => confined,', replace: 'confinedTo: whole.confinedTo,' },
  { breaks: 'a tenant closes nothing', file: 'engine/confined.ts', find: 'close: () => Promise.resolve(),', replace: 'close: whole.close,' },
]);

const attachments = inEngine('attachments', [
  { breaks: 'what was appended in one piece is acted upon in one piece', file: 'queries/states.ts', find: 'stored.meta.toFollow !== undefined', replace: 'stored.meta.toFollow === 0' },
]);

const actions = inEngine('actions', [
  { breaks: 'actions are found by what is related', file: 'queries/actions.ts', find: 'resource?.id === id || related.some((one) => one.id === id)', replace: 'resource?.id === id' },
  { breaks: 'actions are found by the hour', file: 'queries/actions.ts', find: '(since === undefined || record.startedAt >= since)', replace: 'true' },
  { breaks: 'actions are found until the hour', file: 'queries/actions.ts', find: '(until === undefined || record.startedAt < until)', replace: 'true' },
  { breaks: 'actions are found by correlation id', file: 'queries/actions.ts', find: '(correlationId === undefined || record.correlationId === correlationId)', replace: 'true' },
  { breaks: 'actions are found by tenant', file: 'queries/actions.ts', find: '(tenant === undefined || record.tenant === tenant)', replace: 'true' },
  { breaks: 'words are found in upper and lower case', file: 'queries/actions.ts', find: "q?.toLowerCase() ?? ''", replace: "q ?? ''" },
  { breaks: 'what events tell is masked', file: 'queries/actions.ts', find: "maskSecrets(data) as ToldEvent['data']", replace: "data as ToldEvent['data']" },
  { breaks: 'what a caller gave is masked', file: 'queries/actionRecords.ts', find: 'parameters: maskSecrets(parameters)', replace: 'parameters' },
  { breaks: 'a late refusal is the answer', file: 'queries/actionRecords.ts', find: "record?.result._tag === 'accepted') {", replace: "record?.result._tag === 'refused') {" },
  { breaks: 'what was put aside is read back', file: 'engine/commands/actionMemory.ts', find: 'if (E.isRight(decoded)) return decoded.right;', replace: 'if (E.isRight(decoded)) return undefined;' },
  { breaks: 'damage aside is left alone', file: 'engine/commands/actionMemory.ts', find: 'if (E.isRight(decoded)) return decoded.right;', replace: 'if (E.isRight(decoded) || true) return loaded.right.state as Aside;' },
  { breaks: 'a half full part aside is filled', file: 'engine/commands/actionMemory.ts', find: 'last.actions.map(({ number }) => number)', replace: '[]' },
  { breaks: 'what failed to be put aside is tried again', file: 'engine/commands/actionMemory.ts', find: 'if (E.isLeft(saved)) return', replace: 'if (E.isLeft(saved)) unsaved.clear();\n      if (E.isLeft(saved)) return' },
]);

const tokens = inEngine('tokens', [
  { breaks: 'a token that ended lets nobody in', file: 'queries/tokens.ts', find: '!isGood(entry.state, now) || ', replace: '' },
  { breaks: 'a repeated issue shows no second text', file: 'engine/tokens/tokens.ts', find: 'if (issued.right.executed.repeated) {', replace: 'if (false) {' },
  { breaks: 'a token has a checksum', file: 'engine/tokens/tokenText.ts', find: 'return checksumOf(bytes.subarray(0, SECRET_BYTES)).equals(bytes.subarray(SECRET_BYTES));', replace: 'return bytes.length > 0;' },
  { breaks: 'revoked tokens are listed when asked for', file: 'queries/tokens.ts', find: "status === undefined ? stands !== 'revoked' : stands === status", replace: 'status === undefined || stands === status' },
]);

const webhooks = inEngine('webhooks', [
  { breaks: 'who says gone gets nothing more', file: 'engine/webhooks/deliver.ts', find: 'const GONE = 410;', replace: 'const GONE = 411;' },
  { breaks: 'a receiver is left alone for as long as it asks', file: 'engine/webhooks/worker.ts', find: 'Math.max(askedMs, backoffMs', replace: 'Math.max(0, backoffMs' },
  { breaks: 'a delivery counts as success at 2xx', file: 'engine/webhooks/deliver.ts', find: 'status >= 200 && status < 300', replace: 'status >= 200 && status < 400' },
  { breaks: 'what was delivered is on record', file: 'engine/webhooks/worker.ts', find: '      reached = to;\n', replace: '' },
]);

const webhookSecrets = inEngine('webhooks.secrets', [
  { breaks: 'the previous secret signs for its time', file: 'engine/webhooks/deliver.ts', find: 'previousSecret !== null && nowMs < previousSecret.until', replace: 'previousSecret !== null' },
  { breaks: 'every secret signs', file: 'engine/webhooks/envelope.ts', find: 'secrets.map((secret)', replace: 'secrets.slice(0, 1).map((secret)' },
]);

const webhookAddresses = inEngine('webhooks.addresses', [
  { breaks: 'forbidden addresses are not reached by number', file: 'engine/webhooks/addresses.ts', find: 'if (isForbidden(host)) throw', replace: 'if (false) throw' },
  { breaks: 'forbidden addresses are not reached by name', file: 'engine/webhooks/addresses.ts', find: 'if (bad !== undefined) return callback', replace: 'if (false) return callback' },
]);

export const engineMutants: readonly Mutant[] = [...tenants, ...attachments, ...actions, ...tokens, ...webhooks, ...webhookSecrets, ...webhookAddresses];
