/** Which version this is. */
import { createRequire } from 'node:module';

/** The version of the package. */
export const versionOf = (): string => {
  const { version }: { readonly version: string } = createRequire(import.meta.url)('../../package.json') as { readonly version: string };
  return version;
};
