"""The volume manager of a Cinder that is installed, with a database of its own, and without the services around it: no API, no scheduler, no message broker.

Its argument is a cinder.conf. A line of its input is ``{"call": name, "volume": n, ...}``; the answer is what Cinder's database says of the volume then,
with what the call returned, or ``{"raised": name, "message": text}``.
"""
import json
import os
import sys

sys.dont_write_bytecode = True
# What is answered goes where nothing else writes.
answers = os.fdopen(os.dup(1), 'w')
os.dup2(2, 1)
sys.path.insert(0, sys.argv[2])

import eventlet  # noqa: E402

eventlet.monkey_patch()

from oslo_config import cfg  # noqa: E402

from cinder import objects  # noqa: E402

objects.register_all()

from cinder import context, coordination, rpc, version  # noqa: E402
from cinder.common import config  # noqa: E402,F401 - it registers the options
from cinder.db import migration  # noqa: E402
from cinder.volume import manager as managers  # noqa: E402
from cinder.volume import volume_types  # noqa: E402

CONF = cfg.CONF
CONF(['--config-file', sys.argv[1]], project='cinder', version=version.version_string())
rpc.init(CONF)
coordination.COORDINATOR.start()
migration.db_sync()

CONTEXT = context.RequestContext('a-user', 'a-project', is_admin=True)
[backend] = CONF.enabled_backends
HOST = '%s@%s' % (CONF.host, backend)
service = objects.Service(CONTEXT, host=HOST, binary='cinder-volume', topic='cinder-volume', report_count=0, availability_zone='nova')
service.create()
manager = managers.VolumeManager(host=HOST, service_name=backend)
manager.init_host(service_id=service.id)
default_type = volume_types.get_default_volume_type(CONTEXT)


def uuid(n):
    return '12345678-1234-4234-8234-%012d' % n


def new_volume(n, size, **fields):
    """As the API and the scheduler leave it for the volume manager."""
    volume = objects.Volume(
        CONTEXT, size=size, host='%s#pool' % HOST, status='creating', attach_status='detached', display_name='volume %d' % n,
        user_id=CONTEXT.user_id, project_id=CONTEXT.project_id, volume_type_id=default_type['id'], multiattach=bool(fields.pop('multiattach', False)), **fields)
    volume.create()
    volumes[n] = volume.id
    return volume


volumes, snapshots, attachments = {}, {}, {}


def volume_of(given):
    return objects.Volume.get_by_id(CONTEXT, volumes[given['volume']])


def make(given, **fields):
    volume = new_volume(given['volume'], given['size'], **fields)
    manager.create_volume(CONTEXT, volume, request_spec={'volume_properties': {}, 'volume_type': default_type}, filter_properties={}, allow_reschedule=False)


def create_volume(given):
    make(given, multiattach=given.get('multiattach', False))


def create_volume_from_snapshot(given):
    make(given, snapshot_id=snapshots[given['snapshot']])


def create_cloned_volume(given):
    make(given, source_volid=volumes[given['of']])


def create_snapshot(given):
    snapshot = objects.Snapshot(
        CONTEXT, volume_id=volumes[given['volume']], volume_size=volume_of(given).size, status='creating', progress='0%', display_name='snapshot',
        user_id=CONTEXT.user_id, project_id=CONTEXT.project_id, volume_type_id=default_type['id'])
    snapshot.create()
    snapshots[given['snapshot']] = snapshot.id
    manager.create_snapshot(CONTEXT, objects.Snapshot.get_by_id(CONTEXT, snapshot.id))
    return objects.Snapshot.get_by_id(CONTEXT, snapshot.id).status


def delete_snapshot(given):
    manager.delete_snapshot(CONTEXT, objects.Snapshot.get_by_id(CONTEXT, snapshots[given['snapshot']]))


def set_status(given, status, attach_status):
    volume = volume_of(given)
    volume.status = status
    volume.attach_status = attach_status
    volume.save()


def attach(given):
    attachment = objects.VolumeAttachment(CONTEXT, volume_id=volumes[given['volume']], attach_status='reserved', instance_uuid=uuid(900 + given['attachment']))
    attachment.create()
    attachments[given['attachment']] = attachment.id
    info = manager.attachment_update(CONTEXT, volume_of(given), given['connector'], attachment.id)
    # The API's last word, when the machine has the volume.
    attachment = objects.VolumeAttachment.get_by_id(CONTEXT, attachment.id)
    attachment.attach_status = 'attached'
    attachment.save()
    set_status(given, 'in-use', 'attached')
    return info


def detach(given):
    attachment = attachments[given['attachment']]
    manager.attachment_delete(CONTEXT, attachment, volume_of(given))
    # As the API does when the volume service has answered.
    volume = volume_of(given)
    volume.volume_attachment  # noqa: B018 - loads them
    volume.finish_detach(attachment)


def extend_volume(given):
    volume = volume_of(given)
    volume.status = 'extending'
    volume.previous_status = 'available'
    volume.save()
    manager.extend_volume(CONTEXT, volume, given['new_size'], [])


def delete_volume(given):
    manager.delete_volume(CONTEXT, volume_of(given))


def stats(given):
    manager.publish_service_capabilities(CONTEXT)
    return manager.last_capabilities


CALLS = {each.__name__: each for each in (create_volume, create_volume_from_snapshot, create_cloned_volume, create_snapshot, delete_snapshot, attach, detach, extend_volume, delete_volume, stats)}


def seen(n):
    """What the database says."""
    try:
        volume = objects.Volume.get_by_id(CONTEXT, volumes[n])
    except (KeyError, managers.exception.VolumeNotFound):
        return None
    return {'status': volume.status, 'size': volume.size, 'name': volume.name, 'provider_location': volume.provider_location, 'id': volume.id}


def answer(said):
    print(json.dumps(said), file=answers, flush=True)


answer({'initialized': manager.driver.initialized, 'driver': type(manager.driver).__name__, 'version': version.version_string()})
for line in sys.stdin:
    given = json.loads(line)
    try:
        returned = CALLS[given['call']](given)
        answer({'returned': returned, 'volume': seen(given.get('volume'))})
    except Exception as raised:  # noqa: BLE001 - the test says which it wants
        answer({'raised': type(raised).__name__, 'message': str(raised), 'volume': seen(given.get('volume'))})
