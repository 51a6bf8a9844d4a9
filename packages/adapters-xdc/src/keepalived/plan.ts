/** The steps of an action on an untouched host. Pure. */
import { match } from 'ts-pattern';
import type { PlannedStep, VipAction } from '@blockledger/domain';
import type { HostFile } from '../hosts/writeFile.ts';
import { admit, checkCandidate, endInstance, listen, loadCandidate, lookAt, startKeeper, unitBegins, unitEnds, type Command } from './commands.ts';
import { layoutOf, rootOf } from './layout.ts';
import type { Settings } from './options.ts';
import { wantedOf } from './wanted.ts';

/** Scripts are told by their name: what they do is in the summary. */
const step = ({ summary, argv }: Command): PlannedStep => ({ summary, argv: argv[1] === '-c' ? ['sh', '-c', `<${argv[3] ?? ''}>`, ...argv.slice(3)] : argv });

const writing = ({ path }: HostFile): PlannedStep => ({ summary: `write ${path}` });

export const planned = (settings: Settings, action: VipAction): readonly PlannedStep[] => {
  const { host } = action.place;
  const root = rootOf(settings, host);
  return match(action)
    .with({ do: 'ensureInstance' }, ({ instance, yielding }) => {
      const { layout, files, candidate } = wantedOf({ settings, host, installationId: '', instance, yielding });
      const starts = settings.supervise === 'systemd' ? unitBegins(settings, layout, false) : [startKeeper(layout)];
      return [
        step(lookAt(settings, root, instance)),
        ...[...files, candidate].map(writing),
        ...[checkCandidate(settings, layout), loadCandidate(layout), ...starts].map(step),
        writing({ path: `${layout.dir}/loaded`, text: '' }),
      ];
    })
    .with({ do: 'ensureInstanceGone' }, ({ instance }) => {
      const layout = layoutOf(settings, host, instance.vipId);
      const ends = settings.supervise === 'systemd' ? unitEnds(settings, layout) : [];
      return [lookAt(settings, root, instance), ...ends, endInstance(layout, true, [instance])].map(step);
    })
    .with({ do: 'observeInstance' }, ({ instance }) => [step(lookAt(settings, root, instance))])
    .with({ do: 'scanVrids' }, (scan) => [step(listen(scan.interface, scan.listenMs))])
    .with({ do: 'admitHost' }, ({ token }) => [step(admit(root, token, settings.daemonPidFiles(host)))])
    .exhaustive();
};
