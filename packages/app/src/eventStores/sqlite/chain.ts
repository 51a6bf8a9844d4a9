/**
 * The checksum of the log: every event's `chain` is the CRC-32 of a comma and its JSON, continued from the event before. So the
 * texts of any run of events, joined by commas, are checked by one call, and a lost, changed or swapped row breaks the chain.
 */
import { crc32 } from 'node:zlib';

/** The chain after one event, or after several whose texts are joined by commas. */
export const extend = (chain: number, text: string | Buffer): number => crc32(text, crc32(',', chain));

/** The chain before the first event. */
export const CHAIN_START = 0;
