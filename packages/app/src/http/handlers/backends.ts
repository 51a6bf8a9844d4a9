/** `/backends`. */
import type { Refusal } from '@blockledger/domain';
import { refuseBackend } from '@blockledger/domain';
import * as E from 'fp-ts/lib/Either.js';
import type { backendOperations } from '../../api/operations/backends.ts';
import type { ControlPlane } from '../../engine/controlPlane.ts';
import type { BackendView } from '../../queries/backendViews.ts';
import { backendBody } from '../views/backend.ts';
import { ok, type Handlers, type Immediate, type Reply } from './handler.ts';

const shown = (answer: E.Either<Refusal, BackendView>): E.Either<Refusal, Reply> => E.chain((backend: BackendView) => ok({ backend: backendBody(backend) }))(answer);

/** The backend of a path. A name that is none goes no further: it may be anything that somebody pasted, and streams are named in logs. */
const find = (plane: ControlPlane, path: { readonly backend: number | string }): E.Either<Refusal, BackendView> => {
  const name = String(path.backend);
  return E.fromNullable(refuseBackend('BackendIsUnknown', `there is no backend ${name}`, { value: name }))(plane.backends.get(name));
};

export const backendHandlers: Handlers<typeof backendOperations> = {
  listBackends: async (plane) => ok({ backends: plane.backends.list().map(backendBody) }),
  getBackend: async (plane, { path }) => shown(find(plane, path)),
  pauseBackend: (plane, { path, body, options }) =>
    E.map(({ name }: BackendView): Immediate => ({
      request: { do: 'pauseBackend', backend: name, ...body.backend },
      run: async () => shown(await plane.pauseBackend(name, body.backend, options)),
    }))(find(plane, path)),
  resumeBackend: (plane, { path, options }) =>
    E.map(({ name }: BackendView): Immediate => ({ request: { do: 'resumeBackend', backend: name }, run: async () => shown(await plane.resumeBackend(name, options)) }))(find(plane, path)),
};
