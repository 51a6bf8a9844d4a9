/** Everything that an instance is to have on its host, as texts. Pure. */
import { createHash } from 'node:crypto';
import type { VipInstance } from '@blockledger/domain';
import type { HostFile } from '../hosts/writeFile.ts';
import { addressOf } from './commands.ts';
import { configText } from './config.ts';
import { layoutOf, type Layout } from './layout.ts';
import type { Settings } from './options.ts';
import type { Card, LookedAt } from './parse.ts';
import { keepText } from './scripts/keep.ts';
import { notifyText } from './scripts/notify.ts';
import { readyText } from './scripts/ready.ts';
import { unitText } from './unit.ts';

/** What an instance is to be. */
export interface Wanted {
  readonly layout: Layout;
  /** Written as they are. The configuration is not among them: it is checked first. */
  readonly files: readonly HostFile[];
  /** Where an unchecked configuration is written. */
  readonly candidate: HostFile;
  /** Names the whole: noted on the host when everything was done. */
  readonly version: string;
}

/** What an instance is made from. */
export interface Making {
  readonly settings: Settings;
  readonly host: string;
  readonly installationId: string;
  readonly instance: VipInstance;
  readonly yielding: boolean;
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

const nameIn = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

/** The texts of an instance. */
export const wantedOf = ({ settings, host, installationId, instance, yielding }: Making): Wanted => {
  const layout = layoutOf(settings, host, instance.vipId);
  const card: Card = { installationId, instance, yielding };
  const supervised: readonly HostFile[] =
    settings.supervise === 'systemd'
      ? [{ path: layout.unitFile, text: unitText(settings.keepalived, layout, instance), mode: '644' }]
      : [
          { path: layout.address, text: `${addressOf(instance)} ${instance.interface}\n` },
          { path: layout.keep, text: keepText(settings.keepalived, layout), mode: '700' },
        ];
  const files: readonly HostFile[] = [
    { path: layout.card, text: `${JSON.stringify(card)}\n` },
    { path: layout.notify, text: notifyText(layout.dir), mode: '700' },
    { path: layout.ready, text: readyText({ host, layout, instance, yielding, settings }), mode: '700' },
    ...supervised,
  ];
  const candidate: HostFile = { path: layout.candidate, text: configText(instance, layout, settings.password) };
  return { layout, files, candidate, version: sha256([...files, candidate].map(({ path, text }) => `${path}\n${text}`).join('\0')) };
};

/** Whether a file stands on the host as it is wanted. */
export const stands = ({ sums }: LookedAt, { path, text }: HostFile): boolean => sums.get(nameIn(path)) === sha256(text);

/** Whether the daemon may have read the configuration as it is wanted; what it is called on the host is another name. */
export const confStands = ({ sums }: LookedAt, { candidate }: Wanted): boolean => sums.get('keepalived.conf') === sha256(candidate.text);
