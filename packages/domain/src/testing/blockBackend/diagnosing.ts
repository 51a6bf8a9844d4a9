/** A diagnosis is honest, says what to do, and leaves no trace. A backend need not offer one. */
import type { Finding } from '../../ports/diagnosis.ts';
import { check, making, removing, same, succeeded, type OnScene } from './given.ts';

const problemsIn = (findings: readonly Finding[]): readonly string[] => findings.flatMap(({ level, found }) => (level === 'problem' ? [found] : []));

const isFilled = (text: string): boolean => text.trim() !== '';

export const backendsKnowWhatIsWrong = (on: OnScene): void => {
  on('a diagnosis of pools that work finds no problem, and says something of each pool', async ({ backend, placement, otherPlacement, erasure, context }) => {
    if (backend.diagnose === undefined) return;
    const placements = [placement, otherPlacement, erasure].filter((each) => each !== undefined);
    const findings = await backend.diagnose(placements, context)();
    same(problemsIn(findings), [], 'problems');
    for (const pool of placements.flatMap(({ pool, dataPool }) => (dataPool === undefined ? [pool] : [pool, dataPool]))) {
      check(findings.some(({ about }) => about === pool), `nothing is said of pool ${pool}`);
    }
    const names = findings.map(({ check, about }) => `${check} ${about}`);
    same(names.length, new Set(names).size, `each is said once: ${names.join(', ')}`);
  });

  on('a diagnosis names a pool that is not there, what follows and what to do', async ({ backend, placement, context }) => {
    if (backend.diagnose === undefined) return;
    const absent = { backend: placement.backend, pool: 'no-such-pool' };
    const findings = await backend.diagnose([placement, absent], context)();
    const told = findings.find(({ level, about }) => level === 'problem' && about === 'no-such-pool');
    check(told !== undefined && told.level === 'problem', `the absent pool is no problem in ${JSON.stringify(findings)}`);
    check([told.found, told.meaning, told.remedy].every(isFilled), 'it says what is so, what follows and what to do');
  });

  on('a diagnosis changes nothing: neither volumes nor marks', async ({ backend, placement, volume, done, context }) => {
    if (backend.diagnose === undefined) return;
    await done(making(volume));
    const look = async (): Promise<unknown> => [succeeded(await backend.see(volume, context)(), 'see'), succeeded(await backend.readMark(placement, context)(), 'readMark')];
    const before = await look();
    await backend.diagnose([placement], context)();
    same(await look(), before, 'afterwards');
    await done(removing(volume));
  });

  on('a diagnosis that is stopped ends, and calls nothing well that it did not see', async ({ backend, placement, context }) => {
    if (backend.diagnose === undefined) return;
    const stopped = { ...context, signal: { ...context.signal, aborted: true } };
    const findings = await backend.diagnose([placement], stopped)();
    check(problemsIn(findings).length > 0, `no problem in ${JSON.stringify(findings)}`);
  });
};
