/** A `systemctl` that writes down what it is asked, and does with a unit what systemd would, as far as our units need it. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Where it stands, and what it was asked. */
export interface FakeSystemctl {
  readonly words: readonly string[];
  readonly unitFolder: string;
  /** What it was asked since the last time, without the names of units. */
  readonly asked: () => readonly string[];
}

const scriptOf = (folder: string): string => `#!/bin/sh
# Each unit has one daemon, whose pid file is the word after -p.
printf '%s\\n' "$1" >> ${folder}/asked
unit=${folder}/units/$2
pid() { cat "$(sed -n 's/^ExecStart=.* -p \\([^ ]*\\) .*/\\1/p' "$unit")" 2>/dev/null; }
each() {
  sed -n "s/^$1=//p" "$unit" | sed "s/\\$MAINPID/$(pid)/" > "$unit.$1"
  while read -r line; do
    case $line in -*) sh -c "\${line#-}" < /dev/null > /dev/null 2>&1 || true ;; *) sh -c "$line" < /dev/null || return 1 ;; esac
  done < "$unit.$1"
}
case $1 in
  daemon-reload | enable | disable) exit 0 ;;
  start)
    [ -e "$unit" ] || { echo "Unit $2 not found." >&2; exit 5; }
    each ExecStartPre || exit 1
    setsid -f sh -c "exec $(sed -n 's/^ExecStart=//p' "$unit")" < /dev/null > /dev/null 2>&1
    ;;
  reload) each ExecReload ;;
  stop)
    was=$(pid)
    kill -TERM "$was" 2>/dev/null
    while [ -n "$was" ] && grep -q keepalived "/proc/$was/cmdline" 2>/dev/null; do sleep 0.1; done
    each ExecStopPost
    ;;
esac
`;

/** Writes the program into a folder. */
export function fakeSystemctl(folder: string): FakeSystemctl {
  const unitFolder = join(folder, 'units');
  mkdirSync(unitFolder, { recursive: true });
  const program = join(folder, 'systemctl');
  writeFileSync(program, scriptOf(folder), { mode: 0o755 });
  const asked = join(folder, 'asked');
  writeFileSync(asked, '');
  return {
    words: [program],
    unitFolder,
    asked: () => {
      const lines = readFileSync(asked, 'utf8').split('\n').filter((line) => line !== '');
      writeFileSync(asked, '');
      return lines;
    },
  };
}
