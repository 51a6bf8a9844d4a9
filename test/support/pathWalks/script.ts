/** What a walk over access paths asks for, and what happens to its hosts meanwhile: the same for the same seed. */
import { weighted } from '../walks/weighted.ts';
import { ATTACHMENT_WEIGHTS } from './attachmentAsks.ts';

/** What can be asked or happen, and how often. */
export const WEIGHTS = {
  createClientGroup: 2,
  updateClientGroup: 4,
  deleteClientGroup: 1,
  createAccessPath: 3,
  updateAccessPath: 4,
  redeployAccessPath: 2,
  deleteAccessPath: 1,
  addTarget: 6,
  removeTarget: 3,
  createMappingGroup: 4,
  addVolumes: 5,
  removeVolumes: 5,
  deleteMappingGroup: 3,
  createVipGroup: 4,
  updateVipGroup: 1,
  addVip: 3,
  removeVip: 2,
  addVipMember: 2,
  removeVipMember: 2,
  redeployVipGroup: 2,
  deleteVipGroup: 2,
  addNetworkAddress: 2,
  removeNetworkAddress: 1,
  pauseHost: 1,
  resumeHost: 2,
  resizeVolume: 2,
  limitVolume: 2,
  ...ATTACHMENT_WEIGHTS,
  logIn: 2,
  logOut: 2,
  cut: 3,
  mend: 4,
  restart: 2,
  powerOff: 2,
  powerOn: 3,
  loseLink: 1,
  passMinutes: 3,
} as const;

/** One thing that is asked for or happens; the numbers choose among what is there then. */
export interface Ask {
  readonly do: keyof typeof WEIGHTS;
  readonly a: number;
  readonly b: number;
  readonly c: number;
}

const KINDS = Object.entries(WEIGHTS) as readonly (readonly [Ask['do'], number])[];
/** What hosts do not do by themselves where nothing ever happens to them. */
const HAPPENINGS: ReadonlySet<Ask['do']> = new Set(['cut', 'restart', 'powerOff', 'loseLink']);

/** A script of so many asks. */
export const scriptOf = (random: () => number, length: number, hostsFail: boolean): readonly Ask[] => {
  const kindOf = weighted(KINDS.filter(([kind]) => hostsFail || !HAPPENINGS.has(kind)));
  const number = (): number => Math.floor(random() * 1_000);
  return Array.from({ length }, () => ({ do: kindOf(random), a: number(), b: number(), c: number() }));
};
