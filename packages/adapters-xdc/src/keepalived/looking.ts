/** Looks at instances and at the wire, and admits hosts. */
import * as E from 'fp-ts/lib/Either.js';
import { permanent, type SeenInstance, type VipActionOf, type VipResult } from '@blockledger/domain';
import { admit, listen, lookAround } from './commands.ts';
import { resultOf } from './ensure.ts';
import { failedRun } from './errors.ts';
import { rootOf } from './layout.ts';
import { parseAdverts, parseLook, stateOf, type LookedAt, type Looked } from './parse.ts';
import { ask, say, sight, type Eventually, type Session } from './session.ts';

/** One instance, as it is. */
export async function observeInstance(session: Session, { instance }: VipActionOf<'observeInstance'>): Eventually<VipResult> {
  return E.map(resultOf)(await sight(session, instance));
}

/** Who speaks on the wire. It runs beside what else is done on the host, since it only listens, and for long. */
export async function scanVrids(session: Session, { interface: device, listenMs }: VipActionOf<'scanVrids'>): Eventually<VipResult> {
  const answer = await ask(session, listen(device, listenMs), session.host.aside);
  if (E.isLeft(answer)) return answer;
  const { exitCode, stderr, stdout } = answer.right;
  if (exitCode === 0) return E.right({ heard: parseAdverts(stdout) });
  if (/No such device|doesn't exist|does not exist/i.test(stderr)) return E.left(permanent('InterfaceMissing', `host ${session.host.name} has no network device ${device}`));
  return E.left(failedRun(`listening on ${device}`, session.host.name, answer.right));
}

/** The host may hold addresses again. */
export async function admitHost(session: Session, { token }: VipActionOf<'admitHost'>): Eventually<VipResult> {
  const { settings, host } = session;
  const answer = await say(session, admit(rootOf(settings, host.name), token, settings.daemonPidFiles(host.name)));
  return E.map(() => ({}))(answer);
}

const seenInstance = (looked: LookedAt, { addresses }: Looked): readonly SeenInstance[] => {
  if (looked.card === undefined) return [];
  const { instance } = looked.card;
  const holds = addresses.some((held) => held.ip === instance.ip && held.interface === instance.interface);
  const { notReady } = looked;
  const { vipId, ip, vrid, priority } = instance;
  return [{ vipId, ip, vrid, priority, state: stateOf(looked, holds), holds, ...(notReady === undefined || looked.daemon === undefined ? {} : { notReady }) }];
};

/** Every instance of ours on the host; one whose daemon was killed shows as `stopped`, and may hold its address all the same. */
export async function list(session: Session): Eventually<readonly SeenInstance[]> {
  const { settings, host, context } = session;
  const answer = await say(session, lookAround(settings, rootOf(settings, host.name)));
  if (E.isLeft(answer)) return answer;
  return E.map((looked: Looked) =>
    looked.instances.filter(({ card }) => card?.installationId === context.installationId).flatMap((instance) => seenInstance(instance, looked)),
  )(parseLook(answer.right.stdout));
}
