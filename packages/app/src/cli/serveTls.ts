/** The certificates of a service: opened at its start, told in its log, read again while it runs. */
import * as E from 'fp-ts/lib/Either.js';
import type { Logger } from 'pino';
import type { Certificate, HttpService, Observability, TlsError, TlsMaterial } from '../http/index.ts';
import { readCertificate } from '../http/access/tls.ts';
import { ending, type Ending } from './exit.ts';
import type { Settings } from './settings.ts';
import { readTls } from './tlsFiles.ts';

const invalidTls = ({ message }: TlsError): Ending => ending('config', `listen.tls: ${message}`);

/** Certificates that fit their key, and what the first of them says. */
export interface OpenedTls {
  readonly material: TlsMaterial;
  readonly certificate: Certificate;
}

/** The certificates of the configuration, and what they are; undefined without TLS. */
export const openTls = ({ config }: Pick<Settings, 'config'>): E.Either<Ending, OpenedTls | undefined> => {
  const { tls } = config.listen ?? {};
  if (tls === undefined) return E.right(undefined);
  const material = readTls(tls);
  if (E.isLeft(material)) return material;
  return E.bimap(invalidTls, (certificate: Certificate) => ({ material: material.right, certificate }))(readCertificate(material.right));
};

const inUse = ({ subject, validFrom, validTo }: Certificate): object => ({ subject, validFrom: new Date(validFrom).toISOString(), validTo: new Date(validTo).toISOString() });

/** A certificate outside its time is used, since clients say so better; but nobody shall have to find out from them. */
export const tellCertificate = (logger: Logger, certificate: Certificate, { metrics }: Observability): void => {
  const now = Date.now();
  metrics?.meters.certificateExpires(certificate.validTo);
  if (now < certificate.validFrom || now >= certificate.validTo) logger.error(inUse(certificate), 'the certificate is not valid now');
  else logger.info(inUse(certificate), 'the certificate is in use');
};

/** A service that can use another certificate. */
export interface Renewal {
  readonly settings: Settings;
  readonly service: Pick<HttpService, 'renewTls'>;
  readonly logger: Logger;
  readonly observability: Observability;
}

/** Reads the files again. What cannot be used changes nothing: the service goes on with what it has. */
export const renewTls = ({ settings, service, logger, observability }: Renewal): void => {
  const opened = openTls(settings);
  const renewed = E.isLeft(opened) || opened.right === undefined ? opened : E.mapLeft(invalidTls)(service.renewTls(opened.right.material));
  if (E.isLeft(renewed)) logger.error({ reason: renewed.left.message }, 'the certificate was not renewed');
  else if (E.isRight(opened) && opened.right !== undefined) tellCertificate(logger, opened.right.certificate, observability);
};
