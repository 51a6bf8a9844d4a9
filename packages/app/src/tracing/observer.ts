/** The engine's steps as spans: request, command, append, work, call, program. Attributes are OpenTelemetry's where it has a name, else `blockledger.…`. */
import { context, SpanKind, trace, type Attributes, type Tracer } from '@opentelemetry/api';
import type { PortError, Refusal } from '@blockledger/domain';
import type { CallEnd, EngineObserver, ExternalNote, WorkEnd } from '../engine/watching/observer.ts';
import { ownParentOf, parentOf, spanContextOf } from './context.ts';
import { spanWatch, type Ending } from './spans.ts';

const refused = (refusal: Refusal | undefined): Attributes =>
  refusal === undefined ? {} : { 'blockledger.refusal': refusal._tag, 'blockledger.refusal.rule': refusal.rule };

/** The message of a backend's error may hold anything; the code says enough. */
const failed = (error: PortError | undefined): Pick<Ending, 'error'> => (error === undefined ? {} : { error: { type: error.code, message: error.code } });

const endOfWork = ({ outcome, error, refusal }: WorkEnd): Ending => ({ attributes: { 'blockledger.outcome': outcome, ...refused(refusal) }, ...failed(error) });
const endOfCall = ({ outcome, error }: CallEnd): Ending => ({ attributes: { 'blockledger.outcome': outcome }, ...failed(error) });

const asking = (tracer: Tracer): Pick<EngineObserver, 'request' | 'command' | 'append'> => ({
  request: ({ request, commandId, issuedBy, correlationId, traceparent }) =>
    spanWatch(
      tracer,
      {
        name: `request ${request}`,
        kind: SpanKind.INTERNAL,
        parent: parentOf(traceparent),
        attributes: { 'blockledger.request': request, 'blockledger.command.id': commandId, 'blockledger.issued_by': issuedBy, 'blockledger.correlation.id': correlationId },
      },
      ({ outcome, refusal }) => ({ attributes: { 'blockledger.outcome': outcome, ...refused(refusal) } }),
    ),
  command: ({ type, stream, commandId, issuedBy, correlationId, traceparent }) =>
    spanWatch(
      tracer,
      {
        name: `command ${type}`,
        kind: SpanKind.INTERNAL,
        parent: parentOf(traceparent),
        attributes: { 'blockledger.command': type, 'blockledger.stream': stream, 'blockledger.command.id': commandId, 'blockledger.issued_by': issuedBy, 'blockledger.correlation.id': correlationId },
      },
      ({ outcome, refusal, position }) => ({ attributes: { 'blockledger.outcome': outcome, 'blockledger.position': position, ...refused(refusal) } }),
    ),
  append: ({ stream, types, traceparent }) =>
    spanWatch(
      tracer,
      {
        name: 'append',
        kind: SpanKind.CLIENT,
        parent: parentOf(traceparent),
        attributes: { 'db.operation.name': 'append', 'db.operation.batch.size': types.length, 'blockledger.stream': stream, 'blockledger.events': [...types] },
      },
      ({ outcome, position, tries }) => ({
        attributes: { 'blockledger.outcome': outcome, 'blockledger.position': position, 'blockledger.tries': tries },
        // A conflict is looked at again: nothing failed.
        ...(outcome === 'appended' || outcome === 'Conflict' ? {} : { error: { type: outcome, message: outcome } }),
      }),
    ),
});

const external = (tracer: Tracer): NonNullable<EngineObserver['external']> => ({ program, command, backend, chain }: ExternalNote) => {
  const parent = parentOf(chain?.traceparent);
  // Questions that nobody's request asked would each be a trace of their own.
  if (trace.getSpanContext(parent) === undefined) return undefined;
  const attributes = { 'process.executable.name': program, 'blockledger.backend': backend, 'blockledger.backend.command': command };
  return spanWatch<string>(tracer, { name: `${program} ${command}`, kind: SpanKind.CLIENT, parent, attributes }, (exit) =>
    // An exit code is an answer, also one that is not 0: what it means, the call says.
    /^\d+$/.test(exit) ? { attributes: { 'process.exit.code': Number(exit) } } : { attributes: {}, error: { type: exit, message: exit } },
  );
};

const driving = (tracer: Tracer): Pick<EngineObserver, 'work' | 'call' | 'question' | 'external' | 'delivery'> => ({
  work: ({ kind, step, stream, workId, correlationId, traceparent, askedAgainBy, poolId, backend }) => {
    const again = spanContextOf(askedAgainBy);
    return spanWatch(
      tracer,
      {
        name: `work ${step.split(' ').filter((word) => !/\d/.test(word)).join(' ')}`,
        kind: SpanKind.INTERNAL,
        parent: ownParentOf(traceparent),
        links: again === undefined ? [] : [{ context: again }],
        attributes: {
          'blockledger.work.id': workId,
          'blockledger.work.kind': kind,
          'blockledger.stream': stream,
          'blockledger.correlation.id': correlationId,
          ...(poolId === undefined ? {} : { 'blockledger.pool.id': poolId }),
          ...(backend === undefined ? {} : { 'blockledger.backend': backend }),
        },
      },
      endOfWork,
    );
  },
  call: ({ backend, backendKind, action, attempt, stream, traceparent }) =>
    spanWatch(
      tracer,
      {
        name: `${backendKind} ${action}`,
        kind: SpanKind.CLIENT,
        parent: ownParentOf(traceparent),
        attributes: { 'blockledger.backend': backend, 'blockledger.backend.kind': backendKind, 'blockledger.backend.action': action, 'blockledger.attempt': attempt, 'blockledger.stream': stream },
      },
      endOfCall,
    ),
  question: ({ backend, question }) => {
    const parent = context.active();
    if (trace.getSpanContext(parent) === undefined) return undefined;
    return spanWatch(tracer, { name: `question ${question}`, kind: SpanKind.CLIENT, parent, attributes: { 'blockledger.backend': backend, 'blockledger.backend.question': question } }, endOfCall);
  },
  external: external(tracer),
  delivery: ({ webhookId, eventId, type, attempt, traceparent }) =>
    spanWatch(
      tracer,
      {
        name: `deliver ${type}`,
        kind: SpanKind.PRODUCER,
        parent: ownParentOf(traceparent),
        attributes: { 'messaging.message.id': eventId, 'messaging.operation.type': 'send', 'blockledger.webhook.id': webhookId, 'blockledger.attempt': attempt },
      },
      ({ outcome, status }) => ({
        attributes: { 'blockledger.outcome': outcome, ...(status === null ? {} : { 'http.response.status_code': status }) },
        ...(outcome === 'failing' ? { error: { type: status === null ? 'NoAnswer' : String(status), message: 'the delivery did not work' } } : {}),
      }),
    ),
});

/** Spans for everything that the engine tells of. */
export const spansOf = (tracer: Tracer): EngineObserver => ({ ...asking(tracer), ...driving(tracer) });
