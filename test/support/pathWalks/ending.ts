/** How a walk over access paths ends: operators mend what was disturbed, look at it, and take it down. */
import * as E from 'fp-ts/lib/Either.js';
import type { PlaneRequest } from '@blockledger/app';
import { ASK_AGAIN_MS } from '@blockledger/domain';
import { releaseAll } from './attachmentAsks.ts';
import { HOSTS, NAMES } from './gateways.ts';
import { complain, mustBeWhole, PATIENCE_MS, ROUNDS_EVERY_MS, type Walk } from './walking.ts';

/** More rounds of mending than anything should need. */
const MOST_MENDINGS = 12;
const all = { limit: -1 } as const;

/** All hosts are back, and operators do what warnings, failed tasks and the audit tell them, until none tells anything. */
export const mend = async (walk: Walk): Promise<void> => {
  const { gateways, mortal } = walk;
  const plane = mortal.now();
  gateways.initiators.clear();
  for (const host of NAMES) {
    await gateways.powerOn(host, 'unsaved');
    gateways.conditions[host].cut = false;
    await mortal.ask({ do: 'resumeHost', host });
    if (plane.hosts.get(host)?.off !== null) await mortal.ask({ do: 'declareHostBack', host });
  }
  for (let round = 0; round < MOST_MENDINGS; round += 1) {
    if (!(await mortal.run(PATIENCE_MS))) complain(walk, 'owed for hours', plane.monitor.status().owed.map(({ stream, step, phase }) => `${stream} ${step} ${phase}`));
    // Rounds see what the hosts do, and addresses find their holder.
    await mortal.pass(2 * ROUNDS_EVERY_MS);
    // A host that was asked for its admission a while ago is asked again.
    const notReady = await Promise.all(NAMES.map(async (host) => (await gateways.instances(host, plane.installationId)).some((one) => one.notReady === 'admission')));
    if (notReady.includes(true)) await mortal.pass(ASK_AGAIN_MS + 2 * ROUNDS_EVERY_MS);
    const failed = plane.tasks.list({ ...all, status: 'failed' }).items;
    for (const task of failed) await mortal.ask({ do: 'retryTask', task: task.id });
    const report = await mortal.hear(plane.drift());
    const mends = new Map((report?.drifts ?? []).flatMap((drift) => (drift.mend === null || drift.mend.do === 'rebuild' ? [] : [[JSON.stringify(drift.mend), drift.mend] as const])));
    for (const request of mends.values()) await mortal.ask(request);
    if (failed.length === 0 && mends.size === 0 && mortal.owesNothing() && !notReady.includes(true)) return;
  }
};

/** What an audit finds. */
export const audited = async ({ mortal }: Walk): Promise<readonly string[]> => {
  const report = await mortal.hear(mortal.now().drift());
  if (report === undefined) return ['the audit does not answer'];
  return [...report.drifts.map(({ message }) => message), ...report.busy.map((id) => `busy: ${id}`), ...report.unseen.map((one) => `unseen: ${JSON.stringify(one)}`)];
};

/** References of kept secrets that nothing needs, told by how many accounts there are. */
export const leftSecrets = async ({ mortal }: Walk): Promise<readonly string[]> => {
  const refs = await mortal.secrets.refs('chap')();
  if (E.isLeft(refs)) return ['secrets cannot be read'];
  const plane = mortal.now();
  const owners = new Map([...plane.accessPaths.list(all).items.map(({ id, chap }) => [id, chap] as const), ...plane.clientGroups.list(all).items.map(({ id, mutual }) => [id, mutual] as const)]);
  const needed = [...owners.values()].filter((account) => account !== null).length;
  const strays = refs.right.filter((ref) => (owners.get(ref.split('/')[1] ?? '') ?? null) === null);
  return [...strays.map((ref) => `the secret ${ref} belongs to nothing`), ...(refs.right.length === needed ? [] : [`${refs.right.length} secrets are kept, ${needed} are needed`])];
};

/** Takes everything down as a patient operator would; nothing may be left of it. */
export const takeDown = async (walk: Walk): Promise<void> => {
  const { gateways, mortal } = walk;
  const plane = mortal.now();
  const away = async (requests: readonly PlaneRequest[]): Promise<void> => {
    for (const request of requests) if ((await mortal.ask(request)) === 'refused') complain(walk, 'cannot be taken down', [JSON.stringify(request), [...mortal.refusals].join(' ')]);
    if (!(await mortal.run(PATIENCE_MS))) complain(walk, 'not taken down for hours', plane.monitor.status().owed.map(({ stream, step, phase }) => `${stream} ${step} ${phase}`));
    mustBeWhole(walk);
  };
  await away(releaseAll(plane));
  await away(plane.vipGroups.list(all).items.map(({ id }) => ({ do: 'deleteVipGroup', vipGroup: id, input: { force: true } })));
  await away(plane.mappingGroups.list(all).items.map(({ id }) => ({ do: 'deleteMappingGroup', mappingGroup: id, input: { force: true } })));
  await away(plane.accessPaths.list(all).items.map(({ id }) => ({ do: 'deleteAccessPath', accessPath: id })));
  await away([
    ...plane.clientGroups.list(all).items.map(({ id }): PlaneRequest => ({ do: 'deleteClientGroup', clientGroup: id })),
    ...plane.hosts.list(all).items.map(({ id }): PlaneRequest => ({ do: 'retireHost', host: id })),
    ...plane.volumes.list(all).items.map(({ id }): PlaneRequest => ({ do: 'deleteVolume', volume: id, input: {} })),
  ]);
  const left = await Promise.all(NAMES.map(async (host) => [...gateways.standing(host).map(({ iqn }) => iqn), ...gateways.xdc.luns(host), ...(await gateways.instances(host, plane.installationId)).map(({ ip }) => ip)]));
  // Their addresses and names are free again.
  for (const { name, source } of HOSTS) if ((await mortal.ask({ do: 'registerHost', input: { name, targets: 'xdc', addresses: [{ ip: source, prefix: 24, interface: 'eth0' }] } })) === 'refused') left.push([`${name} is not free`]);
  await mortal.run(PATIENCE_MS);
  const rest = [...left.flat(), ...(await leftSecrets(walk)), ...(await audited(walk)), ...plane.tasks.list({ ...all, status: 'failed' }).items.map(({ type }) => `failed: ${type}`)];
  if (rest.length > 0) complain(walk, 'left over', rest);
};
