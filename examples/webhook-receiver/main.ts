/** A receiver of webhooks: checks who sent a message, drops what it has seen, and takes the rest. */
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { rbdBackend } from '@blockledger/adapters-rbd';
import { simulateRbd } from '@blockledger/adapters-rbd/simulator';
import { controlPlane, newWebhookSecret, type EventMessage } from '@blockledger/app';
import { memoryStore } from '@blockledger/app/memory';
import { Webhook } from 'standardwebhooks';

/** Sender and receiver know it, and nobody else. */
const secret = newWebhookSecret();
/** A real receiver keeps these ids where it keeps what it makes of the events. */
const seen = new Set<string>();
let arrived = (): void => undefined;
const everything = new Promise<void>((resolve) => {
  arrived = resolve;
});

const textOf = async (request: IncomingMessage): Promise<string> => {
  let text = '';
  for await (const chunk of request.setEncoding('utf8')) text += chunk;
  return text;
};

/** What a message says, or undefined where its signature is not good, or too old. */
const verified = (text: string, headers: IncomingMessage['headers']): { readonly type: string; readonly data: EventMessage } | undefined => {
  try {
    return new Webhook(secret).verify(text, headers as Record<string, string>) as { type: string; data: EventMessage };
  } catch {
    return undefined;
  }
};

const receiver = createServer((request, response) => {
  void (async () => {
    const message = verified(await textOf(request), request.headers);
    if (message === undefined) return response.writeHead(401).end();
    // A message may come twice, with the same id.
    if (!seen.has(message.data.event_id)) {
      seen.add(message.data.event_id);
      console.log(`${message.type} of ${message.data.resource_type}`);
    }
    if (message.type === 'VolumeCreated') arrived();
    return response.writeHead(204).end();
  })();
});
await new Promise<void>((resolve) => void receiver.listen(0, '127.0.0.1', resolve));
const url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/`;

const plane = await controlPlane({ store: memoryStore(), backends: { ceph: rbdBackend({ run: simulateRbd().run }) } });
await plane.registerPool({ name: 'vols', placement: { backend: 'ceph', pool: 'vols' } }, { wait: 'done' });
const webhook = await plane.webhooks.register({ name: 'example', url, secret, filter: { kinds: ['volume'] } });
if (webhook._tag === 'Left') throw new Error(webhook.left.message);
await plane.createVolume({ pool: 'vols', name: 'db-1', sizeBytes: 100 * 2 ** 30 });
await everything;

// Whoever does not know the secret is not listened to.
const forged = await fetch(url, { method: 'POST', body: '{}', headers: { 'webhook-id': 'x', 'webhook-timestamp': '0', 'webhook-signature': 'v1,AAAA' } });
console.log(`a forged message is answered with ${forged.status}`);
await plane.close();
receiver.close();
