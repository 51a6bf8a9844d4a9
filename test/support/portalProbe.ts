/** An initiator that asks every portal all the time which targets it has, and knows when it was answered. */
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { setTimeout as later } from 'node:timers/promises';

/** What is asked of portals, and from where. */
export interface ProbeOptions {
  readonly prefix: readonly string[];
  readonly initiator: string;
  /** Addresses of portals, whether or not anybody listens there. */
  readonly ips: readonly string[];
}

/** Looks until it is ended. */
export interface PortalProbe {
  /** The longest time, in ms, in which no portal answered: since a moment of `now`, until now. */
  readonly longestGapMs: (since: number) => number;
  /** Which portals answered since then. */
  readonly answering: (since: number) => readonly string[];
  readonly now: () => number;
  readonly stop: () => Promise<void>;
}

/** The clock of the machine that shells can read, too: seconds, to the hundredth. */
const uptime = (): number => Number(readFileSync('/proc/uptime', 'utf8').split(' ')[0]);

/** Discovery as an initiator does it: who is let in by nobody sees no target, so an answer without one is none. */
const LOOP = `while :; do
  if timeout 1 iscsi-ls -i "$1" "iscsi://$2:3260" 2>/dev/null | grep -q '^Target:'; then
    read -r up _ < /proc/uptime
    echo "$up"
  fi
  sleep 0.1
done`;

/**
 * Begins.
 *
 * @example
 * const probe = startProbe({ prefix: [], initiator: 'iqn.2008-11.org.blockledger:test', ips: ['127.0.0.1'] });
 * probe.longestGapMs(probe.now()); // some milliseconds, where somebody serves
 * await probe.stop();
 */
export const startProbe = ({ prefix, initiator, ips }: ProbeOptions): PortalProbe => {
  const answers: { readonly ip: string; readonly at: number }[] = [];
  const children = ips.map((ip) => {
    const [program, ...rest] = [...prefix, 'sh', '-c', LOOP, 'probe', initiator, ip];
    const child = spawn(program, rest, { stdio: ['ignore', 'pipe', 'ignore'] });
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      for (const line of text.split('\n').filter(Boolean)) answers.push({ ip, at: Number(line) });
    });
    return child;
  });
  const since = (from: number): readonly { readonly ip: string; readonly at: number }[] => answers.filter(({ at }) => at >= from);
  return {
    now: uptime,
    longestGapMs: (from) => {
      const moments = [from, ...since(from).map(({ at }) => at), uptime()].toSorted((a, b) => a - b);
      return Math.round(1_000 * Math.max(...moments.map((at, index) => at - (moments[index - 1] ?? at))));
    },
    answering: (from) => [...new Set(since(from).map(({ ip }) => ip))].toSorted(),
    stop: async () => {
      for (const child of children) child.kill('SIGKILL');
      // The last question ends by itself.
      await later(1_100);
    },
  };
};
