/** The installation: founded once, by the first start over an empty log; its id marks every object on every backend. */
import { DEFAULT_TENANT, Uuid, type CommandId, type EventMeta, type StoreError, type TimestampMs } from '@blockledger/domain';
import * as E from 'fp-ts/lib/Either.js';
import * as t from 'io-ts';
import type { Engine } from './parts.ts';

/** The engine's own stream. */
const INSTALLATION_STREAM = 'installation';

const InstallationFounded = t.readonly(t.strict({ installationId: Uuid }), 'InstallationFounded');

const read = async (store: Engine['store']): Promise<E.Either<StoreError, string | undefined>> => {
  const events = await store.readStream(INSTALLATION_STREAM, 0, 1)();
  if (E.isLeft(events)) return events;
  const [first] = events.right;
  if (first === undefined) return E.right(undefined);
  const founded = InstallationFounded.decode(first.data);
  if (E.isRight(founded)) return E.right(founded.right.installationId);
  return E.left({ _tag: 'Corrupt', position: first.position, stream: INSTALLATION_STREAM, message: 'the installation has no id' });
};

/** The id of this installation; founds it where the log is new. `wanted` continues a lost one, and must be the log's where it has one. */
export const foundInstallation = async (engine: Pick<Engine, 'store' | 'ids' | 'clock'>, wanted?: string): Promise<E.Either<StoreError, string>> => {
  const { store, ids, clock } = engine;
  if (wanted !== undefined && !Uuid.is(wanted)) return E.left({ _tag: 'Invalid', message: `the installation id ${String(wanted)} is not a UUID` });
  const known = await read(store);
  if (E.isLeft(known)) return known;
  if (known.right !== undefined) {
    return wanted === undefined || wanted === known.right
      ? E.right(known.right)
      : E.left({ _tag: 'Invalid', message: `the log belongs to installation ${known.right}, not ${wanted}` });
  }
  const installationId = wanted ?? ids.fresh();
  const commandId = ids.fresh() as CommandId;
  const meta: EventMeta = { commandId, issuedBy: 'engine', tenant: DEFAULT_TENANT, correlationId: commandId, at: clock.nowMs() as TimestampMs };
  const event = { eventId: ids.fresh(), type: 'InstallationFounded', data: { installationId }, meta, schemaVersion: 1 };
  const appended = await store.append(INSTALLATION_STREAM, 'none', [event])();
  if (E.isRight(appended)) return E.right(installationId);
  // Somebody else founded it in the meantime, or our own reply was lost.
  const again = await read(store);
  return E.isRight(again) && again.right !== undefined ? E.right(again.right) : appended;
};
