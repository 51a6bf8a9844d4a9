/** Certificates from files: read at the start, and again whenever the service is told to. */
import { readFileSync } from 'node:fs';
import { reveal, type Secret } from '@blockledger/domain';
import * as E from 'fp-ts/lib/Either.js';
import type { TlsMaterial } from '../http/access/tls.ts';
import type { TlsConfig } from './config.ts';
import { ending, messageOf, type Ending } from './exit.ts';

const isPem = (text: string): boolean => text.includes('-----BEGIN ');

const textOf = (field: string, given: string | Secret): E.Either<Ending, string> => {
  const text = typeof given === 'string' ? given : reveal(given);
  if (isPem(text)) return E.right(text);
  // A text that is no PEM is a path; a Secret is not: it may be a key that was pasted wrongly, and would be shown.
  if (typeof given !== 'string') return E.left(ending('config', `listen.tls.${field} is a Secret that is not PEM`));
  try {
    return E.right(readFileSync(text, 'utf8'));
  } catch (thrown) {
    return E.left(ending('config', `listen.tls.${field} cannot be read: ${messageOf(thrown)}`, 'give the path of a PEM file, or the PEM itself'));
  }
};

/** Certificate, key and CA of a configuration; each is a path or PEM. */
export const readTls = ({ cert, key, ca, requestClientCert }: TlsConfig): E.Either<Ending, TlsMaterial> => {
  const [certText, keyText, caText] = [textOf('cert', cert), textOf('key', key), ca === undefined ? undefined : textOf('ca', ca)];
  if (E.isLeft(certText)) return certText;
  if (E.isLeft(keyText)) return keyText;
  if (caText !== undefined && E.isLeft(caText)) return caText;
  return E.right({
    cert: certText.right,
    key: keyText.right,
    ...(caText === undefined ? {} : { ca: caText.right }),
    ...(requestClientCert === undefined ? {} : { requestClientCert }),
  });
};
