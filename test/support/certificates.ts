/** Certificates for tests, made on the spot: a root, a service's own for loopback, and a client's. */
import { generate } from 'selfsigned';

/** Certificate and key as PEM. */
export interface Pair {
  readonly cert: string;
  readonly key: string;
}

const named = (commonName: string) => [{ name: 'commonName', value: commonName }];
const forLoopback = { name: 'subjectAltName' as const, altNames: [{ type: 7 as const, ip: '127.0.0.1' }, { type: 2 as const, value: 'localhost' }] };
const DAY_MS = 86_400_000;

const pairOf = ({ cert, private: key }: { readonly cert: string; readonly private: string }): Pair => ({ cert, key });

/** A root that signs others. */
export const makeRoot = async (name = 'test root'): Promise<Pair> =>
  pairOf(
    await generate(named(name), {
      keyType: 'ec',
      algorithm: 'sha256',
      extensions: [
        { name: 'basicConstraints', cA: true, critical: true },
        { name: 'keyUsage', keyCertSign: true, cRLSign: true, critical: true },
      ],
    }),
  );

/** A certificate for 127.0.0.1 and localhost, signed by a root. `days` from yesterday on; a negative number gives one that is over. */
export const makeCertificate = async (root: Pair, name = 'test service', days = 2): Promise<Pair> =>
  pairOf(
    await generate(named(name), {
      keyType: 'ec',
      algorithm: 'sha256',
      ca: root,
      notBeforeDate: new Date(Date.now() - (days < 0 ? 1 - days : 1) * DAY_MS),
      notAfterDate: new Date(Date.now() + days * DAY_MS),
      extensions: [forLoopback, { name: 'extKeyUsage', serverAuth: true, clientAuth: true }],
    }),
  );
