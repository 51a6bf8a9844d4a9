/** The resource of an answer, in one line. */
import { isRecord } from '../../api/record.ts';

/** What an answer holds beside its resource. */
const BESIDE = new Set(['task', 'plan']);

/**
 * `volume 7 db-1`, told by the envelope that the answer has; empty where it has none. What is paused says so, since work that is asked for
 * there waits.
 */
export const subjectOf = (body: object): string => {
  const [envelope, resource] = Object.entries(body).find(([key]) => !BESIDE.has(key)) ?? [];
  if (envelope === undefined || !isRecord(resource)) return '';
  const { id, uuid, name, paused } = resource;
  const waits = typeof paused === 'string' ? ` is paused (${paused}): new work is accepted and waits` : '';
  return `${envelope.replace('block_', '').replaceAll('_', ' ')} ${String(id ?? uuid)} ${String(name)}${waits}`;
};
