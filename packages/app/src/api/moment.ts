/** Moments as they are written. */

/** Every date that JavaScript writes has this form; parts of a second may be left out, the zone may not. */
const MOMENT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)$/;

/** JavaScript takes the 30th of February for the 2nd of March. */
const isDay = (day: string): boolean => new Date(`${day}T00:00:00Z`).toISOString().startsWith(day);

/** True for ISO 8601 with its zone: one moment, wherever the service stands. */
export const isMoment = (text: string): boolean => MOMENT.test(text) && !Number.isNaN(Date.parse(text)) && isDay(text.slice(0, 'YYYY-MM-DD'.length));
