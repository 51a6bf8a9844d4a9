/** Objects that hold what they may hold and nothing else; mistakes are told by the field's name. */
import * as t from 'io-ts';
import { isRecord } from './record.ts';

/** What a closed object has: all of the required fields, some of the optional ones. */
export type Fields<R extends t.Props, P extends t.Props> = t.TypeOfProps<R> & t.TypeOfPartialProps<P>;

/** The codec that `closed` makes; its fields can be read from it. */
export class ClosedType<R extends t.Props, P extends t.Props> extends t.Type<Fields<R, P>, unknown> {
  readonly _tag = 'ClosedType' as const;
  readonly required: R;
  readonly optional: P;
  constructor(required: R, optional: P) {
    const fields: t.Props = { ...required, ...optional };
    const inner = t.intersection([t.type(required), t.partial(optional)]);
    super(
      'an object',
      (input): input is Fields<R, P> => inner.is(input),
      (input, context) => {
        if (!isRecord(input)) return t.failure(input, context, 'must be an object');
        const faults: t.ValidationError[] = [];
        const fault = (key: string, value: unknown, message: string): void => {
          faults.push({ value, context: t.appendContext(context, key, t.unknown), message });
        };
        for (const key of Object.keys(input)) if (!Object.hasOwn(fields, key)) fault(key, input[key], 'is not a known field');
        for (const key of Object.keys(required)) if (!Object.hasOwn(input, key)) fault(key, undefined, 'is missing');
        for (const [key, codec] of Object.entries(fields)) {
          if (!Object.hasOwn(input, key)) continue;
          const decoded = codec.validate(input[key], t.appendContext(context, key, codec, input[key]));
          if (decoded._tag === 'Left') faults.push(...decoded.left);
        }
        return faults.length > 0 ? t.failures(faults) : t.success(input as Fields<R, P>);
      },
      (output) => output,
    );
    this.required = required;
    this.optional = optional;
  }
}

/** An object with exactly these fields. An unknown field is a mistake, since it would be ignored in silence otherwise. */
export const closed = <R extends t.Props, P extends t.Props>(required: R, optional: P): ClosedType<R, P> => new ClosedType(required, optional);

/** A mistake: where, what should be there, and what was there instead, in few words. */
export interface Fault {
  readonly path: string;
  readonly reason: string;
  readonly value: unknown;
}

const LONGEST = 100;

/** A value for people: never deep, never long. */
const brief = (value: unknown): unknown => {
  if (typeof value === 'string') return value.length > LONGEST ? `${value.slice(0, LONGEST)}…` : value;
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (typeof value === 'number' && !Number.isFinite(value)) return String(value);
  return typeof value === 'object' && value !== null ? 'an object' : value;
};

/** The first mistake of a failed decoding. */
export const firstFault = (errors: t.Errors): Fault => {
  const [error] = errors;
  const path = (error?.context ?? []).map(({ key }) => brief(key)).filter((key) => key !== '').join('.');
  const expected = error?.context.at(-1)?.type.name ?? 'something else';
  return { path, reason: error?.message ?? `must be ${expected}`, value: brief(error?.value) };
};
