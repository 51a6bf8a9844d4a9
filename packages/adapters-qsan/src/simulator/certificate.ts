/** The certificate of a simulated array: its own root, made when it starts and has none that still fits. */
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';

/** Certificate and key as PEM. */
export interface Certificate {
  readonly cert: string;
  readonly key: string;
}

const DAY_MS = 86_400_000;
const DAYS = 365;
/** Sooner than this before its end a certificate is made anew. */
const LEAST_DAYS = 30;
const IP = 7 as const;
const DNS = 2 as const;

const namesOf = (hosts: readonly string[]): readonly string[] => [...new Set(['localhost', '127.0.0.1', '::1', ...hosts])];

/** A certificate for loopback and for the names and addresses that are given. It is also what clients trust. */
export const makeCertificate = async (hosts: readonly string[]): Promise<Certificate> => {
  // Loaded here alone: whoever imports the simulator and starts none does not pay for it.
  const { generate } = await import('selfsigned');
  const names = namesOf(hosts).map((host) => (isIP(host) === 0 ? { type: DNS, value: host } : { type: IP, ip: host }));
  const now = Date.now();
  const { cert, private: key } = await generate([{ name: 'commonName', value: 'simulated QSAN array' }], {
    keyType: 'ec',
    algorithm: 'sha256',
    notBeforeDate: new Date(now - DAY_MS),
    notAfterDate: new Date(now + DAYS * DAY_MS),
    extensions: [
      { name: 'basicConstraints', cA: true, critical: true },
      { name: 'keyUsage', keyCertSign: true, digitalSignature: true, critical: true },
      { name: 'extKeyUsage', serverAuth: true },
      { name: 'subjectAltName', altNames: names },
    ],
  });
  return { cert: new X509Certificate(cert).toString(), key };
};

/** Whether clients that are given a certificate can trust it for these names and addresses, and for a while yet. */
export const isFit = ({ cert, key }: Certificate, hosts: readonly string[]): boolean => {
  try {
    const read = new X509Certificate(cert);
    const now = Date.now();
    return (
      read.checkPrivateKey(createPrivateKey(key)) &&
      Date.parse(read.validFrom) <= now &&
      Date.parse(read.validTo) >= now + LEAST_DAYS * DAY_MS &&
      namesOf(hosts).every((host) => (isIP(host) === 0 ? read.checkHost(host) : read.checkIP(host)) !== undefined)
    );
  } catch {
    // What cannot be read is no certificate.
    return false;
  }
};
