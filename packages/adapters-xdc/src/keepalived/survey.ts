/** What a host said of itself, read. Pure. */

/** A folder or a file as it stands on a host. */
export interface Standing {
  /** The numbers of the user and of the group that own it. */
  readonly user: string;
  readonly group: string;
  readonly mode: number;
  readonly path: string;
}

/** Whether keepalived can work there. */
export interface Surveyed {
  readonly uid: string | undefined;
  /** `2.2.7`; undefined where the program is not there. */
  readonly version: string | undefined;
  /** Programs that are not there. */
  readonly lacks: readonly string[];
  readonly hasSystemd: boolean;
  readonly folders: readonly Standing[];
  readonly files: readonly Standing[];
}

const OCTAL = 8;
const MOST_LETTERS = 40;

const standing = (text: string): Standing => {
  const [, user = '', group = '', mode = '', path = ''] = /^(\d+) (\d+) (\d+) (.*)$/.exec(text) ?? [];
  return { user, group, mode: Number.parseInt(mode, OCTAL), path };
};

/** What the survey printed; lines that are not of it are passed over. */
export const parseSurvey = (text: string): Surveyed => {
  const lines = text.split('\n').map((line) => /^(\w+) ?(.*)$/.exec(line));
  const all = (word: string): readonly string[] => lines.flatMap((line) => (line?.[1] === word ? [line[2] ?? ''] : []));
  const [program] = all('keepalived');
  return {
    uid: all('uid')[0],
    version: program === undefined ? undefined : (/\bv?(\d+(?:\.\d+)+)/.exec(program)?.[1] ?? program.slice(0, MOST_LETTERS)),
    lacks: all('lacks'),
    hasSystemd: all('systemd').length > 0,
    folders: all('folder').map(standing),
    files: all('file').map(standing),
  };
};
