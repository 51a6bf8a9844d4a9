/** What a doctor says, grouped as it is shown. */
import type { Finding } from '@blockledger/domain';

/** Findings under one heading. */
export interface Section {
  readonly title: string;
  readonly findings: readonly Finding[];
}

/** All is well. */
export const fine = (check: string, about: string, found: string): Finding => ({ check, about, level: 'ok', found });

/** What is so, what follows, what to do. */
export interface Trouble {
  readonly found: string;
  readonly meaning: string;
  readonly remedy: string;
}

export const warning = (check: string, about: string, trouble: Trouble): Finding => ({ check, about, level: 'warning', ...trouble });

export const problem = (check: string, about: string, trouble: Trouble): Finding => ({ check, about, level: 'problem', ...trouble });
