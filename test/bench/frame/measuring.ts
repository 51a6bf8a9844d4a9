/** Measures contestants in turns, so that a busy moment of the machine meets all of them alike. */
import { execFileSync } from 'node:child_process';
import { cpus, loadavg, totalmem } from 'node:os';
import { readFileSync } from 'node:fs';
import type { Arena, Benchmark, Figures, Result, Setting } from './benchmark.ts';

/** How often, where somebody only wants to see that it works. */
export interface Effort {
  readonly rounds?: number;
  readonly say: (line: string) => void;
}

const systemName = (): string => {
  try {
    const [, name = 'an unknown system'] = /^PRETTY_NAME="(.*)"$/m.exec(readFileSync('/etc/os-release', 'utf8')) ?? [];
    return `${name}, Linux ${execFileSync('uname', ['-r'], { encoding: 'utf8' }).trim()}`;
  } catch {
    return process.platform;
  }
};

const setting = (name: string, before: number): Setting => ({
  date: new Date().toISOString().slice(0, 10),
  command: `npm run bench -- ${name}`,
  cpu: cpus()[0]?.model ?? 'unknown',
  cores: cpus().length,
  memoryGiB: Math.round(totalmem() / 2 ** 30),
  system: systemName(),
  node: process.version,
  load: [before, loadavg()[0] ?? 0],
});

const rounds = async (benchmark: Benchmark, { contestants }: Arena, effort: Effort): Promise<Result['samples']> => {
  const points = benchmark.along?.points ?? [1];
  const cells = points.flatMap((at) => contestants.filter((each) => each.points?.includes(at) ?? true).map((contestant) => ({ contestant, at, figures: [] as Figures[] })));
  const warmUp = benchmark.warmUp ?? 1;
  const counted = effort.rounds ?? benchmark.rounds;
  for (let round = -warmUp; round < counted; round += 1) {
    for (const { contestant, at, figures } of round % 2 === 0 ? cells : cells.toReversed()) {
      const measured = await contestant.measure(at, round);
      if (round >= 0) figures.push(measured);
    }
    effort.say(round < 0 ? 'warmed up' : `round ${round + 1} of ${counted}`);
  }
  return cells.map(({ contestant, at, figures }) => ({ contestant: contestant.name, at, figures }));
};

/** Runs a benchmark. */
export const measured = async (benchmark: Benchmark, effort: Effort): Promise<Result> => {
  const before = loadavg()[0] ?? 0;
  const arena = await benchmark.start();
  try {
    const samples = await rounds(benchmark, arena, effort);
    // Functions are left out by JSON, and so is nothing else.
    return { ...benchmark, rounds: effort.rounds ?? benchmark.rounds, setting: setting(benchmark.name, before), contestants: arena.contestants, samples };
  } finally {
    await arena.stop?.();
  }
};
