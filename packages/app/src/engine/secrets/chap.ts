/** The secrets of CHAP accounts: kept as long as an access path or a client group names them (I-24). */
import { reveal, secret as wrap, type AccessPathState, type ClientGroupState, type Refusal, type Secret, type SecretRef } from '@blockledger/domain';
import * as E from 'fp-ts/lib/Either.js';
import type { ResourceQueries } from '../../queries/resources.ts';
import type { Change, States } from '../../queries/states.ts';
import type { ResourceKindName } from '../../queries/views.ts';
import { wishOf, type Accepting, type Asks } from '../commands/callers.ts';
import { chapIn, withReference } from '../commands/chapRequests.ts';
import type { FactSources } from '../commands/facts.ts';
import type { Engine } from '../parts.ts';
import { refuseEngine } from '../refusals.ts';
import type { PlaneRequest, RequestOptions } from '../requests.ts';
import { makeKeptSecrets, ownerOf } from './kept.ts';

/** What a plan needs to be made of a request with an account: nothing of it is kept. */
export interface PlannedChap {
  readonly request: PlaneRequest;
  readonly options: RequestOptions;
  readonly facts: Partial<FactSources>;
}

type Named = Pick<Asks, 'address' | 'named'>;

export interface ChapSecrets {
  /** Sends a request. The secret of its account is kept first; what is sent, compared with repeats and recorded knows the reference. */
  readonly submit: (callers: Asks, request: PlaneRequest, options: RequestOptions) => Promise<E.Either<Refusal, Accepting>>;
  /** A request as it is planned: decided on as if its secret were kept. */
  readonly planned: (callers: Named, request: PlaneRequest, options: RequestOptions) => Promise<E.Either<Refusal, PlannedChap>>;
  /** Removes what nothing names, now and whenever something ceases to be named. Returns how to stop. */
  readonly watch: () => () => void;
}

export interface ChapParts {
  readonly engine: Pick<Engine, 'secrets' | 'keepsSecrets' | 'logger' | 'store' | 'exclusive'>;
  readonly states: States;
  readonly resources: Pick<ResourceQueries, 'indexes'>;
  readonly paths: FactSources['paths'];
}

/** Stands for the reference that a secret will have. */
const UNKEPT = 'chap/unkept/not-kept-for-a-plan' as SecretRef;

const refsOfPath = ({ path, rename }: AccessPathState): readonly SecretRef[] =>
  [path?.chap, rename?.chap, ...(path?.groups ?? []).map(({ mutual }) => mutual)].flatMap((account) => account?.secretRef ?? []);

const refsOfGroup = ({ group, rename }: ClientGroupState): readonly SecretRef[] => [group?.mutual, rename?.others?.mutual].flatMap((account) => account?.secretRef ?? []);

const isGone = (state: { readonly lifecycle: string }): boolean => state.lifecycle === 'deleted' || state.lifecycle === 'refused';

const refsIn = (kind: Change['kind'], state: unknown): readonly SecretRef[] => {
  if (kind === 'accessPath') return isGone(state as AccessPathState) ? [] : refsOfPath(state as AccessPathState);
  if (kind === 'clientGroup') return isGone(state as ClientGroupState) ? [] : refsOfGroup(state as ClientGroupState);
  return [];
};

/** Callers without types may give anything. */
const isSecret = (given: unknown): given is Secret | string => typeof given === 'string' || (typeof given === 'object' && given !== null && '_tag' in given && given._tag === 'Secret');

const textOf = (given: Secret | string): string => (typeof given === 'string' ? given : reveal(given));

export const makeChapSecrets = ({ engine, states, resources: { indexes }, paths }: ChapParts): ChapSecrets => {
  const named = function* named(): Iterable<SecretRef> {
    for (const id of indexes.accessPath.ids()) yield* refsIn('accessPath', states.accessPathState(id) ?? { lifecycle: 'deleted' });
    for (const id of indexes.clientGroup.ids()) yield* refsIn('clientGroup', states.clientGroupState(id) ?? { lifecycle: 'deleted' });
  };
  // A client group's account stands in access paths, too, until they have been shown the next one.
  const kept = makeKeptSecrets(engine, 'chap', (ref) => {
    for (const one of named()) if (one === ref) return true;
    return false;
  });

  /** The secret that a request gives; null where it gives none. */
  const secretIn = (request: PlaneRequest): E.Either<Refusal, Secret | string | null> => {
    const account = chapIn(request);
    if (account === undefined) return E.right(null);
    if (!isSecret(account.secret)) return E.left(refuseEngine('InvalidCommand', 'the secret of the account is no text'));
    return engine.keepsSecrets ? E.right(account.secret) : E.left(refuseEngine('SecretStoreAbsent', 'this control plane has no store for secrets'));
  };

  /** The account that a resource has keeps its reference where its secret stays the same. */
  const presentRef = async (id: string, secret: Secret | string): Promise<SecretRef> => {
    const refs = [...refsIn('accessPath', states.accessPathState(id) ?? { lifecycle: 'deleted' }), ...refsIn('clientGroup', states.clientGroupState(id) ?? { lifecycle: 'deleted' })];
    for (const ref of refs.filter((one) => ownerOf(one) === id)) {
      const found = await engine.secrets.get(ref)();
      if (E.isRight(found) && found.right !== undefined && reveal(found.right) === textOf(secret)) return ref;
    }
    return UNKEPT;
  };

  return {
    submit: async (callers, request, options) => {
      const secret = secretIn(request);
      // Refused and on record, as everything is that was asked for.
      if (E.isLeft(secret)) return callers.carry<ResourceKindName>({ request: withReference(request, UNKEPT), address: () => secret }, options);
      if (secret.right === null) return callers.submit(request, options);
      const fixed = callers.named(options);
      if (E.isLeft(fixed)) return fixed;
      const meant = callers.address(wishOf(withReference(request, UNKEPT)), fixed.right.options);
      // What leads nowhere is refused, and on record, without its secret.
      if (E.isLeft(meant)) return callers.submit(withReference(request, UNKEPT), fixed.right.options);
      const { id } = meant.right.addressed.resource;
      return kept.give({ id, secret: secret.right }, (ref) => callers.submit(withReference(request, ref), fixed.right.options));
    },
    planned: async (callers, request, options) => {
      const secret = secretIn(request);
      if (E.isLeft(secret)) return secret;
      if (secret.right === null) return E.right({ request, options, facts: {} });
      const given = secret.right;
      const fixed = callers.named(options);
      if (E.isLeft(fixed)) return fixed;
      const meant = callers.address(wishOf(withReference(request, UNKEPT)), fixed.right.options);
      const ref = E.isLeft(meant) ? UNKEPT : await presentRef(meant.right.addressed.resource.id, given);
      const { secrets } = paths.engine;
      const knowing = { ...secrets, get: (asked: SecretRef) => (asked === UNKEPT ? () => Promise.resolve(E.right(typeof given === 'string' ? wrap(given) : given)) : secrets.get(asked)) };
      return E.right({ request: withReference(request, ref), options: fixed.right.options, facts: { paths: { ...paths, engine: { ...paths.engine, secrets: knowing } } } });
    },
    watch: () => {
      void kept.sweepAll();
      return states.onChange(({ kind, before, after }) => {
        if (kind !== 'accessPath' && kind !== 'clientGroup') return;
        const now = new Set(refsIn(kind, after));
        for (const ref of refsIn(kind, before)) if (!now.has(ref)) void kept.sweep(ownerOf(ref));
      });
    },
  };
};
