/** A volume in one line, for what was done with it. */
import { isRecord } from '../../history/isRecord.ts';

/** `volume 7 db-1: active`. */
export const volumeSubject = (body: Readonly<Record<string, unknown>>): string => {
  const volume = body['block_volume'];
  return isRecord(volume) ? `volume ${String(volume['id'] ?? volume['uuid'])} ${String(volume['name'])}` : '';
};
