/** Commands that change hosts, client groups, access paths and VIP groups, as people see them everywhere. The same key makes every look the repeat of one request. */
import { looksAsGolden } from '../support/cliGolden.ts';
import { cliPathWorld, type CliPathWorld } from '../support/cliPathWorld.ts';
import { requireReal } from '../support/real.ts';
import { suite } from '../support/suite.ts';
import { realTerminal } from '../support/terminal.ts';

requireReal(realTerminal);
const test = suite('changing gateways with blockledger');
let world: CliPathWorld;

/** What is changed, by the golden file; later ones rest on earlier ones. */
const CHANGES: Readonly<Record<string, string>> = {
  'host-register': 'host register gw4 --targets xdc --vips keepalived --address 10.252.1.4/24@eth0 --wait --key a',
  'host-add-address': 'host add-address gw4 192.168.7.4/24@eth1,role=admin,segment=office --wait --key b',
  'host-remove-address': 'host remove-address gw4 5 --yes --wait --key c',
  'host-pause': "host pause gw4 --reason 'new kernel' --key d",
  'host-resume': 'host resume gw4 --key e',
  'host-declare-off': "host declare-off gw4 --reason 'power cut by hand' --yes --key f",
  'host-declare-back': 'host declare-back gw4 --key g',
  'client-group-create': 'client-group create web --client iqn.1994-05.com.redhat:web1 --client iqn.1994-05.com.redhat:web2 --wait --key h',
  'client-group-update': 'client-group update 3 --name www --client iqn.1994-05.com.redhat:web9 --wait --key i',
  'path-create': 'path create silver --host gw1 --host gw2 --wait --key j',
  'path-update': 'path update 4 --name platinum --description quick --wait --key k',
  'path-add-host': 'path add-host 4 gw4 --wait --key l',
  'path-map': 'path map 4 --clients www --volume data-2 --wait --key m',
  'path-map-refused': 'path map 4 --clients www --volume data-1 --wait --key n',
  'path-redeploy': 'path redeploy 4 --wait --key o',
  'vip-group-create': 'vip-group create 4 --network 10.252.1.0/24 --vip 10.252.1.140@gw1 --vip 10.252.1.141@gw2 --wait --key p',
  'vip-group-update': 'vip-group update 2 --preempt off --wait --key q',
  'vip-group-add-vip': 'vip-group add-vip 2 10.252.1.142@gw1 --wait --key r',
  'vip-group-remove-vip': 'vip-group remove-vip 2 5 --yes --wait --key s',
  'vip-group-remove-host': 'vip-group remove-host 2 gw4 --yes --wait --key t',
  'vip-group-add-host': 'vip-group add-host 2 gw4 --wait --key u',
  'vip-group-redeploy': 'vip-group redeploy 2 --wait --key v',
  'vip-group-delete': 'vip-group delete 2 --yes --wait --key w',
  'path-unmap': 'path unmap 4 --clients www --volume data-2 --yes --wait --key x',
  'path-unmap-all': 'path unmap 4 --clients www --yes --wait --key y',
  'path-remove-host': 'path remove-host 4 gw4 --yes --wait --key z',
  'path-delete-refused': 'path delete gold --yes --wait --key aa',
  'path-delete': 'path delete 4 --yes --wait --key ab',
  'client-group-delete': 'client-group delete 3 --yes --wait --key ac',
  'host-retire': 'host retire 4 --yes --wait --key ad',
};

/** After the first look these find nothing any more: what they name was looked up by what it is part of. */
const ONCE = new Set(['path-unmap-all', 'path-remove-host']);

/** What depends on when hosts were admitted, and the number of a task, which is the place in the log where it began: any event before it moves it. */
const RULES = [
  [/\b(?=\d*[a-f])[0-9a-f]{16}\b/g, '<hash>'],
  [/(?<="(?:virtual_router_id|version|wanted_version|confirmed_version)": )\d+/g, '0'],
  [/(?<="awaits_admission": )(?:null|"[^"]*")/g, 'null'],
  [/\b\d+ (?=(?:Create|Update|Delete|Add|Remove|Redeploy|VIP)\w+:(?: |$))/g, '<task> '],
] as const;

for (const [name, line] of Object.entries(CHANGES)) {
  test(`${line} looks the same on every screen, and is one document as JSON [S0-97, S0-98, I-16]`, async () => {
    await looksAsGolden({ name, line: `blockledger ${line}`, place: { env: world.env }, rules: RULES, ...(ONCE.has(name) ? { json: false, once: true } : {}) });
  });
}

test.before(async () => {
  world = await cliPathWorld();
});
test.after(() => world.close());
test.run();
