/** Webhooks and their deliveries for people. */
import type { DeliveryBody, WebhookBody } from '../../api/bodies/webhook.ts';
import type { Io } from '../frame/io.ts';
import type { Column } from '../frame/table.ts';
import { showDuration, showMoment } from '../frame/time.ts';
import { kindOf } from '../service/kinds.ts';
import { paintState } from './states.ts';

const momentOf = (io: Io, at: string | null): string => showMoment(io.screen, at === null ? null : Date.parse(at));

/** The columns of a list. */
export const webhookColumns = (io: Io): readonly Column<WebhookBody>[] => [
  { title: 'NAME', cell: ({ name }) => name, elastic: true },
  { title: 'URL', cell: ({ url }) => url, elastic: true },
  { title: 'STATUS', cell: ({ status }) => status, paint: paintState(io.screen) },
  { title: 'POSITION', cell: ({ position }) => String(position), align: 'right' },
  { title: 'DELIVERED', cell: ({ delivered_num: count }) => String(count), align: 'right' },
];

/** Which events are sent, in one line. */
const filterText = ({ filter: { kinds, ids, types, tenant } }: WebhookBody): string =>
  [
    ...(kinds === null ? [] : [kinds.map(kindOf).join(', ')]),
    ...(ids === null ? [] : [`of ${ids.join(', ')}`]),
    ...(types === null ? [] : [types.join(', ')]),
    ...(tenant === null ? [] : [`tenant ${tenant}`]),
  ].join('; ') || 'all';

/** Everything about one. */
export const webhookFields = (io: Io): readonly Column<WebhookBody>[] => [
  { title: 'UUID', cell: ({ uuid }) => uuid },
  { title: 'Name', cell: ({ name }) => name },
  { title: 'URL', cell: ({ url }) => url },
  { title: 'Status', cell: ({ status }) => status, paint: paintState(io.screen) },
  { title: 'Events', cell: filterText },
  { title: 'Position', cell: ({ position }) => String(position) },
  { title: 'Delivered', cell: ({ delivered_num: count }) => String(count) },
  { title: 'Disabled', cell: ({ disabled }) => (disabled === null ? io.screen.glyphs.dash : `${disabled.message} (${momentOf(io, disabled.at)})`) },
  { title: 'Failing', cell: ({ failing }) => (failing === null ? io.screen.glyphs.dash : `the event at position ${failing.position}, since ${momentOf(io, failing.since)}: ${failing.message}`) },
  { title: 'Old secret', cell: ({ previous_secret_until: until }) => (until === null ? io.screen.glyphs.dash : `signs, too, until ${momentOf(io, until)}`) },
  { title: 'Tenant', cell: ({ tenant }) => tenant },
  { title: 'Created', cell: ({ create }) => momentOf(io, create) },
  { title: 'Changed', cell: ({ update }) => momentOf(io, update) },
];

/** The columns of deliveries. */
export const deliveryColumns = (io: Io): readonly Column<DeliveryBody>[] => [
  { title: 'WHEN', cell: ({ at }) => momentOf(io, at) },
  { title: 'POSITION', cell: ({ position }) => (position === null ? 'test' : String(position)), align: 'right' },
  { title: 'EVENT', cell: ({ type }) => type, elastic: true },
  { title: 'OUTCOME', cell: ({ outcome }) => outcome, paint: (text, { outcome }) => (outcome === 'delivered' ? io.screen.colour.green(text) : io.screen.colour.red(text)) },
  { title: 'STATUS', cell: ({ status }) => (status === null ? io.screen.glyphs.dash : String(status)), align: 'right' },
  { title: 'TRIES', cell: ({ attempts }) => String(attempts), align: 'right' },
  { title: 'TOOK', cell: ({ duration_ms: ms }) => showDuration(ms), align: 'right' },
  { title: 'WHY', cell: ({ message }) => message ?? '', below: true },
];
