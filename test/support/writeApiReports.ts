import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { apiFolder, freshReports, standingReports } from './apiReports.ts';

const fresh = freshReports();
for (const name of Object.keys(standingReports())) if (!(name in fresh)) rmSync(join(apiFolder, name));
for (const [name, text] of Object.entries(fresh)) writeFileSync(join(apiFolder, name), text);
console.log(`wrote ${Object.keys(fresh).length} reports into docs/api`);
