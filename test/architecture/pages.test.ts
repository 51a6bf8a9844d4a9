import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { ENVIRONMENT } from '../../packages/app/src/cli/environment.ts';
import { cliPage } from '../support/cliPage.ts';
import { eventsPage } from '../support/eventsPage.ts';
import { filesUnder, repositoryRoot } from '../support/files.ts';
import { openApiPage, operationsPage } from '../support/openApiPage.ts';
import { standing, type Page } from '../support/pages.ts';
import { refusalsPage } from '../support/refusalsPage.ts';
import { suite } from '../support/suite.ts';
import { backendsPage, GATEWAYS_README, gatewaysReadme } from '../support/writeBackends.ts';

const test = suite('pages made from the code');

const isCurrent = ({ path, by, text }: Page): void => assert.is(standing(path), text, `${path} is out of date: run node --conditions=@blockledger/source --import tsx ${by}`);

test('docs/events.md lists every event as it is stored', () => isCurrent(eventsPage()));

test('docs/refusals.md lists every refusal with the way out', () => isCurrent(refusalsPage()));

test('docs/backends.md and the README of the gateways list the capabilities that the backends declare [R-18]', () => {
  assert.is(standing('docs/backends.md'), backendsPage());
  assert.is(standing(GATEWAYS_README), gatewaysReadme());
});

test('docs/openapi.json and docs/operations.md are the contract that is served [S0-1]', () => {
  isCurrent(openApiPage());
  isCurrent(operationsPage());
});

test('docs/cli.md is every command as it is declared, and every variable that it reads is among them [S0-1]', () => {
  isCurrent(cliPage());
  const sources = filesUnder('packages/app/src', (path) => path.endsWith('.ts') && !path.endsWith('cli/environment.ts')).map((path) => readFileSync(join(repositoryRoot, path), 'utf8'));
  const read = new Set(sources.flatMap((text) => [...text.matchAll(/environment\['(\w+)'\]/g)].map(([, name = '']) => name)));
  assert.equal([...read].toSorted(), ENVIRONMENT.flatMap(({ name }) => name.split(', ')).toSorted());
});

test('every event says what it means or is named by its fields alone', () => {
  assert.ok(eventsPage().text.includes('| `SnapshotSlotRefused` | `operationId`: OperationId, `at`: TimestampMs, `snapshotId`: SnapshotId, `refusal`: StoredRefusal |'));
});

test.run();
