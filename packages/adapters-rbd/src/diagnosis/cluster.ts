/** The way to the cluster, its health, and its clock. */
import * as E from 'fp-ts/lib/Either.js';
import type { Finding, PortError } from '@blockledger/domain';
import { portErrorOf } from '../errors.ts';
import { Health, parse, type ClusterMap } from '../parse.ts';
import type { Session } from '../session.ts';
import { complaintOf, fine, hear, problem, warning } from './finding.ts';
import { health, report } from './probes.ts';

const CLUSTER = 'cluster';

/** Why the cluster could not be asked. */
export const notReached = (error: PortError, user: string): Finding => {
  const meaning = 'Nothing of this backend works. What was asked for waits, and is done when the cluster is back.';
  if (error.code === 'Denied') {
    return problem('cluster', CLUSTER, { found: `the cluster does not let ${user} in: ${error.message}`, meaning, remedy: `compare its key with the cluster's: ceph auth get ${user}; see what it may do: mon 'profile rbd', osd 'profile rbd pool=<pool>'` });
  }
  if (error.code === 'NotFound') {
    return problem('cluster', CLUSTER, { found: `no key of ${user} was found: ${error.message}`, meaning, remedy: 'name its keyring as `keyring` of rbdBackend({ ... })' });
  }
  return problem('cluster', CLUSTER, { found: `the cluster does not answer: ${error.message}`, meaning, remedy: 'see whether its monitors run, and whether their addresses and ports (3300, 6789) can be reached from here' });
};

/** It was reached; or there is none, and that must not be taken for one. */
export const reached = ({ fsid }: ClusterMap, isSimulated: boolean): Finding =>
  fine('cluster', CLUSTER, isSimulated ? `cluster ${fsid} is SIMULATED: no Ceph was asked, and its images exist on paper only` : `cluster ${fsid} answers`);

/** Flags of the whole cluster that stop all work of volumes. */
const STOPPING = new Set(['pauserd', 'pausewr', 'full']);

const flagsIn = ({ flags_set }: ClusterMap): readonly string[] => (flags_set ?? []).filter((flag) => STOPPING.has(flag));

const MOST_NAMED = 5;

/** Its health in its own words, and the flags that stop everything. */
export const lookAtHealth = async (session: Session, map: ClusterMap): Promise<Finding> => {
  const flags = flagsIn(map);
  if (flags.length > 0) {
    return problem('health', CLUSTER, { found: `the cluster is stopped by ${flags.join(', ')}`, meaning: 'Reads or writes of all volumes wait.', remedy: `ceph osd unset ${flags[0] === 'full' ? 'full, after making room' : 'pause'}` });
  }
  const command = health();
  const answer = await hear(session, command);
  const told = E.isLeft(answer) ? answer : answer.right.exitCode === 0 ? parse(Health, command.summary, answer.right.stdout) : E.left(portErrorOf(command.summary, answer.right, session.settings));
  if (E.isLeft(told)) return warning('health', CLUSTER, { found: told.left.message, meaning: 'Nobody knows whether the cluster is well.', remedy: "allow the user to ask: mon 'profile rbd'" });
  const { status, checks } = told.right;
  if (status === 'HEALTH_OK') return fine('health', CLUSTER, 'the cluster is well (HEALTH_OK)');
  const named = Object.entries(checks).map(([name, { summary }]) => `${name}: ${summary.message}`);
  const more = named.length > MOST_NAMED ? [`and ${named.length - MOST_NAMED} more`] : [];
  const trouble = { found: `${status}: ${[...named.slice(0, MOST_NAMED), ...more].join('; ')}`, remedy: 'see `ceph health detail`' };
  return status === 'HEALTH_ERR'
    ? problem('health', CLUSTER, { ...trouble, meaning: 'Data may not be readable or writable now.' })
    : warning('health', CLUSTER, { ...trouble, meaning: 'The cluster works, and its operators should look at it.' });
};

const FINE_SKEW_MS = 5_000;
const GRAVE_SKEW_MS = 300_000;

/** Compares this clock with the monitor's, as exactly as one question and its answer allow. */
export const lookAtClock = async (session: Session, nowMs: () => number): Promise<Finding> => {
  const askedMs = nowMs();
  const answer = await hear(session, report());
  const tookMs = nowMs() - askedMs;
  const told = E.isRight(answer) ? /"timestamp": "([^"]+)"/.exec(answer.right.stdout)?.[1] : undefined;
  const theirs = told === undefined ? Number.NaN : Date.parse(told.replace(/([+-]\d\d)(\d\d)$/, '$1:$2'));
  if (Number.isNaN(theirs)) {
    const why = E.isLeft(answer) ? answer.left.message : complaintOf(answer.right);
    return warning('clock', CLUSTER, { found: `the cluster does not tell its time: ${why}`, meaning: 'Nobody knows whether this clock is right.', remedy: "allow the user to ask (mon 'profile rbd'), and see whether this machine's clock is kept: chronyc tracking, timedatectl" });
  }
  // The answer was written at some moment between question and end: a difference below that span is none.
  const skewMs = Math.max(0, Math.abs(askedMs + tookMs / 2 - theirs) - tookMs / 2);
  const seconds = Math.round(skewMs / 1_000);
  if (skewMs <= FINE_SKEW_MS) return fine('clock', CLUSTER, 'this clock and the cluster\'s agree');
  const ahead = askedMs + tookMs / 2 > theirs;
  const trouble = {
    found: `this clock is ${seconds} s ${ahead ? 'ahead of' : 'behind'} the cluster's`,
    meaning: 'Moments in the log are wrong by as much; from minutes on the cluster may refuse keys.',
    remedy: 'keep the clocks by NTP on both sides (chronyc tracking, timedatectl)',
  };
  return skewMs > GRAVE_SKEW_MS ? problem('clock', CLUSTER, trouble) : warning('clock', CLUSTER, trouble);
};
