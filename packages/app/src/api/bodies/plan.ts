/** Dry runs: what a request would do. */
import * as t from 'io-ts';
import { closed } from '../closed.ts';
import { AnyObject, Text, UuidText } from '../fields.ts';
import { ProblemBody } from '../problem.ts';
import { named } from '../schema.ts';

const Step = closed({ summary: Text }, { argv: t.readonlyArray(Text), request: Text });
const Told = closed({ stream: Text, type: Text }, { refusal: ProblemBody });

/** The events that would be stored, and all work that would follow, in order. Secrets are masked. */
export const ActionPlan = named(
  'Plan',
  closed(
    {
      stream: Text,
      events: t.readonlyArray(closed({ stream: Text, type: Text, data: AnyObject }, {})),
      work: t.readonlyArray(
        closed({ work_id: Text, step: Text, stream: Text }, { tells: t.readonlyArray(Told), performs: closed({ backend: Text, action: Text, steps: t.readonlyArray(Step) }, { pool: UuidText, host: Text }) }),
      ),
    },
    {},
  ),
);
/** A value of the codec `Plan`. */
export type ActionPlan = t.TypeOf<typeof ActionPlan>;
