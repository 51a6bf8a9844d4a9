/** Work on one object that must not run beside other work on it. */

/** Does work when all earlier work of that name is done. */
export type Turns = <A>(name: string, work: () => Promise<A>) => Promise<A>;

/** A set of queues, one for each name. */
export const inTurn = (): Turns => {
  const last = new Map<string, Promise<unknown>>();
  return (name, work) => {
    const mine = (last.get(name) ?? Promise.resolve()).then(work, work);
    last.set(name, mine);
    const forget = (): void => {
      if (last.get(name) === mine) last.delete(name);
    };
    mine.then(forget, forget);
    return mine;
  };
};
