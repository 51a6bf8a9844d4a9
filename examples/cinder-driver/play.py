"""What Cinder's volume service does with the driver when a machine gets a volume and gives it back. Cinder itself is not needed.

Whoever has set up a bridge tries it by this, before Cinder does; a volume of 1 GiB comes and goes::

    python3 play.py unix:/run/blockledger/cinder.sock /var/lib/blockledger-cinder/bridge.token
"""
import sys
import uuid
from types import SimpleNamespace

from blockledger_driver import BlockledgerDriver, exception


class Configuration:
    """A section of cinder.conf."""

    def __init__(self, **values):
        self._values = values

    def safe_get(self, name):
        return self._values.get(name)


bridge, token_file = sys.argv[1:]
driver = BlockledgerDriver(configuration=Configuration(blockledger_bridge=bridge, blockledger_bridge_token_file=token_file))
driver.do_setup(None)
driver.check_for_setup_error()
stats = driver.get_volume_stats(refresh=True)
print('%s has %.0f GiB free' % (stats['location_info'], stats['free_capacity_gb']))

ident = str(uuid.uuid4())
volume = SimpleNamespace(id=ident, name='volume-' + ident, size=1, provider_location=None, multiattach=False)
connector = {'initiator': 'iqn.1993-08.org.debian:01:604af6a341', 'host': 'compute-node-01', 'ip': '192.168.1.50', 'multipath': True}


def login(data):
    """How the host comes in: with an account, where the access path has one."""
    account = 'as %s ' % data['auth_username'] if 'auth_username' in data else ''
    return 'the host logs in %sto LUN %d by %s' % (account, data['target_lun'], ', '.join(data['target_portals']))


driver.create_volume(volume)
try:
    volume.__dict__.update(driver.create_export(None, volume, connector))
    print('exported by %d portals' % len(volume.provider_location.split(' ')[0].split(';')))
    print(login(driver.initialize_connection(volume, connector)['data']))
    try:
        driver.delete_volume(volume)
    except exception.VolumeIsBusy as busy:
        print('not deleted: %s' % busy)
finally:
    # Also where something went wrong: nothing of it stays.
    driver.terminate_connection(volume, connector)
    driver.remove_export(None, volume)
    driver.delete_volume(volume)
print('deleted')
