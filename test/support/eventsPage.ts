/** docs/events.md: every event, its fields and since when, from the tables that decode it. */
import { BackendEvent, PoolEvent, ReservationEvent, SnapshotEvent, TokenEvent, VolumeEvent, WebhookEvent } from '@blockledger/domain';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { repositoryRoot } from './files.ts';
import { cell, made, type Page } from './pages.ts';

/** The release that has them all, since none came before it. */
const FIRST = '0.1.0';

const aggregates = [
  { title: 'Volume', stream: '`volume-<id>`', source: 'volume', codec: VolumeEvent },
  { title: 'Snapshot', stream: '`snapshot-<id>`', source: 'snapshot', codec: SnapshotEvent },
  { title: 'Pool', stream: '`pool-<id>`', source: 'pool', codec: PoolEvent },
  { title: 'Backend', stream: '`backend-<name>`', source: 'backend', codec: BackendEvent },
  { title: 'Access token', stream: '`token-<id>`', source: 'accessToken', codec: TokenEvent },
  { title: 'Webhook', stream: '`webhook-<id>`', source: 'webhook', codec: WebhookEvent },
  { title: 'Reservation', stream: '`name-…`, `serial-…`, `ids-…`, `capacity-…`, `space-…`', source: 'reservation', codec: ReservationEvent },
] as const;

/** What the comment above an event says. */
const saying = (source: string, type: string): string => {
  const found = new RegExp(String.raw`/\*\*((?:(?!\*/)[\s\S])*)\*/\s*\n  ${type}:`).exec(source)?.[1] ?? '';
  return found
    .split('\n')
    .map((line) => line.replace(/^\s*\*?\s?/, '').trim())
    .filter((line) => line !== '')
    .join(' ');
};

const nameOf = (type: unknown): string => (typeof type === 'object' && type !== null && 'name' in type ? String(type.name) : '').replace(/^\((.*)\)$/, '$1');

const row = (source: string, type: string, fields: Readonly<Record<string, unknown>>): string => {
  const shown = Object.entries(fields).map(([field, codec]) => `\`${field}\`: ${nameOf(codec)}`);
  return `| \`${type}\` | ${cell(shown.join(', '))} | ${cell(saying(source, type))} | ${FIRST} |`;
};

const by = 'test/support/writeEvents.ts';

export const eventsPage = (): Page => ({
  path: 'docs/events.md',
  by,
  text: [
    '# Events',
    '',
    made(by),
    'Everything that is stored. Each event is plain JSON with `type` and the fields below; beside it stand the command’s id, who asked, for which tenant, and when.',
    '`at` is in milliseconds since 1970, sizes are in bytes, `operationId` is the id of the command that began the operation.',
    ...aggregates.flatMap(({ title, stream, source, codec }) => {
      const text = readFileSync(join(repositoryRoot, `packages/domain/src/${source}/messages.ts`), 'utf8') + troubles();
      return ['', `## ${title}`, '', `Streams: ${stream}`, '', '| event | fields | says | since |', '|---|---|---|---|', ...codec.types.map((type) => row(text, type, (codec.fields as Readonly<Record<string, Readonly<Record<string, unknown>>>>)[type] ?? {}))];
    }),
    '',
  ].join('\n'),
});

const troubles = (): string => readFileSync(join(repositoryRoot, 'packages/domain/src/kernel/settlement.ts'), 'utf8');
