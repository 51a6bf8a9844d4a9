/** What is read of the answers of receivers. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import * as E from 'fp-ts/lib/Either.js';
import * as assert from 'uvu/assert';
import { MAX_ANSWER_BYTES } from '../../packages/app/src/engine/webhooks/limits.ts';
import { networkSender } from '../../packages/app/src/engine/webhooks/send.ts';
import { suite } from '../support/suite.ts';

const test = suite('answers of receivers');

test('of an answer without an end 16 KiB are read, and its status counts [I-12]', async () => {
  const chunk = Buffer.alloc(65_536);
  const [enough, most] = [MAX_ANSWER_BYTES, 64 * 2 ** 20];
  assert.is(enough, 16 * 1024);
  let written = 0;
  let isCut = false;
  const server = createServer((_request, response) => {
    response.writeHead(410);
    const pour = (): void => {
      // What is on its way in the buffers of both ends is some MiB.
      while (!isCut && written < most && response.write(chunk)) written += chunk.length;
      if (written >= most) response.end();
    };
    response.on('drain', pour).on('close', () => (isCut = true)).on('error', () => undefined);
    pour();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const sent = await networkSender(false)({ url, headers: {}, body: '{}', timeoutMs: 60_000, signal: new AbortController().signal });
  assert.equal(sent, E.right({ status: 410, retryAfterMs: 0 }));
  assert.ok(written < most / 2, `${written} bytes were taken`);
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

test.run();
