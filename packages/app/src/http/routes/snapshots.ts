/** `/block-snapshots`. */
import type { Refusal } from '@blockledger/domain';
import * as E from 'fp-ts/lib/Either.js';
import type { Accepted } from '../../engine/controlPlane.ts';
import { refuseEngine } from '../../engine/refusals.ts';
import type { SnapshotView } from '../../queries/views.ts';
import { decodeNewSnapshot } from '../bodies/others.ts';
import { anyText, flag, oneOf, pageOf, paging, readQuery, ref as refParameter } from '../query.ts';
import { pageBody } from '../views/common.ts';
import { snapshotBody } from '../views/others.ts';
import { accepted, asking, ok, refIn, verbRoute, type Reply, type Route } from './route.ts';

const PATH = '/block-snapshots';
const asAccepted: (answer: E.Either<Refusal, Accepted<SnapshotView>>) => E.Either<Refusal, Reply> = accepted('block_snapshot', snapshotBody);

const list: Route = {
  method: 'GET',
  path: PATH,
  handle: async (plane, { query }) => {
    const status = oneOf('creating', 'active', 'deleting', 'error');
    const read = readQuery({ ...paging, block_volume_id: refParameter, pool_id: refParameter, name: anyText, status, reserved: flag, tenant: anyText, q: anyText }, query);
    if (E.isLeft(read)) return read;
    const { block_volume_id: volume, pool_id: pool, reserved, ...given } = read.right;
    const page = plane.snapshots.list({
      ...given,
      ...pageOf(given),
      // `reserved` shows internal snapshots beside the others (S0-132).
      ...(reserved === true ? { hidden: 'all' as const } : {}),
      ...(volume === undefined ? {} : { volume }),
      ...(pool === undefined ? {} : { pool }),
    });
    return ok(pageBody('block_snapshots', page, snapshotBody));
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
    const snapshot = plane.snapshots.get(id.right);
    return snapshot === undefined
      ? E.left(refuseEngine('SnapshotNotFound', `there is no snapshot ${id.right}`, { value: id.right }))
      : ok({ block_snapshot: snapshotBody(snapshot) });
  },
};

const create: Route = {
  method: 'POST',
  path: PATH,
  handle: async (plane, { body, options }) => asAccepted(await asking(decodeNewSnapshot(body), (input) => plane.createSnapshot(input, options))),
};

const remove: Route = {
  method: 'DELETE',
  path: `${PATH}/:ref`,
  handle: async (plane, { ref, query, options }) => {
    const id = refIn(ref);
    if (E.isLeft(id)) return id;
    const read = readQuery({ force: flag }, query);
    if (E.isLeft(read)) return read;
    return asAccepted(await plane.deleteSnapshot(id.right, { force: read.right.force ?? false }, options));
  },
};

const verbs = verbRoute(PATH, {
  protect: async (plane, ref, { options }) => asAccepted(await plane.protectSnapshot(ref, options)),
  unprotect: async (plane, ref, { options }) => asAccepted(await plane.unprotectSnapshot(ref, options)),
});

export const snapshotRoutes: readonly Route[] = [list, one, create, remove, verbs];
