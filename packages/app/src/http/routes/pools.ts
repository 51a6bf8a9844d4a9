/** `/pools`. */
import type { Refusal } from '@blockledger/domain';
import * as E from 'fp-ts/lib/Either.js';
import type { Accepted } from '../../engine/controlPlane.ts';
import { refuseEngine } from '../../engine/refusals.ts';
import type { PoolView } from '../../queries/views.ts';
import { decodeNewPool, decodePause, decodePoolPatch } from '../bodies/others.ts';
import { problemOf } from '../problems.ts';
import { anyText, flag, oneOf, pageOf, paging, readQuery } from '../query.ts';
import { pageBody } from '../views/common.ts';
import { poolBody, statsBody } from '../views/others.ts';
import { accepted, asking, ok, refIn, verbRoute, type Reply, type Route } from './route.ts';

const PATH = '/pools';
const asAccepted: (answer: E.Either<Refusal, Accepted<PoolView>>) => E.Either<Refusal, Reply> = accepted('pool', poolBody);

const list: Route = {
  method: 'GET',
  path: PATH,
  handle: async (plane, { query }) => {
    const read = readQuery({ ...paging, name: anyText, status: oneOf('registering', 'active'), q: anyText }, query);
    return E.isLeft(read) ? read : ok(pageBody('pools', plane.pools.list({ ...read.right, ...pageOf(read.right) }), poolBody));
  },
};

const one: Route = {
  method: 'GET',
  path: `${PATH}/:ref`,
  handle: async (plane, { ref, query }) => {
    const id = refIn(ref);
    if (E.isLeft(id)) return id;
    const read = readQuery({ stats: flag }, query);
    if (E.isLeft(read)) return read;
    const pool = plane.pools.get(id.right);
    if (pool === undefined) return E.left(refuseEngine('PoolNotFound', `there is no pool ${id.right}`, { value: id.right }));
    if (read.right.stats !== true) return ok({ pool: poolBody(pool) });
    // A backend that does not answer takes nothing away from what is known of the pool.
    const stats = await plane.pools.stats(pool.id);
    return ok({ pool: { ...poolBody(pool), ...(E.isLeft(stats) ? { stats: null, stats_problem: problemOf(stats.left) } : { stats: statsBody(stats.right) }) } });
  },
};

const create: Route = {
  method: 'POST',
  path: PATH,
  handle: async (plane, { body, options }) => asAccepted(await asking(decodeNewPool(body), (input) => plane.registerPool(input, options))),
};

const update: Route = {
  method: 'PATCH',
  path: `${PATH}/:ref`,
  handle: async (plane, { ref, body, options }) => {
    const id = refIn(ref);
    if (E.isLeft(id)) return id;
    return asAccepted(await asking(decodePoolPatch(body), (input) => plane.updatePool(id.right, input, options)));
  },
};

const remove: Route = {
  method: 'DELETE',
  path: `${PATH}/:ref`,
  handle: async (plane, { ref, query, options }) => {
    const id = refIn(ref);
    if (E.isLeft(id)) return id;
    const read = readQuery({}, query);
    return E.isLeft(read) ? read : asAccepted(await plane.retirePool(id.right, options));
  },
};

const verbs = verbRoute(PATH, {
  pause: async (plane, ref, { body, options }) => asAccepted(await asking(decodePause(body), (input) => plane.pausePool(ref, input, options))),
  resume: async (plane, ref, { options }) => asAccepted(await plane.resumePool(ref, options)),
});

export const poolRoutes: readonly Route[] = [list, one, create, update, remove, verbs];
