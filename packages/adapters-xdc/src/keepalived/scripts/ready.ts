/** The script that decides, every second and on the host itself, whether the host may hold an address. */
import type { VipInstance } from '@blockledger/domain';
import { shellLine } from '../../hosts/quote.ts';
import type { Layout } from '../layout.ts';
import type { Settings } from '../options.ts';
import { PATHS, STARTED } from './shared.ts';

/** What the script is made from. */
export interface Readiness {
  readonly host: string;
  readonly layout: Layout;
  readonly instance: VipInstance;
  readonly yielding: boolean;
  readonly settings: Pick<Settings, 'check' | 'fencedAfterMs'>;
}

/** `listens IP PORT`. A connection would not tell: the portal's address is the virtual one, which another host may be answering. */
const LISTENS = `listens() {
  ss -Hltn "sport = :$2" 2>/dev/null | while read -r _ _ _ local _; do
    case $local in "$1:$2" | "$1%"*":$2" | "0.0.0.0:$2" | "*:$2" | "[::]:$2") echo yes ;; esac
  done | grep -q yes
}`;

/** A check that hangs says no, before keepalived gives up on the whole script. */
const CHECK_SECONDS = 2;

const checksOf = ({ host, instance, settings }: Readiness): string =>
  instance.checks
    .map((check) => (settings.check === undefined ? shellLine(['listens', check.portal.ip, String(check.portal.port)]) : `timeout -k 1 ${CHECK_SECONDS} ${shellLine(settings.check(check, host))} < /dev/null > /dev/null 2>&1`))
    .map((command) => `${command} || not service\n`)
    .join('');

/**
 * Not ready is the default: without an admission of this boot, with a daemon of the targets that is younger than the admission, and after the
 * instance was not ready for longer than a fence takes. The last covers a link that was down, a host that stood still, and storage that
 * did not answer: whoever comes back from that may be locked out by the storage and not know it. A new instance is as its neighbours are.
 */
export const readyText = (readiness: Readiness): string => {
  const { layout, instance, yielding, settings } = readiness;
  return `#!/bin/sh
# Says whether this host may hold ${instance.ip}. Written by Blockledger.
${PATHS}
root=${layout.root}
dir=${layout.dir}

not() {
  printf '%s\\n' "$1" > "$dir/not-ready.$$" && mv -f "$dir/not-ready.$$" "$dir/not-ready"
  exit 1
}
${STARTED}
${LISTENS}

if [ -e "$dir/log" ] && [ "$(wc -c < "$dir/log")" -gt 1000000 ]; then : > "$dir/log"; fi

token= boot= good= at= fenced=
{
  read -r token
  read -r boot
  read -r this < /proc/sys/kernel/random/boot_id
  [ -n "$token" ] && [ "$boot" = "$this" ] || not admission
  while read -r _ was start file; do
    is=
    { read -r is < "$file"; } 2>/dev/null
    [ -n "$is" ] || continue
    [ "$is" = "$was" ] && [ "$(started "$is")" = "$start" ] || not admission
  done
} 2>/dev/null < "$root/admission" || not admission

read -r up _ < /proc/uptime
now=\${up%%.*}
{ read -r good at < "$dir/good"; } 2>/dev/null
{ read -r fenced < "$dir/fenced"; } 2>/dev/null
if [ "$good" = "$token" ]; then
  if [ $((now - at)) -gt ${Math.max(1, Math.round(settings.fencedAfterMs / 1_000))} ]; then fenced=$token; fi
else
  for other in "$root"/*/fenced; do
    { read -r theirs < "$other"; } 2>/dev/null && [ "$theirs" = "$token" ] && fenced=$token
  done
fi
if [ "$fenced" = "$token" ]; then
  printf '%s\\n' "$token" > "$dir/fenced"
  not admission
fi

case $(ip -o link show dev ${instance.interface} 2>/dev/null) in
  *' state UP '* | *' state UNKNOWN '*) ;;
  *) not service ;;
esac
${checksOf(readiness)}
printf '%s %s\\n' "$token" "$now" > "$dir/good.$$" && mv -f "$dir/good.$$" "$dir/good"
${yielding ? 'not yielding\n' : 'rm -f "$dir/not-ready"\n'}`;
};
