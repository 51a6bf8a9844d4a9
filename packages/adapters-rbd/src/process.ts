/**
 * How programs are run: for other adapters, which run other programs in the same way.
 *
 * @packageDocumentation
 */
export { childrenDieWithUs, processRunner } from './run.ts';
export { helperPid, helperRunner } from './helper/runner.ts';
export { limited, type LimitedRunner, type Running, type Stoppable } from './limited.ts';
