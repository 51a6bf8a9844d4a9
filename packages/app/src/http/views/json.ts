/** Bodies as they are sent. A view never changes, so the JSON of its body is made once, for as long as the view is kept: lists put it together. */
import type { ResourceView } from '../../queries/views.ts';
import { resourceBody } from './resource.ts';

/** A body that is JSON already, in UTF-8. */
export class Json {
  readonly bytes: Buffer;

  constructor(bytes: Buffer) {
    this.bytes = bytes;
  }
}

const known = new WeakMap<ResourceView, Buffer>();

/** The body of a resource. */
export const resourceJson = (view: ResourceView): Buffer => {
  const made = known.get(view);
  if (made !== undefined) return made;
  const json = Buffer.from(JSON.stringify(resourceBody(view)));
  known.set(view, json);
  return json;
};

const COMMA = 0x2c;

/** What comes before, the bodies of some resources between commas, what comes behind. */
export const jsonAround = (before: string, views: readonly ResourceView[], behind: string): Json => {
  const [head, tail, bodies] = [Buffer.from(before), Buffer.from(behind), views.map(resourceJson)];
  const size = bodies.reduce((sum, { length }) => sum + length, head.length + tail.length + Math.max(0, bodies.length - 1));
  const bytes = Buffer.allocUnsafe(size);
  bytes.set(head);
  let end = head.length;
  for (const [nth, body] of bodies.entries()) {
    if (nth > 0) bytes[end++] = COMMA;
    bytes.set(body, end);
    end += body.length;
  }
  bytes.set(tail, end);
  return new Json(bytes);
};
