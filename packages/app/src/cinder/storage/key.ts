/** Keys of requests that make something: the same wish has the same key, whichever process it comes from. */
import { uuidIds } from '../../system/ids.ts';

/** A UUID of version 4, and nothing else. */
const NAMESPACE = '6f0a4c1e-9c0b-4b6e-8a53-2f6f1f2c9d47';

/** Names can be as long as a key, so the key is made of all that is wished for. */
export const keyOf = (operation: string, wish: object): { readonly idempotencyKey: string } => ({ idempotencyKey: `cinder ${operation} ${uuidIds.derive(NAMESPACE, JSON.stringify(wish))}` });
