/** The whole API, as one table (S1-2 to S1-24), and what a request of it is answered. */
import * as E from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import type { ArraySettings, Asked, Endpoint } from './asking.ts';
import { assumed } from './assumed.ts';
import { cloneSnapshot, cloneVolume } from './endpoints/clones.ts';
import { getMapping, listLuns, mapVolume, unmapLun } from './endpoints/luns.ts';
import { login, logout } from './endpoints/sessions.ts';
import { createSnapshot, deleteSnapshot, getSnapshot } from './endpoints/snapshots.ts';
import { getPool, getPortals, getSystem } from './endpoints/system.ts';
import { addInitiator, createTarget, deleteTarget, findTargets, getTarget, removeInitiator, setChap } from './endpoints/targets.ts';
import { createVolume, deleteVolume, extendVolume, getVolume } from './endpoints/volumes.ts';
import type { QsanErrorBody } from './errorBody.ts';
import type { QsanSimState } from './state.ts';

/** As the source writes them; an entry of braces is one part of a path, URL-encoded. */
const TABLE: readonly (readonly [method: string, path: string, endpoint: Endpoint])[] = [
  ['POST', '/api/login', login],
  ['POST', '/api/logout', logout],
  ['POST', '/api/volumes', createVolume],
  ['GET', '/api/volumes/{volume}', getVolume],
  ['PUT', '/api/volumes/{volume}', extendVolume],
  ['DELETE', '/api/volumes/{volume}', deleteVolume],
  ['POST', '/api/volumes/{volume}/snapshots', createSnapshot],
  ['GET', '/api/volumes/{volume}/snapshots/{snapshot}', getSnapshot],
  ['DELETE', '/api/volumes/{volume}/snapshots/{snapshot}', deleteSnapshot],
  ['POST', '/api/volumes/{volume}/clone', cloneVolume],
  ['POST', '/api/volumes/{volume}/snapshots/{snapshot}/clone', cloneSnapshot],
  ['GET', '/api/volumes/{volume}/mapping', getMapping],
  ['GET', '/api/pools/{pool}', getPool],
  ['GET', '/api/system', getSystem],
  ['GET', '/api/iscsi/portals', getPortals],
  ['POST', '/api/iscsi/targets', createTarget],
  ['GET', '/api/iscsi/targets', findTargets],
  ['GET', '/api/iscsi/targets/{target}', getTarget],
  ['DELETE', '/api/iscsi/targets/{target}', deleteTarget],
  ['POST', '/api/iscsi/targets/{target}/luns', mapVolume],
  ['GET', '/api/iscsi/targets/{target}/luns', listLuns],
  ['DELETE', '/api/iscsi/targets/{target}/luns/{lun}', unmapLun],
  ['POST', '/api/iscsi/targets/{target}/acl', addInitiator],
  ['DELETE', '/api/iscsi/targets/{target}/acl/{initiator}', removeInitiator],
  ['PUT', '/api/iscsi/targets/{target}/chap', setChap],
];

const ROUTES = TABLE.map(([method, path, endpoint]) => ({ method, parts: path.split('/'), endpoint }));

/** A request as it came, its body read. */
export interface Received extends Omit<Asked, 'params' | 'query'> {
  readonly method: string;
  /** With the query: `/api/iscsi/targets?name=target-1`. */
  readonly url: string;
}

/** What goes back, and what the array holds then. */
export interface Answered {
  readonly status: number;
  readonly body: unknown;
  readonly state: QsanSimState;
}

const decoded = (part: string): string | undefined => {
  try {
    return decodeURIComponent(part);
  } catch {
    return undefined;
  }
};

/** The values of the braces; undefined where the path is another one. */
const matched = (pattern: readonly string[], parts: readonly string[]): Readonly<Record<string, string>> | undefined => {
  if (pattern.length !== parts.length) return undefined;
  const params: Record<string, string> = {};
  for (const [at, wanted] of pattern.entries()) {
    const value = decoded(parts[at] ?? '');
    if (wanted.startsWith('{')) {
      if (value === undefined || value === '') return undefined;
      params[wanted.slice(1, -1)] = value;
    } else if (value !== wanted) return undefined;
  }
  return params;
};

const routed = ({ method, url, ...more }: Received): E.Either<QsanErrorBody, { readonly endpoint: Endpoint; readonly asked: Asked }> => {
  const [path = '', query = ''] = url.split('?', 2);
  const parts = path.split('/');
  for (const route of ROUTES) {
    const params = route.method === method ? matched(route.parts, parts) : undefined;
    if (params !== undefined) return E.right({ endpoint: route.endpoint, asked: { ...more, params, query: Object.fromEntries(new URLSearchParams(query)) } });
  }
  return E.left(assumed.unknownPath(method, path));
};

const isLoggedIn = ({ sessions }: QsanSimState, { token, atMs }: Received): boolean => sessions.some((session) => session.token === token && session.endsAtMs > atMs);

/** The one request that needs no token. */
export const isLogin = ({ method, url }: Pick<Received, 'method' | 'url'>): boolean => method === 'POST' && url.split('?', 1)[0] === '/api/login';

/** Answers a request by whoever sits at the array: no token is asked for. */
export const answerOperator = (state: QsanSimState, received: Received, settings: ArraySettings): Answered =>
  pipe(
    routed(received),
    E.chain(({ endpoint, asked }) => endpoint(state, asked, settings)),
    E.match(
      (body): Answered => ({ status: body.code, body, state }),
      ({ state: next, body, isCreated = false }) => ({ status: isCreated ? settings.createdStatus : 200, body, state: next }),
    ),
  );

/** Answers a request: nobody but who logs in is answered without a token that stands (S1-1, S1-2). A refused one changes nothing. */
export const answer = (state: QsanSimState, received: Received, settings: ArraySettings): Answered =>
  isLogin(received) || isLoggedIn(state, received) ? answerOperator(state, received, settings) : { status: assumed.tokenInvalid.code, body: assumed.tokenInvalid, state };
