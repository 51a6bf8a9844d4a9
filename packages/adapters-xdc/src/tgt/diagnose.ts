/** What is wrong between here and the gateway hosts. */
import * as E from 'fp-ts/lib/Either.js';
import type { CallContext, Finding } from '@blockledger/domain';
import { isUnreachable, type Host } from '../hosts/host.ts';
import type { Settings } from './options.ts';

const HASTY_MS = 10_000;

const asked = (host: Host, argv: readonly string[], context: CallContext): ReturnType<ReturnType<Host['run']>> => host.run({ argv, idleTimeoutMs: HASTY_MS, signal: context.signal })();

const INSTALL = 'install tgt on it (Debian, Ubuntu: apt-get install tgt tgt-rbd)';

const lookAtProgram = async (host: Host, { program }: Settings, context: CallContext): Promise<Finding> => {
  const about = host.name;
  const answer = await asked(host, ['sh', '-c', '"$1" --version', 'sh', program], context);
  if (E.isLeft(answer) && isUnreachable(answer.left)) {
    return { check: 'host', about, level: 'problem', found: answer.left.message, meaning: 'Its targets cannot be changed; what it serves goes on.', remedy: 'look at the host, at the network to it, and at its sshd' };
  }
  if (E.isLeft(answer)) return { check: 'host', about, level: 'problem', found: answer.left.message, meaning: 'Nothing can be done on this host.', remedy: 'see the message' };
  if (answer.right.exitCode !== 0) return { check: 'program', about, level: 'problem', found: `${program} is not installed on host ${about}`, meaning: 'It can serve no target.', remedy: INSTALL };
  return { check: 'program', about, level: 'ok', found: `${program} on host ${about} is version ${answer.right.stdout.trim().slice(0, 40)}` };
};

const lookAtNonlocalBind = async (host: Host, context: CallContext): Promise<Finding> => {
  const about = host.name;
  const answer = await asked(host, ['cat', '/proc/sys/net/ipv4/ip_nonlocal_bind'], context);
  if (E.isRight(answer) && answer.right.stdout.trim() === '1') return { check: 'nonlocalBind', about, level: 'ok', found: `host ${about} can listen on virtual IPs that it does not hold` };
  return {
    check: 'nonlocalBind',
    about,
    level: 'warning',
    found: `net.ipv4.ip_nonlocal_bind is not 1 on host ${about}`,
    meaning: 'It cannot listen on a virtual IP before it holds it, so no access path with virtual IPs can be served.',
    remedy: 'sysctl -w net.ipv4.ip_nonlocal_bind=1, and write it into /etc/sysctl.d',
  };
};

const lookAt = async (host: Host, settings: Settings, context: CallContext): Promise<readonly Finding[]> => {
  const program = await lookAtProgram(host, settings, context);
  return program.level === 'problem' ? [program] : [program, await lookAtNonlocalBind(host, context)];
};

/** Looks at every host; what cannot be looked at is found as a problem. */
export const diagnose = async (hosts: readonly Host[], settings: Settings, context: CallContext): Promise<readonly Finding[]> =>
  (await Promise.all(hosts.map((host) => lookAt(host, settings, context)))).flat();
