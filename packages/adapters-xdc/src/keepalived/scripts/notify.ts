/** The script that keepalived calls when an instance changes its state. */

/** Keeps the state in the instance's own folder: the files that keepalived itself writes have names that all instances share. */
export const notifyText = (dir: string): string => `#!/bin/sh
# Keeps what keepalived says of this instance. Written by Blockledger.
case $3 in MASTER | BACKUP | FAULT | STOP) ;; *) exit 0 ;; esac
printf '%s\\n' "$3" > ${dir}/state.$$ && mv -f ${dir}/state.$$ ${dir}/state
`;
