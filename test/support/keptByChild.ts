/** A process that makes an instance and is killed: `node keptByChild.ts <namespace> <host> <folder> <instance as JSON>`. */
import { keepalivedVips, localHost } from '@blockledger/adapters-xdc';
import { VipInstance, type CallContext } from '@blockledger/domain';
import * as E from 'fp-ts/lib/Either.js';

const [ns = '', host = '', folder = '', json = ''] = process.argv.slice(2);
const instance = VipInstance.decode(JSON.parse(json));
const context: CallContext = { signal: new AbortController().signal, onProgress: () => undefined, installationId: 'traps' };
if (E.isLeft(instance)) throw new Error('no instance was given');
const vips = keepalivedVips({ hosts: [localHost({ name: host, prefix: ['ip', 'netns', 'exec', ns] })], supervise: 'child', folder });
const made = await vips.perform({ do: 'ensureInstance', place: { backend: 'vips', host }, instance: instance.right, yielding: false }, context)();
if (E.isLeft(made)) throw new Error(made.left.message);
process.kill(process.pid, 'SIGKILL');
