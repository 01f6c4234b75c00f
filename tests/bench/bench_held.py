"""Whether a worker's memory grows with the file that it puts into quarantine: its peak with a small and a large one.

The worker is a process of its own, a fresh one for each file. It takes the bytes from the sandbox's Box, compares their
hash, and keeps them encrypted in the database. Not real: the network, and that the database shares the machine.
"""

from collections.abc import Iterator

from django.test.utils import override_settings

from portal.governance import service
from portal.governance.models import ActionState, StoredFile
from portal.instances.models import AppInstance, State
from portal.inventory.models import File
from portal.people.models import RoleAssignment, User
from portal.people.roles import Role
from portal.preferences import preferences
from tests.bench.figures import Figure
from tests.bench.processes import Work, work
from tests.portal.connected import connected_box, read_box_drive
from tests.sandbox.server import Sandbox

MEGABYTES = (10, 2_000)
MIB = 1024 * 1024


def measure() -> Iterator[Figure]:
    preferences.keep({"store_megabytes": 10_000})
    asker = User.objects.create_user("bench@contoso.example")
    RoleAssignment.objects.create(user=asker, role=Role.GLOBAL_ADMIN)
    peaks = []
    for size in MEGABYTES:
        worked = hold(asker, size)
        peaks.append(worked.peak_mib)
        yield Figure(f"{size:,} MB into quarantine: a worker's peak", worked.peak_mib, "MiB")
        yield Figure(f"{size:,} MB into quarantine", size / worked.seconds, "MB a second")
    yield Figure("with the large file beside the small one", peaks[-1] - peaks[0], "MiB more")


def hold(asker: User, megabytes: int) -> Work:
    """A file of zeros, from its owner's folder into the database. It is forgotten afterwards."""
    with Sandbox() as sandbox, override_settings(SANDBOX=True, NETWORK_OVERRIDES=sandbox.overrides()):
        box, instance = sandbox.box.state, connected_box(sandbox)
        owner = box.person("jmueller")
        box.add_file(box.tree.root(owner.id), "large.bin", bytes(megabytes * MIB), owner)
        read_box_drive(instance, owner.id)
        file = File.objects.get(instance_id=instance.pk, name="large.bin")
        row = service.request(asker, file, "quarantine_with_portal", "measured")
        worked = work("actions")
        row.refresh_from_db()
        assert row.state == ActionState.DONE, row.problem
        assert StoredFile.objects.get(action=row).size == megabytes * MIB
        StoredFile.objects.filter(action=row).delete()
        AppInstance.objects.filter(pk=instance.pk).update(state=State.DISCONNECTED)
    return worked
