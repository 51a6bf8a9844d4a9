/** What is wrong between here and a gateway host, whatever is done there. */
import { statSync } from 'node:fs';
import type { Finding, PortError } from '@blockledger/domain';
import { HOST_UNREACHABLE, type Host } from './host.ts';

/** How a host is reached, as far as it stands in files of this machine. */
export interface SshFiles {
  readonly name: string;
  readonly identity?: string;
  readonly knownHosts?: string;
}

const OTHERS = 0o077;
const OTHERS_WRITE = 0o022;

/** Undefined for what is not there, or cannot be looked at. */
const modeOf = (path: string): number | undefined => {
  try {
    return statSync(path).mode;
  } catch {
    return undefined;
  }
};

const lookAtKey = (about: string, path: string): Finding => {
  const check = 'sshKey';
  const mode = modeOf(path);
  const meaning = `Nothing can be done on host ${about}.`;
  if (mode === undefined) return { check, about, level: 'problem', found: `the ssh key ${path} is not there`, meaning, remedy: `make one (ssh-keygen -t ed25519 -N '' -f ${path}), and put its public half into authorized_keys on the host` };
  if ((mode & OTHERS) !== 0) return { check, about, level: 'problem', found: `others than its owner can read the ssh key ${path}, so ssh does not use it`, meaning, remedy: `chmod 600 ${path}; take another key if somebody may have read it` };
  return { check, about, level: 'ok', found: `only its owner can read the ssh key ${path}` };
};

const lookAtKnownHosts = (about: string, path: string): Finding => {
  const check = 'knownHosts';
  const mode = modeOf(path);
  if (mode === undefined) {
    return { check, about, level: 'problem', found: `the file of known hosts ${path} is not there`, meaning: `Host ${about} is not spoken to.`, remedy: 'write the key of the host into it (ssh-keyscan tells it), once it was compared with what ssh-keygen -lf says on its console' };
  }
  if ((mode & OTHERS_WRITE) !== 0) {
    return { check, about, level: 'problem', found: `others than its owner can write ${path}`, meaning: 'They can have another machine taken for a gateway, which is told CHAP secrets then.', remedy: `chmod go-w ${path}, and look at what stands in it` };
  }
  return { check, about, level: 'ok', found: `only its owner can write ${path}` };
};

/** The files by which a host is reached; nothing of those that ssh finds by itself. */
export const lookAtSshFiles = ({ name, identity, knownHosts }: SshFiles): readonly Finding[] => [
  ...(identity === undefined ? [] : [lookAtKey(name, identity)]),
  ...(knownHosts === undefined ? [] : [lookAtKnownHosts(name, knownHosts)]),
];

const REMEDIES: Readonly<Record<string, string>> = {
  [HOST_UNREACHABLE]: 'look at the host, at the network to it, and at its sshd',
  HostKeyUnknown: 'compare the key with what ssh-keygen -lf says on its console, and write it into the file of known hosts',
  HostRefusesUs: 'put the public half of the key into authorized_keys of that user there, and see whether its sshd lets the user in',
};

/** Whether an error is the host's own, and not of what was to be done there. */
export const isHostFault = ({ code }: PortError): boolean => Object.hasOwn(REMEDIES, code);

/** What an error says that kept us from looking at a host. */
export const hostTrouble = ({ name }: Pick<Host, 'name'>, { code, message }: PortError): Finding => ({
  check: 'host',
  about: name,
  level: 'problem',
  found: message,
  meaning: code === HOST_UNREACHABLE ? 'Nothing can be changed there until it answers; what it serves goes on.' : 'Nothing can be done on this host.',
  remedy: REMEDIES[code] ?? 'see the message',
});
