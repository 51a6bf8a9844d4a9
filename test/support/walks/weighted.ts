/** Draws what a walk asks for next, some of it more often than the rest. */

/** A drawing over what there is, by how often each comes. The same random numbers draw the same. */
export const weighted = <K extends string>(weights: readonly (readonly [kind: K, weight: number])[]): ((random: () => number) => K) => {
  const total = weights.reduce((sum, [, weight]) => sum + weight, 0);
  return (random) => {
    let left = random() * total;
    for (const [kind, weight] of weights) {
      left -= weight;
      if (left < 0) return kind;
    }
    throw new RangeError('a random number must be below 1');
  };
};
