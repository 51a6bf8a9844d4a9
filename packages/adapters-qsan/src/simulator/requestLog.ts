/** What an array was asked: the last requests, and how many logins there were. */
import type { QsanRequest } from './faults.ts';

/** A request that was answered, or whose connection was cut. */
export interface QsanLogged extends QsanRequest {
  /** Absent while it is under way, and where the connection was cut. */
  readonly status?: number;
}

/** So many requests are kept: an array may run for days. */
const KEPT = 10_000;

/** Counts requests and keeps the last ones. */
export interface RequestLog {
  readonly arrived: (request: Omit<QsanRequest, 'count'>) => QsanRequest;
  /** How it went: a status, or nothing where the connection was cut. */
  readonly ended: (request: QsanRequest, status?: number) => void;
  readonly requests: () => readonly QsanLogged[];
  readonly logins: () => number;
}

/** An empty log. */
export const requestLog = (): RequestLog => {
  const kept = new Map<number, QsanLogged>();
  let count = 0;
  let logins = 0;
  return {
    arrived: (request) => {
      count += 1;
      const counted = { ...request, count };
      kept.set(count, counted);
      kept.delete(count - KEPT);
      return counted;
    },
    ended: (request, status) => {
      if (status === undefined) return;
      if (kept.has(request.count)) kept.set(request.count, { ...request, status });
      if (request.method === 'POST' && request.path === '/api/login' && status === 200) logins += 1;
    },
    requests: () => [...kept.values()],
    logins: () => logins,
  };
};
