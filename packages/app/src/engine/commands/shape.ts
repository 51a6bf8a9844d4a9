/** How it is written down what a request may hold. */
import type { AdminRequest, PlaneRequest } from '../requests.ts';

/** The fields of an object: true for one that holds a value, or whatever its codec says of it. */
export type Shape = { readonly [field: string]: Shape | true };
/** All the fields of a type, so that none is forgotten. */
export type ShapeOf<T> = { readonly [Field in keyof Required<T>]: Shape | true };

type AnyRequest = PlaneRequest | AdminRequest;
type Narrowed<R extends AnyRequest, Do extends AnyRequest['do']> = R extends { readonly do: infer Known } ? (Do extends Known ? R : never) : never;
/** Of a webhook's secret a reference is recorded. */
type Kept<T> = { readonly [Field in keyof T as Field extends 'secret' ? 'secretRef' : Field]: T[Field] };
/** What a request holds besides its name. */
type Recorded<R> = { readonly [Field in keyof Kept<Omit<R, 'do'>>]: Field extends 'input' ? ShapeOf<Kept<Kept<Omit<R, 'do'>>[Field]>> : true };
/** Of each request what it holds. */
export type Shapes<Names extends AnyRequest['do'] = AnyRequest['do']> = { readonly [Do in Names]: Recorded<Narrowed<AnyRequest, Do>> };
