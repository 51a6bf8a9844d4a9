/** The process that keeps a daemon running where there is no systemd. */
import type { Layout } from '../layout.ts';
import { daemonWords } from '../unit.ts';
import { ALIVE, HAS, PATHS } from './shared.ts';

/** After a daemon that ended soon, so many seconds pass before the next; then twice as many, up to the most. */
const PAUSE = { first: 1, most: 30 } as const;
/** A daemon that ran for so many seconds has not ended soon. */
const LONG = 60;

/**
 * The parent of the daemon: it waits for it, since a child that nobody waits for stays as a zombie, which a new daemon takes for one that
 * runs. A daemon that an earlier keeper left is watched until it ends. What a killed daemon leaves on the interface goes.
 */
export const keepText = (keepalived: string, layout: Layout): string => `#!/bin/sh
# Keeps keepalived running. Written by Blockledger.
${PATHS}
cd / || exit 1
dir=${layout.dir}
conf=${layout.conf}
child= ending= pause=${PAUSE.first}
${ALIVE}
${HAS}
alive "$dir/keep.pid" "$dir/keep" && [ "$pid" != $$ ] && exit 0
printf '%s\\n' $$ > "$dir/keep.$$" && mv -f "$dir/keep.$$" "$dir/keep.pid"

# The address may have changed since this began.
release() {
  { read -r address device < ${layout.address}; } 2>/dev/null || return 0
  if has "$address" "$device"; then ip address del "$address" dev "$device"; fi
}

end() {
  ending=yes
  if [ -z "$child" ] && alive ${layout.pid} "$conf"; then kill -TERM "$pid"; fi
  if [ -n "$child" ]; then kill -TERM "$child" 2>/dev/null; fi
}
trap end TERM INT
trap '' HUP

while [ -z "$ending" ]; do
  while alive ${layout.pid} "$conf" || alive ${layout.vrrpPid} "$conf"; do
    sleep 0.2
  done
  rm -f ${layout.pid} ${layout.vrrpPid}
  [ -n "$ending" ] && break
  release
  read -r up _ < /proc/uptime
  from=\${up%%.*}
  if [ -s "$conf" ] && ${keepalived} -t -f "$conf"; then
    ${daemonWords(keepalived, layout).join(' ')} &
    child=$!
    while kill -0 "$child" 2>/dev/null; do wait "$child"; done
    child=
  fi
  [ -n "$ending" ] && break
  release
  read -r up _ < /proc/uptime
  if [ $((\${up%%.*} - from)) -ge ${LONG} ]; then pause=${PAUSE.first}; fi
  halves=$((pause * 2))
  while [ -z "$ending" ] && [ "$halves" -gt 0 ]; do
    sleep 0.5
    halves=$((halves - 1))
  done
  pause=$((pause * 2))
  if [ "$pause" -gt ${PAUSE.most} ]; then pause=${PAUSE.most}; fi
done
rm -f "$dir/keep.pid"
`;
