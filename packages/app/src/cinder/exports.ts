/** Who sees a volume: attachments for initiators, as the driver keeps them (S1-32…S1-35). */
import { pipe } from 'fp-ts/lib/function.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import { uuidIds } from '../system/ids.ts';
import type { Attachment, AttachmentRef, Attachments, AttachmentStage, KnownConnector } from './attachments.ts';
import { cinderError, type Asked } from './errors.ts';
import type { Connection } from './formats/connectionInfo.ts';
import type { Connector } from './objects.ts';

/** The initiator must be named (S4-3); nothing else of a connector is needed. */
export const validConnector = ({ initiator, host, multipath }: Connector): Asked<KnownConnector> =>
  initiator === undefined || initiator === null || initiator === ''
    ? TE.left(cinderError('InvalidConnectorException', 'ConnectorIsIncomplete', "the connector does not name its initiator: 'initiator' is missing"))
    : TE.right({ initiator, host: host ?? null, multipath: multipath === true });

const LEAVING: ReadonlySet<AttachmentStage> = new Set(['detaching', 'disconnecting', 'disconnected']);

/** An attachment that is on its way out is no way in any more. */
export const isLeaving = ({ stage }: Pick<Attachment, 'stage'>): boolean => LEAVING.has(stage);

const isConnected = ({ stage }: Attachment): boolean => stage === 'connected' || stage === 'attached';

/** The attachment of an initiator that is not about to go. */
const ofInitiator = (all: readonly Attachment[], initiator: string): Attachment | undefined => all.find((one) => one.initiator === initiator && !isLeaving(one));

/** The attachment of one initiator; `isUsed`: somebody has been told how to get there. */
export interface OwnAttachment extends AttachmentRef {
  readonly isUsed: boolean;
}

/**
 * Lets an initiator see a volume, and says which attachment that is. It is found again by the initiator, so every call can be repeated. Who may
 * attach what is decided in Cinder's database; here an attachment is shared, for a host that a machine moves to connects before the first one lets
 * go. What cannot be connected is let go again before the error is told: Cinder does not come back for it.
 */
export const connected = (attachments: Attachments, volume: string, connector: KnownConnector): Asked<OwnAttachment> =>
  pipe(
    attachments.list(volume),
    TE.chain((all): Asked<OwnAttachment> => {
      const found = ofInitiator(all, connector.initiator);
      const ref = { volume, id: found?.id ?? uuidIds.fresh(), isUsed: found?.stage === 'attached' };
      if (found !== undefined && isConnected(found)) return TE.right(ref);
      return pipe(
        found === undefined ? attachments.attach(ref, { shared: true, mode: 'rw' }, connector) : attachments.connect(ref, connector),
        TE.orElse((error): Asked<unknown> => pipe(attachments.release(ref, false), TE.alt((): Asked<unknown> => TE.right(undefined)), TE.chain(() => TE.left(error)))),
        TE.map(() => ref),
      );
    }),
  );

/** How an initiator gets there. */
export const connectionOf = (attachments: Attachments, ref: AttachmentRef, volumeId: string): Asked<Connection> =>
  pipe(
    attachments.connection(ref),
    TE.map((connection) => ({ ...connection, volumeId })),
  );

/** Ends what one initiator has of a volume; nothing to do where it has nothing (I-22). */
export const disconnectInitiator = (attachments: Attachments, volume: string, { initiator, force }: { readonly initiator: string; readonly force: boolean }): Asked<unknown> =>
  pipe(
    attachments.list(volume),
    TE.map((all) => all.filter((one) => one.initiator === initiator)),
    TE.chain(TE.traverseSeqArray(({ id }) => attachments.release({ volume, id }, force))),
  );

/** Ends what everybody has of a volume: all are fenced first, then let go (S1-35, I-21). */
export const disconnectAll = (attachments: Attachments, volume: string): Asked<unknown> =>
  pipe(
    attachments.disconnect({ volume, id: null }, true),
    TE.chain(() => attachments.list(volume)),
    TE.chain(TE.traverseSeqArray(({ id }) => attachments.release({ volume, id }, true))),
  );

/**
 * Takes away what was exported and never used, and what is on its way out. What an initiator was connected to stays: Cinder calls this after each
 * detach, for `terminate_connection` returns nothing, while others may still have the volume (S1-33). Theirs goes with `terminate_connection`.
 */
export const dropUnused = (attachments: Attachments, volume: string): Asked<unknown> =>
  pipe(
    attachments.list(volume),
    TE.map((all) => all.filter(({ stage }) => stage !== 'attached')),
    TE.chain(TE.traverseSeqArray(({ id }) => attachments.release({ volume, id }, false))),
  );
