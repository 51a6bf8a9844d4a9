/** The driver's methods as data: which arguments each takes, by the names that Python gives them. */
import * as E from 'fp-ts/lib/Either.js';
import * as t from 'io-ts';
import { firstFault } from '../../api/closed.ts';
import type { CinderDriver } from '../driver/contract.ts';
import { cinderError, type CinderError } from '../errors.ts';
import { CinderHost, CinderSnapshot, CinderVolume, Connector } from '../objects.ts';

/** A method as it is called from outside: named arguments in, what Cinder is given out. */
export type Method = (driver: CinderDriver, given: unknown) => Promise<E.Either<CinderError, unknown>>;

const method =
  <A>(arguments_: t.Type<A, unknown>, call: (driver: CinderDriver, given: A) => Promise<E.Either<CinderError, unknown>>): Method =>
  async (driver, given) => {
    const decoded = arguments_.decode(given);
    if (E.isRight(decoded)) return call(driver, decoded.right);
    // What was sent is not told back: a volume may carry an account.
    const { path, reason } = firstFault(decoded.left);
    return E.left(cinderError('InvalidInput', 'ArgumentsAreInvalid', `${path === '' ? 'the arguments' : path}: ${reason}`));
  };

const none = t.type({});
const volume = t.type({ volume: CinderVolume });
const snapshot = t.type({ snapshot: CinderSnapshot });
const connector = t.type({ connector: Connector });
const connection = t.intersection([volume, connector]);

/** Every method of the contract, by its name (S1-28…S1-39). The request's context stays in Python. */
export const methods: Readonly<Record<keyof CinderDriver, Method>> = {
  do_setup: method(none, (driver) => driver.do_setup(null)),
  check_for_setup_error: method(none, (driver) => driver.check_for_setup_error()),
  get_volume_stats: method(t.type({ refresh: t.boolean }), (driver, { refresh }) => driver.get_volume_stats(refresh)),
  create_volume: method(volume, (driver, { volume }) => driver.create_volume(volume)),
  delete_volume: method(volume, (driver, { volume }) => driver.delete_volume(volume)),
  extend_volume: method(t.intersection([volume, t.type({ new_size: t.number })]), (driver, { volume, new_size: newSize }) => driver.extend_volume(volume, newSize)),
  create_export: method(connection, (driver, { volume, connector }) => driver.create_export(null, volume, connector)),
  remove_export: method(volume, (driver, { volume }) => driver.remove_export(null, volume)),
  ensure_export: method(volume, (driver, { volume }) => driver.ensure_export(null, volume)),
  validate_connector: method(connector, (driver, { connector }) => driver.validate_connector(connector)),
  initialize_connection: method(connection, (driver, { volume, connector }) => driver.initialize_connection(volume, connector)),
  terminate_connection: method(t.intersection([volume, t.type({ connector: t.union([Connector, t.null]) }), t.partial({ force: t.boolean })]), (driver, { volume, connector, force = false }) =>
    driver.terminate_connection(volume, connector, { force }),
  ),
  create_snapshot: method(snapshot, (driver, { snapshot }) => driver.create_snapshot(snapshot)),
  delete_snapshot: method(snapshot, (driver, { snapshot }) => driver.delete_snapshot(snapshot)),
  create_volume_from_snapshot: method(t.intersection([volume, snapshot]), (driver, { volume, snapshot }) => driver.create_volume_from_snapshot(volume, snapshot)),
  create_cloned_volume: method(t.intersection([volume, t.type({ src_vref: CinderVolume })]), (driver, { volume, src_vref: srcVref }) => driver.create_cloned_volume(volume, srcVref)),
  migrate_volume: method(t.intersection([volume, t.type({ host: CinderHost })]), (driver, { volume, host }) => driver.migrate_volume(null, volume, host)),
};
