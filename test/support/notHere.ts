/** SPEC ids that no test of this release names, each with the reason. */
const later = {
  replication: 'replication comes later; its rules for a passive volume are tested (docs/decisions/0005)',
  groups: 'volume groups and their clones come later; the rules for members are tested',
  migration: 'migrating between pools comes later',
  backups: 'backups of data and their keys come later',
} as const;

export const notHere: Readonly<Record<string, string>> = {
  'S0-21': later.replication,
  'S0-24': later.replication,
  'S0-41': later.replication,
  'S0-85': later.backups,
  'S0-133': later.groups,
};

const range = (prefix: string, from: number, to: number): readonly string[] => Array.from({ length: to - from + 1 }, (_, at) => `${prefix}-${from + at}`);

/** What this release must show: each id is named by a test or stands above. */
export const requiredIds: readonly string[] = [
  ...range('S0', 1, 98),
  ...range('S0', 130, 139),
  ...range('X', 1, 9),
  ...range('R', 3, 11),
  ...range('R', 12, 16),
  'R-18',
  'R-22',
  ...range('R', 24, 27),
  ...range('V', 1, 13),
  'I-3',
  ...range('I', 6, 12),
  ...range('I', 14, 24),
  ...range('I', 25, 30),
  'I-32',
];
