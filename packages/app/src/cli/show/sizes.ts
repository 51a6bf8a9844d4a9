/** Sizes as this run of the command shows them. */
import type { Io } from '../frame/io.ts';
import { showSize } from '../frame/size.ts';

/** Human, or whole bytes with `--bytes`. A dash where nobody knows. */
export const sizeText = ({ bytes, screen }: Pick<Io, 'bytes' | 'screen'>, size: number | null): string => (size === null ? screen.glyphs.dash : bytes ? String(size) : showSize(size));
