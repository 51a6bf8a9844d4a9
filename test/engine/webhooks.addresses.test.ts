/** Webhooks do not reach where clouds keep the keys of their machines, by whatever name. */
import * as assert from 'uvu/assert';
import { guardedLookup, isForbidden } from '../../packages/app/src/engine/webhooks/addresses.ts';
import { barePlane, right } from '../support/plane.ts';
import { suite } from '../support/suite.ts';
import { hookTo } from '../support/webhookScene.ts';

const test = suite('addresses of webhooks');

test('addresses where clouds keep the keys of their machines are not reached, by number or by name [I-12]', async () => {
  const { plane } = await barePlane({ webhooks: { plainHttp: true, timeoutMs: 2_000 } });
  for (const url of ['http://169.254.169.254/latest/meta-data', 'http://2852039166/', 'https://[fe80::1]/', 'https://[::ffff:169.254.169.254]/', 'https://[fd00:ec2::254]/', 'http://0.0.0.0:1/', 'http://100.100.100.200/']) {
    const hook = right(await plane.webhooks.register(hookTo(url)));
    const tested = right(await plane.webhooks.test(hook.id));
    assert.is(tested.outcome, 'failing', url);
    assert.match(tested.message ?? '', /may not reach/, url);
  }
  await plane.close();
});

test('what a name leads to is looked at where it is connected to, all of it or the first of it [I-12]', async () => {
  // A number is a name that leads to itself: what the resolver answers is known without one.
  const lookedUp = (name: string, all: boolean) =>
    new Promise<string>((resolve) => guardedLookup(name, { all }, (error, found) => resolve(error === null ? JSON.stringify(found) : error.message)));
  for (const all of [true, false]) {
    assert.match(await lookedUp('169.254.169.254', all), /may not reach/);
    assert.match(await lookedUp('100.100.100.200', all), /may not reach/);
  }
  assert.equal([await lookedUp('127.0.0.1', true), await lookedUp('127.0.0.1', false)], ['[{"address":"127.0.0.1","family":4}]', '"127.0.0.1"']);
});

const carrying: Readonly<Record<string, string>> = {
  'the old compatible form': '[::a9fe:a9fe]',
  'the translated form': '[::ffff:0:a9fe:a9fe]',
  '6to4': '[2002:a9fe:a9fe::1]',
  'the well-known translator': '[64:ff9b::a9fe:a9fe]',
  'the well-known translator, another keeper': '[64:ff9b::6464:64c8]',
  'a local translator of 48 bits': '[64:ff9b:1:a9fe:a9:fe00::]',
  'a local translator of 56 bits': '[64:ff9b:1:7a9:fe:a9fe::]',
  'a local translator of 64 bits': '[64:ff9b:1:7:a9:fea9:fe00:0]',
  'a local translator of 96 bits': '[64:ff9b:1:7:7:7:a9fe:a9fe]',
};

test('an address that leads to a forbidden one through a translator or a tunnel is not reached either [I-12]', async () => {
  const { plane } = await barePlane({ webhooks: { plainHttp: true, timeoutMs: 2_000 } });
  const messageFrom = async (host: string): Promise<string> => {
    const hook = right(await plane.webhooks.register(hookTo(`http://${host}:1/`)));
    return right(await plane.webhooks.test(hook.id)).message ?? '';
  };
  for (const [form, host] of Object.entries(carrying)) assert.match(await messageFrom(host), /may not reach/, form);
  assert.not.match(await messageFrom('[::1]'), /may not reach/);
  await plane.close();
});

test('an ordinary receiver is reached through a translator or a tunnel, too [I-12]', () => {
  for (const address of ['::1', '2001:db8::1', '2002:c000:201::1', '64:ff9b::c000:201', '64:ff9b:1::c000:201', '64:ff9b:1:c000:2:100::']) assert.not.ok(isForbidden(address), address);
});

test.run();
