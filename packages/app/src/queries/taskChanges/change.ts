/** What an event can mean for the task of its operation (S0-6, S0-135). */
import type { PortError, StoredRefusal } from '@blockledger/domain';
import type { TaskType } from '../views.ts';

export type TaskChange =
  | { readonly to: 'begun'; readonly type: TaskType; readonly resource?: { readonly kind: 'snapshot'; readonly id: string } }
  /** Ends it if it is of one of these types. */
  | { readonly to: 'succeeded' | 'cancelled'; readonly types: readonly TaskType[] }
  | { readonly to: 'refused'; readonly types: readonly TaskType[]; readonly refusal: StoredRefusal }
  | { readonly to: 'delayed' | 'failed'; readonly error: { readonly code: string; readonly message: string }; readonly work: string }
  /** `stepped`: a step that may have been delayed has worked. */
  | { readonly to: 'retried' | 'abandoned' | 'stepped' };

export const begun = (type: TaskType): TaskChange => ({ to: 'begun', type });
export const succeeded = (...types: readonly TaskType[]): TaskChange => ({ to: 'succeeded', types });
export const cancelled = (...types: readonly TaskType[]): TaskChange => ({ to: 'cancelled', types });
export const refused = ({ refusal }: { readonly refusal: StoredRefusal }, ...types: readonly TaskType[]): TaskChange => ({ to: 'refused', types, refusal });

/** An event of trouble, of whatever resource. */
export const troubleChange = (event: { readonly type: string; readonly work?: string; readonly error?: PortError }): TaskChange | undefined => {
  const { type, work = '', error } = event;
  if (type === 'WorkRetried') return { to: 'retried' };
  if (error === undefined || (type !== 'WorkFailed' && type !== 'WorkDelayed')) return undefined;
  return { to: type === 'WorkFailed' ? 'failed' : 'delayed', error: { code: error.code, message: error.message }, work };
};
