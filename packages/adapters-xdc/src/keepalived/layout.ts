/** Where the files of an instance stand on its host. */
import type { VipId } from '@blockledger/domain';
import type { Settings } from './options.ts';

/** The files of one instance, all in a folder of its own. */
export interface Layout {
  /** The folder of all instances of the host. */
  readonly root: string;
  readonly dir: string;
  readonly conf: string;
  /** A configuration that was not checked yet. */
  readonly candidate: string;
  readonly pid: string;
  readonly vrrpPid: string;
  readonly notify: string;
  readonly ready: string;
  readonly keep: string;
  /** The address and its device, for the keeper. */
  readonly address: string;
  /** What the instance is, for us. */
  readonly card: string;
  readonly unit: string;
  readonly unitFile: string;
}

/** The folder of all instances of a host; the host's admission stands in it. */
export const rootOf = ({ folder }: Pick<Settings, 'folder'>, host: string): string => `${folder}/${host}`;

export const layoutOf = (settings: Pick<Settings, 'folder' | 'unitFolder'>, host: string, vipId: VipId): Layout => {
  const root = rootOf(settings, host);
  const dir = `${root}/${vipId}`;
  const unit = `blockledger-vip-${vipId}.service`;
  return {
    root,
    dir,
    conf: `${dir}/keepalived.conf`,
    candidate: `${dir}/candidate.conf`,
    pid: `${dir}/keepalived.pid`,
    vrrpPid: `${dir}/vrrp.pid`,
    notify: `${dir}/notify`,
    ready: `${dir}/ready`,
    keep: `${dir}/keep`,
    address: `${dir}/address`,
    card: `${dir}/instance.json`,
    unit,
    unitFile: `${settings.unitFolder}/${unit}`,
  };
};
