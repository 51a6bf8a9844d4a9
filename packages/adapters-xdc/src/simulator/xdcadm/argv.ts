/** The command line of `xdcadm`, short and long words alike. */

/** Options with a value, by what they are called at length. */
const VALUES: Readonly<Record<string, string>> = {
  '-L': 'lld',
  '-m': 'mode',
  '-o': 'op',
  '-t': 'atid',
  '-l': 'lunid',
  '-n': 'name',
  '-v': 'value',
  '-i': 'iqn',
  '-s': 'servernode',
  '-b': 'boardid',
  '-T': 'type',
  '-P': 'port',
  '-N': 'lunname',
  '-U': 'lunsn',
  '-S': 'lunsize',
  '-C': 'luncfg',
  // Which long words belong to these is not known.
  '-u': 'user',
  '-p': 'password',
};
const FLAGS: Readonly<Record<string, string>> = { '-I': 'incoming', '-O': 'outgoing' };
const LONG = new Set(Object.values(VALUES));

/** What was asked: the words by their long names; flags are there or not. */
export interface Asked {
  readonly words: Readonly<Record<string, string>>;
  readonly flags: ReadonlySet<string>;
}

/** Takes a command line apart; a text says what is wrong with it. */
export const takeApart = (args: readonly string[]): Asked | string => {
  const words: Record<string, string> = {};
  const flags = new Set<string>();
  for (let at = 0; at < args.length; at += 1) {
    const word = args[at] ?? '';
    const flag = FLAGS[word];
    const name = VALUES[word] ?? (word.startsWith('--') && LONG.has(word.slice(2)) ? word.slice(2) : undefined);
    if (flag !== undefined) flags.add(flag);
    else if (name === undefined) return `unrecognized option '${word}'`;
    else {
      at += 1;
      const value = args[at];
      if (value === undefined) return `option '${word}' requires an argument`;
      words[name] = value;
    }
  }
  return { words, flags };
};
