/** Which tasks and which actions are wanted. */
import type { ResourceKindName, TaskStatus, TaskType } from './views.ts';

/** When it was asked for, in ms since 1970: from `since` on, before `until`. */
export interface AskedWithin {
  readonly since?: number;
  readonly until?: number;
}

/** Which tasks are wanted; what is left out does not filter (S0-135). */
export interface TaskFilter extends AskedWithin {
  /** One status, or any of several; an empty list wants none. */
  readonly status?: TaskStatus | readonly TaskStatus[];
  readonly type?: TaskType;
  /** What kind of resource it is about. */
  readonly kind?: ResourceKindName;
  /** UUID of the resource. */
  readonly resourceId?: string;
  readonly tenant?: string;
  /** The principal that asked. */
  readonly issuedBy?: string;
}

/** What a loop over tasks' changes takes. */
export interface TaskChangesQuery {
  readonly filter?: TaskFilter;
  /** Goes on behind this `position` of an earlier loop: tasks that ended since are shown, too. Default: now. */
  readonly endedAfter?: number;
  /** Ends the iteration. */
  readonly signal?: AbortSignal;
}

/** Which actions are wanted; what is left out does not filter (S0-136). */
export interface ActionFilter extends AskedWithin {
  /** The principal that asked. */
  readonly issuedBy?: string;
  /** The verb of the request: `createVolume`. */
  readonly action?: string;
  /** UUID of what it is about, or of what is related to it. */
  readonly resourceId?: string;
  readonly result?: 'accepted' | 'refused';
  readonly tenant?: string;
  readonly correlationId?: string;
  /** True: only what every role may see, so nothing about tokens and webhooks. */
  readonly commonOnly?: boolean;
  /** Part of anything in it: a name that was given, a principal, an id, the words of a refusal; upper and lower case alike. */
  readonly q?: string;
}
