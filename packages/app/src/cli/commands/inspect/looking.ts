/** `blockledger drift`, `orphans`, `warnings`. */
import * as E from 'fp-ts/lib/Either.js';
import type { DriftBody } from '../../../api/bodies/inspection.ts';
import { EXIT_CODES } from '../../exit.ts';
import type { Screen } from '../../frame/screen.ts';
import { clean, counted, marked } from '../../frame/text.ts';
import { showMoment } from '../../frame/time.ts';
import { orEnd, serviceCommand } from '../../service/serviceCommand.ts';
import { mendText } from '../../show/mend.ts';

const driftText = (screen: Screen, { kind, message, backend_name: name, mend }: DriftBody): string =>
  marked(screen, 'problem', `${kind}: ${clean(message)}`, ...(kind === 'missing' ? [] : [`On the backend: ${clean(name)}`]), `To do: ${clean(mendText(mend))}`);

export const driftCommand = serviceCommand({
  words: 'drift',
  summary: 'Compare the log with the backends, both ways',
  about: 'Every backend is asked, which takes a while where there is much. Nothing is repaired; each difference names the command that would mend it. Ends with exit code 3 where anything differs or could not be looked at.',
  shows: 'report',
  takes: {},
  options: {},
  examples: [{ line: 'blockledger drift', does: 'what differs' }],
  run: async (_given, { client }) => {
    const answered = orEnd(await client.getDrift());
    if (E.isLeft(answered)) return answered;
    const { body } = answered.right;
    const { drifts, unseen, busy } = body.drift;
    const isWell = drifts.length === 0 && unseen.length === 0;
    const show = (screen: Screen): string =>
      [
        ...drifts.map((drift) => driftText(screen, drift)),
        ...unseen.map(({ pool, host, code, message }) => marked(screen, 'warning', `${pool === undefined ? `host ${host ?? '?'}` : `pool ${pool}`} could not be looked at: ${clean(message)} (${code})`)),
        ...(busy.length === 0 ? [] : [marked(screen, 'warning', `${counted(busy.length, 'resource')} left out, since work runs there.`)]),
        ...(isWell ? [marked(screen, 'ok', busy.length === 0 ? 'The log and the backends agree.' : 'Apart from that the log and the backends agree.')] : []),
      ].join('\n');
    return E.right({ json: body, show, code: isWell ? EXIT_CODES.done : EXIT_CODES.failed });
  },
});

export const orphansCommand = serviceCommand({
  words: 'orphans',
  summary: 'List objects of this installation that the log does not know',
  shows: 'report',
  takes: {},
  options: {},
  examples: [{ line: 'blockledger orphans', does: 'what nobody knows any more' }],
  run: async (_given, { client }) => {
    const answered = orEnd(await client.listOrphans());
    if (E.isLeft(answered)) return answered;
    const { body } = answered.right;
    const show = (screen: Screen): string => (body.orphans.length === 0 ? marked(screen, 'ok', 'There are none.') : body.orphans.map((drift) => driftText(screen, drift)).join('\n'));
    return E.right({ json: body, show, code: body.orphans.length === 0 ? EXIT_CODES.done : EXIT_CODES.failed });
  },
});

export const warningsCommand = serviceCommand({
  words: 'warnings',
  summary: 'List what an operator should know',
  shows: 'report',
  takes: {},
  options: {},
  examples: [{ line: 'blockledger warnings', does: 'absent backends, a log restored from an old copy' }],
  run: async (_given, { client }, io) => {
    const answered = orEnd(await client.listWarnings());
    if (E.isLeft(answered)) return answered;
    const { body } = answered.right;
    const show = (screen: Screen): string =>
      body.warnings.length === 0
        ? marked(screen, 'ok', 'There is nothing to know.')
        : body.warnings.map(({ code, message, since }) => marked(screen, 'warning', clean(message), code, ...(since === null ? [] : [`since ${showMoment(io.screen, Date.parse(since))}`]))).join('\n');
    return E.right({ json: body, show });
  },
});
