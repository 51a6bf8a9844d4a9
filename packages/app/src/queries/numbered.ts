/** Lists in order of REST integers: sorted arrays of numbers, found by halving. */

/** The first index whose number is above `number`. */
export const after = (numbers: readonly number[], number: number): number => {
  let low = 0;
  let high = numbers.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((numbers[middle] ?? 0) > number) high = middle;
    else low = middle + 1;
  }
  return low;
};

/** Adds a number where it belongs; nearly always that is the end. */
export const insert = (numbers: number[], number: number): void => {
  const last = numbers.at(-1);
  if (last === undefined || last < number) {
    numbers.push(number);
    return;
  }
  const index = after(numbers, number);
  if (numbers[index - 1] !== number) numbers.splice(index, 0, number);
};

/** Takes a number out. */
export const remove = (numbers: number[], number: number): void => {
  const index = after(numbers, number) - 1;
  if (numbers[index] === number) numbers.splice(index, 1);
};

/** Sorted numbers by a key: volumes of a pool, snapshots of a volume. */
export interface Groups {
  readonly add: (key: string, number: number) => void;
  readonly remove: (key: string, number: number) => void;
  readonly of: (key: string) => readonly number[];
}

export const makeGroups = (): Groups => {
  const groups = new Map<string, number[]>();
  return {
    add: (key, number) => {
      const numbers = groups.get(key) ?? [];
      insert(numbers, number);
      groups.set(key, numbers);
    },
    remove: (key, number) => {
      const numbers = groups.get(key);
      if (numbers === undefined) return;
      remove(numbers, number);
      if (numbers.length === 0) groups.delete(key);
    },
    of: (key) => groups.get(key) ?? [],
  };
};
