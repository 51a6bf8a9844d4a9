/** CHAP accounts in requests. Before a request becomes a command, its secret is kept, and in its place stands the reference (I-24). */
import type { ChapAccount, SecretRef } from '@blockledger/domain';
import type { ChapInput } from '../pathRequests.ts';
import type { PlaneRequest } from '../requests.ts';

/** The account that a request gives; undefined where it gives none. */
export const chapIn = (request: PlaneRequest): ChapInput | undefined => {
  switch (request.do) {
    case 'createAccessPath':
    case 'updateAccessPath':
      return request.input.chap ?? undefined;
    case 'createClientGroup':
    case 'updateClientGroup':
      return request.input.mutual ?? undefined;
    default:
      return undefined;
  }
};

/** The request with the reference of its secret in the secret's place. Callers without types may give anything: what is no account is left out. */
export const withReference = (request: PlaneRequest, ref: SecretRef): PlaneRequest => {
  const kept = (account: unknown): ChapInput | null => (typeof account === 'object' && account !== null ? { ...(account as ChapInput), secret: ref } : null);
  switch (request.do) {
    case 'createAccessPath':
      return { ...request, input: { ...request.input, chap: kept(request.input.chap) } };
    case 'updateAccessPath':
      return { ...request, input: { ...request.input, chap: kept(request.input.chap) } };
    case 'createClientGroup':
      return { ...request, input: { ...request.input, mutual: kept(request.input.mutual) } };
    case 'updateClientGroup':
      return { ...request, input: { ...request.input, mutual: kept(request.input.mutual) } };
    default:
      return request;
  }
};

/** The account as the domain knows it, once its secret is kept; undefined where nothing is said of it. */
export const accountOf = (given: ChapInput | null | undefined): ChapAccount | null | undefined =>
  given === null || given === undefined ? given : { user: given.user, secretRef: String(given.secret) as SecretRef };
