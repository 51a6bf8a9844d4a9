/**
 * tgtd shows the names of accounts and never their secrets, so it cannot be seen whether an account has the secret that it is to have. A note is
 * an account that nobody may present, whose name says which secret another one was given. It lives as long as the daemon does.
 */
import type { ChapAccount } from '@blockledger/domain';

const BEGIN = 'secret:';

/** The note that an account has this secret. */
export const noteOf = ({ user, secretRef }: ChapAccount): string => `${BEGIN}${user}:${secretRef}`;

/** Whether the name of an account is a note. */
export const isNote = (name: string): boolean => name.startsWith(BEGIN);

/** Whether a name is a note about this user. References of secrets have no colon. */
export const isNoteAbout = (user: string) => (name: string): boolean => isNote(name) && name.slice(BEGIN.length, name.lastIndexOf(':')) === user;
