/** Logging in and out (S1-2, S1-3). */
import * as E from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import * as t from 'io-ts';
import { fields, readBody, says, type Endpoint } from '../asking.ts';
import { invalidCredentials } from '../refusals.ts';

const Login = t.type({ username: fields.text, password: fields.text });

const MS = 1000;

export const login: Endpoint = (state, asked, { username, password, tokenSeconds }) =>
  pipe(
    readBody(Login, asked),
    E.filterOrElse(
      (given) => given.username === username && given.password === password,
      () => invalidCredentials,
    ),
    E.map(() => {
      // Those that are over go here, so that the list does not grow.
      const standing = state.sessions.filter(({ endsAtMs }) => endsAtMs > asked.atMs);
      const session = { token: asked.freshToken, endsAtMs: asked.atMs + tokenSeconds * MS };
      return { state: { ...state, sessions: [...standing, session] }, body: { token: session.token, expires_in: tokenSeconds } };
    }),
  );

export const logout: Endpoint = (state, { token }) => says({ ...state, sessions: state.sessions.filter((session) => session.token !== token) }, 'Logged out successfully');
