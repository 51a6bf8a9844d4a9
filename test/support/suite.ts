import * as uvu from 'uvu';

const notRun = new Set<string>();

/**
 * A uvu suite that cannot be forgotten: if the file ends without calling `.run()` on it, the process fails.
 * uvu itself passes such a file silently.
 *
 * @example
 * const test = suite('volume');
 * test('a volume refuses its 257th snapshot [S0-61]', () => { … });
 * test.run();
 */
export function suite<Context = Record<string, unknown>>(name: string, context?: Context): uvu.Test<Context> {
  if (notRun.has(name)) throw new Error(`Two suites of one file are named "${name}".`);
  const test = context === undefined ? uvu.suite<Context>(name) : uvu.suite<Context>(name, context);
  const run = test.run.bind(test);
  notRun.add(name);
  test.run = () => {
    notRun.delete(name);
    run();
  };
  return test;
}

process.on('exit', () => {
  for (const name of notRun) console.error(`The suite "${name}" was never run: it lacks .run().`);
  if (notRun.size > 0) process.exitCode = 1;
});
