/** What a command takes: arguments and options, each with the way its text is read. */
import * as E from 'fp-ts/lib/Either.js';

/** What a shell may offer where this stands: files, words, or names that the service knows. `open`: other words may be written, too. `kindBefore`: names of what the argument before says. `attachmentsOfBefore`: attachments of the volume that the argument before names. */
export type Completion = { readonly of: 'files' } | { readonly of: 'words'; readonly words: readonly string[]; readonly open?: true } | { readonly of: 'volumes' | 'snapshots' | 'pools' | 'tasks' | 'webhooks' | 'tokens' | 'backends' | 'hosts' | 'addresses' | 'client-groups' | 'paths' | 'vip-groups' | 'vips' | 'kindBefore' | 'attachmentsOfBefore' };

/** How a text of the command line becomes a value; Left is the sentence that says what is wrong with it. */
export interface Reader<A> {
  readonly read: (text: string) => E.Either<string, A>;
  readonly completion?: Completion;
}

/** A part of a command line that has a value. `raw` is what commander found: a text, several, a boolean, or undefined. */
export interface Part<A> {
  /** As commander writes it: `<name>`, `[name]`, `<task...>`, `--size <size>`. */
  readonly flags: string;
  readonly text: string;
  readonly mandatory: boolean;
  readonly repeatable: boolean;
  readonly completion?: Completion;
  readonly read: (raw: unknown) => E.Either<string, A>;
}

export type Parts = Readonly<Record<string, Part<unknown>>>;
// eslint-disable-next-line @typescript-eslint/no-generated-empty-object-type -- no parts are an empty object
export type NoParts = Readonly<Record<never, never>>;

/** The values that parts are read to. */
export type Values<P extends Parts> = { readonly [K in keyof P]: P[K] extends Part<infer A> ? A : never };

const textOf = (raw: unknown): string => (typeof raw === 'string' ? raw : '');
const textsOf = (raw: unknown): readonly string[] => (Array.isArray(raw) ? raw.map(textOf) : raw === undefined ? [] : [textOf(raw)]);

const completing = (completion: Completion | undefined): { readonly completion?: Completion } => (completion === undefined ? {} : { completion });

/** An argument or option that must be given. */
export const needed = <A>(flags: string, text: string, { read, completion }: Reader<A>): Part<A> => ({
  flags,
  text,
  mandatory: true,
  repeatable: false,
  ...completing(completion),
  read: (raw) => read(textOf(raw)),
});

/** An argument or option that may be left out. */
export const maybe = <A>(flags: string, text: string, { read, completion }: Reader<A>): Part<A | undefined> => ({
  flags,
  text,
  mandatory: false,
  repeatable: false,
  ...completing(completion),
  read: (raw) => (raw === undefined ? E.right(undefined) : read(textOf(raw))),
});

/** An argument or option that may be given several times, or not at all. */
export const several = <A>(flags: string, text: string, { read, completion }: Reader<A>): Part<readonly A[]> => ({
  flags,
  text,
  mandatory: false,
  repeatable: true,
  ...completing(completion),
  read: (raw) => E.traverseArray(read)(textsOf(raw)),
});

/** An option that is there or not. */
export const flag = (flags: string, text: string): Part<boolean> => ({
  flags,
  text,
  mandatory: false,
  repeatable: false,
  read: (raw) => E.right(raw === true),
});
