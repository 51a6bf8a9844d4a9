/** `/client-groups`. */
import * as E from 'fp-ts/lib/Either.js';
import type { clientGroupOperations } from '../../api/operations/clientGroups.ts';
import type { CreateClientGroupInput, PlaneRequest, UpdateClientGroupInput } from '../../engine/requests.ts';
import type { ClientGroupView } from '../../queries/pathViews.ts';
import { createClientGroupInput, updateClientGroupInput } from '../inputs/clientGroup.ts';
import { pageOf } from '../requests/query.ts';
import type { Handlers } from './handler.ts';
import { listOf, look, lookBack } from './looking.ts';

const shown = listOf<ClientGroupView>('client_groups');

export const clientGroupHandlers: Handlers<typeof clientGroupOperations> = {
  listClientGroups: async (plane, { query }) => {
    const { name, status, type: accessType, client, tenant, q } = query;
    const filter = { ...pageOf(query), ...(name === undefined ? {} : { name }), ...(tenant === undefined ? {} : { tenant }), ...(q === undefined ? {} : { q }) };
    if (status === 'deleted') return E.chain(shown)(await plane.clientGroups.listGone({ ...filter, status }));
    const more = { ...(status === undefined ? {} : { status }), ...(accessType === undefined ? {} : { accessType }), ...(client === undefined ? {} : { client }) };
    return E.chain(shown)(plane.clientGroups.page({ ...filter, ...more }));
  },
  getClientGroup: async (plane, { path, query }) => look(plane, { kind: 'clientGroup', ref: path.client_group, source: plane.clientGroups }, query),
  getClientGroupHistory: async (plane, { path }) => lookBack(plane, 'clientGroup', path.client_group),
  createClientGroup: ({ body }) => E.map((input: CreateClientGroupInput): PlaneRequest => ({ do: 'createClientGroup', input }))(createClientGroupInput(body.client_group)),
  updateClientGroup: ({ path, body }) =>
    E.map((input: UpdateClientGroupInput): PlaneRequest => ({ do: 'updateClientGroup', clientGroup: path.client_group, input }))(updateClientGroupInput(body.client_group)),
  deleteClientGroup: ({ path }) => E.right({ do: 'deleteClientGroup', clientGroup: path.client_group }),
};
