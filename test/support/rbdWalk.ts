/** Random conversations with `rbd`, fixed by a seed. Few names and many repeats, so that the odd states are reached. */
import { seeded } from '@blockledger/adapters-rbd/simulator';
import { hiddenOf, type Line } from './rbdTalk.ts';

const IMAGES = ['a', 'b', 'c'];
const SNAPSHOTS = ['x', 'y'];
const SIZES = ['4M', '64M', '65M', '128M', '1000001B'];

/** One walk of so many lines. */
export function walk(seed: number, length: number): readonly Line[] {
  const random = seeded(seed);
  const pick = <A>(from: readonly A[]): A => {
    const chosen = from[Math.floor(random() * from.length)];
    if (chosen === undefined) throw new Error('nothing to pick from');
    return chosen;
  };
  const image = (): string => `vols/${pick(IMAGES)}`;
  const snapshot = (): string => `${image()}@${pick(SNAPSHOTS)}`;
  /** A hidden snapshot of an image, and the image. */
  const hidden = (): readonly string[] => {
    const name = image();
    return ['--snap-id', hiddenOf(name), name];
  };
  const json = ['--format', 'json'];
  const kinds: readonly (readonly [weight: number, make: () => readonly string[]])[] = [
    [4, () => ['create', image(), '--size', pick(SIZES)]],
    [5, () => ['snap', 'create', snapshot()]],
    [4, () => ['snap', 'protect', snapshot()]],
    [3, () => ['snap', 'unprotect', snapshot()]],
    [3, () => ['snap', 'rm', snapshot()]],
    [1, () => ['snap', 'rm', ...hidden()]],
    [1, () => ['snap', 'purge', image()]],
    [5, () => ['clone', snapshot(), image()]],
    [2, () => ['clone', '--rbd-default-clone-format', '2', snapshot(), image()]],
    [2, () => ['flatten', image()]],
    [2, () => ['snap', 'rollback', snapshot()]],
    [2, () => ['resize', '--size', pick(SIZES), image()]],
    [2, () => ['resize', '--allow-shrink', '--size', pick(SIZES), image()]],
    [3, () => ['rm', image()]],
    [2, () => ['rename', image(), image()]],
    [2, () => ['image-meta', 'set', image(), pick(['k', 'l']), pick(['1', '2'])]],
    [1, () => ['image-meta', 'remove', image(), pick(['k', 'l'])]],
    [1, () => ['config', 'image', 'set', image(), 'rbd_qos_iops_limit', pick(['7', 'abc'])]],
    [1, () => ['config', 'image', 'remove', image(), 'rbd_qos_iops_limit']],
    [4, () => ['info', image(), ...json]],
    [1, () => ['info', snapshot(), ...json]],
    [2, () => ['snap', 'ls', '--all', image(), ...json]],
    [2, () => ['children', '--all', snapshot(), ...json]],
    [1, () => ['children', '--all', image(), ...json]],
    [1, () => ['children', '--all', ...hidden(), ...json]],
    [1, () => ['image-meta', 'list', image(), ...json]],
    [1, () => ['status', image(), ...json]],
    [1, () => ['ls', 'vols', ...json]],
    [1, () => ['trash', 'ls', '--all', 'vols', ...json]],
    [1, () => ['du', image(), ...json]],
  ];
  const urn = kinds.flatMap(([weight, make]) => Array.from({ length: weight }, () => make));
  return Array.from({ length }, () => ({ args: pick(urn)() }));
}

/** Lines that show everything there is. */
export const survey: readonly Line[] = [
  { args: ['ls', 'vols', '--format', 'json'] },
  ...IMAGES.flatMap((name) => [
    { args: ['info', `vols/${name}`, '--format', 'json'] },
    { args: ['snap', 'ls', '--all', `vols/${name}`, '--format', 'json'] },
    { args: ['image-meta', 'list', `vols/${name}`, '--format', 'json'] },
  ]),
];
