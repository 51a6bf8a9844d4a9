/** What is wrong between here and the array. */
import * as E from 'fp-ts/lib/Either.js';
import type { Finding, Placement, PortError } from '@blockledger/domain';
import type { PoolAnswer, SystemAnswer } from './codecs.ts';
import { poolOf, systemOf } from './place.ts';
import type { Session } from './session.ts';
import { portalsOf } from './targets/look.ts';

const HEALTHY = 'healthy';

const remedyOf = ({ code }: PortError): string => {
  switch (code) {
    case 'CertificateRefused':
      return 'give the certificate of whoever signed it as `ca`';
    case 'LoginRefused':
    case 'Denied':
      return 'see whether the user is there, whether the password is right, and what the user may do';
    case 'PasswordMissing':
      return 'set the variable, or let the service read the file';
    case 'BadUrl':
      return 'write the url as https://10.252.1.50';
    default:
      return 'see whether the array is up, and whether its management address can be reached from here';
  }
};

const certificate = ({ settings: { verify, shown } }: Session): Finding =>
  verify
    ? { check: 'certificate', about: shown, level: 'ok', found: `the certificate of ${shown} is checked` }
    : {
        check: 'certificate',
        about: shown,
        level: 'warning',
        found: `the certificate of ${shown} is not checked`,
        meaning: 'Whoever answers at that address gets the password.',
        remedy: 'take `verify: false` away, and give the certificate of whoever signed it as `ca`',
      };

const health = ({ settings: { shown } }: Session, { model, version, serial_number: serial, status }: SystemAnswer): readonly Finding[] => {
  const name = [model ?? 'array', serial, version].filter((text) => text !== undefined).join(', ');
  const there: Finding = { check: 'array', about: shown, level: 'ok', found: `${shown} answers: ${name}` };
  if (status === undefined || status === HEALTHY) return [there];
  return [there, { check: 'health', about: shown, level: 'warning', found: `${shown} says that it is ${status}`, meaning: 'It serves, and may not for long.', remedy: 'see the log of the array' }];
};

const unreachable = ({ settings: { shown } }: Session, error: PortError): Finding => ({
  check: 'array',
  about: shown,
  level: 'problem',
  found: `${shown} cannot be asked: ${error.message}`,
  meaning: 'Work on its volumes and targets waits.',
  remedy: remedyOf(error),
});

const poolFindings = (pool: string, answer: E.Either<PortError, PoolAnswer>): readonly Finding[] => {
  if (E.isLeft(answer)) {
    const remedy = answer.left.code === 'PoolMissing' ? 'make it on the array, or correct its name in the configuration' : remedyOf(answer.left);
    return [{ check: 'pool', about: pool, level: 'problem', found: `pool ${pool} cannot be used: ${answer.left.message}`, meaning: 'No volume can be made in it.', remedy }];
  }
  const there: Finding = { check: 'pool', about: pool, level: 'ok', found: `pool ${pool} is there` };
  const { status, free_capacity: free } = answer.right;
  const isWell = status === undefined || status === HEALTHY;
  return [
    there,
    ...(isWell ? [] : [{ check: 'poolHealth', about: pool, level: 'warning' as const, found: `pool ${pool} is ${status}`, meaning: 'It has lost disks, or its data.', remedy: 'see its disks on the array' }]),
    ...(free > 0 ? [] : [{ check: 'poolFull', about: pool, level: 'problem' as const, found: `pool ${pool} is full`, meaning: 'Writes to its thin volumes fail.', remedy: 'make room, or add disks' }]),
  ];
};

/** Looks at the array and at each pool. */
export async function diagnoseArray(session: Session, placements: readonly Placement[]): Promise<readonly Finding[]> {
  const system = await systemOf(session);
  if (E.isLeft(system)) return [certificate(session), unreachable(session, system.left)];
  const pools = [...new Set(placements.map(({ pool }) => pool))];
  const looked = await Promise.all(pools.map(async (pool) => poolFindings(pool, await poolOf(session, pool))));
  return [certificate(session), ...health(session, system.right), ...looked.flat()];
}

/** Looks at the array, and at the addresses by which initiators come in. */
export async function diagnosePortals(session: Session): Promise<readonly Finding[]> {
  const { host, portalPort } = session.settings;
  const system = await systemOf(session);
  if (E.isLeft(system)) return [certificate(session), unreachable(session, system.left)];
  const portals = await portalsOf(session);
  const begun = [certificate(session), ...health(session, system.right)];
  if (E.isLeft(portals)) return [...begun, { check: 'portals', about: host, level: 'problem', found: `the portals of ${host} are not known: ${portals.left.message}`, meaning: 'No target can be made.', remedy: remedyOf(portals.left) }];
  if (portals.right.length === 0) return [...begun, { check: 'portals', about: host, level: 'problem', found: `${host} has no portals`, meaning: 'No initiator reaches its targets.', remedy: 'give the array addresses for iSCSI' }];
  return [...begun, { check: 'portals', about: host, level: 'ok', found: `initiators reach ${host} at ${portals.right.map(({ ip }) => `${ip}:${portalPort}`).join(', ')}` }];
}
