/** Waiting with an end. The client waits for ever where a server says nothing: reads have no deadline, and discovery may hang. */

/** The server said nothing for too long. */
export class Silence extends Error {
  constructor(what: string, afterMs: number) {
    super(`${what}: nothing came for ${afterMs} ms`);
    this.name = 'Silence';
  }
}

/** A watch over something that is to give a sign of life again and again. */
export interface Watch {
  readonly alive: () => void;
  readonly end: () => void;
}

/** Calls `onSilence` when nothing was alive for so long. */
export const watchOver = (afterMs: number, onSilence: () => void): Watch => {
  const timer = setTimeout(onSilence, afterMs);
  return { alive: () => void timer.refresh(), end: () => clearTimeout(timer) };
};

/** The promise, or `Silence`. What the promise does later is nobody's concern any more. */
export const within = async <A>(afterMs: number, what: string, promise: Promise<A>): Promise<A> => {
  let watch: Watch | undefined;
  const silence = new Promise<never>((_, reject) => {
    watch = watchOver(afterMs, () => reject(new Silence(what, afterMs)));
  });
  try {
    return await Promise.race([promise, silence]);
  } finally {
    watch?.end();
    promise.catch(() => undefined);
  }
};
