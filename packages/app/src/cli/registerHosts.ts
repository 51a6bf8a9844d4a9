/** Makes the gateway hosts of a configuration known. Doing it again changes nothing. */
import * as E from 'fp-ts/lib/Either.js';
import type { Refusal } from '@blockledger/domain';
import type { ControlPlane } from '../engine/controlPlane.ts';
import type { NetworkAddressInput } from '../engine/pathRequests.ts';
import type { HostView } from '../queries/pathViews.ts';
import type { AddressConfig, HostConfig } from './config.ts';
import { ending, type Ending } from './exit.ts';

const CONFIGURED = { issuedBy: 'config' };
/** A backend that is slow or down does not hold up the start for longer. */
const PATIENCE_MS = 5_000;
const USUAL_PREFIX = 24;

const addressInput = ({ ip, prefix = USUAL_PREFIX, interface: device, segment, role }: AddressConfig): NetworkAddressInput => ({
  ip,
  prefix,
  interface: device,
  ...(segment === undefined ? {} : { segment }),
  ...(role === undefined ? {} : { role }),
});

const refused = (what: string, { message, remedy }: Refusal): Ending => ending('config', `${what} is refused: ${message}`, remedy);

const settled = async (plane: ControlPlane, task: { readonly id: string } | null): Promise<E.Either<Ending, void>> => {
  if (task !== null) await plane.tasks.await(task.id, PATIENCE_MS);
  return E.right(undefined);
};

/** The host's id derives from its name, so two starts at once make one host. */
const register = async (plane: ControlPlane, name: string, { targets, vips, addresses }: HostConfig): Promise<E.Either<Ending, void>> => {
  const input = { name, targets: targets ?? null, vips: vips ?? null, addresses: addresses.map(addressInput) };
  const registered = await plane.registerHost(input, { ...CONFIGURED, idempotencyKey: `host ${name}` });
  return E.isLeft(registered) ? E.left(refused(`hosts.${name}`, registered.left)) : settled(plane, registered.right.task);
};

/** The first field in which an address is another than it was registered with. */
const addressDiffers = (known: HostView['addresses'][number], { prefix = USUAL_PREFIX, interface: device, segment, role = 'gateway' }: AddressConfig): string | undefined => {
  if (known.prefix !== prefix) return 'prefix';
  if (known.interface !== device) return 'interface';
  if (segment !== undefined && known.segment !== segment) return 'segment';
  return known.role === role ? undefined : 'role';
};

const differs = (host: HostView, { targets, vips, addresses }: HostConfig): string | undefined => {
  if (host.targets !== (targets ?? null)) return 'targets';
  if (host.vips !== (vips ?? null)) return 'vips';
  for (const [at, address] of addresses.entries()) {
    const known = host.addresses.find(({ ip }) => ip === address.ip);
    const field = known === undefined ? undefined : addressDiffers(known, address);
    if (field !== undefined) return `addresses[${at}].${field}`;
  }
  return undefined;
};

/** Addresses that the file has and the host has not yet. Those that the host got otherwise stay. */
const addMissing = async (plane: ControlPlane, host: HostView, { addresses }: HostConfig): Promise<E.Either<Ending, void>> => {
  for (const [at, address] of addresses.entries()) {
    if (host.addresses.some(({ ip }) => ip === address.ip)) continue;
    const added = await plane.addNetworkAddress(host.id, addressInput(address), CONFIGURED);
    if (E.isLeft(added)) return E.left(refused(`hosts.${host.name}.addresses[${at}]`, added.left));
    await settled(plane, added.right.task);
  }
  return E.right(undefined);
};

const ensure = async (plane: ControlPlane, name: string, config: HostConfig): Promise<E.Either<Ending, void>> => {
  const known = plane.hosts.list({ name }).items[0];
  if (known === undefined) return register(plane, name, config);
  const field = differs(known, config);
  if (field !== undefined) return E.left(ending('config', `hosts.${name}.${field} is not what the host was registered with`, 'write what it was registered with, or retire the host first'));
  return addMissing(plane, known, config);
};

/** All of them, in the order of the file, so that their integers are the same everywhere. */
export const registerHosts = async (plane: ControlPlane, hosts: Readonly<Record<string, HostConfig>>): Promise<E.Either<Ending, void>> => {
  for (const [name, config] of Object.entries(hosts)) {
    const ensured = await ensure(plane, name, config);
    if (E.isLeft(ensured)) return ensured;
  }
  return E.right(undefined);
};
