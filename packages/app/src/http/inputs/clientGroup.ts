/** What bodies about client groups mean. */
import * as E from 'fp-ts/lib/Either.js';
import type { ClientGroupPatch, NewClientGroup } from '../../api/bodies/clientGroup.ts';
import type { ChapInput, CreateClientGroupInput, UpdateClientGroupInput } from '../../engine/requests.ts';
import type { ServiceRefusal } from '../refusing/refusals.ts';
import { chapInput } from './chap.ts';

const mutualIn = ({ chap, iname, isecret }: ClientGroupPatch): E.Either<ServiceRefusal, { readonly mutual?: ChapInput | null }> =>
  E.map((mutual: ChapInput | null | undefined) => (mutual === undefined ? {} : { mutual }))(chapInput({ chap, user: iname, secret: isecret, names: ['client_group', 'iname', 'isecret'] }));

const codesOf = (clients: NewClientGroup['clients']): readonly string[] => clients.map(({ code }) => code);

/** A new client group. */
export const createClientGroupInput = (body: NewClientGroup): E.Either<ServiceRefusal, CreateClientGroupInput> =>
  E.map((mutual: { readonly mutual?: ChapInput | null }) => ({
    name: body.name,
    clients: codesOf(body.clients),
    ...(body.description === undefined ? {} : { description: body.description }),
    ...(body.type === undefined ? {} : { accessType: body.type }),
    ...mutual,
  }))(mutualIn(body));

/** Changes of a client group (S0-87). */
export const updateClientGroupInput = (body: ClientGroupPatch): E.Either<ServiceRefusal, UpdateClientGroupInput> =>
  E.map((mutual: { readonly mutual?: ChapInput | null }) => ({
    ...(body.name === undefined ? {} : { name: body.name }),
    ...(body.description === undefined ? {} : { description: body.description }),
    ...(body.clients === undefined ? {} : { clients: codesOf(body.clients) }),
    ...mutual,
  }))(mutualIn(body));
