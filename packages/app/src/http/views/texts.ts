/** Bodies as JSON text. A view never changes, so the text of its body is made once, for as long as the view is kept. */
import type { ResourceView } from '../../queries/views.ts';
import { resourceBody } from './resource.ts';

/** A body that is JSON already. */
export class JsonText {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

const texts = new WeakMap<ResourceView, string>();

/** The body of a resource. */
export const resourceText = (view: ResourceView): string => {
  const known = texts.get(view);
  if (known !== undefined) return known;
  const text = JSON.stringify(resourceBody(view));
  texts.set(view, text);
  return text;
};
