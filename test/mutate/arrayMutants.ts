/** What arrays keep to, broken by hand: the adapter, the rules of their access paths, and the driver for Cinder. */
import type { Mutant } from './mutant.ts';

const inAdapter = (names: readonly string[], mutants: readonly Omit<Mutant, 'of' | 'tests'>[]): readonly Mutant[] =>
  mutants.map((mutant) => ({ ...mutant, of: 'adapters-qsan', tests: names.map((name) => `contracts/${name}.test.ts`) }));
const inPaths = (name: string, mutants: readonly Omit<Mutant, 'of' | 'tests'>[]): readonly Mutant[] => mutants.map((mutant) => ({ ...mutant, tests: [`examples/domain/${name}.test.ts`] }));
const inCinder = (names: readonly string[], mutants: readonly Omit<Mutant, 'of' | 'tests'>[]): readonly Mutant[] =>
  mutants.map((mutant) => ({ ...mutant, of: 'app', tests: names.map((name) => `cinder/${name}.test.ts`) }));
const inRaces = (mutants: readonly Omit<Mutant, 'of' | 'tests'>[]): readonly Mutant[] => mutants.map((mutant) => ({ ...mutant, of: 'app', tests: ['properties/cinderRaces.test.ts'] }));

const session = inAdapter(['qsan.session'], [
  { breaks: 'one login at a time', file: 'http/tokens.ts', find: 'running ??= logIn()', replace: 'running = logIn()' },
  { breaks: 'a token that was refused is fetched anew once', file: 'http/tokens.ts', find: 'if (token?.text === refused.text) token', replace: 'token' },
  { breaks: 'a token is renewed before it ends', file: 'http/link.ts', find: 'lifeMs - Math.min(', replace: 'lifeMs + Math.min(' },
  { breaks: 'what makes something is not sent twice', file: 'http/link.ts', find: '!mayHelp || !request.isRepeatable ||', replace: '!mayHelp ||' },
  { breaks: 'a request that waited for a login that failed was never sent', file: 'http/link.ts', find: '{ ...error, outcomeUnknown: false }', replace: 'error' },
  { breaks: 'an answer that comes drop by drop ends', file: 'http/send.ts', find: 'body.destroy(new errors.BodyTimeoutError())', replace: 'undefined' },
  { breaks: 'the certificate is checked', file: 'http/send.ts', find: 'rejectUnauthorized: verify', replace: 'rejectUnauthorized: false' },
  { breaks: 'the last backend that is closed logs out', file: 'http/link.ts', find: 'if (users <= 0) ending', replace: 'if (users < 0) ending' },
  { breaks: 'only https', file: 'options.ts', find: "made.protocol === 'https:' && ", replace: '' },
]);

const volumes = inAdapter(['qsan.faults'], [
  { breaks: 'a full pool is a 400 in its own words', file: 'errors.ts', find: "says(answer, NO_SPACE) ? retryable('NoSpace', message)", replace: "!says(answer, NO_SPACE) ? retryable('NoSpace', message)" },
  { breaks: 'gone is believed on the right array only', file: 'place.ts', find: 'expected.cluster === found.right.cluster && ', replace: '' },
  { breaks: 'not found proves nothing while an answer is lost', file: 'actions/look.ts', find: 'waitMs > 0 ? E.left(', replace: 'waitMs < 0 ? E.left(' },
  { breaks: 'a volume of our name has our size', file: 'actions/create.ts', find: 'if (size !== sizeBytes)', replace: 'if (size < 0)' },
  { breaks: 'a volume of our name is as thin as asked for', file: 'actions/create.ts', find: 'parent === null && thin !== settings.thin', replace: 'false' },
  { breaks: 'a volume is in its pool', file: 'actions/look.ts', find: 'if (found.right.pool !== placement.pool)', replace: 'if (found.right.pool === "")' },
  { breaks: 'a volume that is mapped is not removed', file: 'actions/remove.ts', find: 'if (holders.right.length > 0) return E.left(busy(', replace: 'if (holders.right.length > 99) return E.left(busy(' },
  { breaks: 'a create whose answer was lost is looked for', file: 'actions/create.ts', find: 'isUnknown(said.left) ? madeOf(session, action, said.left) : said', replace: 'said' },
  { breaks: 'secrets stand in no error', file: 'errors.ts', find: 'text.replaceAll(secret, MASK)', replace: 'text' },
  { breaks: 'the account comes before who is let in', file: 'targets/ensure.ts', find: '  const guarded = account.right', replace: '  await withInitiators(session, begun.right, wanted);\n  const guarded = account.right' },
  { breaks: 'a volume is not taken from another target', file: 'targets/ensure.ts', find: 'if (target === id && number === lun.lun)', replace: 'if (number === lun.lun)' },
]);

const paths: readonly Mutant[] = [
  ...inPaths('accessPathVersions', [
    { breaks: 'a change of one volume is none of other targets', file: 'accessPath/evolve/common.ts', find: "(path?.scope === 'volume' ? volumeIds : null)", replace: "(path?.scope === 'volume' ? null : null)" },
    { breaks: 'what is for all targets is for all', file: 'accessPath/evolve/common.ts', find: '{ all: now, only: {} }', replace: '{ all: now, only: state.since.only }' },
    { breaks: 'what failed on one target is not tried again for another', file: 'accessPath/evolve/common.ts', find: 'targets?.some((key) => work.includes(` ${key} `)) === false', replace: 'false' },
    { breaks: 'what was changed since is forgotten with the target', file: 'accessPath/evolve/common.ts', find: '.filter(([key]) => mayStand(key))', replace: '' },
    { breaks: 'an operation waits for its own targets', file: 'accessPath/ends.ts', find: '{ version, targets }))', replace: '{ version }))' },
    { breaks: 'what a target was is remembered with its account', file: 'accessPath/targets.ts', find: 'const of = [alike, common.chap, ', replace: 'const of = [alike, ' },
    { breaks: 'what a target was is remembered with its face', file: 'accessPath/targets.ts', find: 'const of = [alike, ', replace: 'const of = [' },
    { breaks: 'what a target was is remembered with whom it lets in', file: 'accessPath/targets.ts', find: '[lun, stage, force, clients, mutual])', replace: '[lun, stage, force, mutual])' },
    { breaks: 'the targets of other volumes stay what they are', file: 'accessPath/targets.ts', find: ' return made.target;', replace: ' return [...made.target].map((one) => ({ ...one }));' },
    { breaks: 'an old operation that is over ends', file: 'accessPath/ends.ts', find: "path?.scope === 'volume' ? operations", replace: "path?.scope === 'accessPath' ? operations" },
    { breaks: 'the name of work stays with its target', file: 'accessPath/work.ts', find: '${word} ${host.name} ${key} ${version}', replace: '${word} ${host.name} ${key} ${state.version}' },
    { breaks: 'all initiators of a client group are let in anew', file: 'accessPath/evolve/mapping.ts', find: "group.stage === 'active' ? bump(shown, operationId, volumesOf(group))", replace: "group.stage === 'active' ? bump(shown, operationId, [])" },
  ]),
  ...inPaths('accessPathArray', [
    { breaks: 'a volume of an array is offered by that array', file: 'accessPath/rules.ts', find: 'own.every((name) => name === backend)', replace: 'own.length > 0' },
    { breaks: 'a volume of an array is LUN 0', file: 'accessPath/decide/mapping.ts', find: 'mappingId: idOf(volumeId), lun: 0 }', replace: 'mappingId: idOf(volumeId), lun: 1 }' },
    { breaks: 'no number rests where each volume has a target', file: 'accessPath/evolve/mapping.ts', find: "state.path?.scope === 'volume' ? [] : gone", replace: "state.path?.scope === 'accessPath' ? [] : gone" },
    { breaks: 'an array is given no portals', file: 'accessPath/targets.ts', find: "if (host.portalChoice === 'fixed') return [];", replace: '' },
    { breaks: 'an array that shows no portals keeps those that it showed', file: 'accessPath/decide/settlement.ts', find: 'portals.length === 0 || ', replace: '' },
    { breaks: 'the same portals are no news', file: 'accessPath/decide/settlement.ts', find: ' || JSON.stringify(portals) === JSON.stringify(ownPortals)', replace: '' },
    { breaks: 'a volume of an array is on one path', file: 'accessPath/work.ts', find: "onePath: scope === 'volume'", replace: "onePath: scope === 'accessPath'" },
    { breaks: 'who logged out is vouched for only where nobody can look', file: 'accessPath/rules.ts', find: 'loggedOut && capabilities?.sessions === false', replace: 'loggedOut' },
  ]),
];

const cinder: readonly Mutant[] = [
  ...inCinder(['formats'], [
    { breaks: 'a provider_location joins portals by semicolons', file: 'cinder/formats/providerLocation.ts', find: ".map(portalText).join(';')}", replace: ".map(portalText).join(',')}" },
    { breaks: 'ports end at 65535', file: 'cinder/formats/providerLocation.ts', find: 'Number(port) >= 1 && Number(port) <= MAX_PORT', replace: 'Number(port) >= 1' },
    { breaks: 'lists of paths are for who asks for them', file: 'cinder/formats/connectionInfo.ts', find: '...(multipath ? listsOf(paths) : {})', replace: '...listsOf(paths)' },
    { breaks: 'the driver’s target is discovered', file: 'cinder/formats/connectionInfo.ts', find: 'dataOf(connection, true, multipath)', replace: 'dataOf(connection, false, multipath)' },
  ]),
  ...inCinder(['connections'], [
    { breaks: 'terminate_connection takes a volume from its own initiator', file: 'cinder/calls/calls.ts', find: 'all.filter(({ initiator }) => initiator === known.initiator)', replace: 'all' },
    { breaks: 'terminate_connection without a connector takes it from all', file: 'cinder/calls/calls.ts', find: 'attachments.disconnect({ volume: uuid, id: null }, true)', replace: 'TE.right(undefined)' },
    { breaks: 'terminate_connection without a connector fences', file: 'cinder/calls/calls.ts', find: '{ volume: uuid, id: null }, true)', replace: '{ volume: uuid, id: null }, false)' },
    { breaks: 'detach asks which of several', file: 'cinder/calls/calls.ts', find: 'attachmentId === null && all.length > 1', replace: 'attachmentId === null && all.length > 99' },
    { breaks: 'what is leaving is no way in', file: 'cinder/calls/picking.ts', find: 'all.filter((one) => !isLeaving(one))', replace: 'all' },
  ]),
  ...inCinder(['volumes'], [
    { breaks: 'a call returns when its work has ended', file: 'cinder/storage/service.ts', find: 'await endOf(service, task.uuid)()', replace: 'E.right(undefined)' },
    { breaks: 'a call does not wait for ever', file: 'cinder/storage/service.ts', find: 'if (Date.now() >= until)', replace: 'if (Date.now() < 0)' },
  ]),
  ...inRaces([
    { breaks: 'who finds his reservation taken takes the next', file: 'cinder/calls/calls.ts', find: "error.code === 'AttachmentIsConnected' && ", replace: "error.code === '' && " },
    { breaks: 'a volume that Cinder gives to one is shared by nobody', file: 'cinder/calls/calls.ts', find: 'shared: volume.multiattach === true', replace: 'shared: true' },
  ]),
  ...inCinder(['whole'], [
    { breaks: 'a force detach falls back where nobody can look', file: 'cinder/restAttachments.ts', find: 'force && !isRequired && ', replace: 'force && isRequired && ' },
    { breaks: 'an attachment of the driver is shared', file: 'cinder/exports.ts', find: '{ shared: true, mode: ', replace: '{ shared: false, mode: ' },
    { breaks: 'an export that is used stays', file: 'cinder/exports.ts', find: "all.filter(({ stage }) => stage !== 'attached')", replace: 'all' },
  ]),
];

export const arrayMutants: readonly Mutant[] = [...session, ...volumes, ...paths, ...cinder];
