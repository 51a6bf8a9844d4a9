/** `/backends`. */
import * as t from 'io-ts';
import { BackendBody } from '../bodies/backend.ts';
import { PauseBody } from '../bodies/pool.ts';
import { closed } from '../closed.ts';
import { immediate, read } from '../operation.ts';
import { anyText } from '../parameters.ts';

const tag = 'backends';
const role = 'admin';
const params = { backend: anyText('The name that pools carry, and hosts for their targets.') };
const reply = closed({ backend: BackendBody }, {});

export const backendOperations = {
  listBackends: read({ path: '/backends', tag, summary: 'List the backends and what runs on them', reply: closed({ backends: t.readonlyArray(BackendBody) }, {}) }),
  getBackend: read({ path: '/backends/{backend}', params, tag, summary: 'Look at a backend', reply }),
  pauseBackend: immediate({
    method: 'POST',
    path: '/backends/{backend}:pause',
    params,
    tag,
    role,
    summary: 'Keep all work of a backend and do not run it',
    body: closed({ backend: PauseBody }, {}),
    replies: { 200: reply },
  }),
  resumeBackend: immediate({ method: 'POST', path: '/backends/{backend}:resume', params, tag, role, summary: 'Run the work of a backend again', replies: { 200: reply } }),
} as const;
