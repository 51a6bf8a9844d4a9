/** `blockledger task retry`, `abandon`, `cancel`. */
import { verbCommand } from '../../service/verb.ts';

export const taskRetry = verbCommand({
  kind: 'task',
  words: 'task retry',
  summary: 'Try failed work again',
  examples: [{ line: 'blockledger task retry 1 --wait', does: 'once more, and watch it' }],
  call: (client, task) => (more) => client.retryTask({ path: { task }, ...more }),
});

export const taskAbandon = verbCommand({
  kind: 'task',
  words: 'task abandon',
  summary: 'Give failed work up',
  about: 'What it left on the backend is looked at, and cleaned where that is safe.',
  examples: [{ line: 'blockledger task abandon 1 --yes', does: 'it is tried no more' }],
  question: (task) => `Task ${task} is given up. Go on?`,
  goal: 'cancelled',
  call: (client, task) => (more) => client.abandonTask({ path: { task }, ...more }),
});

export const taskCancel = verbCommand({
  kind: 'task',
  words: 'task cancel',
  summary: 'Stop running work where that is safe',
  examples: [{ line: 'blockledger task cancel 1', does: 'a flatten, a clone or a creation that runs' }],
  goal: 'cancelled',
  call: (client, task) => (more) => client.cancelTask({ path: { task }, ...more }),
});
