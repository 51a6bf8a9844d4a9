/** `blockledger host register`, `add-address`, `remove-address`, `pause`, `resume`, `declare-off`, `declare-back`, `retire`. */
import * as E from 'fp-ts/lib/Either.js';
import { maybe, needed, several } from '../../frame/parts.ts';
import { text } from '../../frame/readers.ts';
import { changeParts, makeChange } from '../../service/changing.ts';
import { addressRef } from '../../service/pathRefs.ts';
import { serviceCommand } from '../../service/serviceCommand.ts';
import { verbCommand } from '../../service/verb.ts';
import { given } from '../../show/given.ts';
import { address } from './address.ts';

const backend = { ...text, completion: { of: 'backends' } } as const;

export const hostRegister = serviceCommand({
  words: 'host register',
  summary: 'Register a host that serves targets, virtual IPs, or both',
  about: 'Its backends are those of the configuration that know it by this name. Initiators come in by its addresses of the role gateway, which is the usual one. A segment is what hears the same broadcasts; left out, it is the network of the address.',
  shows: 'report',
  takes: { name: needed('<name>', 'the name by which its backends know it', text) },
  options: {
    targets: maybe('--targets <backend>', 'the backend of its targets', backend),
    vips: maybe('--vips <backend>', 'the backend of its virtual IPs', backend),
    addresses: several('--address <address>', 'one of its addresses, such as 10.252.1.204/24@eth0, with ,role=admin or ,segment=lan-a behind it; may be given several times', address),
    ...changeParts,
  },
  examples: [{ line: 'blockledger host register gw3 --targets xdc --vips keepalived --address 10.252.1.3/24@eth0 --wait', does: 'a third gateway' }],
  run: async ({ name, targets, vips, addresses, plan, wait, key }, service, io) => {
    const fields = { name, ...given({ target_backend: targets, vip_backend: vips }), network_addresses: addresses };
    return makeChange({ service, io, plan, wait, key }, (more) => service.client.registerHost({ body: { host: fields }, ...more }));
  },
});

export const hostAddAddress = verbCommand({
  kind: 'host',
  words: 'host add-address',
  summary: 'Give a host another address',
  takes: { address: needed('<address>', 'such as 10.252.1.204/24@eth0, with ,role=admin or ,segment=lan-a behind it', address) },
  examples: [{ line: 'blockledger host add-address gw1 192.168.7.4/24@eth1,role=admin --wait', does: 'an address that no initiator comes in by' }],
  call: (client, host, { address: added }) => (more) => client.addNetworkAddress({ body: { network_address: { host_id: host, ...added } }, ...more }),
});

export const hostRemoveAddress = verbCommand({
  kind: 'host',
  words: 'host remove-address',
  summary: 'Take an address from a host',
  about: 'It is refused while a target, or a VIP group, needs it.',
  takes: { address: needed('<address>', 'itself, its number or its UUID', { ...text, completion: { of: 'addresses' } }) },
  examples: [{ line: 'blockledger host remove-address gw3 10.252.1.3 --yes --wait', does: 'nobody comes in by it any more' }],
  question: (host, { address: removed }) => `Host ${host} loses the address ${removed}. Go on?`,
  call: async (client, host, { address: removed }) => {
    const ref = await addressRef(client, host, removed);
    return E.isLeft(ref) ? ref : E.right((more) => client.removeNetworkAddress({ path: { network_address: ref.right }, ...more }));
  },
});

export const hostPause = verbCommand({
  kind: 'host',
  words: 'host pause',
  summary: 'Keep the work of a host and do not run it',
  options: { reason: needed('--reason <text>', 'why; told with every piece of work that waits', text) },
  examples: [{ line: "blockledger host pause gw1 --reason 'new kernel tonight'", does: 'work is accepted and kept' }],
  call: (client, host, { reason }) => (more) => client.pauseHost({ path: { host }, body: { host: { reason } }, ...more }),
});

export const hostResume = verbCommand({
  kind: 'host',
  words: 'host resume',
  summary: 'Run the work of a host again',
  examples: [{ line: 'blockledger host resume gw1', does: 'what was kept runs' }],
  call: (client, host) => (more) => client.resumeHost({ path: { host }, ...more }),
});

export const hostDeclareOff = verbCommand({
  kind: 'host',
  words: 'host declare-off',
  summary: 'Say that a host is switched off and serves nobody',
  about: 'What waits for it waits no more: volumes that it may have served can be given to others. Where it is not true, two hosts write to one volume.',
  options: { reason: needed('--reason <text>', 'how you know; it is in the log for ever', text) },
  examples: [{ line: "blockledger host declare-off gw2 --reason 'power cut by hand' --yes", does: 'nothing waits for gw2 any more' }],
  question: (host) => `Is host ${host} switched off, so that it serves nobody? If it is not, data may be lost.`,
  call: (client, host, { reason }) => (more) => client.declareHostOff({ path: { host }, body: { host: { reason } }, ...more }),
});

export const hostDeclareBack = verbCommand({
  kind: 'host',
  words: 'host declare-back',
  summary: 'Let a host serve again, once it has been made what it should be',
  examples: [{ line: 'blockledger host declare-back gw2', does: 'gw2 is there again' }],
  call: (client, host) => (more) => client.declareHostBack({ path: { host }, ...more }),
});

export const hostRetire = verbCommand({
  kind: 'host',
  words: 'host retire',
  summary: 'Retire a host that no access path uses',
  examples: [{ line: 'blockledger host retire gw3 --yes --wait', does: 'it can be used no more' }],
  question: (host) => `Host ${host} is retired for good. Go on?`,
  call: (client, host) => (more) => client.retireHost({ path: { host }, ...more }),
});
