/** What bodies about access paths mean. */
import * as E from 'fp-ts/lib/Either.js';
import type { AccessPathPatch, NewAccessPath } from '../../api/bodies/accessPath.ts';
import type { ChapInput, CreateAccessPathInput, UpdateAccessPathInput } from '../../engine/requests.ts';
import type { ServiceRefusal } from '../refusing/refusals.ts';
import { chapInput } from './chap.ts';

const forwardIn = ({ chap, tname, tsecret }: AccessPathPatch): E.Either<ServiceRefusal, { readonly chap?: ChapInput | null }> =>
  E.map((given: ChapInput | null | undefined) => (given === undefined ? {} : { chap: given }))(chapInput({ chap, user: tname, secret: tsecret, names: ['access_path', 'tname', 'tsecret'] }));

/** A new access path. */
export const createAccessPathInput = (body: NewAccessPath): E.Either<ServiceRefusal, CreateAccessPathInput> =>
  E.map((chap: { readonly chap?: ChapInput | null }) => ({
    name: body.name,
    hosts: body.host_ids,
    ...(body.description === undefined ? {} : { description: body.description }),
    ...(body.type === undefined ? {} : { accessType: body.type }),
    ...(body.iqn_prefix === undefined ? {} : { iqnPrefix: body.iqn_prefix }),
    ...chap,
  }))(forwardIn(body));

/** Changes of an access path (S0-86). */
export const updateAccessPathInput = (body: AccessPathPatch): E.Either<ServiceRefusal, UpdateAccessPathInput> =>
  E.map((chap: { readonly chap?: ChapInput | null }) => ({
    ...(body.name === undefined ? {} : { name: body.name }),
    ...(body.description === undefined ? {} : { description: body.description }),
    ...chap,
  }))(forwardIn(body));
