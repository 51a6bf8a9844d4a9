import { mayPass, noReservationFacts, reservation, reservationStream } from '@blockledger/domain';
import type { ReservationCommand, ReservationEvent, ReservationKey, Vrid } from '@blockledger/domain';
import * as assert from 'uvu/assert';
import { given } from '../../support/decider.ts';
import { NOON, poolId, serialOf, volumeIdOf } from '../../support/samples.ts';
import { suite } from '../../support/suite.ts';

const test = suite('reservations');
const it = { name: { kind: 'name', of: 'volume', poolId, name: 'data' }, serial: { kind: 'serial', serial: serialOf(1) }, number: { kind: 'number', of: 'volume' }, capacity: { kind: 'capacity', poolId }, space: { kind: 'space', poolId } } as const;
const reserve = (key: ReservationKey, n: number, amount = 1, bounded = true): ReservationCommand => ({ type: 'Reserve', key, holder: volumeIdOf(n), amount, bounded });
const held = (n: number, amount = 1, number: number | null = null): ReservationEvent => ({ type: 'Reserved', holder: volumeIdOf(n), amount, number, limit: 1, at: NOON });
const upTo = (limit: number) => ({ limit, limitUnknown: null });

test('a name has one holder per pool and kind, who may ask for it again [S0-16, I-17]', () => {
  given(reservation).when(reserve(it.name, 1), noReservationFacts).then('Reserved');
  given(reservation, held(1)).when(reserve(it.name, 1), noReservationFacts).then();
  given(reservation, held(1)).when(reserve(it.name, 2), noReservationFacts).refused('NameIsTaken', { value: 'data', spec: 'S0-16' });
  given(reservation, held(1), { type: 'Released', holder: volumeIdOf(1), at: NOON }).when(reserve(it.name, 2), noReservationFacts).then('Reserved');
});

test('a serial number has one holder, else multipath would merge two disks [S0-18]', () => {
  given(reservation, held(1)).when(reserve(it.serial, 2), noReservationFacts).refused('SerialIsTaken', { value: serialOf(1), spec: 'S0-18' });
});

test('every resource gets the next integer, and none is used twice, also after its holder is gone [S0-3]', () => {
  const first = given(reservation).when(reserve(it.number, 1), noReservationFacts).then('Reserved');
  assert.equal(reservation.reply(first.state, reserve(it.number, 1)), { number: 1 });
  const second = given(reservation, held(1, 1, 1), { type: 'Released', holder: volumeIdOf(1), at: NOON }).when(reserve(it.number, 2), noReservationFacts);
  assert.equal(reservation.reply(second.state, reserve(it.number, 2)), { number: 2 });
  assert.equal(reservation.reply(given(reservation).state, reserve(it.number, 2)), {});
});

test('a pool promises at most its over-subscribed capacity [R-3]', () => {
  given(reservation, held(1, 60)).when(reserve(it.capacity, 2, 40), upTo(100)).then('Reserved');
  given(reservation, held(1, 60)).when(reserve(it.capacity, 2, 41), upTo(100)).refused('PoolIsOverSubscribed', { value: 101, limit: 100, spec: 'R-3' });
  given(reservation, held(1, 60)).when(reserve(it.capacity, 1, 100), upTo(100)).then('Reserved');
  given(reservation, held(1, 60)).when(reserve(it.capacity, 1, 101), upTo(100)).refused('PoolIsOverSubscribed');
});

test('who gives capacity back is never refused, however full the pool [R-3]', () => {
  assert.is(given(reservation, held(1, 60)).when(reserve(it.capacity, 1, 50), noReservationFacts).then('Reserved').state.total, 50);
});

test('two flattens do not pass the same check of free space [R-3]', () => {
  const first = given(reservation).when(reserve(it.space, 1, 60), upTo(100)).then('Reserved');
  given(reservation, ...first.events).when(reserve(it.space, 2, 60), upTo(100)).refused('PoolHasNoSpace', { value: 120, limit: 100 });
});

test('space is not promised on guesses: without fresh statistics there is none [R-3]', () => {
  given(reservation).when(reserve(it.space, 1, 60), { limit: null, limitUnknown: { why: 'the monitor is down', passes: true } }).refused('PoolCapacityUnknown', { value: poolId });
  given(reservation).when(reserve(it.capacity, 1, 60), noReservationFacts).refused('PoolCapacityUnknown');
});

test('statistics that will not come by themselves are told apart from those that may: only the latter are asked for again [R-3, S0-53]', () => {
  const asked = (passes: boolean) => given(reservation).when(reserve(it.capacity, 1, 60), { limit: null, limitUnknown: { why: 'x', passes } });
  assert.is(mayPass(asked(true).refused('PoolCapacityUnknown')), true);
  assert.is(mayPass(asked(false).refused('PoolCapacityUnreadable', { value: poolId, spec: 'R-3' })), false);
  assert.is(mayPass(given(reservation, held(1, 60)).when(reserve(it.capacity, 2, 60), upTo(100)).refused('PoolIsOverSubscribed')), false);
});

test('a size that is a fact already is written down whatever the limit [V-5, R-22]', () => {
  const noted = given(reservation, held(1, 60)).when(reserve(it.capacity, 1, 1000, false), noReservationFacts).then('Reserved');
  assert.is(noted.state.total, 1000);
});

test('what is released twice is free once [I-26]', () => {
  const release: ReservationCommand = { type: 'Release', key: it.name, holder: volumeIdOf(1) };
  given(reservation, held(1)).when(release, noReservationFacts).then('Released');
  given(reservation).when(release, noReservationFacts).then();
});

test('streams of reservations do not meet, whatever the names [S0-16]', () => {
  assert.is(reservationStream({ ...it.name, name: 'a b%/ü' }), `name-${poolId}-volume-a%20b%25%2F%C3%BC`);
  assert.is(reservationStream({ ...it.name, tenant: 'a@b' }), `name-${poolId}-volume@a%40b@data`);
  assert.is.not(reservationStream({ ...it.name, tenant: 'a', name: 'b@c' }), reservationStream({ ...it.name, tenant: 'a@b', name: 'c' }));
  assert.is(reservationStream({ kind: 'name', of: 'pool', poolId: null, name: 'p' }), 'name-all-pool-p');
  assert.is.not(reservationStream(it.capacity), reservationStream(it.space));
  assert.is(reservationStream(it.serial), 'serial-0000000000000001');
});

test('an IP address has one holder, whether it is a host’s own or virtual [R-15]', () => {
  const address = { kind: 'address', ip: '10.252.1.129' } as const;
  given(reservation, held(1)).when(reserve(address, 1), noReservationFacts).then();
  given(reservation, held(1)).when(reserve(address, 2), noReservationFacts).refused('AddressIsTaken', { value: '10.252.1.129', spec: 'R-15' });
});

test('a virtual router id has one holder on each segment [R-16, I-23]', () => {
  const vrid = (segment: string) => ({ kind: 'vrid', segment, vrid: 7 as Vrid }) as const;
  given(reservation, held(1)).when(reserve(vrid('lan'), 2), noReservationFacts).refused('VridIsTaken', { value: 7, spec: 'R-16' });
  assert.is.not(reservationStream(vrid('lan')), reservationStream(vrid('lan-2')));
});

test('at most eight access paths have virtual IPs [S0-69]', () => {
  const seven = [1, 2, 3, 4, 5, 6, 7].map((n) => held(n));
  given(reservation, ...seven).when(reserve({ kind: 'vipPaths' }, 8), noReservationFacts).then('Reserved');
  given(reservation, ...seven, held(8)).when(reserve({ kind: 'vipPaths' }, 9), noReservationFacts).refused('TooManyVipPaths', { value: 9, limit: 8, spec: 'S0-69' });
});

test.run();
