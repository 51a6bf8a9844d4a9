/** Rules of hosts, client groups, access paths and VIP groups, broken by hand, and what gateways and the engine keep to for them. */
import type { Mutant } from './mutant.ts';

const example = (...names: readonly string[]): readonly string[] => names.map((name) => `examples/domain/${name}.test.ts`);
const contract = (name: string): readonly string[] => [`contracts/${name}.test.ts`];
const inDomain = (tests: readonly string[], mutants: readonly Omit<Mutant, 'of' | 'tests'>[]): readonly Mutant[] => mutants.map((mutant) => ({ ...mutant, tests }));
const inGateways = (name: string, mutants: readonly Omit<Mutant, 'of' | 'tests'>[]): readonly Mutant[] => mutants.map((mutant) => ({ ...mutant, of: 'adapters-xdc', tests: contract(name) }));

const hosts: readonly Mutant[] = [
  ...inDomain(example('host', 'accessPath'), [
    { breaks: 'a host that serves is not retired', file: 'host/decide.ts', find: "unless([unused(state)], { type: 'HostRetired'", replace: "unless([], { type: 'HostRetired'" },
    { breaks: 'the portal of a target stays with its host', file: 'host/rules.ts', find: "address.role === 'gateway' && Object.keys(state.users).length > 0", replace: "address.role === 'admin' && Object.keys(state.users).length > 0" },
    { breaks: 'two daemons do not share a portal', file: 'host/rules.ts', find: 'targets?.capabilities.sharedPortals !== false', replace: 'true' },
    { breaks: 'a host without a portal serves no target', file: 'host/rules.ts', find: 'if (gatewayAddresses(host).length > 0 ||', replace: 'if (host.addresses.length <= 64 ||' },
    { breaks: 'an address has one holder', file: 'host/work.ts', find: 'const addresses = host.addresses.map(({ address }) => reserveAddress(address.ip, host.hostId));', replace: 'const addresses = host.addresses.slice(0, 0).map(({ address }) => reserveAddress(address.ip, host.hostId));' },
    { breaks: 'access paths learn that a host is off', file: 'host/evolve.ts', find: 'return reshape(change(state, { off: event.reason }));', replace: 'return change(state, { off: event.reason });' },
  ]),
  ...inDomain(example('admission'), [
    { breaks: 'every access path opens its LUNs before a host is admitted', file: 'host/work.ts', find: 'Object.values(users).some(({ opened }) => opened < admission.opening)', replace: 'Object.values(users).every(({ opened }) => opened < admission.opening)' },
    { breaks: 'what was opened before a host went off does not count', file: 'host/decide.ts', find: '...(state.admission?.at === null ? [nextOpening(state, meta)] : [])', replace: '...(state.admission?.at === 0 ? [nextOpening(state, meta)] : [])' },
    { breaks: 'a host that was admitted just now is not opened again', file: 'host/rules.ts', find: 'return since >= ADMISSION_SETTLES_MS ?', replace: 'return since >= 0 ?' },
    { breaks: 'a host that is off is not admitted', file: 'host/work.ts', find: 'host.vips === null || host.off !== null || ', replace: 'host.vips === null || ' },
    { breaks: 'a fenced host opens its LUNs anew', file: 'accessPath/evolve/hosts.ts', find: 'const left = opening === 1 ? {}', replace: 'const left = opening > 0 ? {}' },
    { breaks: 'what was left as it was goes before a virtual IP leads there', file: 'accessPath/evolve/vips.ts', find: 'ips.length === 0 ? shown : withStale(shown)', replace: 'ips.length >= 0 ? shown : withStale(shown)' },
    { breaks: 'what a host kept while it was off goes first', file: 'accessPath/evolve/hosts.ts', find: '{ standing, stale: Object.keys(standing) }', replace: '{ standing }' },
    { breaks: 'a host says that it opened what it has when all stands', file: 'accessPath/work.ts', find: ' && hasConfirmed(state, host, { version: host.openedAt }))', replace: ')' },
  ]),
];

const clientGroups = inDomain(example('clientGroup', 'accessPath'), [
  { breaks: 'a target does not prove itself to who need not', file: 'clientGroup/rules.ts', find: 'paths.find(({ hasForward }) => !hasForward)', replace: 'paths.find(({ hasForward, name }) => !hasForward && name === undefined)' },
  { breaks: 'the secrets of both directions differ', file: 'clientGroup/rules.ts', find: 'forward?.fingerprint === secret.fingerprint', replace: 'forward?.fingerprint === undefined' },
  { breaks: 'codes of clients are those of their type', file: 'clientGroup/rules.ts', find: "fc: ['wwn']", replace: "fc: ['wwn', 'iqn']" },
  { breaks: 'a client group that is mapped stays', file: 'clientGroup/decide.ts', find: "unless([unused(state)], { type: 'ClientGroupDeleted'", replace: "unless([], { type: 'ClientGroupDeleted'" },
  { breaks: 'a changed client group is shown to its access paths', file: 'clientGroup/evolve.ts', find: 'shape: state.shape + 1', replace: 'shape: state.shape' },
  { breaks: 'a CHAP secret has twelve characters', file: 'kernel/chap.ts', find: 'MIN_CHAP_SECRET = 12', replace: 'MIN_CHAP_SECRET = 8' },
  { breaks: 'an access path with mutual clients keeps its account', file: 'accessPath/rules.ts', find: 'chap !== null || !hasMutual ?', replace: 'chap !== null || hasMutual ?' },
]);

const accessPaths: readonly Mutant[] = [
  ...inDomain(example('accessPathMapping'), [
    { breaks: 'a LUN number rests', file: 'accessPath/limits.ts', find: 'LUN_REST_MS = 60 * MINUTE_MS', replace: 'LUN_REST_MS = 0 * MINUTE_MS' },
    { breaks: 'a LUN number rests until its time is over', file: 'accessPath/rules.ts', find: 'path.resting.filter(({ until }) => until > at)', replace: 'path.resting' },
    { breaks: 'a volume has one number for all client groups', file: 'accessPath/decide/mapping.ts', find: 'known.get(volumeId) ?? free[', replace: 'free[' },
    { breaks: 'sharing is said for each volume', file: 'accessPath/work.ts', find: 'luns.map((lun) => reserveLun(path, lun))));', replace: 'luns.map((lun) => reserveLun(path, { ...lun, shared: group.shared }))));' },
    { breaks: 'who is logged in is in the way of unmapping', file: 'accessPath/rules.ts', find: 'clients === null || uses(clients, session)', replace: 'clients === null' },
    { breaks: 'who cannot be asked about counts as logged in', file: 'accessPath/rules.ts', find: "if (!sessions.known) return refuseAccessPath('SessionsAreUnknown'", replace: "if (!sessions.known) return host === undefined ? undefined : refuseAccessPath('SessionsAreUnknown'" },
    { breaks: 'nobody is cut off where nobody can see it', file: 'accessPath/rules.ts', find: 'force && capabilities?.fences === false', replace: 'force && capabilities?.fences === null' },
    { breaks: 'force fences', file: 'accessPath/targets.ts', find: 'groups.filter(isCutOff)', replace: 'groups.slice(0, 0).filter(isCutOff)' },
    { breaks: 'only force fences', file: 'accessPath/targets.ts', find: "lun.stage === 'leaving' && (lun.force || group.force)", replace: "lun.stage === 'leaving'" },
    { breaks: 'nothing of an unmapped volume stays behind', file: 'accessPath/targets.ts', find: "lunsIn(group).filter(({ stage }) => stage === 'leaving'))", replace: "lunsIn(group).filter(({ stage, force }) => stage === 'leaving' && force))" },
    { breaks: 'what is unmapped waits for every host', file: 'accessPath/ends.ts', find: "path.hosts.filter(({ stage, off }) => (stage === 'serving' || stage === 'leaving') && !off)", replace: 'reachableHosts(path)' },
    { breaks: 'a host that was declared off is not waited for', file: 'accessPath/ends.ts', find: "(stage === 'serving' || stage === 'leaving') && !off)", replace: "stage === 'serving' || stage === 'leaving' || off)" },
    { breaks: 'volumes that agreed are given back when another one refuses', file: 'accessPath/evolve/mapping.ts', find: 'return owe(remember(without, operationId, refusal), ...undone.map((lun) => releaseLun(operationId, lun, refusal)));', replace: 'return remember(without, operationId, refusal);' },
    { breaks: 'a volume that refuses undoes the whole request', file: 'accessPath/evolve/mapping.ts', find: 'releaseClients(operationId, group), ...group.luns.map((lun) => releaseLun(operationId, lun, refusal)));', replace: 'releaseClients(operationId, group));' },
    { breaks: 'a larger volume is shown to every target', file: 'accessPath/evolve/mapping.ts', find: "before?.stage === 'mapped' ? bump(shown, operationId, [before.volumeId])", replace: "before?.stage === 'mapped' ? shown" },
    { breaks: 'a host that cannot be reached holds up nothing that is added', file: 'accessPath/state.ts', find: "stage === 'serving' && !off && unreachable === null)", replace: "stage === 'serving' && !off)" },
    { breaks: 'a volume is asked again only when it was given back', file: 'accessPath/work.ts', find: '.filter(([, luns]) => !luns.some((lun) => isGivenBack(state, lun)))', replace: '' },
    { breaks: 'a mask shows a client its own LUNs', file: 'accessPath/targets.ts', find: 'const luns = lunsIn(group).filter(isMapped)', replace: 'const luns = groups.flatMap(lunsIn).filter(isMapped)' },
  ]),
  ...inDomain(example('accessPath', 'vipGroup'), [
    { breaks: 'the last target of what is mapped stays', file: 'accessPath/rules.ts', find: "others.length > 0 || (path.groups.length === 0 && path.vips.length === 0)", replace: 'others.length >= 0 || (path.groups.length === 0 && path.vips.length === 0)' },
    { breaks: 'a target that is being added is none yet', file: 'accessPath/rules.ts', find: "(other.stage === 'serving' || other.stage === 'used')", replace: "other.stage !== 'leaving'" },
    { breaks: 'a target goes when another one stands', file: 'accessPath/work.ts', find: "!others.some((other) => other.stage === 'serving' && hasConfirmed(state, other))", replace: 'false' },
    { breaks: 'a target goes when another one stands, not when it is asked for', file: 'accessPath/work.ts', find: "const others = path.hosts.filter((other) => other.stage !== 'leaving');", replace: "const others = path.hosts.filter((other) => other.stage === 'serving');" },
    { breaks: 'a target on a host that was given up is a debt', file: 'accessPath/evolve/hosts.ts', find: '...leftBehind(state, operationId, (host) => host.hostId === hostId), ', replace: '' },
    { breaks: 'a host that is used again takes over what it has', file: 'accessPath/evolve/hosts.ts', find: "host.stage === 'serving' ? shown : takenOver(shown, { ...host, name })", replace: 'shown' },
    { breaks: 'a host with virtual IPs keeps its target', file: 'accessPath/rules.ts', find: 'vipHosts.includes(hostId) ?', replace: 'vipHosts.includes(name) ?' },
    { breaks: 'a path has four VIP groups', file: 'accessPath/rules.ts', find: 'vips.length < MAX_VIP_GROUPS', replace: 'vips.length <= MAX_VIP_GROUPS' },
    { breaks: 'addresses move between hosts with a target', file: 'accessPath/rules.ts', find: "hostId === id && stage !== 'leaving')", replace: 'hostId === id)' },
    { breaks: 'physical portals go when virtual ones are served', file: 'accessPath/targets.ts', find: "stage === 'alone')", replace: "stage !== 'leaving')" },
    { breaks: 'physical portals go at all', file: 'accessPath/targets.ts', find: 'const physical = alone ? [] :', replace: 'const physical = alone && path.vips.length === 0 ? [] :' },
    { breaks: 'a path that is mapped stays', file: 'accessPath/rules.ts', find: 'groups.length === 0 && vips.length === 0\n    ? undefined', replace: 'groups.length >= 0 && vips.length === 0\n    ? undefined' },
    { breaks: 'a later version overtakes what failed', file: 'accessPath/evolve/common.ts', find: 'troubles: overtaken(state.troubles, targets)', replace: 'troubles: state.troubles' },
  ]),
];

const vipGroups: readonly Mutant[] = [
  ...inDomain(example('vipGroup', 'admission'), [
    { breaks: 'a group keeps its last virtual IP', file: 'vipGroup/rules.ts', find: 'vips.length > 1 ?', replace: 'vips.length > 0 ?' },
    { breaks: 'a group keeps its last host', file: 'vipGroup/rules.ts', find: 'members.length > 1 ?', replace: 'members.length > 0 ?' },
    { breaks: 'a preferred host stays while it is there', file: 'vipGroup/rules.ts', find: 'preferred === networkAddressId);', replace: 'preferred !== networkAddressId && preferred === networkAddressId);' },
    { breaks: 'a group has sixteen virtual IPs', file: 'vipGroup/limits.ts', find: 'MAX_VIPS = 16', replace: 'MAX_VIPS = 17' },
    { breaks: 'a broadcast address is nobody’s', file: 'kernel/addresses.ts', find: 'value !== found.first && value !== found.last', replace: 'value !== found.first' },
    { breaks: 'a virtual IP has the mask of an address or of its network', file: 'vipGroup/rules.ts', find: 'mask === WHOLE_ADDRESS || mask === networkOf(network)?.prefix ?', replace: 'mask <= WHOLE_ADDRESS ?' },
    { breaks: 'who is logged in is in the way of a VIP group', file: 'vipGroup/rules.ts', find: 'first === undefined ? undefined : refuseVipGroup', replace: 'first !== undefined ? undefined : refuseVipGroup' },
    { breaks: 'who came in by another portal is not in the way', file: 'vipGroup/rules.ts', find: 'portal === null || vips.some(({ ip }) => ip === portal)', replace: 'portal === null || vips.length > 0' },
    { breaks: 'who came in by nobody knows which portal is in the way', file: 'vipGroup/rules.ts', find: 'portal === null || vips.some(({ ip }) => ip === portal)', replace: 'vips.some(({ ip }) => ip === portal)' },
    { breaks: 'an id that somebody speaks for is not used', file: 'vipGroup/decide/settlement.ts', find: 'vip.heardFree || foreign.length === 0 ? []', replace: 'foreign.length >= 0 ? []' },
    { breaks: 'the search for an id ends', file: 'vipGroup/decide/settlement.ts', find: 'if (vip.tried + 1 < MAX_VRID) return event;', replace: 'if (vip.tried + 1 < 999) return event;' },
    { breaks: 'an id that moved on is given back', file: 'vipGroup/evolve/vips.ts', find: 'return vip.vridHeld ? owe(moved, releaseVrid(vip.operationId, vip)) : moved;', replace: 'return moved;' },
    { breaks: 'every instance has a priority of its own', file: 'vipGroup/priority.ts', find: 'return TOP_PRIORITY - 1 - others.indexOf(networkAddressId);', replace: 'return TOP_PRIORITY;' },
    { breaks: 'instances go when physical portals stand', file: 'vipGroup/work.ts', find: "state.lifecycle === 'deleting' && state.stood < state.shape;", replace: "state.lifecycle === 'absent' && state.stood < state.shape;" },
    { breaks: 'a host yields before it leaves', file: 'vipGroup/work.ts', find: "state.lifecycle !== 'deleting' && confirmed < version) return", replace: "state.lifecycle !== 'deleting' && confirmed < -1) return" },
    { breaks: 'another host holds what a host that leaves had', file: 'vipGroup/work.ts', find: 'if (isHandingOver(state, group, { vip, member })) return [];', replace: '' },
    { breaks: 'what nobody holds was not taken over', file: 'vipGroup/evolve/vips.ts', find: 'if (to === null) return changeVip(state, vipId, { holder: null });', replace: 'if (to === null) return changeVip(state, vipId, { holder: null, leftBy: null });' },
    { breaks: 'a host that is off is nobody’s successor', file: 'vipGroup/work.ts', find: 'other !== leaver && !other.leaving && !other.off)', replace: 'other !== leaver && !other.leaving)' },
    { breaks: 'an instance checks what its host serves', file: 'vipGroup/work.ts', find: '  checks: checksOf(state, vip, member),', replace: '  checks: checksOf({ ...state, serving: [] }, vip, member),' },
    { breaks: 'a host that was declared off holds up no VIP group', file: 'vipGroup/state.ts', find: 'member.networkAddressId === networkAddressId && !member.off) === true);', replace: 'member.networkAddressId === networkAddressId) === true);' },
    { breaks: 'what runs on a host that was off is a debt', file: 'vipGroup/evolve/common.ts', find: "return { ...state, instances: Object.fromEntries(Object.entries(state.instances).filter(([key]) => !left.some((one) => one.key === key))), dues: [...state.dues, ...dues] };", replace: "return { ...state, instances: Object.fromEntries(Object.entries(state.instances).filter(([key]) => !left.some((one) => one.key === key))), dues: [...state.dues, ...dues.slice(0, 0)] };" },
    { breaks: 'several holders are told', file: 'vipGroup/decide/settlement.ts', find: 'holders.length > 1 && !vip.isSplit', replace: 'holders.length > 9 && !vip.isSplit' },
    { breaks: 'a stranger is none of the group', file: 'vipGroup/decide/settlement.ts', find: 'advert.vrid === vip.vrid && !ours.has(advert.source))', replace: 'advert.vrid === vip.vrid)' },
    { breaks: 'what goes is unchecked first', file: 'accessPath/work.ts', find: 'servingKnown < lowered) && !isFencing(path)', replace: 'servingKnown < -1) && !isFencing(path)' },
    { breaks: 'force waits for nobody', file: 'accessPath/work.ts', find: 'servingKnown < lowered) && !isFencing(path)', replace: 'servingKnown < lowered)' },
  ]),
  ...inDomain(example('vipGroupRaces'), [
    { breaks: 'a host of which nothing is sure checks what others serve', file: 'vipGroup/work.ts', find: 'own === undefined ? (serving[0]?.targets ?? [])', replace: 'own === undefined ? []' },
    { breaks: 'a path is counted again when its place is being given back', file: 'accessPath/evolve/vips.ts', find: 'countsAsVipPath: !isGivenBack', replace: 'countsAsVipPath: true' },
    { breaks: 'a path whose last VIP group left may be counted', file: 'accessPath/evolve/vips.ts', find: '...(vips.length === 0 ? { countsAsVipPath: true } : {})', replace: '' },
  ]),
  ...inDomain(example('reservation'), [
    { breaks: 'eight access paths have virtual IPs', file: 'reservation/limits.ts', find: 'MAX_VIP_PATHS = 8', replace: 'MAX_VIP_PATHS = 9' },
  ]),
];

const gateways: readonly Mutant[] = [
  ...inGateways('xdc.targets', [
    { breaks: 'limits of IO are given in every call', file: 'xdc/luns.ts', find: '!qos.enabled && memory.unlimited.has(name) ? []', replace: 'memory.unlimited.has(name) ? []' },
    { breaks: 'a LUN is made with its limits before it is offered', file: 'xdc/luns.ts', find: '  const limited = await applyLimits(session, wanted);', replace: '  const limited = E.right(undefined) as Awaited<ReturnType<typeof applyLimits>>;' },
    { breaks: 'a target of somebody else is not touched', file: 'xdc/look.ts', find: 'if (names.some((name) => name !== iqn)) return mismatch', replace: 'if (names.length > 99) return mismatch' },
    { breaks: 'a LUN that another path has stays', file: 'xdc/luns.ts', find: '...(isBoundElsewhere(ats, at, shown.name) ? [] : [deleteLun(shown.name)])', replace: '...[deleteLun(shown.name)]' },
    { breaks: 'a LUN that was left behind goes', file: 'xdc/luns.ts', find: '!bound.has(object.name) && (isImageOfOurs(object)', replace: 'bound.has(object.name) && (isImageOfOurs(object)' },
    { breaks: 'what was done is saved', file: 'xdc/session.ts', find: 'if (changes(command) && command !== save) memory.isSaved = false;', replace: '' },
    { breaks: 'a repeated secret is masked', file: 'xdc/errors.ts', find: 'line.replaceAll(hidden, MASK)', replace: 'line' },
    { breaks: 'nobody is said to be cut off without being seen to be', file: 'xdc/wanted.ts', find: 'fenced.length > 0 && !endsSessions ?', replace: 'fenced.length > 99 && !endsSessions ?' },
    { breaks: 'another secret is noticed', file: 'xdc/accounts.ts', find: 'shown?.user === wanted?.user && shown?.seal === wanted?.seal', replace: 'shown?.user === wanted?.user' },
    { breaks: 'portals are added before others go', file: 'xdc/ensure.ts', find: '...without(portals, portalsOf(at)).map((portal) => ({ command: addPortal(target.number, target.iqn, portal) })),', replace: '...without(portalsOf(at), portals).map((portal) => ({ command: removePortal(target.number, target.iqn, portal) })),\n    ...without(portals, portalsOf(at)).map((portal) => ({ command: addPortal(target.number, target.iqn, portal) })),' },
  ]),
  ...inGateways('xdc.commands', [
    { breaks: 'a resize says update', file: 'xdc/commands.ts', find: "say('lun', 'update', '--lunname', name, '--lunsize'", replace: "say('lun', '--lunname', name, '--lunsize'" },
    { breaks: 'a secret is on no command line of ours', file: 'hosts/lastWord.ts', find: "['sh', '-c', script(option), 'sh', ...argv];", replace: "['sh', '-c', script(option), 'sh', ...argv, option];" },
  ]),
  ...inGateways('xdc.show', [
    { breaks: 'a text that ends too early is refused', file: 'xdc/reader.ts', find: "if (all.pop() !== '')", replace: "if (all.pop() === 'x')" },
    { breaks: 'the same thing twice is refused', file: 'xdc/parse.ts', find: 'const wrong = repeated(at);', replace: 'const wrong = repeated({ ...at, targets: [], luns: [], clients: [] });' },
    { breaks: 'a mapping is of the client above', file: 'xdc/parse.ts', find: 'return whose === code ?', replace: 'return whose !== undefined ?' },
    { breaks: 'a password is read into nothing', file: 'xdc/parse.ts', find: "const NO_SEAL: Seal = () => '';", replace: 'const NO_SEAL: Seal = (password) => password;' },
  ]),
  ...inGateways('tgt', [
    { breaks: 'LUN 0 of tgt is its controller', file: 'tgt/commands.ts', find: 'tgtLun = (lun: number): number => lun + 1;', replace: 'tgtLun = (lun: number): number => lun;' },
    { breaks: 'exit 0 with a complaint is a failure', file: 'tgt/errors.ts', find: "return TEXTS.find(([text]) => complaint.includes(text))?.[1] ?? 'other';", replace: "return result.exitCode === 0 ? undefined : (TEXTS.find(([text]) => complaint.includes(text))?.[1] ?? 'other');" },
    { breaks: 'a target of tgt has one mutual account', file: 'tgt/wanted.ts', find: 'mutual?.user !== first?.user || ', replace: '' },
    { breaks: 'tgt cannot mask', file: 'tgt/wanted.ts', find: 'if (sortedNumbers(mask) !== all)', replace: "if (sortedNumbers(mask) === 'none')" },
  ]),
  ...inGateways('keepalived', [
    { breaks: 'a host holds nothing before it says that it may', file: 'keepalived/config.ts', find: '    init_fail\n', replace: '' },
    { breaks: 'a warning of keepalived is a refusal', file: 'keepalived/ensure.ts', find: 'return answer.right.exitCode === 0 ? E.right(undefined) : E.left(configRefused', replace: 'return answer.right.exitCode >= 0 ? E.right(undefined) : E.left(configRefused' },
    { breaks: 'systemd knows a unit before it is enabled', file: 'keepalived/commands.ts', find: "  systemctl(settings, 'daemon-reload'),\n  systemctl(settings, 'enable', unit),", replace: "  systemctl(settings, 'enable', unit),\n  systemctl(settings, 'daemon-reload')," },
    { breaks: 'a password of VRRP is in no error', file: 'keepalived/errors.ts', find: ".map((line) => line.replace(/(auth_pass|auth(?:entication)?[ =]+)\\s*\\S+/gi, '$1 ***'))", replace: '' },
    { breaks: 'a master that holds nothing is none', file: 'keepalived/parse.ts', find: "state === 'MASTER' && holds", replace: "state === 'MASTER'" },
    { breaks: 'an answer that was cut off is no empty host', file: 'keepalived/parse.ts', find: 'if (addresses === undefined || Number.isNaN(uptime)) return', replace: 'if (Number.isNaN(uptime)) return' },
  ]),
  ...inGateways('readiness', [
    { breaks: 'a LUN that is offline is not served', file: 'tgt/readiness.ts', find: '/^            Online: Yes *$/', replace: '/^            Online: /' },
    { breaks: 'a portal of somebody else is not ours', file: 'xdc/readiness.ts', find: '$3 == ENVIRON["IP"] && ', replace: '' },
  ]),
  ...inGateways('hosts', [
    { breaks: 'a program that ends with 255 is no host that is away', file: 'hosts/remoteCommand.ts', find: 'const NEARLY_255 = 254;', replace: 'const NEARLY_255 = 255;' },
    { breaks: 'a file of which a part is missing is not placed', file: 'hosts/writeFile.ts', find: ' && test "$(wc -c < "$new")" -eq "$3"', replace: '' },
    { breaks: 'words reach a shell as they are', file: 'hosts/quote.ts', find: 'PLAIN.test(word) ? word :', replace: "PLAIN.test(word) || word.startsWith('$') ? word :" },
    { breaks: 'an unknown key is not taken', file: 'hosts/sshHost.ts', find: "'StrictHostKeyChecking=yes'", replace: "'StrictHostKeyChecking=accept-new'" },
  ]),
];

const engine: readonly Mutant[] = [
  { breaks: 'a host that does not answer makes sessions unknown', file: 'engine/commands/pathFacts.ts', find: 'if (E.isLeft(seen)) return { known: false, why: `host "${host.name}": ${seen.left.message}` };', replace: 'if (E.isLeft(seen)) return { known: true, sessions: [] };' },
  { breaks: 'a host that is off is not asked for sessions', file: 'engine/commands/pathFacts.ts', find: "stage === 'serving' && !off)", replace: "stage === 'serving' || off)" },
  { breaks: 'a second VIP group takes no portal from anybody', file: 'engine/commands/pathFacts.ts', find: "path.vips.every(({ stage }) => stage === 'leaving')", replace: 'path.vips.length >= 0' },
  { breaks: 'an account without a secret store is refused', file: 'engine/secrets/chap.ts', find: 'return engine.keepsSecrets ? E.right(account.secret) :', replace: 'return true ? E.right(account.secret) :' },
  { breaks: 'the secret of an old request that is repeated is forgotten', file: 'engine/secrets/kept.ts', find: 'if (!isNamed(kept.right)) await forget(kept.right);', replace: 'if (E.isLeft(answer) && !isNamed(kept.right)) await forget(kept.right);' },
  { breaks: 'a secret that nothing names is removed', file: 'engine/secrets/chap.ts', find: 'if (!now.has(ref)) void kept.sweep(ownerOf(ref));', replace: 'if (now.has(ref)) void kept.sweep(ownerOf(ref));' },
  { breaks: 'a host that is off is not warned of', file: 'engine/watching/pathWarnings.ts', find: 'if (off !== null || first === undefined) return [];', replace: 'if (first === undefined) return [];' },
  { breaks: 'an address on several hosts is warned of', file: 'engine/watching/pathWarnings.ts', find: '...(vip.isSplit ? [', replace: '...(vip.isSplit && vip.isContested ? [' },
  { breaks: 'a host that is away is waited for as long as it takes', file: 'engine/drivers/performer.ts', find: 'error.code !== HOST_UNREACHABLE && (', replace: '(' },
].map((mutant) => ({ ...mutant, of: 'app', tests: ['engine/paths.test.ts', 'engine/pathGuards.test.ts'] }));

export const pathMutants: readonly Mutant[] = [...hosts, ...clientGroups, ...accessPaths, ...vipGroups, ...gateways, ...engine];
