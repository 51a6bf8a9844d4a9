/** Commands that only look, as people see them everywhere. */
import { looksAsGolden } from '../support/cliGolden.ts';
import { cliWorld, type CliWorld } from '../support/cliWorld.ts';
import { requireReal } from '../support/real.ts';
import { suite } from '../support/suite.ts';
import { realTerminal } from '../support/terminal.ts';

requireReal(realTerminal);
const test = suite('looking with blockledger');
let world: CliWorld;

/** What is looked at, by the golden file. */
const LOOKS: Readonly<Record<string, string>> = {
  'volume-list': 'volume list',
  'volume-list-bytes': 'volume list --bytes --search twin',
  'volume-list-none': 'volume list --search nothing',
  'volume-show': 'volume show db-1',
  'volume-show-clone': 'volume show db-1-clone',
  'volume-show-failed': 'volume show broken-1',
  'volume-show-ambiguous': 'volume show twin',
  'volume-show-absent': 'volume show nothing',
  'snapshot-list': 'snapshot list --volume db-1',
  'snapshot-show': 'snapshot show db-1@before-upgrade',
  'pool-list': 'pool list',
  'pool-show': 'pool show archive',
  'backend-list': 'backend list',
  'backend-show': 'backend show ceph',
  'task-list': 'task list --status failed',
  'task-show': 'task show FAILED',
  'history-volume': 'history volume db-1-clone',
  'history-failed': 'history volume broken-1',
  'history-snapshot': 'history snapshot db-1@before-upgrade',
  'history-pool': 'history pool archive',
  'at': 'at 0s volume db-1',
  'at-too-early': 'at 2001-01-01T00:00:00Z volume db-1',
  'drift': 'drift',
  'orphans': 'orphans',
  'actions': 'actions --refused',
  'actions-volume': 'actions --volume db-1 --action createSnapshot',
  'warnings': 'warnings',
  'plan': 'plan volume delete 4 --force',
  'plan-nothing': 'plan volume list --search twin',
  'plan-unknown': 'plan volum delete 1',
  'token-list': 'token list',
  'token-whoami': 'token whoami',
};

for (const [name, line] of Object.entries(LOOKS)) {
  test(`${line} looks the same on every screen, and is one document as JSON [S0-4, I-25]`, async () => {
    await looksAsGolden({ name, line: `blockledger ${line.replace('FAILED', String(world.failedTask))}`, place: { env: world.env }, atOnce: true, rules: [[/[0-9a-f]{8}(?:-[0-9a-f]{1,12})+(?=…)/g, '<uuid>'], [/volume-[0-9a-f]{32}/g, '<image>'], [/\b(?=\d*[a-f])[0-9a-f]{16}\b/g, '<serial>']] });
  });
}

test.before(async () => {
  world = await cliWorld();
});
test.after(() => world.close());
test.run();
