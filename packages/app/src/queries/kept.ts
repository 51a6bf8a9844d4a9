/** What a checkpoint keeps of a read model, so that a start folds only what was appended since. */

/** A read model, or a part of one, that can be written down and taken in again. */
export interface Kept {
  readonly name: string;
  /** All that it holds, as plain JSON that nobody changes any more, in the order in which it is to be taken in. */
  readonly take: () => readonly unknown[];
  /** Takes in what was written down; before anything is replayed. Nobody is told of it. */
  readonly put: (items: readonly unknown[]) => void;
}

/** A read model that has such a part. */
export interface Keeping {
  readonly keeps: Kept;
}
