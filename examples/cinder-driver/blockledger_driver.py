"""A volume driver for OpenStack Cinder that hands every call to a Blockledger bridge.

The bridge (``blockledger cinder-bridge``) does the work, and speaks for Blockledger's control plane. This file turns Cinder's objects
into JSON and what comes back into what Cinder expects. It needs Python's standard library only; without Cinder it can be imported, too,
and then raises exceptions of the same names.

In cinder.conf::

    [blockledger]
    volume_driver = blockledger_driver.BlockledgerDriver
    volume_backend_name = blockledger
    blockledger_bridge = unix:/run/blockledger/cinder.sock
    blockledger_bridge_token_file = /var/lib/blockledger-cinder/bridge.token
"""
import http.client
import json
import socket
import time
import urllib.parse

try:
    from cinder import exception, interface
    from cinder.volume import driver as cinder_driver

    _Base = cinder_driver.VolumeDriver
    _volumedriver = interface.volumedriver
except ImportError:

    class exception:  # noqa: N801 - it stands for the module of this name
        """The exceptions of Cinder that this driver raises."""

        class CinderException(Exception):
            """Formats its message as Cinder's does."""

            message = 'An unknown exception occurred.'

            def __init__(self, message=None, **kwargs):
                self.kwargs = kwargs
                self.msg = message if message is not None else self.message % kwargs
                super().__init__(self.msg)

        class VolumeBackendAPIException(CinderException):
            message = 'Bad or unexpected response from the storage volume backend API: %(data)s'

        class VolumeNotFound(CinderException):
            pass

        class SnapshotNotFound(CinderException):
            pass

        class VolumeIsBusy(CinderException):
            pass

        class SnapshotIsBusy(CinderException):
            pass

        class InvalidVolume(CinderException):
            pass

        class InvalidInput(CinderException):
            pass

        class InvalidConnectorException(CinderException):
            pass

    class _Base:
        """What Cinder gives every driver: its section of cinder.conf."""

        def __init__(self, *args, **kwargs):
            self.configuration = kwargs.get('configuration')

    def _volumedriver(cls):
        return cls


try:
    from oslo_config import cfg

    OPTIONS = [
        cfg.StrOpt('blockledger_bridge', default='unix:/run/blockledger/cinder.sock', help='Where the bridge listens: unix:/path, or http://127.0.0.1:port.'),
        cfg.StrOpt('blockledger_bridge_token_file', help='A file with the token of the bridge.'),
        cfg.IntOpt('blockledger_bridge_timeout', default=3660, min=1, help='How long one call may take, in seconds.'),
        cfg.IntOpt('blockledger_bridge_patience', default=30, min=0, help='For how long a bridge that does not answer is asked again, in seconds.'),
    ]
except ImportError:
    OPTIONS = []

# The exceptions that the bridge names; another name would be a fault of ours.
RAISED = frozenset(
    [
        'VolumeBackendAPIException',
        'VolumeNotFound',
        'SnapshotNotFound',
        'VolumeIsBusy',
        'SnapshotIsBusy',
        'InvalidVolume',
        'InvalidInput',
        'InvalidConnectorException',
    ]
)
# JSON has one kind of number; the scheduler is told these as floats.
FLOATS = ('total_capacity_gb', 'free_capacity_gb', 'provisioned_capacity_gb', 'max_over_subscription_ratio')


class _UnixConnection(http.client.HTTPConnection):
    """HTTP over a socket file."""

    def __init__(self, path, timeout):
        super().__init__('localhost', timeout=timeout)
        self._path = path

    def connect(self):
        sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        sock.settimeout(self.timeout)
        try:
            sock.connect(self._path)
        except OSError:
            sock.close()
            raise
        self.sock = sock


def _field(thing, name, default=None):
    """A field of an object of Cinder's, which may be a versioned object or a dictionary."""
    if isinstance(thing, dict):
        return thing.get(name, default)
    return getattr(thing, name, default)


def _volume(volume):
    return {
        'id': _field(volume, 'id'),
        'name': _field(volume, 'name'),
        'size': _field(volume, 'size'),
        'provider_location': _field(volume, 'provider_location'),
        'multiattach': bool(_field(volume, 'multiattach', False)),
    }


def _snapshot(snapshot):
    return {'id': _field(snapshot, 'id'), 'name': _field(snapshot, 'name'), 'volume_name': _field(snapshot, 'volume_name')}


def _host(host):
    """Where a volume is to go: of what that backend says of itself, only where its volumes are."""
    capabilities = _field(host, 'capabilities') or {}
    return {'host': _field(host, 'host'), 'capabilities': {'location_info': capabilities.get('location_info')}}


def _others_of_host(volume, connector):
    """True where another machine on the same host has the volume, too: the initiator's connection is theirs as well."""
    if not _field(volume, 'multiattach', False):
        return False
    connectors = [_field(attachment, 'connector') or {} for attachment in _field(volume, 'volume_attachment') or []]
    return sum(1 for known in connectors if known.get('initiator') == connector.get('initiator')) > 1


def _connector(connector):
    known = {name: connector.get(name) for name in ('initiator', 'host', 'ip')}
    known['multipath'] = bool(connector.get('multipath', False))
    return known


class Bridge:
    """Sends calls to a bridge, one connection for each: a volume service makes few calls, and they may take long."""

    def __init__(self, address, token_file, timeout=3660, patience=30):
        self._address = address
        self._token_file = token_file
        self._timeout = timeout
        self._patience = patience

    def _connection(self):
        if self._address.startswith('unix:'):
            return _UnixConnection(self._address[len('unix:'):], self._timeout)
        parts = urllib.parse.urlsplit(self._address)
        if parts.scheme != 'http' or parts.hostname not in ('127.0.0.1', '::1', 'localhost'):
            raise exception.VolumeBackendAPIException(data='blockledger_bridge must be unix:/path or http://127.0.0.1:port')
        return http.client.HTTPConnection(parts.hostname, parts.port or 80, timeout=self._timeout)

    def _token(self):
        # Read for each call, so that a token can be changed while Cinder runs.
        try:
            with open(self._token_file, encoding='utf-8') as file:
                return file.read().strip()
        except OSError as unreadable:
            raise exception.VolumeBackendAPIException(data='the token of the bridge cannot be read: %s' % unreadable) from unreadable

    def _post(self, method, arguments):
        token = self._token()
        connection = self._connection()
        try:
            headers = {'Authorization': 'Bearer ' + token, 'Content-Type': 'application/json'}
            connection.request('POST', '/v1/' + method, body=json.dumps(arguments), headers=headers)
            response = connection.getresponse()
            return response.status, json.loads(response.read())
        finally:
            connection.close()

    def call(self, method, **arguments):
        """What the driver's method returns; raises what it raises.

        Every call can be repeated: the driver looks first and does what is missing. So a bridge that is not there, or goes away in the
        middle of a call, is asked again for a while, as it is when it has been started again.
        """
        until = time.monotonic() + self._patience
        while True:
            try:
                status, body = self._post(method, arguments)
                break
            except socket.timeout as late:
                raise exception.VolumeBackendAPIException(data='%s takes longer than %s s; it goes on, and can be asked for again' % (method, self._timeout)) from late
            except (OSError, http.client.HTTPException, ValueError) as cut:
                if time.monotonic() >= until:
                    raise exception.VolumeBackendAPIException(data='the bridge at %s does not answer: %s' % (self._address, cut)) from cut
                time.sleep(0.2)
        if status == 200:
            return body['result']
        raise self._raised(body)

    @staticmethod
    def _raised(body):
        error = body.get('error', {}) if isinstance(body, dict) else {}
        name = error.get('name')
        text = '%s (%s)' % (error.get('message', 'the bridge gave no reason'), error.get('code', 'Unexpected'))
        if name not in RAISED or name == 'VolumeBackendAPIException':
            return exception.VolumeBackendAPIException(data=text)
        return getattr(exception, name)(message=text)


@_volumedriver
class BlockledgerDriver(_Base):
    """Volumes of a Blockledger control plane, on whatever backend its pool lives: Ceph RBD, QSAN arrays."""

    VERSION = '1.0.0'
    CI_WIKI_NAME = 'Blockledger_CI'

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.configuration and OPTIONS and hasattr(self.configuration, 'append_config_values'):
            self.configuration.append_config_values(OPTIONS)
        self._bridge = None

    @staticmethod
    def get_driver_options():
        return OPTIONS

    def _option(self, name, default=None):
        value = self.configuration.safe_get(name) if self.configuration else None
        return default if value is None else value

    def _call(self, method, **arguments):
        if self._bridge is None:
            self._bridge = Bridge(
                self._option('blockledger_bridge', 'unix:/run/blockledger/cinder.sock'),
                self._option('blockledger_bridge_token_file', '/var/lib/blockledger-cinder/bridge.token'),
                self._option('blockledger_bridge_timeout', 3660),
                self._option('blockledger_bridge_patience', 30),
            )
        return self._bridge.call(method, **arguments)

    def do_setup(self, context):
        self._call('do_setup')

    def check_for_setup_error(self):
        self._call('check_for_setup_error')

    def get_volume_stats(self, refresh=False):
        stats = self._call('get_volume_stats', refresh=bool(refresh))
        told = {name: float(value) if name in FLOATS and not isinstance(value, str) else value for name, value in stats.items()}
        # What cinder.conf says of this backend holds; the bridge need not be told it, too.
        told['volume_backend_name'] = self._option('volume_backend_name', told['volume_backend_name'])
        told['reserved_percentage'] = int(self._option('reserved_percentage', told['reserved_percentage']))
        return told

    def create_volume(self, volume):
        return self._call('create_volume', volume=_volume(volume))

    def delete_volume(self, volume):
        self._call('delete_volume', volume=_volume(volume))

    def extend_volume(self, volume, new_size):
        self._call('extend_volume', volume=_volume(volume), new_size=new_size)

    def create_export(self, context, volume, connector):
        return self._call('create_export', volume=_volume(volume), connector=_connector(connector))

    def remove_export(self, context, volume):
        self._call('remove_export', volume=_volume(volume))

    def ensure_export(self, context, volume):
        self._call('ensure_export', volume=_volume(volume))

    def validate_connector(self, connector):
        self._call('validate_connector', connector=_connector(connector))

    def initialize_connection(self, volume, connector):
        return self._call('initialize_connection', volume=_volume(volume), connector=_connector(connector))

    def terminate_connection(self, volume, connector, **kwargs):
        if connector is not None and _others_of_host(volume, connector):
            # The connection is shared, so Cinder keeps its export, too.
            return True
        known = None if connector is None else _connector(connector)
        self._call('terminate_connection', volume=_volume(volume), connector=known, force=bool(kwargs.get('force', False)))

    def create_snapshot(self, snapshot):
        return self._call('create_snapshot', snapshot=_snapshot(snapshot))

    def delete_snapshot(self, snapshot):
        self._call('delete_snapshot', snapshot=_snapshot(snapshot))

    def create_volume_from_snapshot(self, volume, snapshot):
        return self._call('create_volume_from_snapshot', volume=_volume(volume), snapshot=_snapshot(snapshot))

    def create_cloned_volume(self, volume, src_vref):
        return self._call('create_cloned_volume', volume=_volume(volume), src_vref=_volume(src_vref))

    def migrate_volume(self, context, volume, host):
        moved, model_update = self._call('migrate_volume', volume=_volume(volume), host=_host(host))
        return bool(moved), model_update
