"""What is left in the place of what is taken away: the organisation's words and a reference that finds the action."""

import pytest

from portal.governance import queries, service
from portal.governance.models import ActionState
from portal.instances import holding
from portal.instances.models import AppInstance
from portal.instances.problems import Problem
from portal.inventory.filters import Condition
from portal.inventory.models import File
from portal.people.models import User
from portal.people.scope import scope_of
from tests.portal.connected import connected_box, read_box_drive
from tests.portal.governance.conftest import RunTasks, again
from tests.sandbox.server import Sandbox

pytestmark = pytest.mark.django_db(transaction=True)


def test_the_notice_names_the_action_and_is_found_again_after_the_text_was_changed(
    admin: User, sandbox: Sandbox, run_tasks: RunTasks
) -> None:
    box, instance = sandbox.box.state, connected_box(sandbox)
    owner = box.person("jmueller")
    read_box_drive(instance, owner.id)
    holding.save(admin, instance, {"notice_text": "Call 4711 and say [[reference]]."})
    file = File.objects.get(instance_id=instance.pk, name="Skizze.png")
    row = service.request(admin, file, "quarantine_file", "holds customers' data")
    run_tasks("actions")
    notice = box.file(f"Skizze.png ({file.vendor_id.partition(':')[2]}).txt")
    assert notice.current.data == f"Call 4711 and say {row.reference}.\n".encode()
    found = queries.actions(scope_of(admin), [Condition("q", (row.reference.lower(),))])
    assert [each.pk for each in found.rows] == [row.pk]

    holding.save(admin, instance, {"notice_text": "Another one."})
    undo = service.revert(admin, again(row))
    run_tasks("actions")
    assert again(undo).state == ActionState.DONE
    assert notice.trashed_at is not None


def test_a_text_without_a_place_for_the_reference_gets_it_at_its_end(admin: User, instance: AppInstance) -> None:
    assert "GATE-7" in holding.notice_for(instance, "GATE-7")
    holding.save(admin, instance, {"notice_text": "Ask Ada."})
    assert holding.notice_for(instance, "GATE-7") == "Ask Ada.\nReference: GATE-7"
    with pytest.raises(Problem, match="longer than"):
        holding.save(admin, instance, {"notice_text": "x" * 2_001})
