/** The program of the worker: librbd lives here, so that nothing that it does can take the service with it. */
import { serveParent } from '../helper/serve.ts';
import type { Library } from './bindings.ts';
import type { Connection, FromWorker, LibraryVersions, ToWorker, WorkerSays } from './calls.ts';
import { connect, type Cluster, type Outcome } from './cluster.ts';
import { room } from './memory.ts';
import { ELSEWHERE, LONG, perform } from './operations.ts';

/** The libraries, once; or why they are not here. A koffi without its part for this machine fails as soon as it is imported. */
const library = await (async (): Promise<Library | string> => {
  try {
    const { loadLibrary } = await import('./bindings.ts');
    return loadLibrary();
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
})();

/** One connection for all calls. One that failed is not kept: the next call tries again. */
let connecting: Promise<Cluster | Outcome> | undefined;

async function connected(loaded: Library, connection: Connection): Promise<Cluster | Outcome> {
  connecting ??= connect(loaded, connection);
  const found = await connecting;
  if ('code' in found) connecting = undefined;
  return found;
}

const versionsOf = (loaded: Library): LibraryVersions => {
  const version = (name: 'rbd_version' | 'rados_version'): string => {
    const parts = [room(), room(), room()];
    loaded.quick(name, ...parts);
    return parts.map((part) => part.readInt32LE()).join('.');
  };
  return { librbd: version('rbd_version'), librados: version('rados_version'), koffi: loaded.koffi };
};

const resultOf = ({ code, said = '', answer }: Outcome): FromWorker => ({
  result: { exitCode: code, stdout: answer === undefined ? '' : typeof answer === 'string' ? answer : JSON.stringify(answer), stderr: said === '' ? '' : `rbd: ${said}\n` },
});

/** Tells each percentage once. */
const percent = (say: (said: WorkerSays) => void): ((done: number, total: number) => void) => {
  let last = -1;
  return (done, total) => {
    const reached = total > 0 ? Math.min(100, Math.floor((done * 100) / total)) : 0;
    if (reached <= last) return;
    last = reached;
    say(reached);
  };
};

serveParent<ToWorker, WorkerSays, FromWorker>(async (asked, { say }) => {
  if (typeof library === 'string') return { missing: library };
  if (asked.call === 'versions') return { versions: versionsOf(library) };
  const cluster = await connected(library, asked.connection);
  if ('code' in cluster) return resultOf(cluster);
  // Each step of librbd would wait for this thread to hear of it: only who works alone has time for that.
  const heard = asked.alone ? library.progress(percent(say)) : undefined;
  const outcome = await perform(cluster, asked.call, { alone: asked.alone, progress: heard?.pointer ?? null });
  heard?.off();
  if (outcome === LONG) return { takesLong: true };
  return outcome === ELSEWHERE ? { elsewhere: true } : resultOf(outcome);
});
