/** The resource of an answer, in one line. */
import { isRecord } from '../../api/record.ts';

/** What an answer holds beside its resource: parts of it, too. */
const BESIDE = new Set(['task', 'plan', 'network_address', 'target', 'mapping_group', 'vip', 'attachment']);

/**
 * `volume 7 db-1`, told by the envelope that the answer has; empty where it has none. A VIP group has its network for a name. What is paused says so, since work that is asked for
 * there waits.
 */
export const subjectOf = (body: object): string => {
  const [envelope, resource] = Object.entries(body).find(([key]) => !BESIDE.has(key)) ?? [];
  if (envelope === undefined || !isRecord(resource)) return '';
  const { id, uuid, network, name = network, paused } = resource;
  const waits = typeof paused === 'string' ? ` is paused (${paused}): new work is accepted and waits` : '';
  return `${envelope.replace('block_', '').replaceAll('_', ' ')} ${String(id ?? uuid)} ${String(name)}${waits}`;
};
