/** Runs one benchmark in this process and writes its result to a file: `one.ts <name> <file> [rounds]`. */
import { writeFileSync } from 'node:fs';
import type { Benchmark } from './benchmark.ts';
import { measured } from './measuring.ts';

const [name = '', file = '', rounds] = process.argv.slice(2);
const { benchmark } = (await import(new URL(`../${name}.ts`, import.meta.url).href)) as { readonly benchmark: Benchmark };
const absent = benchmark.absent?.();
if (absent === undefined) {
  const say = (line: string): void => console.log(`  ${line}`);
  writeFileSync(file, `${JSON.stringify(await measured(benchmark, rounds === undefined ? { say } : { say, rounds: Number(rounds) }), null, 1)}\n`);
} else console.log(`  left out: ${absent}`);
