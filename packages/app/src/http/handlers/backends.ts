/** `/backends`. */
import type { Refusal } from '@blockledger/domain';
import { refuseBackend } from '@blockledger/domain';
import * as E from 'fp-ts/lib/Either.js';
import type { backendOperations } from '../../api/operations/backends.ts';
import type { BackendView } from '../../queries/views.ts';
import { backendBody } from '../views/backend.ts';
import { ok, type Handlers, type Reply } from './handler.ts';

const shown = (answer: E.Either<Refusal, BackendView>): E.Either<Refusal, Reply> => E.chain((backend: BackendView) => ok({ backend: backendBody(backend) }))(answer);

/** A name from a path is text; numbers are references of other resources. */
const nameIn = (path: { readonly backend: number | string }): string => String(path.backend);

export const backendHandlers: Handlers<typeof backendOperations> = {
  listBackends: async (plane) => ok({ backends: plane.backends.list().map(backendBody) }),
  getBackend: async (plane, { path }) => {
    const name = nameIn(path);
    return shown(E.fromNullable(refuseBackend('BackendIsUnknown', `there is no backend ${name}`, { value: name }))(plane.backends.get(name)));
  },
  pauseBackend: async (plane, { path, body, options }) => shown(await plane.pauseBackend(nameIn(path), body.backend, options)),
  resumeBackend: async (plane, { path, options }) => shown(await plane.resumeBackend(nameIn(path), options)),
};
