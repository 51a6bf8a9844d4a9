/** A network namespace of a test: a host with interfaces of its own. */
import { execFileSync } from 'node:child_process';

let count = 0;

/** A namespace that exists until `remove`. */
export interface Namespace {
  readonly name: string;
  /** What stands before a command line to run it there. */
  readonly prefix: readonly string[];
  readonly run: (...argv: readonly string[]) => string;
  readonly remove: () => void;
}

/** Makes one; its loopback interface is down, as the kernel makes it. It goes with this process at the latest. */
export const makeNamespace = (): Namespace => {
  count += 1;
  const name = `blt-${process.pid}-${count}`;
  execFileSync('ip', ['netns', 'add', name]);
  const prefix = ['ip', 'netns', 'exec', name];
  const remove = (): void => {
    process.removeListener('exit', remove);
    execFileSync('ip', ['netns', 'delete', name]);
  };
  process.once('exit', remove);
  return { name, prefix, run: (...argv) => execFileSync('ip', ['netns', 'exec', name, ...argv], { encoding: 'utf8' }), remove };
};
