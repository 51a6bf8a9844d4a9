/** Labels take few values, whatever happens: what is counted costs memory here and in every Prometheus that reads it. */

/** What stands for all values beyond the bound. */
const OTHER = 'other';

/** Lets the first so many values through, and calls all later ones `other`. */
export const bounded = (most: number): ((value: string) => string) => {
  const known = new Set<string>();
  return (value) => {
    if (known.has(value)) return value;
    if (known.size >= most) return OTHER;
    known.add(value);
    return value;
  };
};

const IDS = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|\d+/g;

/** A step's name without the ids and moments that some have: `begin snapshot <id>` is `begin snapshot`. */
export const stepName = (step: string): string => step.replaceAll(IDS, '').replaceAll(/\s+/g, ' ').trim();
