/** `blockledger doctor`. */
import * as E from 'fp-ts/lib/Either.js';
import type { Finding } from '@blockledger/domain';
import { CONFIG_FILES, usualConfig } from '../defaults.ts';
import type { Section } from '../doctor/findings.ts';
import { EXIT_CODES } from '../exit.ts';
import { command } from '../frame/command.ts';
import { maybe } from '../frame/parts.ts';
import { liveBars } from '../frame/progress.ts';
import { duration, path, text } from '../frame/readers.ts';
import type { Screen } from '../frame/screen.ts';
import { clean, counted, marked } from '../frame/text.ts';

const findingText = (screen: Screen, finding: Finding): string => {
  const lines = finding.level === 'ok' ? [] : [finding.meaning, `To do: ${finding.remedy}`];
  return marked(screen, finding.level, clean(finding.found), ...lines.map(clean));
};

const summaryOf = (findings: readonly Finding[]): string => {
  const count = (level: Finding['level']): number => findings.filter((finding) => finding.level === level).length;
  return `${count('ok')} fine, ${counted(count('warning'), 'warning')}, ${counted(count('problem'), 'problem')}`;
};

const showSections = (sections: readonly Section[], screen: Screen): string => {
  const parts = sections.map(({ title, findings }) => [screen.colour.bold(clean(title)), ...findings.map((finding) => findingText(screen, finding))].join('\n'));
  return [...parts, summaryOf(sections.flatMap(({ findings }) => findings))].join('\n\n');
};

const USUAL_PATIENCE_MS = 60_000;

export const doctorCommand = command({
  words: 'doctor',
  summary: 'Look at everything the service needs, and say what to do about what is wrong',
  about:
    'It looks at Node, the configuration file, the store with its folder, disk, owner and secrets, the port, and each backend: its programs, keys, cluster, clock, pools and permissions; targets and virtual IPs with their hosts. It changes nothing and leaves nothing behind, and may run while the service runs. Problems end with exit code 3, warnings do not.',
  speaksTo: 'nobody',
  shows: 'report',
  takes: {},
  options: {
    config: maybe('--config <file>', `the configuration file (default ${CONFIG_FILES[0]})`, path),
    port: maybe('--port <port>', 'the port, as for serve', text),
    host: maybe('--host <address>', 'the address, as for serve', text),
    store: maybe('--store <path>', 'the store, as for serve', path),
    patience: maybe('--timeout <time>', 'how long each backend may take, such as 30s (default 60s)', duration),
  },
  examples: [
    { line: 'blockledger doctor', does: `look at what ${CONFIG_FILES[0]} describes` },
    { line: "blockledger doctor --config examples/quickstart/blockledger.config.js --json | jq '.doctor.findings[] | select(.level == \"problem\")'", does: 'only the problems, for a script' },
  ],
  run: async ({ config = usualConfig(), port, host, store, patience = USUAL_PATIENCE_MS }, io) => {
    const { examine } = await import('../doctor/examine.ts');
    const bars = await liveBars(io);
    const given = Object.fromEntries(Object.entries({ port, host, store }).filter(([, value]) => value !== undefined));
    const examined = await examine({ flags: { config, ...given }, environment: io.environment, patienceMs: patience, onLook: (what) => bars.show([{ label: `Looking at ${what}`, part: null }]) });
    bars.end();
    return E.map((sections: readonly Section[]) => {
      const findings = sections.flatMap(({ title, findings }) => findings.map((finding) => ({ section: title, ...finding })));
      const isWell = findings.every(({ level }) => level !== 'problem');
      return {
        json: { doctor: { well: isWell, findings } },
        show: (screen: Screen) => showSections(sections, screen),
        code: isWell ? EXIT_CODES.done : EXIT_CODES.failed,
      };
    })(examined);
  },
});
