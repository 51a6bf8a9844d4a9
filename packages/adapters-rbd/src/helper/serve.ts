/** A child of ours that lives on: the child's side of it. */
import type { FromChild, ToChild } from './kept.ts';

/** Answers one question. `signal` says that nobody wants it any more; an answer is due all the same. */
export type Serve<Question, Said, Answer> = (question: Question, how: { readonly say: (said: Said) => void; readonly signal: AbortSignal }) => Promise<Answer>;

/** Serves the parent until it is gone; then this process ends, and what it started with it. */
export function serveParent<Question, Said, Answer>(serve: Serve<Question, Said, Answer>): void {
  const stops = new Map<number, AbortController>();
  const answered = async (question: Question, how: Parameters<typeof serve>[1] & { readonly id: number }): Promise<void> => {
    const answer = await serve(question, how);
    stops.delete(how.id);
    send({ id: how.id, answer });
  };
  const send = (message: FromChild<Said, Answer>): void => void (process.connected && process.send?.(message));
  process.on('message', (message: unknown) => {
    const told = message as ToChild<Question>;
    const { id } = told;
    if ('stop' in told) return stops.get(id)?.abort();
    const stop = new AbortController();
    stops.set(id, stop);
    void answered(told.question, { id, say: (said) => send({ id, said }), signal: stop.signal });
  });
  process.on('disconnect', () => process.exit());
}
