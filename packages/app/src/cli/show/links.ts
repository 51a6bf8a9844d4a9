/** Other resources, by what they are called. */

interface Link {
  readonly id: number | null;
  readonly uuid: string;
  readonly name?: string | null;
}

/** `gw1`; the number of what has no name, and the UUID of what has no number either. */
export const nameOf = ({ id, uuid, name }: Link): string => name ?? String(id ?? uuid);

/** `volume 7 db-1`, `VIP group 2`. */
export const titledLink = (noun: string, { id, uuid, name }: Link): string => `${noun} ${String(id ?? uuid)}${name === null || name === undefined ? '' : ` ${name}`}`;
