/** Something broken by hand. It must be noticed by the tests named with it. */
export interface Mutant {
  readonly breaks: string;
  /** The package that the file is in. Default: the domain. */
  readonly of?: 'domain' | 'app' | 'adapters-xdc' | 'adapters-qsan';
  /** Under the package's `src`. */
  readonly file: string;
  /** Stands exactly once in the file. */
  readonly find: string;
  readonly replace: string;
  /** Test files under test/ that must notice. */
  readonly tests: readonly string[];
}

/** The file that is broken, from the root of the repository. */
export const brokenFile = ({ of = 'domain', file }: Pick<Mutant, 'of' | 'file'>): string => `packages/${of}/src/${file}`;
