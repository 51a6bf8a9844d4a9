/** Portals belong to the daemon, so to all targets of an access path on a host. */
import * as E from 'fp-ts/lib/Either.js';
import { permanent, type Portal, type PortError, retryable } from '@blockledger/domain';
import { canonicalAddress } from './addresses.ts';
import { addPortal, portalText, removePortal } from './commands.ts';
import { runThere, say, type Eventually, type Session } from './session.ts';

const canonical = ({ ip, port }: Portal): string => `${canonicalAddress(ip)}:${port}`;

/** Portals of `these` that are not among `those`. */
export const portalsWithout = (these: readonly Portal[], those: readonly Portal[]): readonly Portal[] => {
  const known = new Set(those.map(canonical));
  return these.filter((portal) => !known.has(canonical(portal)));
};

/** Prints whether an address is the host's, and whether addresses that are not may be listened on. */
const LOOK = 'if ip -o addr show to "$1" 2>/dev/null | grep -q .; then echo ours; fi; cat "/proc/sys/net/$2/ip_nonlocal_bind"';

/** Why a portal cannot be had. */
async function reasonFor(session: Session, portal: Portal): Promise<PortError> {
  const { name } = session.daemon.host;
  const family = portal.ip.includes(':') ? 'ipv6' : 'ipv4';
  const looked = await runThere(session, { program: 'ip', command: 'addr show' }, ['sh', '-c', LOOK, 'sh', portal.ip, family]);
  if (E.isLeft(looked)) return looked.left;
  const lines = looked.right.stdout.trim().split('\n');
  if (lines.includes('ours') || lines.includes('1')) {
    return retryable('PortalTaken', `host ${name} cannot listen on ${portalText(portal)}: something else does, or it is no address`);
  }
  return permanent(
    'NonlocalBindOff',
    `host ${name} cannot listen on ${portalText(portal)}: the address is not its own now, and net.${family}.ip_nonlocal_bind is 0; set it to 1 (sysctl -w net.${family}.ip_nonlocal_bind=1)`,
  );
}

/** Listens on these portals too. */
export async function addPortals(session: Session, portals: readonly Portal[]): Eventually<void> {
  for (const portal of portals) {
    const said = await say(session, addPortal(portal), ['invalid']);
    if (E.isLeft(said)) return said;
    if (said.right.fault === 'invalid') return E.left(await reasonFor(session, portal));
  }
  return E.right(undefined);
}

/** Listens on these portals no more. Sessions that came in by them go on. */
export async function removePortals(session: Session, portals: readonly Portal[]): Eventually<void> {
  for (const portal of portals) {
    const said = await say(session, removePortal(portal), ['invalid']);
    if (E.isLeft(said)) return said;
  }
  return E.right(undefined);
}
