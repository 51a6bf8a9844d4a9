/** The text of a new configuration file. */

import { clean } from '../frame/text.ts';

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
  simulator: "import { simulateRbd } from '@blockledger/adapters-rbd/simulator';",
  app: "import { defineConfig } from '@blockledger/app';",
} as const;

const opening = ({ store }: Plan): string => `export default defineConfig(({ store = ${quoted(store)} }) => {`;

const REST = ({ port }: Plan): string => `
    // Where REST listens. Other machines can reach it only on another host than this one.
    listen: { host: '127.0.0.1', port: ${port} },
    // Who may ask is said here by name; BLOCKLEDGER_TOKEN in the environment adds one. Without any, the service makes a token for each run.
    // tokens: { operator: 'a long random text' },
    // How much is logged: 'debug', 'info', 'warn', 'error' or 'silent'.
    logLevel: 'info',
`;

const POOLS = ({ pools }: Plan): string => `
    // Pools by the name that users see. An erasure coded pool holds data only: { backend: 'ceph', pool: 'heads', dataPool: 'data', poolType: 'erasure' }.
    // overSubscriptionRatio says how much more may be promised than there is; default 20.
    pools: {
${poolLines(pools)}
    },
`;

/** Hosts of both templates, with the addresses of the guide. */
const HOSTS = `    // hosts: {
    //   gw1: { targets: 'gateways', vips: 'keepalived', addresses: [{ ip: '10.252.1.1', interface: 'eth0' }] },
    //   gw2: { targets: 'gateways', vips: 'keepalived', addresses: [{ ip: '10.252.1.2', interface: 'eth0' }] },
    // },
`;

/** What offers volumes to initiators, for whoever has gateways. */
const GATEWAYS = `
    // Gateway hosts offer volumes to iSCSI initiators, and virtual IPs move between them (docs/guides/gateways.md). They need, above:
    //   import { keepalivedVips, sshHost, tgtReadiness, tgtTargets } from '@blockledger/adapters-xdc';
    //   const gateways = ['gw1', 'gw2'].map((name) => sshHost({ name, host: \`\${name}.example\`, user: 'root', identity: '/etc/blockledger/gateways.key', knownHosts: '/etc/blockledger/known_hosts' }));
    // targets: { gateways: tgtTargets({ hosts: gateways }) },
    // vips: { keepalived: keepalivedVips({ hosts: gateways, supervise: 'systemd', ...tgtReadiness() }) },
${HOSTS}`;

/** The same without any. */
const SIMULATED_GATEWAYS = `
    // Simulated gateway hosts, which offer volumes to nobody, and between which virtual IPs move (docs/guides/gateways.md). They need, above:
    //   import { xdcTargets } from '@blockledger/adapters-xdc';
    //   import { simulateVips, simulateXdc } from '@blockledger/adapters-xdc/simulator';
    //   const gateways = ['gw1', 'gw2', 'gw3'];
    // targets: { gateways: xdcTargets({ hosts: simulateXdc({ hosts: gateways }).hosts, endsSessions: true }) },
    // vips: { keepalived: simulateVips({ hosts: gateways.map((name, at) => ({ name, source: \`10.252.1.\${at + 1}\` })) }).backend },
${HOSTS}`;

/** An array beside the cluster, for whoever has one. */
const ARRAY = `
    // A QSAN array has volumes and targets of its own (docs/guides/qsan.md). It needs, above:
    //   import { passwordFromEnvironment, qsanArray } from '@blockledger/adapters-qsan';
    //   const array = qsanArray({ url: 'https://10.252.1.50', username: 'blockledger', password: passwordFromEnvironment('QSAN_PASSWORD'), host: 'array1' });
    // Add array1: array.volumes to the backends, array1: array.targets to the targets, array1: { targets: 'array1', addresses: [] } to the hosts, and its pools.
`;

const simulator = (plan: Plan): string => `${HEAD}// The Ceph cluster is SIMULATED: images exist on paper only, in a file beside the store. No disk is touched.
${IMPORTS.backend}
${IMPORTS.simulator}
${IMPORTS.app}

${opening(plan)}
  // The simulated images outlive the process, as the store does.
  const cluster = simulateRbd({
    ...(store === ':memory:' ? {} : { file: \`\${store}.cluster.json\` }),
    pools: { ${plan.pools.map((pool) => `${key(pool)}: {}`).join(', ')} },
    // How long each call takes, and how long flatten, roll back and remove take, in ms. Longer shows progress bars at work.
    latencyMs: 0,
    longMs: 2_000,
  });
  return {
    // The log of every change. Back it up with \`blockledger store backup\`.
    store,
    // For real Ceph: rbdBackend({ conf: '/etc/ceph/ceph.conf', name: 'client.blockledger' })
    backends: { ceph: rbdBackend({ run: cluster.run }) },
${POOLS(plan)}${SIMULATED_GATEWAYS}${ARRAY}${REST(plan)}
    // Said on the screen at the start.
    notice: '  *** The Ceph cluster is SIMULATED: images exist on paper only. ***',
  };
});
`;

const ceph = (plan: Plan): string => `${HEAD}${IMPORTS.backend}
${IMPORTS.app}

${opening(plan)}
  return {
    // The log of every change. Back it up with \`blockledger store backup\`.
    store,
    backends: {
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
