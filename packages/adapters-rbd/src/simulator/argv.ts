/** Takes an `rbd` command line apart as the real one does. */

/** Options that take a value. */
const VALUED = new Set(
  ['--size', '--image-format', '--image-feature', '--data-pool', '--export-format', '--format', '--pool', '-p', '--image', '--snap', '--snap-id', '--image-id']
    .concat(['--dest-pool', '--dest', '--set', '--unset', '--conf', '--name', '--keyring', '--client-mount-timeout', '--rados-mon-op-timeout'])
    .concat(['--rados-osd-op-timeout', '--connect-timeout', '--rbd-default-clone-format', '--object-size', '--lock-id']),
);
const FLAGS = new Set(['--allow-shrink', '--no-progress', '--all', '--pretty-format', '--force']);

/** A command line without its program: operands in order, options by name. */
export interface Words {
  readonly operands: readonly string[];
  readonly options: Readonly<Record<string, string>>;
}

/** What an operand names. */
export interface Spec {
  readonly pool: string;
  readonly image: string;
  readonly snapshot?: string;
}

/** Splits the words; `{ unknown }` for an option that `rbd` does not know. */
export function splitWords(args: readonly string[]): Words | { readonly unknown: string } {
  const operands: string[] = [];
  const options: Record<string, string> = {};
  for (let index = 0; index < args.length; index += 1) {
    const word = args[index] ?? '';
    const [head = '', ...tail] = word.split('=');
    if (VALUED.has(head) && tail.length > 0) options[head] = tail.join('=');
    else if (VALUED.has(word)) {
      index += 1;
      options[word] = args[index] ?? '';
    } else if (FLAGS.has(word)) options[word] = '';
    else if (word.startsWith('--') && !word.includes('/')) return { unknown: word };
    else operands.push(word);
  }
  return { operands, options };
}

/** `pool/image@snapshot`; the pool `rbd` where none is said. */
export function specOf(operand: string): Spec {
  const [path = '', snapshot] = operand.split('@');
  const slash = path.indexOf('/');
  const pool = slash < 0 ? 'rbd' : path.slice(0, slash);
  return { pool, image: path.slice(slash + 1), ...(snapshot === undefined ? {} : { snapshot }) };
}

const SUFFIX: Readonly<Record<string, number>> = { '': 20, B: 0, K: 10, KB: 10, M: 20, MB: 20, G: 30, GB: 30, T: 40, TB: 40, P: 50, PB: 50 };

/** `--size` in bytes: a bare number is MiB; `undefined` for what `rbd` refuses. */
export function sizeOf(text: string | undefined): number | undefined {
  const match = /^(\d+)([A-Z]*)$/.exec(text ?? '');
  const power = match?.[2] === undefined ? undefined : SUFFIX[match[2]];
  return match === null || power === undefined ? undefined : Number(match[1]) * 2 ** power;
}
