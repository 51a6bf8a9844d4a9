// Removes from packages/*/dist what no source makes any more. `tsc -b` never does, and what lies there would be published.
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const packages = fileURLToPath(new URL('../packages/', import.meta.url));

for (const name of readdirSync(packages)) {
  const dist = `${packages}${name}/dist/`;
  if (!existsSync(dist)) continue;
  for (const entry of readdirSync(dist, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const made = `${entry.parentPath}/${entry.name}`;
    const compiled = /^(.*?)(?:\.d\.ts|\.js)(?:\.map)?$/.exec(made.slice(dist.length));
    if (compiled !== null && !existsSync(`${packages}${name}/src/${compiled[1]}.ts`)) rmSync(made);
  }
}
