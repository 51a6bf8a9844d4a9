/** The methods of the library face about attachments: each is a request as data. */
import type { AttachmentRequest } from './attachmentRequests.ts';
import type { AcceptedAttachment, AttachmentVerbs } from './attachmentFace.ts';
import type { Answer } from './answer.ts';
import type { RequestOptions } from './requests.ts';

export const makeAttachmentVerbs = (send: (request: AttachmentRequest, options: RequestOptions | undefined) => Answer<AcceptedAttachment>): AttachmentVerbs => ({
  reserveAttachment: (volume, input = {}, options) => send({ do: 'reserveAttachment', volume, input }, options),
  connectAttachment: (volume, input, options) => send({ do: 'connectAttachment', volume, input }, options),
  completeAttachment: (volume, input, options) => send({ do: 'completeAttachment', volume, input }, options),
  beginDetaching: (volume, input, options) => send({ do: 'beginDetaching', volume, input }, options),
  disconnectAttachments: (volume, input = {}, options) => send({ do: 'disconnectAttachments', volume, input }, options),
  releaseAttachment: (volume, input, options) => send({ do: 'releaseAttachment', volume, input }, options),
});
