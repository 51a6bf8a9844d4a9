/**
 * The double as a program of its own, so that several processes may share one store: `serve.ts --port 2113 --system-events 2`.
 * It says where it listens in one line of JSON, keeps its log in memory, and ends with the process that started it.
 */
import { parseArgs } from 'node:util';
import { eventStoreDbDouble } from './double.ts';

const { values } = parseArgs({ options: { port: { type: 'string', default: '0' }, 'system-events': { type: 'string', default: '0' }, 'max-append-bytes': { type: 'string', default: '1048576' } } });

const parent = process.ppid;
const LOOK_EVERY_MS = 250;

// Whoever loses its parent gets another one.
setInterval(() => {
  if (process.ppid !== parent) process.exit(0);
}, LOOK_EVERY_MS);

const { connectionString, address } = await eventStoreDbDouble({ port: Number(values.port), systemEvents: Number(values['system-events']), maxAppendBytes: Number(values['max-append-bytes']) });
console.log(JSON.stringify({ connectionString, ...address }));
