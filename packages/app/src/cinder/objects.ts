/** What Cinder hands to a driver: as much of its objects as a driver looks at. Anything else in them is let through and not read. */
import * as t from 'io-ts';

const orNull = <C extends t.Any>(codec: C): t.UnionC<[C, t.NullC]> => t.union([codec, t.null]);

const UUID = /^[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}$/i;
const CinderId = t.refinement(t.string, (text) => UUID.test(text), 'a UUID');
const Name = t.refinement(t.string, (text) => text !== '', 'a name');

/** A volume of Cinder's: `name` is what it is called here (`volume-{uuid}`, S1-6), `size` is in GiB. */
export const CinderVolume = t.readonly(
  t.intersection([t.type({ id: CinderId, name: Name, size: t.number }), t.partial({ provider_location: orNull(t.string), provider_auth: orNull(t.string), multiattach: orNull(t.boolean) })]),
  'CinderVolume',
);
/** A value of the codec `CinderVolume`. */
export type CinderVolume = t.TypeOf<typeof CinderVolume>;

/** A snapshot of Cinder's: `name` is what it is called here (`snapshot-{uuid}`, S1-11), `volume_name` whose it is (S1-36). */
export const CinderSnapshot = t.readonly(t.type({ id: CinderId, name: Name, volume_name: Name }), 'CinderSnapshot');
/** A value of the codec `CinderSnapshot`. */
export type CinderSnapshot = t.TypeOf<typeof CinderSnapshot>;

/** Who wants to connect (S1-34): the initiator's IQN, its host, and whether it uses several paths. `initiator` may be missing: that is refused by name, not by shape. */
export const Connector = t.readonly(t.partial({ initiator: orNull(t.string), host: orNull(t.string), ip: orNull(t.string), multipath: orNull(t.boolean) }), 'Connector');
/** A value of the codec `Connector`. */
export type Connector = t.TypeOf<typeof Connector>;

/** Where a volume is to be moved: `{host}@{backend}#{pool}`, and what that backend says of itself (S1-38). */
export const CinderHost = t.readonly(t.intersection([t.type({ host: t.string }), t.partial({ capabilities: t.UnknownRecord })]), 'CinderHost');
/** A value of the codec `CinderHost`. */
export type CinderHost = t.TypeOf<typeof CinderHost>;
