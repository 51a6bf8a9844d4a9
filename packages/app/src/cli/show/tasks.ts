/** Tasks for people. */
import type { TaskBody } from '../../api/bodies/task.ts';
import type { Io } from '../frame/io.ts';
import type { Column } from '../frame/table.ts';
import { showDuration, showMoment } from '../frame/time.ts';
import { kindOf } from '../service/kinds.ts';
import { paintState } from './states.ts';

const about = ({ data }: TaskBody): string => {
  const [kind, link] = Object.entries(data)[0] ?? [];
  return kind === undefined || link === undefined ? '?' : `${kindOf(kind)} ${link.id ?? link.uuid}`;
};

const took = ({ execute, finish }: TaskBody): string => (execute === null || finish === null ? '' : showDuration(Date.parse(finish) - Date.parse(execute)));
const percent = ({ progress, status }: TaskBody): string => (progress === null || status !== 'running' ? '' : ` ${Math.floor(progress.percent)} %`);

/** The columns of a list. */
export const taskColumns = (io: Io): readonly Column<TaskBody>[] => [
  { title: 'ID', cell: ({ id }) => String(id), align: 'right' },
  { title: 'TYPE', cell: ({ type }) => type },
  { title: 'ABOUT', cell: about },
  { title: 'STATUS', cell: (task) => `${task.status}${percent(task)}`, paint: (text, { status }) => (status === 'failed' || status === 'refused' ? io.screen.colour.red(text) : paintState(io.screen)(text)) },
  { title: 'STARTED', cell: ({ execute }) => showMoment(io.screen, execute === null ? null : Date.parse(execute)) },
  { title: 'WHY', cell: ({ error_msg: message }) => message ?? '', below: true },
];

/** Everything about one. */
export const taskFields = (io: Io): readonly Column<TaskBody>[] => [
  { title: 'ID', cell: ({ id }) => String(id) },
  { title: 'UUID', cell: ({ uuid }) => uuid },
  { title: 'Type', cell: ({ type }) => type },
  { title: 'About', cell: about },
  { title: 'Status', cell: (task) => `${task.status}${percent(task)}`, paint: paintState(io.screen) },
  { title: 'Step', cell: ({ step }) => step ?? io.screen.glyphs.dash },
  { title: 'Attempts', cell: ({ attempts }) => String(attempts) },
  { title: 'Error', cell: ({ error }) => (error === null ? io.screen.glyphs.dash : `${error.code}: ${error.message}`) },
  { title: 'To do', cell: ({ id, error, status }) => error?.refusal?.remedy ?? (status === 'failed' ? `\`blockledger task retry ${id}\`, or give it up with \`blockledger task abandon ${id}\`` : io.screen.glyphs.dash) },
  { title: 'Asked by', cell: ({ issued_by: by, tenant }) => `${by} (tenant ${tenant})` },
  { title: 'Correlation', cell: ({ correlation_id: id }) => id },
  { title: 'Started', cell: ({ execute }) => showMoment(io.screen, execute === null ? null : Date.parse(execute)) },
  { title: 'Ended', cell: ({ finish }) => showMoment(io.screen, finish === null ? null : Date.parse(finish)) },
  { title: 'Took', cell: (task) => took(task) || io.screen.glyphs.dash },
];
