/** The text of a new configuration file. */

import { clean } from '../frame/text.ts';
import { isConnectionString } from '../store/place.ts';

/** What the file is to say. */
export interface Plan {
  readonly backend: 'simulator' | 'ceph';
  readonly store: string;
  readonly port: number;
  /** Pools on the backend; each gets the same name here. */
  readonly pools: readonly string[];
  readonly conf: string;
  readonly user: string;
  /** Default: where the programs look for it. */
  readonly keyring?: string;
}

const quoted = (text: string): string => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'").replaceAll('\n', '\\n')}'`;

const key = (name: string): string => (/^[a-z_$][\w$]*$/i.test(name) ? name : quoted(name));

const poolLines = (pools: readonly string[]): string => pools.map((pool) => `      ${key(pool)}: { backend: 'ceph', pool: ${quoted(pool)} },`).join('\n');

const HEAD = `// What this service of Blockledger is made of. Check it with \`blockledger doctor\`, start it with \`blockledger serve\`.
`;

/** What the written file imports, which is nothing that this one does. */
const IMPORTS = {
  backend: "import { rbdBackend } from '@blockledger/adapters-rbd';",
  app: "import { defineConfig } from '@blockledger/app';",
} as const;

const SIMULATORS = [
  "import { qsanArray } from '@blockledger/adapters-qsan';",
  "import { startQsanArray } from '@blockledger/adapters-qsan/simulator';",
  IMPORTS.backend,
  "import { simulateRbd } from '@blockledger/adapters-rbd/simulator';",
  "import { xdcTargets } from '@blockledger/adapters-xdc';",
  "import { simulateVips, simulateXdc } from '@blockledger/adapters-xdc/simulator';",
  IMPORTS.app,
].join('\n');

/** In EventStoreDB: by its connection string, or a file that holds one. */
const isElsewhere = ({ store }: Plan): boolean => store.startsWith('@') || isConnectionString(store);

/** What is beside a file, and has to be said where there is none. */
const besides = (plan: Plan): string =>
  isElsewhere(plan) ? "    // Secrets of webhooks and CHAP accounts, sealed. Every process over this store needs the same file.\n    secrets: { path: 'var/blockledger.secrets' },\n" : '';

const logLine = (plan: Plan): string =>
  isElsewhere(plan)
    ? `    // The log of every change, in EventStoreDB (npm install @eventstore/db-client). Copy it into a file with \`blockledger store copy\`.\n    store,\n${besides(plan)}`
    : '    // The log of every change. Back it up with `blockledger store backup`.\n    store,\n';

const opening = ({ store }: Plan): string => `export default defineConfig(({ store = ${quoted(store)} }) => {`;

const REST = ({ port }: Plan): string => `
    // Where REST listens. Other machines can reach it only on another host than this one.
    listen: { host: '127.0.0.1', port: ${port} },
    // Who may ask is said here by name; BLOCKLEDGER_TOKEN in the environment adds one. Without any, the service makes a token for each run.
    // tokens: { operator: 'a long random text' },
    // How much is logged: 'debug', 'info', 'warn', 'error' or 'silent'.
    logLevel: 'info',
`;

const POOLS = ({ pools }: Plan, others: readonly string[] = []): string => `
    // Pools by the name that users see. An erasure coded pool holds data only: { backend: 'ceph', pool: 'heads', dataPool: 'data', poolType: 'erasure' }.
    // overSubscriptionRatio says how much more may be promised than there is; default 20.
    pools: {
${[poolLines(pools), ...others].join('\n')}
    },
`;

/** What offers volumes to initiators, for whoever has gateways. */
const GATEWAYS = `
    // Gateway hosts offer volumes to iSCSI initiators, and virtual IPs move between them (docs/guides/gateways.md). They need, above:
    //   import { keepalivedVips, sshHost, tgtReadiness, tgtTargets } from '@blockledger/adapters-xdc';
    //   const gateways = ['gw1', 'gw2'].map((name) => sshHost({ name, host: \`\${name}.example\`, user: 'root', identity: '/etc/blockledger/gateways.key', knownHosts: '/etc/blockledger/known_hosts' }));
    // targets: { gateways: tgtTargets({ hosts: gateways }) },
    // vips: { keepalived: keepalivedVips({ hosts: gateways, supervise: 'systemd', ...tgtReadiness() }) },
    // hosts: {
    //   gw1: { targets: 'gateways', vips: 'keepalived', addresses: [{ ip: '10.252.1.1', interface: 'eth0' }] },
    //   gw2: { targets: 'gateways', vips: 'keepalived', addresses: [{ ip: '10.252.1.2', interface: 'eth0' }] },
    // },
`;

/** An array beside the cluster, for whoever has one. */
const ARRAY = `
    // A QSAN array has volumes and targets of its own (docs/guides/qsan.md). It needs, above:
    //   import { passwordFromEnvironment, qsanArray } from '@blockledger/adapters-qsan';
    //   const array = qsanArray({ url: 'https://10.252.1.50', username: 'blockledger', password: passwordFromEnvironment('QSAN_PASSWORD'), host: 'array1' });
    // Add array1: array.volumes to the backends, array1: array.targets to the targets, array1: { targets: 'array1', addresses: [] } to the hosts, and its pools.
`;

/** What the simulated service is made of, behind its pools. */
const SIMULATED_HOSTS = `
    // Gateway hosts offer the volumes of Ceph to iSCSI initiators, and virtual IPs move between them (docs/guides/gateways.md). Real ones:
    // tgtTargets({ hosts }) or xdcTargets({ hosts }), and keepalivedVips({ hosts, … }). An array has targets of its own.
    targets: { gateways: xdcTargets({ hosts: xdc.hosts, endsSessions: true }), array1: targets },
    vips: { keepalived: segment.backend },
    hosts: {
      gw1: { targets: 'gateways', vips: 'keepalived', addresses: [{ ip: '10.252.1.1', interface: 'eth0' }] },
      gw2: { targets: 'gateways', vips: 'keepalived', addresses: [{ ip: '10.252.1.2', interface: 'eth0' }] },
      array1: { targets: 'array1', addresses: [] },
    },
`;

/** The pool of the array, unless the cluster has one of this name. */
const arrayPool = ({ pools }: Plan): readonly string[] => (pools.includes('gold') ? [] : ["      gold: { backend: 'array1', pool: 'Pool-1' },"]);

const simulator = (plan: Plan): string => `${HEAD}// Ceph, the gateways and the QSAN array are SIMULATED: volumes exist on paper only, in files beside the store. No disk is touched.
${SIMULATORS}

${opening(plan).replace('defineConfig((', 'defineConfig(async (')}
  // What is simulated outlives the process, as the store does.
  const kept = (name) => (store === ':memory:' ? {} : { file: \`${isElsewhere(plan) ? 'var/simulated' : `\${store}`}.\${name}.json\` });
  const cluster = simulateRbd({
    ...kept('cluster'),
    pools: { ${plan.pools.map((pool) => `${key(pool)}: {}`).join(', ')} },
    // How long each call takes, and how long flatten, roll back and remove take, in ms. Longer shows progress bars at work.
    latencyMs: 0,
    longMs: 2_000,
  });
  const gateways = ['gw1', 'gw2', 'gw3'];
  const xdc = simulateXdc({ hosts: gateways, ...kept('gateways') });
  const segment = simulateVips({ hosts: gateways.map((name, at) => ({ name, source: \`10.252.1.\${at + 1}\` })), ...kept('segment') });
  // A real HTTPS server. A real array: qsanArray({ url: 'https://10.252.1.50', username: 'blockledger', password: passwordFromEnvironment('QSAN_PASSWORD'), host: 'array1' })
  const array = await startQsanArray(kept('array'));
  const { volumes, targets } = qsanArray({ ...array.options, host: 'array1' });
  return {
${logLine(plan)}    // For real Ceph: rbdBackend({ conf: '/etc/ceph/ceph.conf', name: 'client.blockledger' })
    backends: { ceph: rbdBackend({ run: cluster.run }), array1: volumes },
${POOLS(plan, arrayPool(plan))}${SIMULATED_HOSTS}${REST(plan)}
    // Said on the screen at the start.
    notice: '  *** Ceph, the gateways and the QSAN array are SIMULATED: volumes exist on paper only. ***',
    // Ends what this file has started, after everything else.
    close: array.stop,
  };
});
`;

const ceph = (plan: Plan): string => `${HEAD}${IMPORTS.backend}
${IMPORTS.app}

${opening(plan)}
  return {
${logLine(plan)}    backends: {
      ceph: rbdBackend({
        conf: ${quoted(plan.conf)},
        // A user of its own. On the cluster: ${clean(`ceph auth get-or-create ${plan.user} mon 'profile rbd' osd '${plan.pools.map((pool) => `profile rbd pool=${pool}`).join(', ')}' mgr 'profile rbd'`)}
        name: ${quoted(plan.user)},
${plan.keyring === undefined ? `        // keyring: '/etc/ceph/ceph.${clean(plan.user)}.keyring',` : `        keyring: ${quoted(plan.keyring)},`}
        // How many programs run at once.
        maxProcesses: 8,
      }),
    },
${POOLS(plan)}${GATEWAYS}${ARRAY}${REST(plan)}  };
});
`;

/** The whole file. */
export const configText = (plan: Plan): string => (plan.backend === 'ceph' ? ceph(plan) : simulator(plan));
