/** Pieces of shell that several scripts share. They are POSIX: a gateway need not have more. */

/** Programs of the system stand in folders that are not on everybody's PATH. */
export const PATHS = 'PATH=$PATH:/usr/sbin:/sbin\nexport PATH LC_ALL=C';

/**
 * `alive FILE WORD`: sets `pid` and succeeds when FILE names a process that runs and has WORD in its command line. A zombie does not run,
 * though its pid answers signals; a pid that was given to another program is not ours.
 */
export const ALIVE = `alive() {
  pid=
  { read -r pid < "$1"; } 2>/dev/null
  case $pid in '' | *[!0-9]*) return 1 ;; esac
  { read -r stat < "/proc/$pid/stat"; } 2>/dev/null || return 1
  case \${stat##*) } in Z* | X*) return 1 ;; esac
  tr '\\0' ' ' 2>/dev/null < "/proc/$pid/cmdline" | grep -qF -- "$2"
}`;

/** `gone FILE WORD TENTHS`: waits so many tenths of a second until it is not alive. */
export const GONE = `gone() {
  tenths=$3
  while alive "$1" "$2"; do
    [ "$tenths" -gt 0 ] || return 1
    tenths=$((tenths - 1))
    sleep 0.1
  done
}`;

/** `started PID`: when it was started, in ticks since the boot. With the pid that names a process for the time of one boot. */
export const STARTED = `started() {
  { read -r stat < "/proc/$1/stat"; } 2>/dev/null || return 1
  set -- \${stat##*) }
  printf '%s' "\${20}"
}`;

/** `has ADDRESS/MASK DEVICE`: whether the address is on the device. */
export const HAS = `has() {
  ip -4 -o address show dev "$2" 2>/dev/null | grep -qF -- " inet $1 "
}`;
