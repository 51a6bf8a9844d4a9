/** A service that listens, over a simulated cluster behind simulated gateways, and Cinder's objects. */
import * as E from 'fp-ts/lib/Either.js';
import { apiClient, type ApiClient } from '@blockledger/app/client';
import type { CinderError, CinderSnapshot, CinderVolume } from '@blockledger/app/cinder-driver';
import { addressOf, pathFixture, type PathFixture, type PathFixtureOptions } from '../pathFixture.ts';
import { TOKEN } from '../httpFixture.ts';

/** A service with the pool `vols`, and the access path `front` on the gateways gw1 and gw2. */
export interface CinderFixture extends PathFixture {
  readonly client: ApiClient;
  readonly url: string;
}

/** The account of the access path. */
export const ACCOUNT = { user: 'chap_user', secret: 'chap_password' } as const;

const done = <A>(answer: E.Either<{ readonly message: string }, A>): A => {
  if (E.isLeft(answer)) throw new Error(answer.left.message);
  return answer.right;
};

export const cinderFixture = async (options: PathFixtureOptions = {}): Promise<CinderFixture> => {
  const fixture = await pathFixture(options);
  const { plane, service } = fixture;
  const wait = { wait: 'done' } as const;
  for (const [at, name] of ['gw1', 'gw2'].entries()) {
    done(await plane.registerHost({ name, targets: 'xdc', vips: 'keepalived', addresses: [{ ip: addressOf(at + 1), prefix: 24, interface: 'eth0', segment: 'lan' }] }, wait));
  }
  done(await plane.createAccessPath({ name: 'front', hosts: ['gw1', 'gw2'], chap: ACCOUNT }, wait));
  const url = done(await service.listen({ port: 0 }));
  return { ...fixture, url, client: apiClient({ url, token: TOKEN }) };
};

const uuid = (n: number): string => `12345678-1234-4234-8234-${String(n).padStart(12, '0')}`;

/** The n-th volume of Cinder's, of so many GiB. */
export const cinderVolume = (n: number, size = 1, more: Partial<CinderVolume> = {}): CinderVolume => ({ id: uuid(n), name: `volume-${uuid(n)}`, size, ...more });
/** The n-th snapshot of Cinder's. */
export const cinderSnapshot = (n: number, volume: CinderVolume): CinderSnapshot => ({ id: uuid(n), name: `snapshot-${uuid(n)}`, volume_name: volume.name });

/** What a call returned; one that failed is a mistake of the test's. */
export const returned = <A>(answer: E.Either<CinderError, A>): A => {
  if (E.isLeft(answer)) throw new Error(`${answer.left._tag} ${answer.left.code}: ${answer.left.message}`);
  return answer.right;
};
/** The exception of a call that had to fail. */
export const raised = (answer: E.Either<CinderError, unknown>): CinderError => {
  if (E.isRight(answer)) throw new Error('the call did not fail');
  return answer.left;
};
