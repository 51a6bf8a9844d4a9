/** Scripts that we run on a host from here. Everything that varies comes as an argument; none of it is secret. */
import { ALIVE, GONE, HAS, PATHS, STARTED } from './shared.ts';

/**
 * `look ROOT UNITS ID UNTIL TENTHS ADDRESS/MASK DEVICE`. Without an id it tells of all instances. It waits, at most so many tenths of a
 * second, until the instance is `running`, or the address is `released`; then it prints what there is, in sections that begin with `== `.
 */
export const LOOK = `${PATHS}
root=$1 units=$2 id=$3 until=$4 tenths=$5 address=$6 device=$7
${ALIVE}
${HAS}
met() {
  case $until in
    running) alive "$root/$id/keepalived.pid" "$root/$id/keepalived.conf" && [ -s "$root/$id/state" ] ;;
    released) ! has "$address" "$device" ;;
    *) true ;;
  esac
}
while ! met && [ "$tenths" -gt 0 ]; do
  tenths=$((tenths - 1))
  sleep 0.1
done
section() {
  printf '\\n== %s\\n' "$1"
  if [ -n "$2" ]; then cat -- "$2" 2>/dev/null; fi
}
one() {
  dir=$root/$1
  [ -d "$dir" ] || return 0
  section id
  printf '%s' "$1"
  section card "$dir/instance.json"
  section sums
  for file in "$dir/keepalived.conf" "$dir/ready" "$dir/notify" "$dir/keep" "$dir/address" "$dir/instance.json" "$units/blockledger-vip-$1.service"; do
    sha256sum -- "$file" 2>/dev/null
  done
  section loaded "$dir/loaded"
  section keeper
  alive "$dir/keep.pid" "$dir/keep" && printf '%s' "$pid"
  section daemon
  alive "$dir/keepalived.pid" "$dir/keepalived.conf" && printf '%s' "$pid"
  section state "$dir/state"
  section not-ready "$dir/not-ready"
  section good "$dir/good"
}
if [ -n "$id" ]; then
  one "$id"
else
  for each in "$root"/*/; do
    each=\${each%/}
    if [ -e "$each/instance.json" ]; then one "\${each##*/}"; fi
  done
fi
section uptime /proc/uptime
section addresses
ip -j -4 address show`;

/** `check CONF KEEPALIVED`: a file that is missing or empty would pass keepalived's own check. */
export const CHECK = `[ -s "$1" ] || exit 66
exec "$2" -t -f "$1"`;

/** `load CANDIDATE CONF`: what was checked becomes what a daemon reads. */
export const LOAD = 'mv -f -- "$1" "$2"';

/**
 * `start DIR`: the keeper begins, detached, since it must outlive us. A keeper that is there already, waiting between two daemons, makes way.
 */
export const START = `${PATHS}
dir=$1
${ALIVE}
${GONE}
if alive "$dir/keep.pid" "$dir/keep"; then
  kill -TERM "$pid"
  gone "$dir/keep.pid" "$dir/keep" 50 || kill -KILL "$pid"
fi
setsid -f sh "$dir/keep" < /dev/null >> "$dir/log" 2>&1`;

/** `reload DIR`. */
export const RELOAD = `${ALIVE}
alive "$1/keepalived.pid" "$1/keepalived.conf" && kill -HUP "$pid"`;

/**
 * `end DIR REMOVE [ADDRESS/MASK DEVICE]…`: the keeper ends with its daemon, then what is left of them by id, gently and then not. The
 * addresses go from the interface, whoever left them there, and with REMOVE `yes` the folder goes.
 */
export const END = `${PATHS}
dir=$1 remove=$2
shift 2
${ALIVE}
${GONE}
${HAS}
for each in keep keepalived vrrp; do
  case $each in keep) word=$dir/keep ;; *) word=$dir/keepalived.conf ;; esac
  if alive "$dir/$each.pid" "$word"; then
    kill -TERM "$pid" 2>/dev/null
    if ! gone "$dir/$each.pid" "$word" 80; then
      kill -KILL "$pid" 2>/dev/null
      gone "$dir/$each.pid" "$word" 20 || { echo "process $pid does not end" >&2; exit 1; }
    fi
  fi
done
while [ $# -ge 2 ]; do
  if has "$1" "$2"; then ip address del "$1" dev "$2" || exit 1; fi
  shift 2
done
if [ "$remove" = yes ]; then rm -rf -- "$dir"; else rm -f -- "$dir/keep.pid" "$dir/keepalived.pid" "$dir/vrrp.pid"; fi`;

/**
 * `admit ROOT TOKEN [PATTERN]…`: notes the boot, and the daemons that the patterns of pid files name. A token that stands there already was
 * used: saying it again admits nobody anew. A pid file need not end its line: `read` fails then, and has the pid all the same.
 */
export const ADMIT = `${PATHS}
root=$1 token=$2
shift 2
${STARTED}
umask 077
{ read -r standing < "$root/admission"; } 2>/dev/null
[ "$standing" = "$token" ] && exit 0
mkdir -p -- "$root" || exit 1
{
  printf '%s\\n' "$token"
  cat /proc/sys/kernel/random/boot_id
  for pattern in "$@"; do
    for file in $pattern; do
      pid=
      { read -r pid < "$file"; } 2>/dev/null
      [ -n "$pid" ] && start=$(started "$pid") && printf 'daemon %s %s %s\\n' "$pid" "$start" "$file"
    done
  done
  true
} > "$root/admission.$$" && sync -- "$root/admission.$$" && mv -f -- "$root/admission.$$" "$root/admission"`;

/**
 * `listen DEVICE SECONDS`: by time, not by a count of packets, of which one talker might send all. It ends well when its time is over.
 * Never with \`-v\`, which prints passwords.
 */
export const LISTEN = `${PATHS}
timeout -s INT -k 2 "$2" tcpdump -n -l -i "$1" vrrp
code=$?
if [ "$code" -eq 124 ]; then exit 0; fi
exit "$code"`;
