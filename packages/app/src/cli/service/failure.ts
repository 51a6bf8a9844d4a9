/** What a failure of the client is to a person: a sentence, rule and limit, the way out, and an exit code. */
import { capabilityWords } from '@blockledger/domain';
import type { ClientFailure, Problem } from '../../client/index.ts';
import { ending, type Ending, type Exit } from '../exit.ts';

const EXIT_OF: Readonly<Record<number, Exit>> = { 400: 'usage', 401: 'denied', 403: 'denied', 404: 'notFound', 429: 'inUse', 503: 'inUse', 500: 'internal' };

const shown = (value: unknown): string => (typeof value === 'string' ? value : Array.isArray(value) ? value.map(shown).join(', ') : JSON.stringify(value));

/** Its refusals name a capability. */
const CAPABILITY_RULE = 'backendCan';

const detailsOf = ({ rule, spec, value, limit, operationId }: Problem): readonly string[] => [
  `rule ${rule} (${spec})`,
  ...(value === undefined ? [] : [rule === CAPABILITY_RULE && typeof value === 'string' ? `capability: ${capabilityWords(value)}` : `given ${shown(value)}`]),
  ...(limit === undefined ? [] : [`limit ${shown(limit)}`]),
  ...(operationId === undefined ? [] : [`task ${operationId}`]),
];

/** How a command ends that was not answered. */
export const endingOf = (failure: ClientFailure): Ending => {
  switch (failure._tag) {
    case 'Refused': {
      const { problem, status } = failure;
      if (status === 401) return { ...ending('denied', 'the token is not valid', 'give a valid one in BLOCKLEDGER_TOKEN, or in a file with --token-file'), json: problem };
      return { ...ending(EXIT_OF[status] ?? 'refused', problem.detail, `To do: ${problem.remedy}`), details: detailsOf(problem), json: problem };
    }
    case 'Unreachable':
      return ending('unavailable', failure.message, 'look whether it runs, or name another with --url');
    case 'Unexpected':
      return ending('unavailable', failure.message, 'look whether this is the address of a Blockledger service of the same version');
    case 'NotSent':
      return ending('usage', failure.message, 'name it by its number, its id or its name');
  }
};
