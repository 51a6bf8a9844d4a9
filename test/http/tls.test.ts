/** TLS: what is asked over the network is hidden from it, and nobody listens there without. */
import { request } from 'node:https';
import { connect, TLSSocket, type SecureVersion } from 'node:tls';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as E from 'fp-ts/lib/Either.js';
import { controlPlane } from '@blockledger/app';
import { httpService, type HttpService, type TlsMaterial } from '@blockledger/app/http';
import { memoryStore } from '@blockledger/app/memory';
import { secret } from '@blockledger/domain';
import * as assert from 'uvu/assert';
import { banner } from '../../packages/app/src/cli/banner.ts';
import { decodeConfig } from '../../packages/app/src/cli/configCodec.ts';
import { isLoopback } from '../../packages/app/src/http/access/loopback.ts';
import { readCertificate } from '../../packages/app/src/http/access/tls.ts';
import { makeCertificate, makeRoot, type Pair } from '../support/certificates.ts';
import { repositoryRoot } from '../support/files.ts';
import { serveProgram, SERVICE_TOKEN, sleep, startService } from '../support/serviceProcess.ts';
import { suite } from '../support/suite.ts';

const test = suite('TLS');
const root = await makeRoot();
const stranger = await makeRoot('another root');
const service = await makeCertificate(root);
const folder = mkdtempSync(join(tmpdir(), 'blockledger-tls-'));

interface Seen {
  readonly status: number;
  readonly text: string;
  /** Common name of the certificate that the service showed. */
  readonly shown: string;
}

/** Asks over TLS, on a connection of its own. Rejects where none comes about. */
const ask = (url: string, path: string, { client, ca = root.cert }: { readonly client?: Pair; readonly ca?: string } = {}): Promise<Seen> =>
  new Promise((resolve, reject) => {
    const sent = request(`${url}${path}`, { ca, agent: false, headers: { 'xms-auth-token': SERVICE_TOKEN }, ...client }, (response) => {
      const { socket } = response;
      const shown = String(socket instanceof TLSSocket ? socket.getPeerCertificate().subject.CN : '');
      let text = '';
      response.setEncoding('utf8').on('data', (more: string) => (text += more));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, text, shown }));
      response.on('error', reject);
    });
    sent.on('error', reject);
    sent.end();
  });

const failed = async (asked: Promise<unknown>): Promise<string> => {
  try {
    await asked;
  } catch (thrown) {
    return thrown instanceof Error && 'code' in thrown ? String(thrown.code) : String(thrown);
  }
  return 'it was answered';
};

const serving = async (tls: TlsMaterial | undefined, play: (service: HttpService) => Promise<void>): Promise<void> => {
  const plane = await controlPlane({ store: memoryStore(), backends: {} });
  const http = httpService(plane, { tokens: { tester: SERVICE_TOKEN }, ...(tls === undefined ? {} : { tls }) });
  await play(http);
  await http.close();
  await plane.close();
};

const listening = async (http: HttpService): Promise<string> => {
  const url = await http.listen({ port: 0 });
  if (E.isLeft(url)) throw new Error(url.left.message);
  return url.right;
};

test('a service with a certificate answers over TLS and over nothing else [S0-1]', () =>
  serving({ ...service }, async (http) => {
    const url = await listening(http);
    assert.match(url, /^https:\/\/127\.0\.0\.1:\d+$/);
    assert.equal([(await ask(url, '/healthz')).status, (await ask(url, '/api/v1/pools')).status], [200, 200]);
    assert.is.not(await failed(ask(url, '/healthz', { ca: stranger.cert })), 'it was answered');
    assert.is.not(await failed(fetch(url.replace('https', 'http'))), 'it was answered');
  }));

/** The version that is agreed on with a client that speaks none but this one. */
const agreed = (url: string, version: SecureVersion): Promise<string | null> =>
  new Promise((resolve) => {
    // OpenSSL refuses to offer the old versions at its usual level of security.
    const socket = connect({ host: '127.0.0.1', port: Number(new URL(url).port), ca: root.cert, minVersion: version, maxVersion: version, ciphers: 'DEFAULT@SECLEVEL=0' }, () => {
      resolve(socket.getProtocol());
      socket.destroy();
    });
    socket.on('error', () => resolve('none'));
  });

test('versions before 1.2 are not spoken [S0-1]', () =>
  serving({ ...service }, async (http) => {
    const url = await listening(http);
    const versions: readonly SecureVersion[] = ['TLSv1', 'TLSv1.1', 'TLSv1.2', 'TLSv1.3'];
    assert.equal(await Promise.all(versions.map((version) => agreed(url, version))), ['none', 'none', 'TLSv1.2', 'TLSv1.3']);
  }));

test('where certificates of clients are asked for, only those of the right root come in, and need a token all the same [S0-16]', async () => {
  const [client, other] = [await makeCertificate(root, 'client'), await makeCertificate(stranger, 'client')];
  await serving({ ...service, ca: root.cert, requestClientCert: true }, async (http) => {
    const url = await listening(http);
    assert.is((await ask(url, '/api/v1/pools', { client })).status, 200);
    for (const asked of [ask(url, '/api/v1/pools'), ask(url, '/api/v1/pools', { client: other })]) assert.is.not(await failed(asked), 'it was answered');
  });
});

test('a certificate that does not fit is refused with the reason and without a word of the key [I-24]', async () => {
  const other = await makeCertificate(root);
  const faults = [
    [{ cert: service.cert, key: other.key }, /cannot be used/],
    [{ cert: 'nothing', key: service.key }, /cannot be used/],
    [{ cert: service.cert, key: 'nothing' }, /cannot be used/],
    [{ ...service, requestClientCert: true }, /no ca/],
    [{ ...service, ca: root.cert }, /requestClientCert is not set/],
  ] as const;
  for (const [material, expected] of faults) {
    const read = readCertificate(material);
    assert.ok(E.isLeft(read));
    assert.match(read.left.message, expected);
    assert.not.ok(read.left.message.includes(other.key.slice(40, 80)) || read.left.message.includes(service.key.slice(40, 80)));
  }
  const read = readCertificate(service);
  assert.ok(E.isRight(read) && read.right.subject.includes('test service') && read.right.validTo > Date.now());
  await serving(undefined, async (http) => assert.is(http.renewTls(service)._tag, 'Left'));
});

test('beyond loopback a service without TLS does not listen, unless somebody insists [S0-1]', async () => {
  for (const host of ['127.0.0.1', '127.9.9.9', '::1', '::ffff:127.0.0.1', 'localhost']) assert.ok(isLoopback(host), host);
  for (const host of ['0.0.0.0', '::', '192.0.2.1', '::ffff:192.0.2.1', 'example.com', 'localhost.example.com', '']) assert.not.ok(isLoopback(host), host);
  await serving(undefined, async (http) => {
    const refused = await http.listen({ host: '0.0.0.0', port: 0 });
    assert.ok(E.isLeft(refused) && refused.left._tag === 'TlsIsRequired');
    // An address of nobody: what is refused here is that it is not ours, and no longer the lack of TLS.
    const insisting = await http.listen({ host: '192.0.2.1', port: 0, insecure: true });
    assert.ok(E.isLeft(insisting) && insisting.left._tag === 'CannotListen', JSON.stringify(insisting));
  });
  await serving({ ...service }, async (http) => {
    const beyond = await http.listen({ host: '192.0.2.1', port: 0 });
    assert.ok(E.isLeft(beyond) && beyond.left._tag === 'CannotListen');
  });
});

/** A configuration file with what `listen` says, as text. */
const configured = (name: string, more: string): string => {
  const path = join(folder, `${name}.config.mjs`);
  const app = join(repositoryRoot, 'packages/app/src/index.ts');
  writeFileSync(path, `import { defineConfig } from ${JSON.stringify(app)};\nexport default defineConfig({ store: ':memory:', backends: {}, ${more} });\n`);
  return path;
};
const store = ':memory:';

test('a service that runs takes a renewed certificate at SIGHUP, and keeps the old one where the new one is broken [S0-1]', async () => {
  const files = join(folder, 'certificates');
  mkdirSync(files);
  const put = ({ cert, key }: Pair): void => {
    writeFileSync(join(files, 'cert.pem'), cert);
    writeFileSync(join(files, 'key.pem'), key);
  };
  put(await makeCertificate(root, 'first'));
  const tls = `listen: { tls: { cert: ${JSON.stringify(join(files, 'cert.pem'))}, key: ${JSON.stringify(join(files, 'key.pem'))} } }`;
  const running = await startService({ config: configured('renewed', tls), store, env: { BLOCKLEDGER_LOG_LEVEL: 'info' } });
  const hup = async (said: RegExp): Promise<void> => {
    const before = running.errors().length;
    running.child.kill('SIGHUP');
    for (let tries = 0; tries < 200 && !said.test(running.errors().slice(before)); tries += 1) await sleep(50);
    assert.match(running.errors().slice(before), said);
  };
  assert.is((await ask(running.url, '/healthz')).shown, 'first');
  put(await makeCertificate(root, 'second'));
  await hup(/the certificate is in use/);
  assert.is((await ask(running.url, '/healthz')).shown, 'second');
  put({ cert: 'broken', key: 'broken' });
  await hup(/the certificate was not renewed/);
  put(await makeCertificate(root, 'over', -1));
  await hup(/the certificate is not valid now/);
  assert.is(await failed(ask(running.url, '/healthz')), 'CERT_HAS_EXPIRED');
  assert.not.match(running.errors(), /PRIVATE KEY/);
  assert.is(await running.stop('SIGTERM'), 0);
});

test('a token of the configuration is not replaced unseen: the name that the service itself uses is refused [S0-16]', () => {
  const decoded = decodeConfig({ store: 'x', backends: {}, tokens: { ci: 'x', local: 'y' } });
  assert.is(E.isLeft(decoded) && decoded.left, 'tokens.local is the name of the token that commands on this machine use: give it another name');
  assert.is(decodeConfig({ store: 'x', backends: {}, tokens: { ci: 'x', locals: 'y' } })._tag, 'Right');
});

test('a configuration with a mistake in who may ask, how often or over what is told by its field [S0-16]', () => {
  const cases = [
    [{ listen: { tls: { cert: 'x' } } }, 'listen.tls.key is missing'],
    [{ listen: { trustedProxies: ['everybody'] } }, 'listen.trustedProxies.0 must be an address'],
    [{ tokens: { ci: '' } }, 'tokens.ci must be a text that is not empty'],
    [{ tokens: { ci: { token: '', role: 'reader' } } }, 'tokens.ci.token must be a text that is not empty'],
    [{ tokens: { ci: { token: 'x' } } }, 'tokens.ci.role is missing'],
    [{ tokens: { ci: { token: 'x', role: 'root' } } }, 'tokens.ci.role must be reader, operator or admin'],
    [{ tokens: { ci: { tokenSha256: 'abc', role: 'reader' } } }, 'tokens.ci.tokenSha256 must be the SHA-256'],
    [{ tokens: { ci: { token: 'x', role: 'reader', expiresAt: 'tomorrow' } } }, 'tokens.ci.expiresAt must be a moment'],
    [{ tokens: { ci: { token: 'x', role: 'reader', tenant: '' } } }, 'tokens.ci.tenant must be 1 to 128 printable characters'],
    [{ tokens: { 'a\nb': 'x' } }, 'tokens has a name'],
    [{ requestLimits: { perAddress: { max: 0, windowMs: 60_000 } } }, 'requestLimits.perAddress.max must be a whole number from 1'],
    [{ requestLimits: { perPrincipal: 'many' } }, 'requestLimits.perPrincipal must be an object'],
    [{ requestLimits: { bodyBytes: 5 } }, 'requestLimits.bodyBytes must be a whole number from 1024'],
    [{ shutdownGraceMs: -1 }, 'shutdownGraceMs must be a whole number from 0'],
  ] as const;
  for (const [more, expected] of cases) {
    const decoded = decodeConfig({ store: 'x', backends: {}, ...more });
    assert.ok(E.isLeft(decoded) && decoded.left.startsWith(expected), JSON.stringify([decoded, expected]));
  }
  const good = {
    listen: { host: '::1', tls: { cert: '/c', key: secret('k'), ca: '/a', requestClientCert: true }, trustedProxies: ['10.0.0.0/8', '::1'] },
    tokens: { a: 'x', b: secret('x'), c: { token: secret('x'), role: 'reader', tenant: null }, d: { tokenSha256: 'a'.repeat(64), role: 'admin', tenant: 'acme', expiresAt: '2030-01-31' } },
    requestLimits: { perAddress: null, wrongTokens: { max: 1, windowMs: 1000 }, bodyBytes: 1024 },
    shutdownGraceMs: 0,
  };
  assert.is(decodeConfig({ store: 'x', backends: {}, ...good })._tag, 'Right');
});

test('a service that would give tokens away, or whose files are not there, does not start [S0-1]', async () => {
  const cases = [
    ["listen: { host: '192.0.2.1' }", 78, /192\.0\.2\.1 is not loopback, and there is no TLS[\s\S]*listen\.insecure: true/],
    ["listen: { host: '192.0.2.1', insecure: true }", 69, /cannot listen on 192\.0\.2\.1/],
    ["listen: { tls: { cert: '/nowhere/cert.pem', key: '/nowhere/key.pem' } }", 78, /listen\.tls\.cert cannot be read/],
    [`listen: { tls: { ...${JSON.stringify(service)}, requestClientCert: true } }`, 78, /listen\.tls: certificates of clients are asked for/],
  ] as const;
  for (const [index, [more, code, expected]] of cases.entries()) {
    const program = serveProgram({ config: configured(`case-${index}`, more), store });
    assert.is(await program.ended, code, `${more}\n${program.errors()}`);
    assert.match(program.errors(), expected);
    assert.not.match(program.errors(), /\n\s+at |PRIVATE KEY/);
  }
  const settings = { config: { store, backends: {} }, store: { is: 'file', shown: store, path: store } as const, host: '192.0.2.1', port: 1, tokens: {} };
  assert.match(banner(settings, 'http://192.0.2.1:1', { pools: [], hosts: [] }), /WARNING: not encrypted/);
  assert.not.match(banner(settings, 'https://192.0.2.1:1', { pools: [], hosts: [] }), /WARNING/);
  assert.not.match(banner({ ...settings, host: '127.0.0.1' }, 'http://127.0.0.1:1', { pools: [], hosts: [] }), /WARNING/);
});

test.after(() => rmSync(folder, { recursive: true, force: true }));
test.run();
