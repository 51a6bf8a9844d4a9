/** The configuration file: there, valid, and its secrets not open to everybody. */
import { statSync } from 'node:fs';
import * as E from 'fp-ts/lib/Either.js';
import type { Finding } from '@blockledger/domain';
import type { GivenSettings, ServiceConfig } from '../config.ts';
import { counted } from '../frame/text.ts';
import { loadConfig } from '../loadConfig.ts';
import { tokensWith, type OutsideToken } from '../outsideToken.ts';
import { fine, problem, warning } from './findings.ts';

/** The file as it was found; `config` where it is valid. */
export interface ConfigurationFound {
  readonly findings: readonly Finding[];
  readonly config: ServiceConfig | undefined;
}

const OTHERS_READ = 0o004;
const OTHERS_WRITE = 0o022;

const permissionsOf = (file: string, { tokens = {} }: ServiceConfig): Finding => {
  const mode = statSync(file).mode;
  if ((mode & OTHERS_WRITE) !== 0) {
    const found = `others than its owner can write ${file}`;
    return problem('configurationPermissions', file, { found, meaning: 'It is a program: whoever writes it does what the service may do.', remedy: `chmod go-w ${file}` });
  }
  if (Object.keys(tokens).length > 0 && (mode & OTHERS_READ) !== 0) {
    const found = `${file} holds tokens, and every user of this machine can read it`;
    return warning('configurationPermissions', file, { found, meaning: 'Whoever has a token may use it.', remedy: `chmod o-r ${file}, or give the token as BLOCKLEDGER_TOKEN` });
  }
  return fine('configurationPermissions', file, `only its owner can write ${file}`);
};

/** The environment of whoever looks need not be that of the service: so it is a warning. */
const tokenOutside = (token: OutsideToken | undefined, { tokens = {} }: ServiceConfig): readonly Finding[] => {
  const joined = token === undefined ? E.right(tokens) : tokensWith(token, tokens);
  if (E.isRight(joined)) return [];
  const { message, remedy = '' } = joined.left;
  return [warning('token', token?.from ?? '', { found: message, meaning: 'The service does not start with it.', remedy })];
};

/** Loads the file as `serve` does. */
export const lookAtConfiguration = async (file: string, given: GivenSettings, token: OutsideToken | undefined): Promise<ConfigurationFound> => {
  const loaded = await loadConfig(file, given);
  if (E.isLeft(loaded)) {
    const { message, remedy = 'correct it; `blockledger init` writes one that is valid' } = loaded.left;
    return { config: undefined, findings: [problem('configuration', file, { found: message, meaning: 'The service does not start.', remedy })] };
  }
  const config = loaded.right;
  const backends = Object.keys(config.backends).length;
  const { pools = {}, targets = {}, vips = {}, hosts = {} } = config;
  const gateways = [...Object.keys(targets), ...Object.keys(vips)].length;
  const counts = [counted(backends, 'backend'), counted(Object.keys(pools).length, 'pool'), ...(gateways === 0 ? [] : [counted(gateways, 'backend of gateways', 'backends of gateways'), counted(Object.keys(hosts).length, 'host')])];
  const found = `${file} is valid: ${counts.join(', ')}`;
  const empty = backends === 0;
  const whole = empty
    ? warning('configuration', file, { found, meaning: 'No volume can be made.', remedy: 'name a backend under `backends`' })
    : fine('configuration', file, found);
  return { config, findings: [whole, permissionsOf(file, config), ...tokenOutside(token, config)] };
};
