/** A volume service in Python, which loads the driver of examples/cinder-driver as Cinder does. One call at a time. */
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { join } from 'node:path';
import { repositoryRoot } from '../files.ts';
import { onPath, type RealPart } from '../real.ts';

/** What the driver of the example needs. */
export const python: RealPart = { what: 'Python', packages: ['python3'], present: () => onPath('python3') };

/** What a call came to: what it returned, or the exception that it raised. */
export interface PythonAnswer {
  readonly returned?: unknown;
  /** What was returned is a tuple. */
  readonly tuple?: true;
  /** Fields of what was returned that are floats. */
  readonly floats?: readonly string[];
  readonly raised?: string;
  readonly message?: string;
}

/** A volume service that runs. */
export interface PythonService {
  readonly call: (name: string, more?: object) => Promise<PythonAnswer>;
  readonly stop: () => Promise<number | null>;
}

/** Starts it with a section of cinder.conf. */
export const startPythonService = (configuration: Readonly<Record<string, string | number>>): PythonService => {
  const script = join(repositoryRoot, 'test/support/cinder/volume_service.py');
  const child = spawn('python3', ['-I', script, join(repositoryRoot, 'examples/cinder-driver'), JSON.stringify(configuration)], { stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const ended = new Promise<number | null>((resolve) => void child.once('close', resolve));
  return {
    call: async (name, more = {}) => {
      child.stdin.write(`${JSON.stringify({ call: name, ...more })}\n`);
      const line: IteratorResult<string, unknown> = await lines.next();
      if (line.done === true) throw new Error('the volume service ended');
      return JSON.parse(line.value) as PythonAnswer;
    },
    stop: () => {
      child.stdin.end();
      return ended;
    },
  };
};
