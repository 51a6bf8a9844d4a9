/** Why a wait is given up whose end nobody has use for. Without a reason `abort` makes an error with its stack, which costs more than the wait. */
export const OVER = 'over';
