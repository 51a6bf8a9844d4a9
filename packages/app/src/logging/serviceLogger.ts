/** The log of a service: one JSON object a line, on stderr, and nothing secret in it. */
import { MASK } from '@blockledger/domain';
import { destination, pino, type DestinationStream, type Logger, type LoggerOptions } from 'pino';

/** How much is logged. */
export const LOG_LEVELS = ['debug', 'info', 'warn', 'error', 'silent'] as const;

/** pino's word for how much is logged. */
export type LogLevel = (typeof LOG_LEVELS)[number];

/** True for a level that there is. */
export const isLogLevel = (text: string): text is LogLevel => LOG_LEVELS.some((level) => level === text);

/** Fields whose values are never written. A `Secret` masks itself; these are for what others hand us, such as the error of a library. */
const SECRET_FIELDS = ['authorization', 'cookie', 'xms-auth-token', 'token', 'secret', 'password', 'keyring'] as const;

/** Where such fields stand. Named one by one: a wildcard would make each line ten times as dear. */
const PLACES = ['', 'headers', 'req.headers', 'request.headers', 'config', 'body', 'error', 'err', 'err.headers', 'err.config.headers', 'err.request.headers'] as const;

const at = (place: string, field: string): string => {
  if (!/^\w+$/.test(field)) return `${place}["${field}"]`;
  return place === '' ? field : `${place}.${field}`;
};

const paths = PLACES.flatMap((place) => SECRET_FIELDS.map((field) => at(place, field)));

const OPTIONS: LoggerOptions = { base: null, redact: { paths, censor: MASK } };

const STDERR = 2;

/** A log for a service. */
export const serviceLogger = (level: LogLevel, to: DestinationStream = destination({ fd: STDERR, sync: true })): Logger => pino({ ...OPTIONS, level }, to);
