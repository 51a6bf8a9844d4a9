/** What is wrong between here and the gateway hosts. */
import * as E from 'fp-ts/lib/Either.js';
import type { Finding, PortError } from '@blockledger/domain';
import { hostTrouble, isHostFault } from '../hosts/diagnose.ts';
import { ASSUMPTIONS } from './assumed.ts';
import { look, lookAtLuns, type At, type LunObject } from './look.ts';
import type { Session } from './session.ts';

const looseFinding = (host: string, ats: readonly At[], objects: readonly LunObject[] | undefined): Finding => {
  const about = host;
  if (objects === undefined) {
    return {
      check: 'looseLuns',
      about,
      level: 'warning',
      found: `LUNs without an access target cannot be seen on host ${host}`,
      meaning: 'One that was left behind keeps its image open, and the volume cannot be deleted.',
      remedy: 'look at them with: xdcadm -L at -m lun -o show',
    };
  }
  const bound = new Set(ats.flatMap(({ luns }) => luns.map(({ name }) => name)));
  const loose = objects.map(({ name }) => name).filter((name) => !bound.has(name));
  if (loose.length === 0) return { check: 'looseLuns', about, level: 'ok', found: `every LUN of host ${host} belongs to an access target` };
  return {
    check: 'looseLuns',
    about,
    level: 'warning',
    found: `no access target of host ${host} has the LUNs ${loose.slice(0, 10).join(', ')}${loose.length > 10 ? ' and others' : ''}`,
    meaning: 'They keep their images open, and these volumes cannot be deleted.',
    remedy: `xdcadm -L at -m lun -o delete --lunname ${loose[0] ?? ''}, when nobody is just making it`,
  };
};

/** Errors of the host are told apart from those of what runs there. */
const failure = ({ host }: Session, error: PortError): Finding => {
  if (isHostFault(error)) return hostTrouble(host, error);
  const remedy = error.code === 'ProgramMissing' ? 'install XDC on it, or see the PATH of the user there' : 'see the message; the service is xsky-xdc';
  return { check: 'xdcadm', about: host.name, level: 'problem', found: error.message, meaning: 'Nothing can be done on this host.', remedy };
};

const lookAt = async (session: Session): Promise<readonly Finding[]> => {
  const about = session.host.name;
  const ats = await look(session);
  const way = session.host.diagnose?.() ?? [];
  if (E.isLeft(ats)) return [...way, failure(session, ats.left)];
  const objects = await lookAtLuns(session);
  const loose: readonly Finding[] = E.isLeft(objects) ? [] : [looseFinding(about, ats.right, objects.right)];
  return [...way, { check: 'xdcadm', about, level: 'ok', found: `xdcadm on host ${about} shows ${ats.right.length} access targets` }, ...loose];
};

const assumptions: Finding = {
  check: 'assumptions',
  about: 'xdcadm',
  level: 'warning',
  found: `not known for sure of xdcadm: ${ASSUMPTIONS.join('; ')}`,
  meaning: 'An XDC of another mind refuses what it is told, and its target is never confirmed.',
  remedy: 'try one access path with nothing on it first',
};

/** Looks at every host; what cannot be looked at is found as a problem. */
export const diagnose = async (sessions: readonly Session[]): Promise<readonly Finding[]> => [...(await Promise.all(sessions.map(lookAt))).flat(), assumptions];
