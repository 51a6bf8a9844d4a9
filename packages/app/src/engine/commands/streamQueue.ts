/** One at a time per stream: commands of one process never conflict with each other. */

export interface StreamQueue {
  /** Runs the job after the earlier jobs of the same stream. */
  readonly run: <A>(stream: string, job: () => Promise<A>) => Promise<A>;
  /** How many streams have jobs. */
  readonly busy: () => number;
}

export const makeStreamQueue = (): StreamQueue => {
  const tails = new Map<string, Promise<unknown>>();
  return {
    run: (stream, job) => {
      const before = tails.get(stream);
      // A job that threw does not stop the next one; its own caller sees the error.
      const result = before === undefined ? job() : before.then(job, job);
      tails.set(stream, result);
      const done = (): void => {
        if (tails.get(stream) === result) tails.delete(stream);
      };
      result.then(done, done);
      return result;
    },
    busy: () => tails.size,
  };
};
