/** TLS of the service: version 1.2 or newer, certificates that can be renewed while it runs. */
import { X509Certificate } from 'node:crypto';
import { createSecureContext, type SecureContextOptions } from 'node:tls';
import * as E from 'fp-ts/lib/Either.js';

/** Certificates and key as PEM. */
export interface TlsMaterial {
  /** The service's certificate, followed by those between it and the root. */
  readonly cert: string;
  readonly key: string;
  /** Who signs the certificates of clients. */
  readonly ca?: string;
  /** Connections without a certificate that `ca` has signed are refused. A token is needed all the same. */
  readonly requestClientCert?: boolean;
}

/** Why TLS cannot be used: the sentence about it. It never holds any of the key. */
export interface TlsError {
  readonly _tag: 'TlsIsInvalid';
  readonly message: string;
}

/** The certificate that is in use. Moments in ms since 1970. */
export interface Certificate {
  readonly subject: string;
  readonly validFrom: number;
  readonly validTo: number;
}

/** A service that does not speak TLS has no certificate to renew. */
export const noTls: TlsError = { _tag: 'TlsIsInvalid', message: 'this service was started without TLS' };

const invalid = (message: string): TlsError => ({ _tag: 'TlsIsInvalid', message });

/** Certificate, key and CA fit each other: otherwise no client could connect, and none would know why. */
export const readCertificate = ({ cert, key, ca, requestClientCert = false }: TlsMaterial): E.Either<TlsError, Certificate> => {
  if (requestClientCert && ca === undefined) return E.left(invalid('certificates of clients are asked for, but there is no ca that signs them'));
  if (!requestClientCert && ca !== undefined) return E.left(invalid('a ca signs the certificates of clients, but requestClientCert is not set'));
  try {
    createSecureContext({ cert, key, ...(ca === undefined ? {} : { ca }) });
    const { subject, validFrom, validTo } = new X509Certificate(cert);
    return E.right({ subject: subject.replaceAll('\n', ', '), validFrom: Date.parse(validFrom), validTo: Date.parse(validTo) });
  } catch (thrown) {
    return E.left(invalid(`the certificate and the key cannot be used: ${thrown instanceof Error ? thrown.message : 'they are not PEM'}`));
  }
};

/** What Node's server takes. */
export const serverOptions = ({ cert, key, ca, requestClientCert = false }: TlsMaterial): SecureContextOptions & { readonly requestCert: boolean; readonly rejectUnauthorized: boolean } => ({
  cert,
  key,
  ...(ca === undefined ? {} : { ca }),
  minVersion: 'TLSv1.2',
  requestCert: requestClientCert,
  rejectUnauthorized: requestClientCert,
});
