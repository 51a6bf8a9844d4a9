/** The body of an error (S1-4). `code` is the status of the answer, too. */
export interface QsanErrorBody {
  readonly error: string;
  readonly code: number;
  readonly details?: string;
}
