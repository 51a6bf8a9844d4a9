/** What must not be shown is masked by the name of its field, wherever it stands. Accounts are masked whole: what stands in them by mistake may be a secret. */
const SECRET = /secret|password|token|credential|chap|mutual/i;
const MASKED = '********';

/** The same value with everything masked that is named like a secret. */
export const maskSecrets = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(maskSecrets);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]: [string, unknown]) => [key, SECRET.test(key) ? MASKED : maskSecrets(inner)]));
};
