/** A webhook between a control plane and a receiver. */
import { setTimeout as pause } from 'node:timers/promises';
import { newWebhookSecret, type RegisterWebhookInput, type WebhookView } from '@blockledger/app';
import { planeWithPool, right, type TestPlane } from './plane.ts';
import { startReceiver, type Receiver } from './receiver.ts';

export const SECRET = newWebhookSecret();

export const hookTo = (url: string, changes: Partial<RegisterWebhookInput> = {}): RegisterWebhookInput => ({ name: 'ops', url, secret: SECRET, ...changes });

/** A receiver, a control plane with a pool and a webhook from the one to the other. */
export const scene = async (changes: Partial<RegisterWebhookInput> = {}, parts: Parameters<typeof planeWithPool>[0] = {}): Promise<TestPlane & { readonly receiver: Receiver; readonly hook: WebhookView; readonly end: () => Promise<void> }> => {
  const receiver = await startReceiver();
  const made = await planeWithPool(parts);
  const hook = right(await made.plane.webhooks.register(hookTo(receiver.url, changes)));
  const end = async (): Promise<void> => {
    await made.plane.close();
    await receiver.close();
  };
  return { ...made, receiver, hook, end };
};

/** Waits until something holds; the time of the test file is the limit. */
export const until = async (holds: () => boolean): Promise<void> => {
  while (!holds()) await pause(2);
};

export const never = <A>(): Promise<A> => new Promise(() => undefined);
