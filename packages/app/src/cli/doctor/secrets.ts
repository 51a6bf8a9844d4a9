/** Secrets of CHAP accounts and webhooks: the sealed file, and the key that opens it. */
import { statSync } from 'node:fs';
import type { Finding } from '@blockledger/domain';
import type { ServiceConfig } from '../config.ts';
import type { StorePlace } from '../store/place.ts';
import { fine, problem, warning } from './findings.ts';

const OTHERS = 0o077;

/** Undefined for what is not there, or cannot be looked at. */
const modeOf = (path: string): number | undefined => {
  try {
    return statSync(path).mode;
  } catch {
    return undefined;
  }
};

const UNUSABLE = 'No secret can be opened or kept: targets with CHAP are not changed, and webhooks are not sent.';

const lookAtSealed = (path: string, mode: number): Finding =>
  (mode & OTHERS) === 0
    ? fine('secrets', path, `only its owner can read the sealed secrets in ${path}`)
    : warning('secrets', path, { found: `others than its owner can read the sealed secrets in ${path}`, meaning: 'Whoever gets the key, too, has the secrets.', remedy: `chmod 600 ${path}` });

const lookAtKey = (path: string, sealed: string): readonly Finding[] => {
  const mode = modeOf(path);
  if (mode === undefined) return [problem('secretKey', path, { found: `${path}, the key of ${sealed}, is not there`, meaning: UNUSABLE, remedy: 'restore it from a backup, or give the key as BLOCKLEDGER_SECRET_KEY' })];
  if ((mode & OTHERS) !== 0) return [problem('secretKey', path, { found: `others than its owner can read ${path}, so it is not used`, meaning: UNUSABLE, remedy: `chmod 600 ${path}, and change the key` })];
  return [fine('secretKey', path, `only its owner can read the key ${path}`)];
};

/** Looks at them where there are any. */
export const lookAtSecrets = ({ secrets = {} }: ServiceConfig, store: StorePlace, keyOutside: string | undefined): readonly Finding[] => {
  if (store.is === 'memory') return [];
  const { path = store.is === 'file' ? `${store.path}.secrets` : undefined } = secrets;
  if (path === undefined) {
    const found = 'secrets.path is not said, and beside a store in EventStoreDB there is no place for secrets';
    return [problem('secrets', store.shown, { found, meaning: 'The service does not start.', remedy: "say where they are kept: secrets: { path: '/var/lib/blockledger/secrets' }" })];
  }
  const mode = modeOf(path);
  if (mode === undefined) return [];
  const isKeyOutside = keyOutside !== undefined && keyOutside !== '';
  return [lookAtSealed(path, mode), ...(isKeyOutside ? [] : lookAtKey(secrets.keyFile ?? `${path}.key`, path))];
};
