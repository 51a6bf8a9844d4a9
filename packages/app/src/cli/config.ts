/** The configuration file of a service, as its author writes it. */
import type { AddressRole, BlockBackend, Placement, PoolType, Secret, TargetBackend, VipBackend } from '@blockledger/domain';
import type { EngineLimits, WebhookSettings } from '../engine/parts.ts';
import type { RateLimits } from '../http/access/rateLimits.ts';
import type { Tokens } from '../http/access/staticTokens.ts';
import type { StreamLimits } from '../http/streams/limits.ts';

/** A pool that the service registers at its start, if it is not there yet. */
export interface PoolConfig extends Placement {
  /** Default `replicated`. */
  readonly poolType?: PoolType;
  /** Provisioned to total bytes, 1 to 1000. Default 20. */
  readonly overSubscriptionRatio?: number;
}

/** An address of a gateway host. */
export interface AddressConfig {
  readonly ip: string;
  /** Length of its network's prefix. Default 24. */
  readonly prefix?: number;
  /** The device that it is on: `eth0`. */
  readonly interface: string;
  /** The broadcast domain, by any name: virtual router ids are counted for each. Default: the network of the address. */
  readonly segment?: string;
  /** Default `gateway`: initiators come in by it. */
  readonly role?: AddressRole;
}

/** A gateway host that the service registers at its start, if it is not there yet. Its name is the one by which its backends know it. */
export interface HostConfig {
  /** The backend of its targets. */
  readonly targets?: string;
  /** The backend of its virtual IPs. */
  readonly vips?: string;
  readonly addresses: readonly AddressConfig[];
}

/** Certificates: each is the path of a PEM file, or the PEM itself. SIGHUP reads the files again. */
export interface TlsConfig {
  /** The service's certificate, followed by those between it and the root. */
  readonly cert: string;
  readonly key: string | Secret;
  /** Who signs the certificates of clients. */
  readonly ca?: string;
  /** Refuse connections without a certificate that `ca` has signed. A token is needed all the same. */
  readonly requestClientCert?: boolean;
}

/** Where a service listens. */
export interface ListenConfig {
  /** Default 127.0.0.1. Beyond loopback, TLS is required. */
  readonly host?: string;
  /** Default 8056 (S0-1); 0 takes any free one. */
  readonly port?: number;
  readonly tls?: TlsConfig;
  /** Listen beyond loopback without TLS: tokens and data go over the network as they are. */
  readonly insecure?: boolean;
  /** Addresses or networks of reverse proxies, whose `X-Forwarded-For` is believed. */
  readonly trustedProxies?: readonly string[];
}

/** How often one may ask, and how long a body may be. */
export interface RequestLimitsConfig extends RateLimits {
  /** Longest request body of most operations, in bytes. Default 65536. */
  readonly bodyBytes?: number;
}

/** How a service can be watched. */
export interface ObservabilityConfig {
  /**
   * Figures for Prometheus: `GET /metrics`, for any token that sees all tenants. Default true. With a port, they are served there too, to
   * anybody who reaches it and without TLS: `/metrics`, `/healthz` and `/readyz`. `host` defaults to 127.0.0.1.
   */
  readonly metrics?: boolean | { readonly host?: string; readonly port: number };
  /** Spans by OpenTelemetry's API. Default true; without an SDK in the process nothing is sent anywhere. */
  readonly tracing?: boolean;
}

/** Where the secrets of webhooks are kept, sealed. */
export interface SecretsConfig {
  /** Default: the path of the store with `.secrets`. A store in EventStoreDB has none: then it must be said. */
  readonly path?: string;
  /** Default: that path with `.key`; made at the first use. The environment's BLOCKLEDGER_SECRET_KEY goes before it. */
  readonly keyFile?: string;
}

/** What a service is made of. Paths are relative to the working directory. */
export interface ServiceConfig {
  /**
   * Path of the SQLite file; its folder is created. `:memory:` forgets everything at the end. Or the connection string of EventStoreDB, `esdb://…` or
   * `esdb+discover://…`, whose client `@eventstore/db-client` is then installed beside Blockledger; `namespace=` among its settings tells several
   * stores of one cluster apart. It holds a password: `@` and a path name a file that holds it, which only its owner can read.
   */
  readonly store: string | Secret;
  /** By the name that pools carry. */
  readonly backends: Readonly<Record<string, BlockBackend>>;
  /** What offers volumes to initiators, by the name that hosts carry: `tgtTargets({ … })`, `xdcTargets({ … })`, or an array's own, under the name that its volumes have: `qsanArray({ … }).targets`. */
  readonly targets?: Readonly<Record<string, TargetBackend>>;
  /** What keeps virtual IPs, by the name that hosts carry: `keepalivedVips({ … })`. */
  readonly vips?: Readonly<Record<string, VipBackend>>;
  /** Gateway hosts, by name. */
  readonly hosts?: Readonly<Record<string, HostConfig>>;
  /** By the name that users see. */
  readonly pools?: Readonly<Record<string, PoolConfig>>;
  /** Default: 127.0.0.1, port 8056 (S0-1). */
  readonly listen?: ListenConfig;
  /** Who may ask, by name, besides the tokens that were issued: a text (role `admin`, all tenants), or what it may. Without any, the service makes one for this run and prints it. The name `local` is the service's own. */
  readonly tokens?: Tokens;
  /** Default: 200 requests a second of an address, 100 of a principal, 30 different wrong tokens a minute of an address. */
  readonly requestLimits?: RequestLimitsConfig;
  readonly secrets?: SecretsConfig;
  /** How webhooks are sent. Default: https only, or http to this machine; no link-local addresses; 15 000 ms for an answer. */
  readonly webhooks?: Pick<WebhookSettings, 'plainHttp' | 'linkLocal' | 'timeoutMs'>;
  /** Streams of events. Default: 16 of one principal, 1000 in all. */
  readonly streams?: Pick<Partial<StreamLimits>, 'perPrincipal' | 'total'>;
  /** At the end, running calls of backends may take so long, in ms; then they are handed back to the log. Default 10 000. */
  readonly shutdownGraceMs?: number;
  /** Figures and traces. Default: both. */
  readonly observability?: ObservabilityConfig;
  /** Numbers of the engine that differ from its defaults. A service checks its backends every 15 s and audits them every 15 minutes unless told otherwise here. */
  readonly limits?: Partial<EngineLimits>;
  /** Said on the screen at the start. */
  readonly notice?: string;
  /** Ends what the file itself has started, such as a simulator. It is called once, after everything else has ended, by whatever command has loaded the file. */
  readonly close?: () => void | Promise<void>;
  /** pino's word for how much is logged. Default `info`. */
  readonly logLevel?: 'debug' | 'info' | 'warn' | 'error' | 'silent';
}

/** What was said outside the file, on the command line or in the environment, and goes before it. */
export interface GivenSettings {
  /** The path of the store; absent where a connection string was given, which takes effect all the same. */
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
