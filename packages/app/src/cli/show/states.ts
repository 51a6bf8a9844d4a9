/** How a resource stands, in one word or two, and its colour. */
import type { Screen } from '../frame/screen.ts';

interface Standing {
  readonly status: string;
  readonly action_status: string;
  readonly failure: { readonly message: string } | null;
}

/** `active`, `active, resizing`, `active, error`. */
export const standing = ({ status, action_status: doing }: Standing): string => (doing === 'active' || doing === status ? status : `${status}, ${doing}`);

const RED = new Set(['error', 'failed', 'refused', 'unreachable', 'split']);
const GREEN = new Set(['active', 'succeeded', 'online', 'accepted', 'connected', 'attached']);

/** Green where all is well, red where somebody is waited for, yellow between. */
export const paintState =
  ({ colour }: Screen) =>
  (text: string): string => {
    const words = text.trim().split(', ');
    if (words.some((word) => RED.has(word))) return colour.red(text);
    return words.every((word) => GREEN.has(word)) ? colour.green(text) : colour.yellow(text);
  };
