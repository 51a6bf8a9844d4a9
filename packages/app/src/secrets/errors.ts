/** Short ways to say each `SecretError`. No message holds a secret or a key. */
import type { SecretError } from '@blockledger/domain';

/** The store cannot be read or written just now. */
export const unavailable = (message: string): SecretError => ({ _tag: 'Unavailable', message });

/** What is kept cannot be opened. */
export const unreadable = (message: string): SecretError => ({ _tag: 'Unreadable', message });

/** The code of an error of the operating system: `ENOENT`. */
export const codeOf = (thrown: unknown): string => (typeof thrown === 'object' && thrown !== null && 'code' in thrown ? String(thrown.code) : '');
