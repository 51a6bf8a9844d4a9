/** A driver in the process of its control plane: the same client, with a `fetch` that asks the service without a network. */
import type { InjectOptions } from 'light-my-request';
import * as assert from 'uvu/assert';
import { apiClient } from '@blockledger/app/client';
import { cinderDriver } from '@blockledger/app/cinder-driver';
import { TOKEN } from '../support/httpFixture.ts';
import { pathFixture } from '../support/pathFixture.ts';
import { cinderVolume, returned } from '../support/cinder/world.ts';
import { suite } from '../support/suite.ts';

const test = suite('a driver beside its control plane');
const fixture = await pathFixture();

/** What a service that does not listen answers. */
const inject: typeof fetch = async (input, init) => {
  const url = input instanceof Request ? new URL(input.url) : new URL(input);
  const headers = Object.fromEntries(new Headers(init?.headers));
  const { statusCode, headers: answered, rawPayload } = await fixture.service.fastify.inject({ method: (init?.method ?? 'GET') as NonNullable<InjectOptions['method']>, url: `${url.pathname}${url.search}`, headers, ...(typeof init?.body === 'string' ? { payload: init.body } : {}) });
  return new Response(statusCode === 204 ? null : rawPayload, { status: statusCode, headers: { 'content-type': String(answered['content-type']) } });
};

test('a control plane in the same process is asked by the same client, and no port is open [S1-30, S1-40]', async () => {
  const driver = cinderDriver({ control: apiClient({ url: 'http://inside', token: TOKEN, fetch: inject }), pool: 'vols', accessPath: 'front', volumeBackendName: 'blockledger' });
  returned(await driver.create_volume(cinderVolume(1, 2)));
  assert.is(fixture.plane.volumes.list({ name: cinderVolume(1).name }).items[0]?.sizeBytes, 2 ** 31);
  returned(await driver.delete_volume(cinderVolume(1)));
});

test.after(fixture.close);
test.run();
