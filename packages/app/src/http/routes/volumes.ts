/** `/block-volumes`. */
import * as E from 'fp-ts/lib/Either.js';
import type { Refusal } from '@blockledger/domain';
import type { Answer, Accepted, ControlPlane } from '../../engine/controlPlane.ts';
import { refuseEngine } from '../../engine/refusals.ts';
import type { RequestOptions } from '../../engine/requests.ts';
import type { VolumeView } from '../../queries/views.ts';
import { decodeAdoptedVolume, decodeNewVolume, decodeVolumePatch, type VolumeIntent } from '../bodies/volume.ts';
import { anyText, flag, flagOrAll, milliseconds, oneOf, pageOf, paging, readQuery, ref as refParameter } from '../query.ts';
import { pageBody } from '../views/common.ts';
import { volumeBody } from '../views/volume.ts';
import { accepted, asking, ok, refIn, verbRoute, type Reply, type Route } from './route.ts';

const PATH = '/block-volumes';
const asAccepted: (answer: E.Either<Refusal, Accepted<VolumeView>>) => E.Either<Refusal, Reply> = accepted('block_volume', volumeBody);

const list: Route = {
  method: 'GET',
  path: PATH,
  handle: async (plane, { query }) => {
    const status = oneOf('creating', 'active', 'trashed');
    const read = readQuery({ ...paging, pool_id: refParameter, name: anyText, status, hidden: flagOrAll, tenant: anyText, q: anyText }, query);
    if (E.isLeft(read)) return read;
    const { pool_id: pool, ...given } = read.right;
    return ok(pageBody('block_volumes', plane.volumes.list({ ...given, ...pageOf(given), ...(pool === undefined ? {} : { pool }) }), volumeBody));
  },
};

const one: Route = {
  method: 'GET',
  path: `${PATH}/:ref`,
  handle: async (plane, { ref, query }) => {
    const id = refIn(ref);
    if (E.isLeft(id)) return id;
    const read = readQuery({}, query);
    if (E.isLeft(read)) return read;
    const volume = plane.volumes.get(id.right);
    return volume === undefined ? E.left(refuseEngine('VolumeNotFound', `there is no volume ${id.right}`, { value: id.right })) : ok({ block_volume: volumeBody(volume) });
  },
};

const create: Route = {
  method: 'POST',
  path: PATH,
  handle: async (plane, { body, options }) => asAccepted(await asking(decodeNewVolume(body), (input) => plane.createVolume(input, options))),
};

const adopt: Route = {
  method: 'POST',
  path: `${PATH}-adoptions`,
  handle: async (plane, { body, options }) => asAccepted(await asking(decodeAdoptedVolume(body), (input) => plane.adoptVolume(input, options))),
};

const patch = (plane: ControlPlane, id: number | string, intent: VolumeIntent, options: RequestOptions): Answer<Accepted<VolumeView>> => {
  switch (intent.do) {
    case 'flatten':
      return plane.flattenVolume(id, options);
    case 'rollBack':
      return plane.rollBackVolume(id, { snapshot: intent.snapshot }, options);
    case 'update':
      return plane.updateVolume(id, intent.input, options);
  }
};

const update: Route = {
  method: 'PATCH',
  path: `${PATH}/:ref`,
  handle: async (plane, { ref, body, options }) => {
    const id = refIn(ref);
    if (E.isLeft(id)) return id;
    return asAccepted(await asking(decodeVolumePatch(body), (intent) => patch(plane, id.right, intent, options)));
  },
};

const remove: Route = {
  method: 'DELETE',
  path: `${PATH}/:ref`,
  handle: async (plane, { ref, query, options }) => {
    const id = refIn(ref);
    if (E.isLeft(id)) return id;
    const read = readQuery({ force: flag, cascade: flag, retain_ms: milliseconds }, query);
    if (E.isLeft(read)) return read;
    const { force = false, cascade = false, retain_ms: retainMs = null } = read.right;
    return asAccepted(await plane.deleteVolume(id.right, { force, cascade, retainMs }, options));
  },
};

const verbs = verbRoute(PATH, {
  undelete: async (plane, ref, { options }) => asAccepted(await plane.undeleteVolume(ref, options)),
  promote: async (plane, ref, { options }) => asAccepted(await plane.promoteVolume(ref, options)),
  demote: async (plane, ref, { options }) => asAccepted(await plane.demoteVolume(ref, options)),
  disown: async (plane, ref, { options }) => asAccepted(await plane.disownVolume(ref, options)),
});

export const volumeRoutes: readonly Route[] = [list, one, create, adopt, update, remove, verbs];
