/** Pages under docs/ that are made from the code: written by a script, compared by a test. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { repositoryRoot } from './files.ts';

export interface Page {
  /** From the root of the repository. */
  readonly path: string;
  /** The script that writes it. */
  readonly by: string;
  readonly text: string;
}

export const made = (by: string): string => `<!-- Made by ${by}: change the code, then run \`node --conditions=@blockledger/source --import tsx ${by}\`. -->\n`;

/** The page as it stands, or nothing. */
export const standing = (path: string): string => {
  try {
    return readFileSync(join(repositoryRoot, path), 'utf8');
  } catch {
    return '';
  }
};

export const write = ({ path, text }: Page): void => {
  writeFileSync(join(repositoryRoot, path), text);
  console.log(`wrote ${path}`);
};

/** A cell of a Markdown table. */
export const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ');
