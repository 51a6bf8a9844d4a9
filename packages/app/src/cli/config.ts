/** The configuration file of a service, as its author writes it. */
import type { BlockBackend, Placement, PoolType } from '@blockledger/domain';
import type { EngineLimits } from '../engine/parts.ts';

/** A pool that the service registers at its start, if it is not there yet. */
export interface PoolConfig extends Placement {
  /** Default `replicated`. */
  readonly poolType?: PoolType;
  /** Provisioned to total bytes, 1 to 1000. Default 20. */
  readonly overSubscriptionRatio?: number;
}

/** What a service is made of. Paths are relative to the working directory. */
export interface ServiceConfig {
  /** Path of the SQLite file; its folder is created. `:memory:` forgets everything at the end. */
  readonly store: string;
  /** By the name that pools carry. */
  readonly backends: Readonly<Record<string, BlockBackend>>;
  /** By the name that users see. */
  readonly pools?: Readonly<Record<string, PoolConfig>>;
  /** Default: 127.0.0.1, port 8056 (S0-1). */
  readonly listen?: { readonly host?: string; readonly port?: number };
  /** Who may ask, by name. Without any, the service makes one for this run and prints it. */
  readonly tokens?: Readonly<Record<string, string>>;
  /** Numbers of the engine that differ from its defaults. */
  readonly limits?: Partial<EngineLimits>;
  /** Said on the screen at the start. */
  readonly notice?: string;
  /** pino's word for how much is logged. Default `info`. */
  readonly logLevel?: 'debug' | 'info' | 'warn' | 'error' | 'silent';
}

/** What was said outside the file, on the command line or in the environment, and goes before it. */
export interface GivenSettings {
  readonly store?: string;
}

/** A configuration, or how to make one from what was said outside the file. */
export type ConfigSource = ServiceConfig | ((given: GivenSettings) => ServiceConfig | Promise<ServiceConfig>);

/**
 * Gives a configuration file its types. The file exports what this returns as its default.
 *
 * @example
 * import { defineConfig } from '@blockledger/app';
 * const config = defineConfig({ store: 'var/blockledger.db', backends: {} });
 * typeof config; // => 'object'
 */
export const defineConfig = (config: ConfigSource): ConfigSource => config;
