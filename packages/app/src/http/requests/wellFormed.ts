/** What Node's server would refuse by itself, with an empty body: it is let in, and refused like anything else. */
import type { ServerResponse } from 'node:http';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Refusal } from '@blockledger/domain';
import { refuseService } from '../refusing/refusals.ts';

/** The options of Node's server for that. */
export const LETS_IN = { requireHostHeader: false } as const;

/** A request with an expectation that Node does not know becomes a request like any other. */
export const letInExpectations = ({ server }: FastifyInstance): void => {
  server.on('checkExpectation', (request: object, response: ServerResponse) => void server.emit('request', request, response));
};

/** The one that there is, as Node looks for it. */
const KNOWN = /(?:^|\W)100-continue(?:$|\W)/i;
const LONGEST = 100;

/** The refusal of a request that is not as HTTP wants it. */
export const faultOfHttp = ({ raw: { httpVersion, headers } }: FastifyRequest): Refusal | undefined => {
  const { host, expect } = headers;
  if (httpVersion === '1.1' && host === undefined) return refuseService('RequestIsMalformed', 'the header Host is missing');
  if (expect === undefined || KNOWN.test(expect)) return undefined;
  return refuseService('ExpectationIsUnknown', 'the header Expect asks for something that this service does not know', { value: expect.slice(0, LONGEST), limit: '100-continue' });
};
