"""What is done about files: links, access, overwriting, and the quarantines."""

import io
import json

import pytest

from connectors.base import Conflict, NotAvailable, RateLimited, TargetGone
from connectors.office365 import content, holding_place
from connectors.office365.actions import originals
from connectors.office365.mapping.sharing import COMPANY_NAME
from tests.connectors.conformance.office365 import Bench
from tests.connectors.office365.acting import Doer
from tests.sandbox.exchange import Exchange
from tests.sandbox.microsoft.files.items import FIRST_STAGE, LIVE, Item
from tests.sandbox.microsoft.files.quick_xor import quick_xor
from tests.sandbox.microsoft.files.seed import Planter


def named(bench: Bench, name: str) -> Item:
    return bench.held.files.named(name)


def calls(bench: Bench, part: str) -> list[Exchange]:
    return [each for each in bench.sandbox.requests if part in each.path]


# --- links and access -------------------------------------------------------------------------------------------------


def test_of_a_link_for_several_people_those_inside_keep_their_access(bench: Bench) -> None:
    doer = Doer(bench, "Sales", "Pipeline.xlsx", "remove_external_collaborators")
    assert "buyer@proseware.example" in doer.preview()
    doer.do()
    left = named(bench, "Pipeline.xlsx").permissions
    assert [(each.link, each.granted_to and each.granted_to.email, each.roles) for each in left] == [
        (None, "fmartin@contoso.example", ["write"])
    ]


def test_an_invitation_that_nobody_accepted_is_taken_back_and_given_again(bench: Bench) -> None:
    doer = Doer(bench, "Sales", "Contract.docx", "remove_collaborator", "buyer@proseware.example")
    doer.do()
    assert named(bench, "Contract.docx").permissions == []
    doer.undo()
    assert [each.invited for each in named(bench, "Contract.docx").permissions] == ["buyer@proseware.example"]
    assert json.loads(calls(bench, "/invite")[-1].body)["sendInvitation"] is False


def test_a_right_above_writing_does_not_come_back_as_less(bench: Bench) -> None:
    [held] = [each for each in named(bench, "Contract.docx").permissions if each.invited or each.granted_to]
    held.roles = ["sp.full control"]
    doer = Doer(bench, "Sales", "Contract.docx", "remove_collaborator", "buyer@proseware.example")
    doer.do()
    with pytest.raises(NotAvailable, match="rights from before"):
        doer.undo()
    assert (named(bench, "Contract.docx").permissions, calls(bench, "/invite")) == ([], [])


def test_what_a_folder_gives_is_to_be_ended_there(bench: Bench) -> None:
    doer = Doer(bench, "Sales", "NDA.pdf", "remove_collaborator", "fab-omar@fabrikam.example")
    assert "was not given this item itself" in doer.refusal()
    with pytest.raises(TargetGone):
        doer.do()
    assert named(bench, "Fabrikam").permissions


def test_everybody_who_has_a_link_is_ended_by_removing_the_link(bench: Bench) -> None:
    doer = Doer(bench, "Finance", "Rechnungen.pdf", "remove_collaborator", COMPANY_NAME)
    assert "Remove the sharing links" in doer.refusal()
    Doer(bench, "Finance", "Rechnungen.pdf", "remove_link").do()
    assert named(bench, "Rechnungen.pdf").permissions == []


def test_a_link_with_a_password_does_not_come_back_without(bench: Bench) -> None:
    doer = Doer(bench, "Sales", "Upload here.txt", "remove_link")
    assert "with a password" in doer.preview()
    doer.do()
    with pytest.raises(NotAvailable, match="password"):
        doer.undo()
    assert named(bench, "Upload here.txt").permissions == []


def test_a_link_comes_back_with_its_end(bench: Bench) -> None:
    doer = Doer(bench, "Sales", "Angebot – Entwurf.docx", "remove_link")
    ends = named(bench, "Angebot – Entwurf.docx").permissions[0].expires_at
    doer.do()
    doer.undo()
    made = named(bench, "Angebot – Entwurf.docx").permissions[0]
    assert made.link is not None
    assert (made.link.type, made.link.scope, made.expires_at) == ("edit", "anonymous", ends)


def test_a_file_without_links_is_refused(bench: Bench) -> None:
    assert "no shared link" in Doer(bench, "Engineering", "deploy.sh", "remove_link").refusal()


# --- content ----------------------------------------------------------------------------------------------------------


def test_a_file_that_somebody_has_open_is_tried_again_later(bench: Bench) -> None:
    for action in ("trash_file", "overwrite_file"):
        with pytest.raises(Conflict):
            Doer(bench, "Engineering", "open in Word.docx", action).do()
    assert named(bench, "open in Word.docx").stage == LIVE


def test_overwriting_leaves_alone_what_somebody_changed_meanwhile(bench: Bench) -> None:
    doer, found = Doer(bench, "Engineering", "deploy.sh", "overwrite_file"), named(bench, "deploy.sh")
    first, second = doer.action.steps
    results = {"remember": dict(first.run(bench.client(), doer.order))}
    assert found.author is not None
    bench.held.files.write(found, b"newer\n", found.author, bench.held.now())
    doer.order = type(doer.order)(doer.order.target, results=results)
    with pytest.raises(Conflict):
        second.run(bench.client(), doer.order)
    assert found.current.data == b"newer\n"


def test_the_text_that_was_chosen_is_what_readers_find_and_the_old_version_comes_back(bench: Bench) -> None:
    doer = Doer(bench, "Finance", "Budget 2026.xlsx", "overwrite_file", params={"text": "Ask security."})
    doer.do()
    found = named(bench, "Budget 2026.xlsx")
    assert [each.data for each in found.versions[:2]] == [b"Ask security.\n", b"final\n"]
    doer.undo()
    assert found.current.data == b"final\n"
    assert len(found.versions) == 5


def test_hashes_are_those_of_microsoft_whatever_the_pieces() -> None:
    data = bytes(range(256)) * 5
    for size in (0, 1, 159, 160, 161, 1000, len(data)):
        assert content.of(data[:size]).quick_xor == quick_xor(data[:size])
    hashed = content.QuickXor()
    for start in range(0, len(data), 7):
        hashed.add(data[start : start + 7])
    assert (hashed.size, hashed.told()) == (len(data), quick_xor(data))


# --- quarantine -------------------------------------------------------------------------------------------------------


def test_a_library_has_no_folder_that_only_the_owner_gets_to(bench: Bench) -> None:
    assert "library" in Doer(bench, "Engineering", "deploy.sh", "quarantine_file").refusal()


def test_a_quarantine_folder_that_others_get_to_is_not_used(bench: Bench) -> None:
    doer = _own(bench)
    doer.do()
    doer.undo()
    planter = Planter(bench.held)
    planter.grant(named(bench, "Quarantine"), planter.who("fab-omar"))
    again = _own(bench)
    with pytest.raises(NotAvailable, match="Others get to"):
        again.do()


def _own(bench: Bench) -> Doer:
    owner = next(each.name for each in bench.held.files.sites.values() if each.owner_id)
    return Doer(bench, owner, "Notes.txt", "quarantine_file")


def test_what_holds_malware_is_not_given_out_so_other_ways_are_named(bench: Bench) -> None:
    for action in ("quarantine_with_portal", "quarantine_with_admin"):
        assert "malware" in Doer(bench, "Engineering", "invoice.zip", action).refusal()


class OneWay(io.BytesIO):
    """What the portal keeps cannot be read twice."""

    def seek(self, *place: int) -> int:
        raise io.UnsupportedOperation("seek")


def test_what_is_kept_is_read_from_its_beginning_to_its_end_alone(bench: Bench) -> None:
    doer = Doer(bench, "Engineering", "empty.bin", "quarantine_with_portal")
    doer.do()
    originals.put_back(bench.client(), doer.order, OneWay(b"kept"))
    made = [each for each in bench.held.files.items.values() if each.name == "empty.bin" and each.stage == LIVE]
    assert [each.current.data for each in made] == [b"kept"]


def test_a_large_file_is_made_anew_in_pieces(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(content, "PIECE", 320 * 1024)
    found = named(bench, "deploy.sh")
    assert found.author is not None
    data = b"0123456789abcdef" * 65_536
    bench.held.files.write(found, data, found.author, bench.held.now())
    doer = Doer(bench, "Engineering", "deploy.sh", "quarantine_with_portal")
    doer.do()
    assert found.stage == FIRST_STAGE
    doer.undo()
    made = next(each for each in bench.held.files.items.values() if each.name == "deploy.sh" and each.stage == LIVE)
    assert made.current.data == data
    sent = calls(bench, "/uploads/")
    assert len(sent) == 4
    assert not any("authorization" in each.headers for each in sent)


def test_the_file_stays_until_the_copy_is_there(bench: Bench) -> None:
    bench.held.files.copy_polls = 1
    doer, found = Doer(bench, "Engineering", "deploy.sh", "quarantine_with_admin"), named(bench, "deploy.sh")
    bench.held.files.copies_failing = 1
    with pytest.raises(RateLimited):
        doer.do()
    assert found.stage == LIVE
    with pytest.raises(Conflict, match="did not copy"):
        doer.do()
    assert found.stage == LIVE


def test_one_copy_is_asked_for_and_its_progress_without_a_token(bench: Bench) -> None:
    bench.held.files.copy_polls, bench.held.files.monitor_status = 1, 303
    doer = Doer(bench, "Engineering", "deploy.sh", "quarantine_with_admin")
    with pytest.raises(RateLimited):
        doer.do()
    doer.do()
    assert named(bench, "deploy.sh").stage == FIRST_STAGE
    assert len(calls(bench, "/copy")) == 1
    asked = calls(bench, "/monitor/")
    assert asked
    assert not any("authorization" in each.headers for each in asked)


def test_a_copy_whose_end_is_told_by_a_redirect_is_done(bench: Bench) -> None:
    bench.held.files.monitor_status = 303
    Doer(bench, "Engineering", "deploy.sh", "quarantine_with_admin").do()
    assert [each.status for each in calls(bench, "/monitor/")] == [303]
    assert named(bench, "deploy.sh").stage == FIRST_STAGE


def test_without_a_site_for_copies_the_quarantine_with_the_admin_says_where_to_choose_one(bench: Bench) -> None:
    doer = Doer(bench, "Engineering", "deploy.sh", "quarantine_with_admin")
    bench.config["quarantine_site"] = ""
    assert "Choose one" in doer.refusal()
    bench.config["quarantine_site"] = "https://contoso.sharepoint.com/sites/Nowhere"
    with pytest.raises(TargetGone, match="Nowhere"):
        doer.do()


def test_the_site_for_copies_is_tried_by_a_file_that_is_deleted_again(bench: Bench) -> None:
    said = holding_place.test(bench.client())
    assert bench.config["quarantine_site"] in said[0]
    assert named(bench, holding_place.TRIAL_NAME).stage == FIRST_STAGE


def test_a_site_for_copies_that_lets_in_guests_is_not_used(bench: Bench) -> None:
    holding_place.test(bench.client())
    planter = Planter(bench.held)
    planter.link(named(bench, holding_place.NAME), "view", "anonymous")
    with pytest.raises(NotAvailable, match="outside"):
        holding_place.test(bench.client())
