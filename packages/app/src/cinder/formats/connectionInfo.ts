/** `connection_info`: all that an initiator needs to log in, in the shape that Cinder hands to Nova (S1-34, S4-3). */
import type { ChapLogin } from './providerAuth.ts';
import { portalText, type PortalAddress } from './providerLocation.ts';

/** One way to a volume: a portal, the target behind it, and the volume's LUN number there. */
export interface IscsiPath {
  readonly iqn: string;
  readonly portal: PortalAddress;
  readonly lun: number;
}

/** Whether an initiator may write. */
export type AccessMode = 'rw' | 'ro';

/** What stands behind a connection: at least one path, and the account to log in by, or null. */
export interface Connection {
  readonly volumeId: string;
  readonly paths: readonly [IscsiPath, ...IscsiPath[]];
  readonly chap: ChapLogin | null;
  readonly mode: AccessMode;
}

/** `data` of a connection: the first path, all of them in parallel lists where the host uses several, and the account (S1-34). */
export interface ConnectionData {
  readonly target_discovered: boolean;
  readonly target_iqn: string;
  readonly target_portal: string;
  readonly target_lun: number;
  readonly volume_id: string;
  readonly target_iqns?: readonly string[];
  readonly target_portals?: readonly string[];
  readonly target_luns?: readonly number[];
  readonly auth_method?: 'CHAP';
  readonly auth_username?: string;
  readonly auth_password?: string;
}

/** What `initialize_connection` of the driver returns (S1-34). */
export interface ConnectionInfo {
  readonly driver_volume_type: 'iscsi';
  readonly data: ConnectionData;
}

/** What the call `initialize_connection` returns: the driver's, and what Cinder itself adds (S4-3). */
export interface CallConnectionInfo {
  readonly driver_volume_type: 'iscsi';
  readonly data: ConnectionData & { readonly encrypted: boolean; readonly qos_specs: null; readonly access_mode: AccessMode };
}

const accountOf = (chap: ChapLogin | null): Pick<ConnectionData, 'auth_method' | 'auth_username' | 'auth_password'> =>
  chap === null ? {} : { auth_method: 'CHAP', auth_username: chap.username, auth_password: chap.password };

const listsOf = (paths: readonly IscsiPath[]): Pick<ConnectionData, 'target_iqns' | 'target_portals' | 'target_luns'> => ({
  target_iqns: paths.map(({ iqn }) => iqn),
  target_portals: paths.map(({ portal }) => portalText(portal)),
  target_luns: paths.map(({ lun }) => lun),
});

const dataOf = ({ volumeId, paths, chap }: Connection, hasDiscovered: boolean, multipath: boolean): ConnectionData => {
  const [first] = paths;
  return {
    target_discovered: hasDiscovered,
    target_iqn: first.iqn,
    target_portal: portalText(first.portal),
    target_lun: first.lun,
    volume_id: volumeId,
    ...(multipath ? listsOf(paths) : {}),
    ...accountOf(chap),
  };
};

/**
 * What the driver returns (S1-34). The three lists go with `multipath` of the connector; they are equally long, and the n-th of each belong together.
 *
 * @example
 * import { connectionInfo } from '@blockledger/app/cinder-driver';
 * const path = { iqn: 'iqn.2004-08.com.qsan:target-xxx', portal: { ip: '192.168.1.101', port: 3260 }, lun: 0 };
 * const { data } = connectionInfo({ volumeId: 'a-volume', paths: [path], chap: null, mode: 'rw' }, true);
 * data.target_portals; // => ['192.168.1.101:3260']
 */
export const connectionInfo = (connection: Connection, multipath: boolean): ConnectionInfo => ({ driver_volume_type: 'iscsi', data: dataOf(connection, true, multipath) });

/**
 * What the call returns (S4-3): `target_discovered` is false there, and the mode stands beside it. Nothing is encrypted, and no limits are left to the host.
 *
 * @example
 * import { callConnectionInfo } from '@blockledger/app/cinder-driver';
 * const path = { iqn: 'iqn.2010-10.org.openstack:volume-x', portal: { ip: '11.0.0.8', port: 3260 }, lun: 1 };
 * callConnectionInfo({ volumeId: 'x', paths: [path], chap: null, mode: 'ro' }, false).data.access_mode; // => 'ro'
 */
export const callConnectionInfo = (connection: Connection, multipath: boolean): CallConnectionInfo => ({
  driver_volume_type: 'iscsi',
  data: { ...dataOf(connection, false, multipath), encrypted: false, qos_specs: null, access_mode: connection.mode },
});
