/** Where programs stand. */
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Where a program stands on the PATH; `undefined` when it does not. */
export function whereIs(program: string): string | undefined {
  return (process.env['PATH'] ?? '')
    .split(delimiter)
    .map((folder) => join(folder, program))
    .find((path) => {
      try {
        accessSync(path, constants.X_OK);
        return true;
      } catch {
        return false;
      }
    });
}

/** The program that ties a child's life to ours (Linux). */
export const setprivPath = (): string | undefined => (process.platform === 'linux' ? whereIs('setpriv') : undefined);
