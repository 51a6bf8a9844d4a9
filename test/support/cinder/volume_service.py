"""Plays a volume service: loads the driver as Cinder does, keeps what it returns as Cinder's database would, and makes one call for each line of its input.

A line is ``{"call": name, "volume": n, ...}``; the answer is ``{"returned": ...}`` or ``{"raised": name, "message": text}``, with the types of the
floats of the statistics beside them.
"""
import datetime
import json
import sys
from types import SimpleNamespace

sys.dont_write_bytecode = True
folder, config = sys.argv[1], json.loads(sys.argv[2])
sys.path.insert(0, folder)

import blockledger_driver  # noqa: E402

CONTEXT = object()


class Configuration:
    def safe_get(self, name):
        return config.get(name)


def uuid(n):
    return '12345678-1234-4234-8234-%012d' % n


volumes, snapshots = {}, {}


def volume(n, size=1):
    if n not in volumes:
        volumes[n] = SimpleNamespace(id=uuid(n), name='volume-' + uuid(n), size=size, provider_location=None, provider_auth=None, status='available', multiattach=False, volume_attachment=[])
    return volumes[n]


def snapshot(n, of):
    if n not in snapshots:
        snapshots[n] = SimpleNamespace(id=uuid(n), name='snapshot-' + uuid(n), volume_name=volume(of).name)
    return snapshots[n]


driver = blockledger_driver.BlockledgerDriver(configuration=Configuration(), host='controller@blockledger')


def perform(given):
    name = given['call']
    if name == 'do_setup':
        return driver.do_setup(CONTEXT)
    if name == 'check_for_setup_error':
        return driver.check_for_setup_error()
    if name == 'get_volume_stats':
        return driver.get_volume_stats(given.get('refresh', True))
    if name in ('create_snapshot', 'delete_snapshot'):
        return getattr(driver, name)(snapshot(given['snapshot'], given['volume']))
    if name == 'create_volume_from_snapshot':
        return driver.create_volume_from_snapshot(volume(given['volume'], given['size']), snapshot(given['snapshot'], given['of']))
    if name == 'create_cloned_volume':
        return driver.create_cloned_volume(volume(given['volume'], given['size']), volume(given['of']))
    if name == 'validate_connector':
        return driver.validate_connector(given['connector'])
    one = volume(given['volume'], given.get('size', 1))
    if name == 'extend_volume':
        return driver.extend_volume(one, given['new_size'])
    if name == 'create_export':
        update = driver.create_export(CONTEXT, one, given['connector'])
        one.__dict__.update(update)
        return update
    if name in ('remove_export', 'ensure_export'):
        return getattr(driver, name)(CONTEXT, one)
    if name == 'initialize_connection':
        return driver.initialize_connection(one, given['connector'])
    if name == 'terminate_connection':
        # Machines that have the volume by now, as Cinder's database knows them: the one that leaves is among them.
        one.multiattach = 'attached' in given
        one.volume_attachment = [SimpleNamespace(connector=connector, attach_status='attached') for connector in given.get('attached', [])]
        return driver.terminate_connection(one, given['connector'], **({'force': True} if given.get('force') else {}))
    if name == 'migrate_volume':
        return driver.migrate_volume(CONTEXT, one, {'host': given['host'], 'capabilities': {'updated': datetime.datetime.now(), **given.get('capabilities', {})}})
    return getattr(driver, name)(one)


for line in sys.stdin:
    try:
        returned = perform(json.loads(line))
        said = {'returned': returned}
        if isinstance(returned, tuple):
            said['tuple'] = True
        if isinstance(returned, dict):
            said['floats'] = sorted(name for name, value in returned.items() if isinstance(value, float))
    except blockledger_driver.exception.CinderException as raised:
        said = {'raised': type(raised).__name__, 'message': raised.msg}
    print(json.dumps(said), flush=True)
