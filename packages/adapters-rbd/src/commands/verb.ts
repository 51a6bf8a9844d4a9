/** What a command is called where calls are counted: its words without operands, so that there are few of them. */
import type { Command } from './dialect.ts';

/** How many words name the command where one does not: `snap create`, `config image set`. */
const WORDS: Readonly<Record<string, number>> = { snap: 2, lock: 2, 'image-meta': 2, trash: 2, feature: 2, migration: 2, osd: 2, config: 3 };

/** `snap create` of `rbd snap create vols/…@…`. Holds no name of a pool, an image or a snapshot. */
export const verbOf = ({ args }: Pick<Command, 'args'>): string => args.slice(0, WORDS[args[0] ?? ''] ?? 1).join(' ');
