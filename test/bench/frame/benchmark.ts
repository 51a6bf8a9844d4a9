/** The one shape of a benchmark, and of what it leaves behind. */

/** What is measured, once for each contestant, point and round. */
export interface Measure {
  readonly name: string;
  /** Written behind the figure: `/s`, `ms`, `CPU ms`. */
  readonly unit: string;
  readonly better: 'more' | 'less';
  /** Drawn along the points, as `docs/performance/<benchmark>-<measure>.svg`. */
  readonly plot?: boolean;
}

/** Figures of one measurement, by the name of their measure. One that is absent could not be taken, and is shown as a dash. */
export type Figures = Readonly<Record<string, number>>;

/** Who is measured. */
export interface Contestant {
  readonly name: string;
  /** `limit`: what nobody can beat here, since it does only a part of the work. */
  readonly role: 'ours' | 'peer' | 'limit';
  readonly version?: string;
  /** Points at which it takes part. Default: all. */
  readonly points?: readonly number[];
  /** Works once at a point and tells its figures. Setting up and cleaning up around them is its own affair, and is not counted in them. */
  readonly measure: (at: number, round: number) => Figures | Promise<Figures>;
}

/** Contestants ready to be measured. */
export interface Arena {
  readonly contestants: readonly Contestant[];
  readonly stop?: () => void | Promise<void>;
}

/** Figures of a peer that was not in the same run: shown and compared, but said to be from elsewhere. */
export interface Reference {
  readonly name: string;
  readonly at: number;
  readonly figures: Figures;
}

/** What should come out. Ratios are medians of the ratios within each round. */
export interface Target {
  readonly what: string;
  readonly measure: string;
  /** A contestant. */
  readonly of: string;
  /** A contestant or a reference. Without one the figure itself is held against `atMost` or `atLeast`, in the measure's unit. */
  readonly against?: string;
  /** Default: the last point. */
  readonly at?: number;
  /** The figure of `of` divided by that of `against`; so a cost has `atMost`, a rate `atLeast`. */
  readonly atLeast?: number;
  readonly atMost?: number;
  /** What would be better still. */
  readonly aim?: number;
  /** Why it is missed where it is: measured, not guessed. */
  readonly why?: string;
}

/** A benchmark: what `test/bench/<name>.ts` exports as `benchmark`. */
export interface Benchmark {
  readonly name: string;
  readonly title: string;
  /** What is done, in Markdown: what a contestant must have finished before it counts. */
  readonly about: string;
  readonly rounds: number;
  /** Rounds before, which do not count. Default: 1. */
  readonly warmUp?: number;
  /** What varies. Without it there is one point. */
  readonly along?: { readonly name: string; readonly points: readonly number[] };
  readonly measures: readonly Measure[];
  readonly references?: readonly Reference[];
  readonly targets?: readonly Target[];
  /** What bounds it, in Markdown: found with a profile, not guessed. */
  readonly bounds: string;
  /** Why it cannot run here, if it cannot: it is left out then. */
  readonly absent?: () => string | undefined;
  readonly start: () => Arena | Promise<Arena>;
}

/** Where and when it ran. */
export interface Setting {
  readonly date: string;
  readonly command: string;
  readonly cpu: string;
  readonly cores: number;
  readonly memoryGiB: number;
  readonly system: string;
  readonly node: string;
  /** How busy the machine was before and after, as the kernel's load of the last minute: what is above the own work is others'. */
  readonly load: readonly [number, number];
}

/** Every figure of a run, with all that the page says about it: `docs/performance/<name>.json`. */
export interface Result extends Omit<Benchmark, 'absent' | 'start'> {
  readonly setting: Setting;
  readonly contestants: readonly Omit<Contestant, 'measure'>[];
  /** In the order of rounds, so that ratios can be taken within each. */
  readonly samples: readonly { readonly contestant: string; readonly at: number; readonly figures: readonly Figures[] }[];
}
