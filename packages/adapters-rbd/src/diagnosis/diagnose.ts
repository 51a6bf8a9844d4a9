/** Looks at everything between here and the volumes, in the order in which one thing needs the other. */
import * as E from 'fp-ts/lib/Either.js';
import type { Finding, Placement } from '@blockledger/domain';
import type { Carrier } from '../carrier.ts';
import type { RbdOptions } from '../options.ts';
import { clusterMap } from '../place.ts';
import type { Session } from '../session.ts';
import { lookAtClock, lookAtHealth, notReached, reached } from './cluster.ts';
import { lookAtCredentials } from './credentials.ts';
import { lookAtPools } from './pools.ts';
import { lookAtChildren, lookAtPrograms } from './programs.ts';
import { lookAtTransport } from './transport.ts';

/** What a diagnosis knows of the backend besides its session. */
export interface Surroundings {
  readonly options: RbdOptions;
  readonly nowMs: () => number;
  /** The programs are real ones, with files around them; a simulator has none. */
  readonly real: boolean;
  readonly childrenEndWithUs: boolean;
  readonly lateEffectsMs: number;
  /** Asks the libraries for their versions; `undefined` where they are not used. */
  readonly versions: Carrier['versions'];
}

const isProblem = ({ level }: Finding): boolean => level === 'problem';

/** What lies ahead of the programs. */
interface Ahead {
  readonly placements: readonly Placement[];
  readonly isSimulated: boolean;
}

const lookAtCluster = async (session: Session, { placements, isSimulated }: Ahead, { options, nowMs }: Surroundings): Promise<readonly Finding[]> => {
  const user = options.name ?? 'client.admin';
  const map = await clusterMap(session);
  if (E.isLeft(map)) return [notReached(map.left, user)];
  const [health, clock, pools] = await Promise.all([lookAtHealth(session, map.right), lookAtClock(session, nowMs), lookAtPools(session, map.right, placements, user)]);
  return [reached(map.right, isSimulated), health, clock, ...pools];
};

/** All findings. Where something is missing that the rest needs, the rest is not asked: it would only repeat the same trouble. */
export const diagnose = async (session: Session, placements: readonly Placement[], surroundings: Surroundings): Promise<readonly Finding[]> => {
  const { real, options, childrenEndWithUs, lateEffectsMs, versions } = surroundings;
  const { findings, isSimulated } = await lookAtPrograms(session);
  const here = [...findings, ...(real ? [await lookAtTransport(versions), lookAtChildren(childrenEndWithUs, lateEffectsMs)] : [])];
  if (here.some(isProblem)) return here;
  const credentials = real ? await lookAtCredentials(session, options) : [];
  const before = [...here, ...credentials];
  return credentials.some(isProblem) ? before : [...before, ...(await lookAtCluster(session, { placements, isSimulated }, surroundings))];
};
