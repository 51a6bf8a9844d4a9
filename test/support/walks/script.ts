/** What a walk asks for: a random script of requests over a few volumes, the same for the same seed. */
import { weighted } from './weighted.ts';

/** The pools of a walk. The first two differ in their name alone, the third in where its data are, the last is another place. */
export type WalkPool = 'vols' | 'gold' | 'coded' | 'archive';

export type Ask =
  | { readonly do: 'create'; readonly name: string; readonly sizeMib: number; readonly erasure: boolean; readonly qos: boolean }
  | { readonly do: 'clone'; readonly name: string; readonly pick: number; readonly flattened: boolean }
  | { readonly do: 'snapshot'; readonly pick: number; readonly name: string }
  | { readonly do: 'resize'; readonly pick: number; readonly sizeMib: number }
  | { readonly do: 'update'; readonly pick: number; readonly name: string; readonly maxIops: number }
  | { readonly do: 'flatten' | 'undelete' | 'write'; readonly pick: number }
  | { readonly do: 'rollBack'; readonly pick: number }
  | { readonly do: 'deleteSnapshot'; readonly pick: number }
  | { readonly do: 'delete'; readonly pick: number; readonly cascade: boolean; readonly trash: boolean }
  | { readonly do: 'migrate'; readonly pick: number; readonly to: WalkPool; readonly cancelled: boolean }
  | { readonly do: 'cancel' }
  | { readonly do: 'passMinutes' };

const WEIGHTS: readonly (readonly [Ask['do'], number])[] = [
  ['create', 4],
  ['clone', 4],
  ['snapshot', 5],
  ['resize', 3],
  ['update', 2],
  ['flatten', 3],
  ['rollBack', 4],
  ['migrate', 4],
  ['write', 4],
  ['deleteSnapshot', 3],
  ['delete', 4],
  ['undelete', 1],
  ['cancel', 1],
  ['passMinutes', 1],
];
const kindOf = weighted(WEIGHTS);

/** Where volumes are sent, the one that is another place most often. */
const DESTINATIONS: readonly WalkPool[] = ['archive', 'archive', 'vols', 'coded', 'gold'];
const SIZES_MIB = [1, 4, 8, 16, 32] as const;

/** A script of `length` requests. The first makes a volume, since nothing else could succeed. */
export const scriptOf = (random: () => number, length: number): readonly Ask[] =>
  Array.from({ length }, (_, index): Ask => {
    const kind = index === 0 ? 'create' : kindOf(random);
    const pick = Math.floor(random() * 1_000);
    const sizeMib = SIZES_MIB[pick % SIZES_MIB.length] ?? 4;
    switch (kind) {
      case 'create':
        return { do: kind, name: `volume ${index}`, sizeMib, erasure: random() < 0.2, qos: random() < 0.3 };
      case 'clone':
        return { do: kind, name: `clone ${index}`, pick, flattened: random() < 0.4 };
      case 'snapshot':
        return { do: kind, pick, name: `snapshot ${index}` };
      case 'resize':
        return { do: kind, pick, sizeMib };
      case 'update':
        return { do: kind, pick, name: `renamed ${index}`, maxIops: 100 + pick };
      case 'delete':
        return { do: kind, pick, cascade: random() < 0.6, trash: random() < 0.25 };
      case 'migrate':
        return { do: kind, pick, to: DESTINATIONS[Math.floor(random() * DESTINATIONS.length)] ?? 'archive', cancelled: random() < 0.3 };
      case 'cancel':
      case 'passMinutes':
        return { do: kind };
      default:
        return { do: kind, pick };
    }
  });
