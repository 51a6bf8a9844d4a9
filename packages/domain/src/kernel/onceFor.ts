/** Work that is done once for each state: states never change, and are asked the same many times. */

/** The same function, which remembers what it made of a state for as long as the state is there. Of pure functions only. */
export const onceFor = <S extends object, A extends object>(of: (state: S) => A): ((state: S) => A) => {
  const made = new WeakMap<S, A>();
  return (state) => {
    const before = made.get(state);
    if (before !== undefined) return before;
    const now = of(state);
    made.set(state, now);
    return now;
  };
};
