/** `blockledger task retry`, `abandon`, `cancel`. */
import * as E from 'fp-ts/lib/Either.js';
import { needed } from '../../frame/parts.ts';
import { isRecord } from '../../history/isRecord.ts';
import { changeParts, makeChange } from '../../service/changing.ts';
import { confirmed, yesPart } from '../../service/confirm.ts';
import { serviceCommand } from '../../service/serviceCommand.ts';
import { taskRef } from './ref.ts';

const takes = { task: needed('<task>', 'its number or UUID', taskRef) } as const;

const subject = (body: Readonly<Record<string, unknown>>): string => {
  const [kind, resource] = Object.entries(body).find(([key]) => key !== 'task' && key !== 'plan') ?? [];
  return kind !== undefined && isRecord(resource) ? `${kind.replace('block_', '')} ${String(resource['id'] ?? resource['uuid'])} ${String(resource['name'])}` : '';
};

export const taskRetry = serviceCommand({
  words: 'task retry',
  summary: 'Try failed work again',
  shows: 'report',
  takes,
  options: changeParts,
  examples: [{ line: 'blockledger task retry 1 --wait', does: 'once more, and watch it' }],
  run: async ({ task, plan, wait, key }, service, io) => makeChange({ service, io, plan, wait, key, watched: task }, (more) => service.client.retryTask({ path: { task }, ...more }), subject),
});

export const taskAbandon = serviceCommand({
  words: 'task abandon',
  summary: 'Give failed work up',
  about: 'What it left on the backend is looked at, and cleaned where that is safe.',
  shows: 'report',
  takes,
  options: { yes: yesPart, ...changeParts },
  examples: [{ line: 'blockledger task abandon 1 --yes', does: 'it is tried no more' }],
  run: async ({ task, yes, plan, wait, key }, service, io) => {
    const asked = plan ? E.right(undefined) : await confirmed(io, yes, `Task ${task} is given up. Go on?`);
    return E.isLeft(asked) ? asked : makeChange({ service, io, plan, wait, key }, (more) => service.client.abandonTask({ path: { task }, ...more }), subject);
  },
});

export const taskCancel = serviceCommand({
  words: 'task cancel',
  summary: 'Stop running work where that is safe',
  shows: 'report',
  takes,
  options: changeParts,
  examples: [{ line: 'blockledger task cancel 1', does: 'a flatten, a clone or a creation that runs' }],
  run: async ({ task, plan, wait, key }, service, io) => makeChange({ service, io, plan, wait, key }, (more) => service.client.cancelTask({ path: { task }, ...more }), subject),
});
