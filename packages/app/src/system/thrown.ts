/** What anything thrown says. Libraries throw what they like; nobody shows a stack. */

/** The message of an error, or the text of anything else. */
export const messageOf = (thrown: unknown): string => (thrown instanceof Error ? thrown.message : String(thrown));

/** The message of what lies behind: `fetch failed` and a refused connection to several addresses have their reasons inside. */
export const innermostMessageOf = (thrown: unknown): string => {
  const inner: unknown = thrown instanceof AggregateError ? thrown.errors[0] : thrown instanceof Error ? thrown.cause : undefined;
  return inner instanceof Error ? inner.message : messageOf(thrown);
};
