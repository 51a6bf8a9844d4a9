/** Bodies are JSON in UTF-8, or absent. */
import type { FastifyInstance } from 'fastify';
import * as E from 'fp-ts/lib/Either.js';
import { RefusedError } from '../refusing/trouble.ts';
import { refuseService } from '../refusing/refusals.ts';

const utf8 = new TextDecoder('utf-8', { fatal: true });

const parse = (bytes: Buffer): E.Either<Error, unknown> => E.tryCatch((): unknown => JSON.parse(utf8.decode(bytes)), E.toError);

/** Reads JSON and nothing else. An empty body is none. */
export const acceptJson = (app: FastifyInstance): void => {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, async (_request: unknown, body: string | Buffer) => {
    const bytes = Buffer.from(body);
    if (bytes.length === 0) return undefined;
    const parsed = parse(bytes);
    if (E.isLeft(parsed)) throw new RefusedError(refuseService('BodyIsNotJson', 'the body is not JSON in UTF-8'));
    return parsed.right;
  });
};
