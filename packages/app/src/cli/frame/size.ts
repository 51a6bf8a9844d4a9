/** Sizes as people write and read them. Nothing is ever rounded without saying so. */
import * as E from 'fp-ts/lib/Either.js';

const UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB', 'EiB'] as const;
const STEP = 1024n;
const SIZE = /^(\d{1,20})(?:\.(\d{1,20}))? ?([a-z]*)$/i;
const MOST = BigInt(Number.MAX_SAFE_INTEGER);

const powerOf = (unit: string): number => UNITS.findIndex((known) => known.toLowerCase() === unit.toLowerCase());

/** `G` and `GB` mean 2^30 to some programs and 10^9 to others. */
const ambiguity = (text: string, number: string, unit: string): string | undefined => {
  const letter = /^([kmgtpe])b?$/i.exec(unit)?.[1]?.toUpperCase();
  if (letter === undefined) return undefined;
  const power = 'KMGTPE'.indexOf(letter) + 1;
  const decimal = number.includes('.') ? '' : ` or ${(BigInt(number) * 1000n ** BigInt(power)).toString()}`;
  return `${text} can mean two sizes: write ${number}${UNITS[power] ?? ''}${decimal}`;
};

/**
 * Reads a size: whole bytes (`107374182400`), or a number with a binary unit (`100GiB`, `1.5 TiB`; capitals do not matter). `100G` and
 * `100GB` are refused, since they mean 2^30 to some programs and 10^9 to others. So is what is not a whole number of bytes.
 */
export const readSize = (text: string): E.Either<string, number> => {
  const [, whole = '', fraction = '', unit = ''] = SIZE.exec(text.trim()) ?? [];
  const number = fraction === '' ? whole : `${whole}.${fraction}`;
  if (whole === '') return E.left(`${text} is not a size: write bytes, such as 107374182400, or 100GiB`);
  const unclear = ambiguity(text, number, unit);
  if (unclear !== undefined) return E.left(unclear);
  const power = unit === '' ? 0 : powerOf(unit);
  if (power < 0) return E.left(`${unit} is not a unit of size: use ${UNITS.join(', ')}`);
  const scale = 10n ** BigInt(fraction.length);
  const scaled = BigInt(whole + fraction) * STEP ** BigInt(power);
  if (scaled % scale !== 0n) {
    const down = scaled / scale;
    return E.left(`${text} is not a whole number of bytes: the nearest are ${down.toString()} and ${(down + 1n).toString()}`);
  }
  const bytes = scaled / scale;
  return bytes > MOST ? E.left(`${text} is more than ${MOST.toString()} bytes`) : E.right(Number(bytes));
};

const DECIMALS = 100;

/** A size for people, with at most two decimals. What is not exact begins with `~`; exact bytes come with `--bytes` and `--json`. */
export const showSize = (bytes: number): string => {
  const power = bytes < 1 ? 0 : Math.min(UNITS.length - 1, Math.floor(Math.log2(bytes) / 10));
  const scaled = bytes / 2 ** (10 * power);
  const shown = Math.round(scaled * DECIMALS) / DECIMALS;
  return `${shown === scaled ? '' : '~'}${shown} ${UNITS[power] ?? ''}`;
};
