/** `blockledger path create`, `update`, `redeploy`, `delete`. */
import * as E from 'fp-ts/lib/Either.js';
import type { AccessPathPatch } from '../../../api/bodies/accessPath.ts';
import { ending } from '../../exit.ts';
import { maybe, needed, several } from '../../frame/parts.ts';
import { oneOf, text } from '../../frame/readers.ts';
import { changeParts, makeChange } from '../../service/changing.ts';
import { accountOf, chapChangeParts, chapParts, type Account } from '../../service/chap.ts';
import { argumentOf, refOf, resolveAll, resolveRef } from '../../service/refs.ts';
import { serviceCommand } from '../../service/serviceCommand.ts';
import { verbCommand } from '../../service/verb.ts';
import { given } from '../../show/given.ts';

/** The account that initiators present, as it is sent. */
const forward = (account: Account | null | undefined): { readonly chap?: boolean; readonly tname?: string; readonly tsecret?: string } =>
  account === undefined ? {} : account === null ? { chap: false } : { chap: true, tname: account.user, tsecret: account.secret };

export const pathCreate = serviceCommand({
  words: 'path create',
  summary: 'Create an access path: a target on each of some hosts',
  about: 'With --chap-user initiators must present that account.',
  shows: 'report',
  takes: { name: needed('<name>', 'its display name', text) },
  options: {
    hosts: several('--host <host>', 'a host that serves it; may be given several times', refOf('host')),
    type: maybe('--type <type>', 'iscsi (the default), local or fc', oneOf('iscsi', 'local', 'fc')),
    iqnPrefix: maybe('--iqn-prefix <text>', 'what the names of its targets begin with', text),
    description: maybe('--description <text>', 'more about it', text),
    ...chapParts,
    ...changeParts,
  },
  examples: [{ line: 'blockledger path create silver --host gw1 --host gw2 --wait', does: 'a target on each of two gateways' }],
  run: async ({ name, hosts, type, iqnPrefix, description, chapUser, chapSecretFile, plan, wait, key }, service, io) => {
    const refs = await resolveAll(service.client, 'host', hosts);
    if (E.isLeft(refs)) return refs;
    const account = await accountOf(io, { chapUser, chapSecretFile });
    if (E.isLeft(account)) return account;
    const fields = { name, host_ids: refs.right, ...given({ type, iqn_prefix: iqnPrefix, description }), ...forward(account.right) };
    return makeChange({ service, io, plan, wait, key }, (more) => service.client.createAccessPath({ body: { access_path: fields }, ...more }));
  },
});

export const pathUpdate = serviceCommand({
  words: 'path update',
  summary: 'Rename an access path, or change the CHAP account that initiators present',
  about: 'What is not given stays.',
  shows: 'report',
  takes: { path: argumentOf('path') },
  options: {
    name: maybe('--name <name>', 'another display name', text),
    description: maybe('--description <text>', 'another description', text),
    ...chapChangeParts,
    ...changeParts,
  },
  examples: [{ line: 'blockledger path update gold --name platinum', does: 'another name' }],
  run: async ({ path, name, description, chapUser, chapSecretFile, chapOff, plan, wait, key }, service, io) => {
    const ref = await resolveRef(service.client, 'path', path);
    if (E.isLeft(ref)) return ref;
    const account = await accountOf(io, { chapUser, chapSecretFile, chapOff });
    if (E.isLeft(account)) return account;
    const fields: AccessPathPatch = { ...given({ name, description }), ...forward(account.right) };
    if (Object.keys(fields).length === 0) return E.left(ending('usage', 'nothing was given to change', 'give --name, --description, --chap-user or --chap-off'));
    return makeChange({ service, io, plan, wait, key }, (more) => service.client.updateAccessPath({ path: { access_path: ref.right }, body: { access_path: fields }, ...more }));
  },
});

export const pathRedeploy = verbCommand({
  kind: 'path',
  words: 'path redeploy',
  summary: 'Look at every target of an access path, and make it what it should be',
  examples: [{ line: 'blockledger path redeploy gold --wait', does: 'after somebody changed a target by hand' }],
  call: (client, path) => (more) => client.redeployAccessPath({ path: { access_path: path }, ...more }),
});

export const pathDelete = verbCommand({
  kind: 'path',
  words: 'path delete',
  summary: 'Delete an access path by which nobody sees volumes, and that has no virtual IPs',
  examples: [{ line: 'blockledger path delete bare --yes --wait', does: 'its targets are gone' }],
  question: (path) => `Access path ${path} and its targets go for good. Go on?`,
  call: (client, path) => (more) => client.deleteAccessPath({ path: { access_path: path }, ...more }),
});
