/** Control planes for tests: over the memory store and the fake backend, with a pool, and answers taken apart. */
import * as E from 'fp-ts/lib/Either.js';
import { controlPlane, type ControlPlane, type ControlPlaneParts } from '@blockledger/app';
import { memoryStore } from '@blockledger/app/memory';
import type { EventStore, Refusal } from '@blockledger/domain';
import { fakeBackend, type FakeBackend } from './fakeBackend.ts';
import { virtualClock, type VirtualClock } from './virtualClock.ts';

export const GIB = 1024 ** 3;
export const UUID = (n: number): string => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;

/** What was answered; a refusal fails the test with its text. */
export const right = <X, A>(answer: E.Either<X, A>): A => {
  if (E.isLeft(answer)) throw new Error(`refused: ${JSON.stringify(answer.left)}`);
  return answer.right;
};

/** The refusal; an acceptance fails the test. */
export const left = <A>(answer: E.Either<Refusal, A>): Refusal => {
  if (E.isRight(answer)) throw new Error(`accepted: ${JSON.stringify(answer.right)}`);
  return answer.left;
};

export interface TestPlane {
  readonly plane: ControlPlane;
  readonly fake: FakeBackend;
  readonly store: EventStore;
  readonly clock: VirtualClock;
}

/** A store that `close` of a plane leaves open, for planes that come after. */
export const lasting = (store: EventStore): EventStore => ({ ...store, close: () => Promise.resolve() });

/** A plane with nothing in it. */
export const barePlane = async (parts: Partial<ControlPlaneParts> & { readonly fake?: FakeBackend; readonly clock?: VirtualClock } = {}): Promise<TestPlane> => {
  const { fake = fakeBackend(), clock = virtualClock(), store = memoryStore(), ...rest } = parts;
  const plane = await controlPlane({ store, backends: { fake: fake.backend }, clock, ...rest });
  return { plane, fake, store, clock };
};

/** A plane with the pool `ssd`. */
export const planeWithPool = async (parts: Parameters<typeof barePlane>[0] = {}): Promise<TestPlane> => {
  const made = await barePlane(parts);
  right(await made.plane.registerPool({ name: 'ssd', placement: { backend: 'fake', pool: 'ssd' } }));
  return made;
};

/** Creates a volume and waits until it is active. */
export const volumeIn = async ({ plane }: TestPlane, name: string, sizeBytes: number = GIB) =>
  right(await plane.createVolume({ pool: 'ssd', name, sizeBytes }, { wait: 'done' })).resource;

/** Takes a snapshot and waits until it is there. */
export const snapshotOf = async ({ plane }: TestPlane, volume: string, name: string) =>
  right(await plane.createSnapshot({ volume, name }, { wait: 'done' })).resource;
