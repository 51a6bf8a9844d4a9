/** docs/refusals.md: every refusal with its rule, where that is written and the way out, from the tables in errors.ts. */
import {
  accessPathRefusals,
  backendRefusals,
  clientGroupRefusals,
  hostRefusals,
  poolRefusals,
  reservationRefusals,
  snapshotRefusals,
  tokenRefusals,
  vipGroupRefusals,
  volumeRefusals,
  webhookRefusals,
  type RefusalRow,
} from '@blockledger/domain';
import { engineRefusals, refusalKindOf } from '@blockledger/app';
import { cell, made, type Page } from './pages.ts';

export const refusalTables: Readonly<Record<string, Readonly<Record<string, RefusalRow>>>> = {
  'Volume': volumeRefusals,
  'Snapshot': snapshotRefusals,
  'Pool': poolRefusals,
  'Backend': backendRefusals,
  'Host': hostRefusals,
  'Client group': clientGroupRefusals,
  'Access path': accessPathRefusals,
  'VIP group': vipGroupRefusals,
  'Token': tokenRefusals,
  'Webhook': webhookRefusals,
  'Reservation': reservationRefusals,
};

const by = 'test/support/writeRefusals.ts';

export const refusalsPage = (): Page => ({
  path: 'docs/refusals.md',
  by,
  text: [
    '# Refusals',
    '',
    made(by),
    'A refused command changed nothing. The refusal names the fact in the way (`_tag`), the rule that must hold, where the rule is written, the value and the limit compared, and what to do. Its kind is what a program can act on without knowing every name: `refusalKindOf` of `@blockledger/app`.',
    ...Object.entries({ ...refusalTables, 'The control plane itself': engineRefusals }).flatMap(([title, table]) => [
      '',
      `## ${title}`,
      '',
      '| refusal | kind | rule | spec | what to do |',
      '|---|---|---|---|---|',
      ...Object.entries(table).map(([tag, { rule, spec, remedy }]) => `| \`${tag}\` | ${refusalKindOf({ _tag: tag })} | \`${rule}\` | ${spec} | ${cell(remedy)} |`),
    ]),
    '',
  ].join('\n'),
});
