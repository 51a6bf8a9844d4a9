/** The script by which a host tells whether keepalived can work there. */
import { PATHS } from './shared.ts';

/**
 * `survey ROOT KEEPALIVED [PROGRAM]…`: one word and what it is, a line each. keepalived runs no script that somebody else than root could
 * have changed, so each folder above the instances is looked at, and what they hold.
 */
export const SURVEY = `${PATHS}
root=$1 keepalived=$2
shift 2
printf 'uid %s\\n' "$(id -u)"
[ -x "$keepalived" ] && printf 'keepalived %s\\n' "$("$keepalived" --version 2>&1 | head -n 1)"
for program in "$@"; do
  command -v "$program" > /dev/null || printf 'lacks %s\\n' "$program"
done
[ -d /run/systemd/system ] && echo 'systemd yes'
folder=$root
while :; do
  [ -e "$folder" ] && stat -c 'folder %u %g %a %n' -- "$folder"
  [ "$folder" = / ] && break
  folder=$(dirname -- "$folder")
done
for file in "$root"/*/keepalived.conf "$root"/*/ready; do
  [ -e "$file" ] && stat -c 'file %u %g %a %n' -- "$file"
done
exit 0`;
