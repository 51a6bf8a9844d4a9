/** Options that many commands share. */
import type { CommandFacts } from './command.ts';
import { flag, maybe, type Parts } from './parts.ts';
import { path, text } from './readers.ts';

const SHOWING = {
  json: flag('--json', 'print one JSON document, as the service answers it'),
} as const satisfies Parts;

const LINES = {
  json: flag('--json', 'print one JSON object a line, as the service sends it'),
} as const satisfies Parts;

const SIZES = {
  bytes: flag('--bytes', 'print sizes as whole bytes'),
} as const satisfies Parts;

const REACHING = {
  url: maybe('--url <url>', 'address of the service (BLOCKLEDGER_URL; else the one that runs here)', text),
  tokenFile: maybe('--token-file <file>', 'file that holds the token (BLOCKLEDGER_TOKEN; else a service here lets its own user in)', path),
} as const satisfies Parts;

/** The options that a command has besides its own. */
export const commonParts = ({ shows, speaksTo }: Pick<CommandFacts, 'shows' | 'speaksTo'>): Parts => ({
  ...(shows === 'text' ? {} : shows === 'lines' ? LINES : SHOWING),
  ...(shows === 'sizes' || shows === 'lines' ? SIZES : {}),
  ...(speaksTo === 'service' ? REACHING : {}),
});
