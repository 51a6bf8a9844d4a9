/** `blockledger client-group create`, `update`, `delete`. */
import * as E from 'fp-ts/lib/Either.js';
import type { ClientGroupPatch } from '../../../api/bodies/clientGroup.ts';
import { ending } from '../../exit.ts';
import { maybe, needed, several } from '../../frame/parts.ts';
import { oneOf, text } from '../../frame/readers.ts';
import { changeParts, makeChange } from '../../service/changing.ts';
import { accountOf, chapChangeParts, chapParts, type Account } from '../../service/chap.ts';
import { resolveRef, argumentOf } from '../../service/refs.ts';
import { serviceCommand } from '../../service/serviceCommand.ts';
import { verbCommand } from '../../service/verb.ts';
import { given } from '../../show/given.ts';

const client = several('--client <code>', 'an initiator: its IQN or IP address, its WWN with Fibre Channel; may be given several times', text);
const codes = (clients: readonly string[]): readonly { readonly code: string }[] => clients.map((code) => ({ code }));

/** The account by which targets prove themselves, as it is sent. */
const mutual = (account: Account | null | undefined): { readonly chap?: boolean; readonly iname?: string; readonly isecret?: string } =>
  account === undefined ? {} : account === null ? { chap: false } : { chap: true, iname: account.user, isecret: account.secret };

export const clientGroupCreate = serviceCommand({
  words: 'client-group create',
  summary: 'Create a client group: initiators that will see the same volumes',
  about: 'With --chap-user targets prove themselves to these initiators, too (mutual CHAP).',
  shows: 'report',
  takes: { name: needed('<name>', 'its display name', text) },
  options: {
    clients: client,
    type: maybe('--type <type>', 'iscsi (the default), local or fc', oneOf('iscsi', 'local', 'fc')),
    description: maybe('--description <text>', 'more about it', text),
    ...chapParts,
    ...changeParts,
  },
  examples: [{ line: 'blockledger client-group create web --client iqn.1994-05.com.redhat:web1 --client iqn.1994-05.com.redhat:web2', does: 'two initiators that see the same' }],
  run: async ({ name, clients, type, description, chapUser, chapSecretFile, plan, wait, key }, service, io) => {
    const account = await accountOf(io, { chapUser, chapSecretFile });
    if (E.isLeft(account)) return account;
    const fields = { name, clients: codes(clients), ...given({ type, description }), ...mutual(account.right) };
    return makeChange({ service, io, plan, wait, key }, (more) => service.client.createClientGroup({ body: { client_group: fields }, ...more }));
  },
});

export const clientGroupUpdate = serviceCommand({
  words: 'client-group update',
  summary: 'Rename a client group, change its initiators or its mutual CHAP',
  about: 'What is not given stays. --client takes the place of all initiators that were there.',
  shows: 'report',
  takes: { group: argumentOf('client-group') },
  options: {
    name: maybe('--name <name>', 'another display name', text),
    description: maybe('--description <text>', 'another description', text),
    clients: client,
    ...chapChangeParts,
    ...changeParts,
  },
  examples: [{ line: 'blockledger client-group update db --client iqn.1994-05.com.redhat:db9 --wait', does: 'another initiator in the place of those before' }],
  run: async ({ group, name, description, clients, chapUser, chapSecretFile, chapOff, plan, wait, key }, service, io) => {
    const ref = await resolveRef(service.client, 'client-group', group);
    if (E.isLeft(ref)) return ref;
    const account = await accountOf(io, { chapUser, chapSecretFile, chapOff });
    if (E.isLeft(account)) return account;
    const fields: ClientGroupPatch = { ...given({ name, description }), ...(clients.length === 0 ? {} : { clients: codes(clients) }), ...mutual(account.right) };
    if (Object.keys(fields).length === 0) return E.left(ending('usage', 'nothing was given to change', 'give --name, --description, --client, --chap-user or --chap-off'));
    return makeChange({ service, io, plan, wait, key }, (more) => service.client.updateClientGroup({ path: { client_group: ref.right }, body: { client_group: fields }, ...more }));
  },
});

export const clientGroupDelete = verbCommand({
  kind: 'client-group',
  words: 'client-group delete',
  summary: 'Delete a client group that sees no volumes',
  examples: [{ line: 'blockledger client-group delete spare --yes --wait', does: 'it is gone' }],
  question: (group) => `Client group ${group} goes for good. Go on?`,
  call: (api, group) => (more) => api.deleteClientGroup({ path: { client_group: group }, ...more }),
});
