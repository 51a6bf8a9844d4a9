/** Backends of targets and of virtual IPs, each with the hosts that it is to serve. */
import * as E from 'fp-ts/lib/Either.js';
import type { CallContext, Finding, HostPlace, PortError, TargetBackend, VipBackend } from '@blockledger/domain';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';
import type { ServiceConfig } from '../config.ts';
import { counted } from '../frame/text.ts';
import { DOCTOR, guarded, type BackendExamination } from './backends.ts';
import { fine, problem, type Section } from './findings.ts';

interface Looking {
  /** `targets.xdc`: the backend in the configuration. */
  readonly field: string;
  readonly name: string;
  readonly backend: TargetBackend | VipBackend;
  /** Hosts of the configuration that name it. */
  readonly hosts: readonly string[];
  /** `target`, `instance`: what it has on a host. */
  readonly noun: string;
}

const unknownHost = ({ field, backend }: Looking, host: string): Finding => {
  const known = backend.hosts().join(', ') || 'none';
  return problem('host', host, { found: `hosts.${host} names ${field}, which knows no host ${host} (its hosts: ${known})`, meaning: 'The host is refused, and the service does not start.', remedy: 'give the host the name that its backend knows, or the backend this host' });
};

/** What every backend can be asked of a host. */
const askHost = async ({ name, backend, noun }: Looking, host: string, context: CallContext): Promise<Finding> => {
  const list = backend.list as (place: HostPlace, context: CallContext) => TaskEither<PortError, readonly unknown[]>;
  const listed = await list({ backend: name, host }, context)();
  if (E.isRight(listed)) return fine('host', host, `host ${host} answers: ${counted(listed.right.length, noun)}`);
  return problem('host', host, { found: `host ${host} cannot be asked: ${listed.left.message}`, meaning: 'What is wanted there is owed until it answers.', remedy: 'see whether the host is there, and whether its programs run' });
};

/** Hosts that it knows are asked whether the configuration has them or not: they may have been registered otherwise. */
const lookAtGateways = async (looking: Looking, signal: AbortSignal): Promise<readonly Finding[]> => {
  const { backend, hosts } = looking;
  const context: CallContext = { signal, onProgress: () => undefined, installationId: DOCTOR };
  const lost = hosts.filter((host) => !backend.hosts().includes(host)).map((host) => unknownHost(looking, host));
  const seen = backend.diagnose === undefined ? await Promise.all(backend.hosts().map((host) => askHost(looking, host, context))) : await backend.diagnose([], context)();
  return [...lost, ...seen];
};

const namedBy = ({ hosts = {} }: ServiceConfig, part: 'targets' | 'vips', name: string): readonly string[] =>
  Object.entries(hosts).flatMap(([host, config]) => (config[part] === name ? [host] : []));

/** Looks at one backend after the other. */
export const lookAtAllGateways = async (config: ServiceConfig, { patienceMs, onBegin }: BackendExamination): Promise<readonly Section[]> => {
  const all = [
    ...Object.entries(config.targets ?? {}).map(([name, backend]) => ({ title: 'Targets', noun: 'target', part: 'targets', name, backend }) as const),
    ...Object.entries(config.vips ?? {}).map(([name, backend]) => ({ title: 'Virtual IPs', noun: 'virtual IP', part: 'vips', name, backend }) as const),
  ];
  const sections: Section[] = [];
  for (const { title, part, noun, name, backend } of all) {
    onBegin(name);
    // What both find well of a host that they share is said once.
    const said = new Set(sections.flatMap(({ findings }) => findings.map(({ found }) => found)));
    const looking = { field: `${part}.${name}`, name, backend, noun, hosts: namedBy(config, part, name) };
    const findings = await guarded(name, patienceMs, async (signal) => lookAtGateways(looking, signal));
    sections.push({ title: `${title} ${name} (${backend.kind})`, findings: findings.filter(({ level, found }) => level !== 'ok' || !said.has(found)) });
  }
  // Both may reach the same hosts: what they share is let go when everything was looked at.
  for (const { backend } of all) void backend.close().catch(() => undefined);
  return sections;
};
