/** What the laboratory says when it is up. */
import { at, CEPH_CONF, PREFIX, VIP, VIP_DIR, WATCH_TIMEOUT_SECONDS } from './places.ts';

/** The account that initiators present. It guards nothing but a laboratory. */
export const ACCOUNT = { user: 'lab-initiator', secret: 'twelve-chars' } as const;
/** How qemu names itself as an initiator, unless it is told otherwise. */
export const INITIATOR = 'iqn.2008-11.org.linux-kvm';
/** What a person reads first. */
export const GREETING = 'Hello from a volume behind a virtual IP.';

/** What is different in each run. */
export interface Facts {
  /** The process, seen from outside, whose namespaces are the laboratory's. */
  readonly pid: string;
  readonly url: string;
  readonly iqn: string;
  /** As initiators count: tgt keeps 0 for itself. */
  readonly lun: number;
  /** The image on Ceph, with its pool. */
  readonly image: string;
  /** Stands before what needs root: `sudo `, or nothing. */
  readonly sudo: string;
}

const USUAL_URL = 'http://127.0.0.1:8056';

/** The LUN by the virtual IP, as libiscsi and qemu take it. */
export const lunUrl = ({ iqn, lun }: Pick<Facts, 'iqn' | 'lun'>): string => `iscsi://${ACCOUNT.user}%${ACCOUNT.secret}@${VIP}/${iqn}/${lun}`;

/** Everything that one may try: what it does, and the line to paste. */
export const thingsToTry = (facts: Facts): readonly (readonly [string, string])[] => {
  const inside = `${facts.sudo}nsenter -at ${facts.pid}`;
  const on = (host: string): string => `${inside} ${at(host).join(' ')}`;
  const lun = `'${lunUrl(facts)}'`;
  const blockledger = (words: string): string => `${facts.sudo}npx blockledger ${words}${facts.url === USUAL_URL ? '' : ` --url ${facts.url}`}`;
  return [
    ['Read what stands at the beginning of the volume, as the initiator, with CHAP, by the virtual IP:', `${on('client')} qemu-io -f raw -c 'read -v 0 48' ${lun}`],
    ['Write something and read it back:', `${on('client')} qemu-io -f raw -c 'write -P 0x42 64k 4k' -c 'read -v 64k 32' ${lun}`],
    ['Ask the LUN who it is; without the account, nobody is let in:', `${on('client')} iscsi-inq -i ${INITIATOR} ${lun}`],
    ['Keep writing, and see what a fail-over does to it (Ctrl-C ends it):', `${on('client')} sh -c "while sleep 0.2; do echo 'write 128k 4k'; done | qemu-io -f raw ${lun}"`],
    ['Draw the access path, with who is master:', blockledger('path show front')],
    [`Pull the cable of gw1. gw2 has the address within 4 s; IO goes on when Ceph has given gw1 up, here within some ${WATCH_TIMEOUT_SECONDS} s:`, `${inside} ip -n ${PREFIX}-sw link set vgw1 down`],
    ['Put it back. gw1 gets the address again once its LUNs were opened anew:', `${inside} ip -n ${PREFIX}-sw link set vgw1 up`],
    ['Or end keepalived on gw1 in order: the address moves within a second, and comes back:', `${inside} sh -c 'kill $(cat ${VIP_DIR}/gw1/*/keepalived.pid)'`],
    ['Read what happened:', blockledger('history path front')],
    ['See who has the image open on Ceph:', `${on('sw')} rbd --conf ${CEPH_CONF} status ${facts.image}`],
  ];
};

/** All of it as one text. */
export const whatToTry = (facts: Facts): string =>
  [
    '',
    `The laboratory is up. An initiator comes in by ${VIP} as ${ACCOUNT.user}, secret ${ACCOUNT.secret}. REST is at ${facts.url}.`,
    'In another terminal, in this folder:',
    ...thingsToTry(facts).flatMap(([does, line]) => ['', `# ${does}`, line]),
    '',
    'Ctrl-C ends all of it and leaves nothing behind.',
    '',
  ].join('\n');
