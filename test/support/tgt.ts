/** Gateways with real daemons of tgt, on this machine: their own sockets, their own ports of loopback. */
import { localHost, sshHost, tgtTargets, type Host, type TgtOptions } from '@blockledger/adapters-xdc';
import type { Bytes, LunSource, Portal, SerialNumber, TargetBackend, VolumeId, VolumeRef } from '@blockledger/domain';
import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onPath, type RealPart } from './real.ts';

/** For `requireReal`. */
export const realTgt: RealPart = {
  what: 'tgt with an initiator',
  packages: ['tgt', 'tgt-rbd', 'libiscsi-bin', 'qemu-utils', 'qemu-block-extra', 'iproute2'],
  present: () => ['tgtd', 'tgtadm', 'iscsi-inq', 'iscsi-readcapacity16', 'qemu-io', 'ip'].every(onPath) && process.getuid?.() === 0,
};

/** A gateway host and what the tests do to it. */
export interface RealTgt {
  readonly backend: TargetBackend;
  readonly host: Host;
  /** Where the sockets are. */
  readonly runDir: string;
  /** Makes a file that hosts can open as a volume. */
  readonly makeFile: (sizeBytes: Bytes) => VolumeRef;
  readonly growFile: (volume: VolumeRef, sizeBytes: Bytes) => void;
  readonly fileOf: (volume: VolumeRef) => string;
  readonly sourceOf: (volume: VolumeRef) => LunSource | undefined;
  readonly freshPortal: () => Portal;
  /** The daemons that run, by control port. */
  readonly daemons: () => ReadonlyMap<number, number>;
  /** Ends every daemon without a word, as a power failure does. */
  readonly crash: () => Promise<void>;
  readonly dispose: () => Promise<void>;
}

/** Ports below those that the kernel gives to outgoing connections, another range for each process. */
let lastPort = 13_000 + (process.pid % 180) * 100;

const isAlive = (pid: number): boolean => {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('tgtd') && !/^State:\s+[ZX]/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
};

const daemonsIn = (folder: string): ReadonlyMap<number, number> => {
  const found = new Map<number, number>();
  const names = ((): readonly string[] => {
    try {
      return readdirSync(folder);
    } catch {
      return [];
    }
  })();
  for (const name of names) {
    const port = /^tgtd\.(\d+)\.pid$/.exec(name)?.[1];
    const pid = port === undefined ? 0 : Number(readFileSync(join(folder, name), 'utf8'));
    if (pid > 1 && isAlive(pid)) found.set(Number(port), pid);
  }
  return found;
};

/** A host of nobody's: no server listens there. */
export const deadHost = (): Host => sshHost({ name: 'dead', host: '127.0.0.1', port: 1, connectTimeoutMs: 1_000 });

/** Makes one. `hosts` stand beside the gateway `gw1`. */
export const realTgtOn = (more: Partial<TgtOptions> & { readonly host?: Host } = {}): RealTgt => {
  const runDir = mkdtempSync(join(tmpdir(), 'bl-tgt-'));
  const host = more.host ?? localHost({ name: 'gw1' });
  const folder = join(runDir, host.name);
  const backend = tgtTargets({ ...more, hosts: [host, ...(more.hosts ?? [])], tgtd: { runDir, ...more.tgtd } });
  const files = new Map<VolumeId, string>();
  const fileOf = ({ volumeId }: VolumeRef): string => files.get(volumeId) ?? '';
  const crash = async (): Promise<void> => {
    for (const pid of daemonsIn(folder).values()) {
      process.kill(pid, 'SIGKILL');
      while (isAlive(pid)) await new Promise((resolve) => setTimeout(resolve, 5));
    }
  };
  return {
    backend,
    host,
    runDir,
    makeFile: (sizeBytes) => {
      const volume = { placement: { backend: 'files', pool: 'files' }, volumeId: randomUUID() as VolumeId, serial: randomBytes(8).toString('hex') as SerialNumber };
      const path = join(runDir, `volume-${volume.volumeId}`);
      writeFileSync(path, '');
      truncateSync(path, sizeBytes);
      files.set(volume.volumeId, path);
      return volume;
    },
    growFile: (volume, sizeBytes) => truncateSync(fileOf(volume), sizeBytes),
    fileOf,
    sourceOf: (volume) => (files.has(volume.volumeId) ? { kind: 'file', path: fileOf(volume) } : undefined),
    freshPortal: () => {
      lastPort += 1;
      return { ip: '127.0.0.1', port: lastPort };
    },
    daemons: () => daemonsIn(folder),
    crash,
    dispose: async () => {
      await crash();
      await backend.close();
      rmSync(runDir, { recursive: true, force: true });
    },
  };
};
