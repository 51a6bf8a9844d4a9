// One simulated Ceph for several processes. It stands in the one that started them, and they ask it as they would ask a cluster: by command lines of `rbd`, sent there and answered.
import type { ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import type { Simulator } from '@blockledger/adapters-rbd/simulator';
import type { ProcessRunner } from '@blockledger/domain';

type Answered = Awaited<ReturnType<ReturnType<ProcessRunner>>>;
type Asked = { readonly ceph: string } & (
  | { readonly argv: readonly string[]; readonly stdin: string | Uint8Array | undefined; readonly idleTimeoutMs: number }
  | { readonly cancelled: true }
);
type Answer = { readonly ceph: string } & ({ readonly answered: Answered } | { readonly stderr: string });

const isOurs = (message: unknown): message is { readonly ceph: string } => typeof message === 'object' && message !== null && 'ceph' in message;

/** Answers what this process asks. What was under way when it is killed ends in the middle, as a program does whose parent is killed. */
export const answerFor = (child: ChildProcess, cluster: Simulator): void => {
  const running = new Map<string, AbortController>();
  // Nobody hears it who is killed meanwhile.
  const answer = (message: Answer): void => void (child.connected && child.send(message, () => undefined));
  child.on('message', (message) => {
    if (!isOurs(message)) return;
    const { ceph, ...asked } = message as Asked;
    if ('cancelled' in asked) {
      running.get(ceph)?.abort();
      return;
    }
    const { argv, stdin, idleTimeoutMs } = asked;
    const ending = new AbortController();
    running.set(ceph, ending);
    const run = async (): Promise<void> => {
      const answered = await cluster.run({ argv, ...(stdin === undefined ? {} : { stdin }), idleTimeoutMs, signal: ending.signal, onStderr: (stderr) => answer({ ceph, stderr }) })();
      running.delete(ceph);
      answer({ ceph, answered });
    };
    void run();
  });
  child.once('disconnect', () => running.forEach((ending) => ending.abort()));
};

/** Asks the process that started this one. */
export const askParent: ProcessRunner =
  ({ argv, stdin, idleTimeoutMs, signal, onStderr }) =>
  () =>
    new Promise((resolve) => {
      const ceph = randomUUID();
      const cancel = (): void => void process.send?.({ ceph, cancelled: true } satisfies Asked);
      const hear = (message: unknown): void => {
        if (!isOurs(message) || message.ceph !== ceph) return;
        const heard = message as Answer;
        if ('stderr' in heard) {
          onStderr?.(heard.stderr);
          return;
        }
        process.off('message', hear);
        signal.removeEventListener('abort', cancel);
        resolve(heard.answered);
      };
      process.setMaxListeners(0).on('message', hear);
      signal.addEventListener('abort', cancel);
      process.send?.({ ceph, argv, stdin, idleTimeoutMs } satisfies Asked);
      if (signal.aborted) cancel();
    });
