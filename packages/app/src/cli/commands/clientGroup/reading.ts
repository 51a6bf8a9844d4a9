/** `blockledger client-group list`, `client-group show`. */
import { maybe } from '../../frame/parts.ts';
import { oneOf, text } from '../../frame/readers.ts';
import { listCommand } from '../../service/list.ts';
import { recordCommand } from '../../service/record.ts';
import { orEnd } from '../../service/serviceCommand.ts';
import { clientGroupColumns, clientGroupFields } from '../../show/clientGroups.ts';
import { given } from '../../show/given.ts';

export const clientGroupList = listCommand({
  words: 'client-group list',
  summary: 'List client groups',
  noun: 'client group',
  options: {
    status: maybe('--status <status>', 'only those that stand so; deleted ones are listed only when asked for', oneOf('creating', 'active', 'deleted')),
    type: maybe('--type <type>', 'only those for this kind of access', oneOf('iscsi', 'local', 'fc')),
    client: maybe('--client <code>', 'only those with this initiator', text),
    q: maybe('--search <text>', 'part of the name, the description or an initiator, or the beginning of the UUID', text),
    tenant: maybe('--tenant <tenant>', 'only those of this tenant', text),
  },
  examples: [{ line: 'blockledger client-group list', does: 'the client groups' }],
  call: async (api, filters, limit) => {
    const { status, type, client, q, tenant } = filters;
    return orEnd(await api.listClientGroups({ query: { ...given({ status, type, client, q, tenant }), limit } }));
  },
  rows: (body) => body.client_groups,
  columns: clientGroupColumns,
});

export const clientGroupShow = recordCommand({
  kind: 'client-group',
  words: 'client-group show',
  summary: 'Show everything about a client group but its secret',
  examples: [{ line: 'blockledger client-group show db', does: 'the client group named db' }],
  call: async (api, group) => api.getClientGroup({ path: { client_group: group }, query: { gone: true } }),
  resource: (body) => body.client_group,
  fields: clientGroupFields,
});
