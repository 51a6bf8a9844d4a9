/** In which rows test files run: what may stand beside what, and what comes first. */

/** Of those that need no real part, the ones that take longest, the longest first. Begun last, one of them would be waited for by a core with nothing to do. */
export const LONGEST: readonly string[] = [
  'test/cli/examples.test.ts',
  'test/properties/crashWalks.test.ts',
  'test/cli/changing.test.ts',
  'test/cli/doctor.test.ts',
  'test/cinder/crashes.test.ts',
  'test/http/contract.test.ts',
  'test/cli/pathChanging.test.ts',
  'test/contracts/xdc.program.test.ts',
  'test/cli/attachments.test.ts',
  'test/cli/paths.test.ts',
  'test/cli/store.test.ts',
  'test/contracts/eventStore.eventStoreDb.test.ts',
  'test/cli/eventStoreDb.test.ts',
  'test/cli/readme.test.ts',
  'test/package/consumers.test.ts',
  'test/examples/examples.test.ts',
  'test/contracts/rbd.libraries.test.ts',
  'test/cli/looking.test.ts',
  'test/cli/events.test.ts',
  'test/properties/crashWalks.shared.test.ts',
  'test/properties/crashWalks.paths.test.ts',
  'test/properties/accessPaths.test.ts',
  'test/properties/attachmentRaces.test.ts',
  'test/properties/crashWalks.arrays.test.ts',
  'test/cli/arrayPaths.test.ts',
  'test/cli/attachGuide.test.ts',
  'test/package/site.test.ts',
  'test/http/shutdown.test.ts',
];

/** Test files by what they need. Within a row one runs after the other, except for the first, of which some run at once. */
export interface Rows {
  /** They need nothing but a processor. */
  readonly onNothingReal: readonly string[];
  /** They share the daemons and loop devices of Ceph. */
  readonly onCeph: readonly string[];
  /** They need no cluster, and wait most of the time: for elections, sessions, Cinder and the end of a soak. */
  readonly onGatewaysAlone: readonly string[];
}

const onGatewaysAlone = /^test\/real\/(eventStoreDb|cinder|keepalived|hosts|xdc|arraySoak|tgt\.(contract|traps|initiator))\b/;

const rank = (file: string): number => (LONGEST.includes(file) ? LONGEST.indexOf(file) : LONGEST.length);

/** The rows of these files, each in the order in which it runs. */
export const rowsOf = (files: readonly string[]): Rows => {
  const isReal = (file: string): boolean => file.startsWith('test/real/');
  return {
    onNothingReal: files.filter((file) => !isReal(file)).toSorted((a, b) => rank(a) - rank(b)),
    onCeph: files.filter((file) => isReal(file) && !onGatewaysAlone.test(file)),
    onGatewaysAlone: files.filter((file) => onGatewaysAlone.test(file)),
  };
};
