/** What is said to the array: every request of the source, as data (S1-2…S1-24). Nothing is sent here. */
import type { Secret } from '@blockledger/domain';

/** A body. A `Secret` in it shows its mask wherever it is printed, and is opened only where it is sent. */
export type RequestBody = Readonly<Record<string, string | number | boolean | Secret>>;

/** One request. */
export interface ArrayRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** After `/api`, escaped. */
  readonly path: string;
  readonly body?: RequestBody;
  /** The same for all names and ids: what figures and traces call it. */
  readonly command: string;
  /** What it does, as a person says it. */
  readonly summary: string;
  /** It may be sent twice: after the second time everything is as after the first. */
  readonly isRepeatable: boolean;
}

const part = encodeURIComponent;

const get = (path: string, command: string, summary: string): ArrayRequest => ({ method: 'GET', path, command: `GET ${command}`, summary, isRepeatable: true });
const remove = (path: string, command: string, summary: string): ArrayRequest => ({ method: 'DELETE', path, command: `DELETE ${command}`, summary, isRepeatable: true });
const post = (path: string, command: string, summary: string, body: RequestBody): ArrayRequest => ({ method: 'POST', path, command: `POST ${command}`, summary, body, isRepeatable: false });

/** Logs in; the password is masked in everything but the request itself (S1-2). */
export const logIn = (username: string, password: Secret): ArrayRequest => post('/login', 'login', 'log in', { username, password });

/** Ends the session of the token (S1-3). */
export const logOut: ArrayRequest = { method: 'POST', path: '/logout', command: 'POST logout', summary: 'log out', isRepeatable: true };

/** Asks the array who it is (S1-16). */
export const showSystem: ArrayRequest = get('/system', 'system', 'look at the array');

/** Asks how full a pool is (S1-15). */
export const showPool = (pool: string): ArrayRequest => get(`/pools/${part(pool)}`, 'pools/:pool', `look at pool ${pool}`);

/** A volume that is to be. */
export interface NewVolume {
  readonly pool: string;
  readonly name: string;
  readonly sizeBytes: number;
  readonly thin: boolean;
}

const volumePath = (name: string): string => `/volumes/${part(name)}`;

/** Makes a volume (S1-6). */
export const createVolume = ({ pool, name, sizeBytes, thin }: NewVolume): ArrayRequest =>
  post('/volumes', 'volumes', `make ${name}`, { pool, name, size: sizeBytes, thin_provision: thin });

/** Looks at a volume (S1-9). */
export const showVolume = (name: string): ArrayRequest => get(volumePath(name), 'volumes/:volume', `look at ${name}`);

/** Makes a volume larger. Said twice it is refused the second time, for its size must grow (S1-8). */
export const extendVolume = (name: string, sizeBytes: number): ArrayRequest => ({
  method: 'PUT',
  path: volumePath(name),
  command: 'PUT volumes/:volume',
  summary: `extend ${name}`,
  body: { size: sizeBytes },
  isRepeatable: false,
});

/** Removes a volume (S1-7). */
export const deleteVolume = (name: string): ArrayRequest => remove(volumePath(name), 'volumes/:volume', `remove ${name}`);

/** Asks which target has a volume (S1-22). */
export const showMapping = (name: string): ArrayRequest => get(`${volumePath(name)}/mapping`, 'volumes/:volume/mapping', `look where ${name} is mapped`);

/** A snapshot of a volume, by their names. */
export interface SnapshotOf {
  readonly volume: string;
  readonly snapshot: string;
}

const snapshotPath = ({ volume, snapshot }: SnapshotOf): string => `${volumePath(volume)}/snapshots/${part(snapshot)}`;

/** Takes a snapshot (S1-11). */
export const createSnapshot = ({ volume, snapshot }: SnapshotOf): ArrayRequest =>
  post(`${volumePath(volume)}/snapshots`, 'volumes/:volume/snapshots', `take ${snapshot} of ${volume}`, { name: snapshot });

/** Looks at a snapshot (S1-11). */
export const showSnapshot = (of: SnapshotOf): ArrayRequest => get(snapshotPath(of), 'volumes/:volume/snapshots/:snapshot', `look at ${of.snapshot}`);

/** Removes a snapshot (S1-11). */
export const deleteSnapshot = (of: SnapshotOf): ArrayRequest => remove(snapshotPath(of), 'volumes/:volume/snapshots/:snapshot', `remove ${of.snapshot}`);

/** Makes a volume of a snapshot, as large as it (S1-12). */
export const cloneVolume = ({ volume, snapshot }: SnapshotOf, name: string): ArrayRequest =>
  post(`${volumePath(volume)}/clone`, 'volumes/:volume/clone', `make ${name} of ${snapshot}`, { name, snapshot });

/** Makes a volume of a snapshot, larger than it (S1-13). */
export const cloneSnapshot = (of: SnapshotOf, name: string, sizeBytes: number): ArrayRequest =>
  post(`${snapshotPath(of)}/clone`, 'volumes/:volume/snapshots/:snapshot/clone', `make ${name} of ${of.snapshot}`, { name, size: sizeBytes });

const targetPath = (id: string): string => `/iscsi/targets/${part(id)}`;

/** Makes a target (S1-17). */
export const createTarget = (name: string, iqn: string): ArrayRequest => post('/iscsi/targets', 'iscsi/targets', `make ${name}`, { name, iqn });

/** Finds targets by name (S1-19). */
export const findTarget = (name: string): ArrayRequest => get(`/iscsi/targets?name=${part(name)}`, 'iscsi/targets?name=', `look for ${name}`);

/** Looks at a target with its LUNs and its list of initiators (S1-18). */
export const showTarget = (id: string): ArrayRequest => get(targetPath(id), 'iscsi/targets/:target', `look at target ${id}`);

/** Removes a target (S1-18). */
export const deleteTarget = (id: string): ArrayRequest => remove(targetPath(id), 'iscsi/targets/:target', `remove target ${id}`);

/** Asks for the addresses by which initiators come in (S1-20). */
export const showPortals: ArrayRequest = get('/iscsi/portals', 'iscsi/portals', 'look at the portals');

/** Maps a volume (S1-21). */
export const mapVolume = (id: string, volume: string, lun: number): ArrayRequest =>
  post(`${targetPath(id)}/luns`, 'iscsi/targets/:target/luns', `map ${volume} as LUN ${lun}`, { volume, lun_id: lun });

/** Unmaps a volume (S1-21). */
export const unmapVolume = (id: string, lun: number): ArrayRequest => remove(`${targetPath(id)}/luns/${lun}`, 'iscsi/targets/:target/luns/:lun', `unmap LUN ${lun}`);

/** Looks at the LUNs of a target, with their sizes (S1-21). */
export const showLuns = (id: string): ArrayRequest => get(`${targetPath(id)}/luns`, 'iscsi/targets/:target/luns', `look at the LUNs of target ${id}`);

/** Lets an initiator in (S1-23). */
export const letIn = (id: string, initiator: string): ArrayRequest => post(`${targetPath(id)}/acl`, 'iscsi/targets/:target/acl', `let ${initiator} in`, { initiator });

/** Lets an initiator in no more (S1-23). */
export const keepOut = (id: string, initiator: string): ArrayRequest =>
  remove(`${targetPath(id)}/acl/${part(initiator)}`, 'iscsi/targets/:target/acl/:initiator', `let ${initiator} in no more`);

/** Sets the account that initiators must present; the password is masked in everything but the request itself (S1-24). */
export const setChap = (id: string, username: string, password: Secret): ArrayRequest => ({
  method: 'PUT',
  path: `${targetPath(id)}/chap`,
  command: 'PUT iscsi/targets/:target/chap',
  summary: `ask for account ${username}`,
  body: { username, password },
  isRepeatable: true,
});
