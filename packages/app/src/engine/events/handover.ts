/** Hands what a subscription pushes over to a reader who pulls, one at a time: the giver waits until it was taken. */

/** What a reader takes: the next thing, or the end with what ended it. */
export type Taken<A, X> = { readonly _tag: 'Next'; readonly value: A } | { readonly _tag: 'End'; readonly why: X };

export interface Handover<A, X> {
  /** Resolves when it was taken, or when the end came first. */
  readonly give: (value: A) => Promise<void>;
  /** The first end counts; what was given and not taken is dropped. */
  readonly end: (why: X) => void;
  readonly take: () => Promise<Taken<A, X>>;
}

/** A place for one thing between one giver and one reader. */
export const makeHandover = <A, X>(): Handover<A, X> => {
  let offered: { readonly value: A; readonly taken: () => void } | undefined;
  let ended: { readonly why: X } | undefined;
  let rouse: (() => void) | undefined;

  const wake = (): void => {
    rouse?.();
    rouse = undefined;
  };

  return {
    give: (value) =>
      new Promise((taken) => {
        if (ended !== undefined) return taken();
        offered = { value, taken };
        wake();
      }),
    end: (why) => {
      if (ended !== undefined) return;
      ended = { why };
      offered?.taken();
      offered = undefined;
      wake();
    },
    take: async () => {
      for (;;) {
        if (ended !== undefined) return { _tag: 'End', why: ended.why };
        if (offered !== undefined) {
          const { value, taken } = offered;
          offered = undefined;
          taken();
          return { _tag: 'Next', value };
        }
        await new Promise<void>((resolve) => {
          rouse = resolve;
        });
      }
    },
  };
};
