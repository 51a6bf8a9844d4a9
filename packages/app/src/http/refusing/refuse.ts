/** Answers a request with a refusal. */
import type { Refusal } from '@blockledger/domain';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { PROBLEM_TYPE, problemOf } from './problems.ts';

/** The refusal as a problem, with the headers that belong to its status. */
export const refuse = (request: FastifyRequest, reply: FastifyReply, refusal: Refusal): FastifyReply => {
  const problem = problemOf(refusal, request.id);
  if (problem.status === 401) void reply.header('www-authenticate', 'Bearer realm="blockledger"');
  if (problem.status === 503 && !reply.hasHeader('retry-after')) void reply.header('retry-after', '1');
  return reply.code(problem.status).type(PROBLEM_TYPE).send(JSON.stringify(problem));
};
