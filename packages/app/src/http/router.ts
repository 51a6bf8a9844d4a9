/** From the paths of the contract to fastify's, whose colons mean something else. */
import type { Method, Operation } from '../api/operation.ts';
import { everyOperation, type OperationId } from '../api/operations/index.ts';

/** An operation with its id. */
export type Entry = readonly [OperationId, Operation];

/** Operations of one method and path, told apart by the verb after the last reference's colon; '' is the one without. */
export interface Route {
  readonly method: Method;
  /** As fastify writes it: `/block-volumes/:ref0`. */
  readonly path: string;
  readonly verbs: ReadonlyMap<string, Entry>;
}

/** `/block-volumes/{volume}:undelete` is `/block-volumes/:ref0` and the verb `undelete`; a colon elsewhere is itself. */
const split = (path: string): { readonly path: string; readonly verb: string } => {
  const [, head = path, verb = ''] = /^(.*\}):([\w-]+)$/.exec(path) ?? [];
  let at = 0;
  return { path: head.replaceAll(':', '::').replaceAll(/\{\w+\}/g, () => `:ref${at++}`), verb };
};

/** The routes of all operations. */
export const routes: readonly Route[] = (() => {
  const made = new Map<string, { readonly method: Method; readonly path: string; readonly verbs: Map<string, Entry> }>();
  for (const entry of everyOperation) {
    const [, { method, path: declared }] = entry;
    const { path, verb } = split(declared);
    const key = `${method} ${path}`;
    const route = made.get(key) ?? { method, path, verbs: new Map<string, Entry>() };
    route.verbs.set(verb, entry);
    made.set(key, route);
  }
  return [...made.values()];
})();

/** What a request asks for: its operation, and the texts of the path's references. Undefined: no such verb. */
export const findEntry = ({ verbs }: Route, params: Readonly<Record<string, string>>): { readonly entry: Entry | undefined; readonly refs: readonly string[]; readonly verb: string } => {
  const texts = Object.keys(params).toSorted().map((name) => params[name] ?? '');
  const plain = verbs.get('');
  if (plain !== undefined && verbs.size === 1) return { entry: plain, refs: texts, verb: '' };
  const last = texts.at(-1) ?? '';
  const colon = last.lastIndexOf(':');
  const verb = colon < 0 ? '' : last.slice(colon + 1);
  return { entry: verbs.get(verb), refs: [...texts.slice(0, -1), colon < 0 ? last : last.slice(0, colon)], verb };
};
