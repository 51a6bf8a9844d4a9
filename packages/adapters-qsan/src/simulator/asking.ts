/** What an endpoint is asked and answers, and how bodies are read. */
import * as E from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import * as t from 'io-ts';
import { assumed, isChapWord, ISCSI_NAME, NAME } from './assumed.ts';
import type { QsanErrorBody } from './errorBody.ts';
import type { QsanSimState } from './state.ts';

/** What does not change while an array runs. */
export interface ArraySettings {
  readonly username: string;
  readonly password: string;
  readonly portals: readonly string[];
  readonly tokenSeconds: number;
  readonly overSubscription: number;
  /** The status of what was made: the examples have 200, the table of statuses 201 (S1-4). */
  readonly createdStatus: 200 | 201;
  readonly system: {
    readonly model: string;
    readonly serialNumber: string;
    readonly version: string;
    readonly iqnPrefix: string;
    readonly hostname: string;
    readonly startedAtMs: number;
  };
}

/** One request, as an endpoint sees it. */
export interface Asked {
  /** The parts of the path, decoded: `volume` of `/api/volumes/{volume}`. */
  readonly params: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string>>;
  readonly body: unknown;
  /** The token that came with it, if one did. */
  readonly token: string | undefined;
  /** For a login: a token that nobody has. */
  readonly freshToken: string;
  readonly atMs: number;
}

/** What an endpoint answers, and what the array holds then. */
export interface Done {
  readonly state: QsanSimState;
  readonly body: unknown;
  /** Something was made. */
  readonly isCreated?: boolean;
}

/** One endpoint: pure. */
export type Endpoint = (state: QsanSimState, asked: Asked, settings: ArraySettings) => E.Either<QsanErrorBody, Done>;

/** A name in the path of a request; the route has it, or the endpoint would not be asked. */
export const param = ({ params }: Asked, name: string): string => params[name] ?? '';

/** Something was looked for. */
export const found = <A>(value: A | undefined, refusal: QsanErrorBody): E.Either<QsanErrorBody, A> => E.fromNullable(refusal)(value);

/** Goes on unless something stands in the way. */
export const unless = (stands: boolean, refusal: QsanErrorBody): E.Either<QsanErrorBody, undefined> => (stands ? E.left(refusal) : E.right(undefined));

/** An answer that changes nothing. */
export const shows = (state: QsanSimState, body: unknown): E.Either<QsanErrorBody, Done> => E.right({ state, body });

/** An answer that only says that it was done. */
export const says = (state: QsanSimState, message: string): E.Either<QsanErrorBody, Done> => E.right({ state, body: { message } });

/** Reads a body; what is wrong is told by the first field that is, without its value. */
export const readBody = <A>(codec: t.Decoder<unknown, A>, { body }: Asked): E.Either<QsanErrorBody, A> =>
  pipe(
    codec.decode(body),
    E.mapLeft(([first]) => {
      const field = first?.context.map(({ key }) => key).find((key) => key !== '' && !/^\d+$/.test(key));
      return assumed.badBody(field === undefined ? 'The body is not a JSON object' : `Field '${field}' is missing or invalid`);
    }),
  );

/** Fields of bodies. */
export const fields = {
  text: t.string,
  name: t.refinement(t.string, (text) => NAME.test(text), 'name'),
  iscsiName: t.refinement(t.string, (text) => ISCSI_NAME.test(text), 'iSCSI name'),
  chapWord: t.refinement(t.string, isChapWord, 'CHAP word'),
  bytes: t.refinement(t.number, (size) => Number.isSafeInteger(size) && size > 0, 'bytes'),
  lun: t.refinement(t.number, (lun) => Number.isSafeInteger(lun) && lun >= 0, 'LUN'),
} as const;

/** `2024-01-15T10:30:00Z`: ISO 8601 in whole seconds, as the examples have it. */
export const isoTime = (atMs: number): string => `${new Date(atMs).toISOString().slice(0, 'yyyy-mm-ddThh:mm:ss'.length)}Z`;
