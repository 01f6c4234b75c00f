"""Where the quarantine with the admin keeps its copies: chosen or made, tried, and what is said where it cannot be."""

from dataclasses import replace

import pytest

from connectors.base import ConnectorError, NotAvailable, PermissionMissing, TargetGone
from connectors.box import holding_place
from tests.connectors.box.acting import action, names_in, order
from tests.connectors.conformance.acting import carry_out, take_back
from tests.connectors.conformance.box import GUEST, OWNER, SHARED, Bench
from tests.sandbox.box.items import File as BoxFile
from tests.sandbox.box.items import SharedLink

FILE = f"file:{SHARED}"


def chosen(bench: Bench, name: str = "Held by security") -> str:
    """A folder of the connected account's is chosen; its number."""
    held = bench.held
    made = held.add_folder(held.tree.root(held.primary_admin.id), name, held.primary_admin)
    bench.config["quarantine_folder"] = made.id
    return made.id


def test_the_place_is_tried_by_a_file_that_is_not_there_any_more(bench: Bench) -> None:
    number = chosen(bench)
    before = bench.held.fingerprints()
    said = holding_place.test(bench.client())
    login = bench.held.primary_admin.login
    assert said[0] == f"Box took a small file into the folder Held by security of {login} and deleted it again."
    assert [each.path for each in bench.sandbox.requests if each.method == "POST"] == ["/api/2.0/files/content"]
    assert (names_in(bench, number), bench.held.fingerprints()) == (set(), before)


def test_without_a_choice_the_folder_is_made(bench: Bench) -> None:
    assert "Gatehouse quarantine" in holding_place.test(bench.client())[0]
    assert "Gatehouse quarantine" in names_in(bench, f"root:{bench.held.primary_admin.id}")


def test_what_does_not_work_is_said_in_the_words_of_box(bench: Bench) -> None:
    number = chosen(bench)
    bench.held.tree.items[number].link = SharedLink("opentoken", "open")
    refused = _refusal(bench)
    assert isinstance(refused, NotAvailable)
    assert refused.message == "Others get to the folder Held by security."
    bench.held.tree.items[number].link = None
    bench._share("700299", number, GUEST)
    assert isinstance(_refusal(bench), NotAvailable)
    bench.config["quarantine_folder"] = "404"
    assert isinstance(_refusal(bench), TargetGone)
    theirs = bench.held.add_folder(bench.held.tree.root(OWNER), "Theirs", bench.held.users[OWNER])
    bench._share("700298", theirs.id, bench.held.primary_admin.id)
    bench.config["quarantine_folder"] = theirs.id
    assert "belongs to somebody else" in _refusal(bench).message


def test_a_scope_that_is_missing_shows_here_before_the_first_action(bench: Bench) -> None:
    chosen(bench)
    for token in bench.held.tokens.values():
        token.scopes = tuple(scope for scope in token.scopes if scope != "root_readwrite")
    refused = _refusal(bench)
    assert isinstance(refused, PermissionMissing)
    assert refused.remedy


def _refusal(bench: Bench) -> ConnectorError:
    with pytest.raises(ConnectorError) as refused:
        holding_place.test(bench.client())
    return refused.value


def test_copies_go_to_the_chosen_folder_and_are_found_there_after_another_choice(bench: Bench) -> None:
    number = chosen(bench)
    asked = order(bench, "quarantine_with_admin", FILE)
    preview = action("quarantine_with_admin").preview
    assert preview
    assert "the folder Held by security of" in preview(bench.client(), asked)[0]
    done = carry_out(action("quarantine_with_admin"), asked, bench.client())
    assert names_in(bench, number) == {f"{SHARED} shared.pdf"}
    chosen(bench, "Another")
    take_back(action("quarantine_with_admin"), done, bench.client())
    assert names_in(bench, number) == set()


@pytest.mark.parametrize("name", ["quarantine_file", "quarantine_with_admin"])
def test_the_notice_says_what_the_organisation_says(bench: Bench, name: str) -> None:
    text = "Frag die Sicherheit: größe 7\nReference GATE-12"
    asked = replace(order(bench, name, FILE), notice=text)
    done = carry_out(action(name), asked, bench.client())
    notice = bench.held.tree.items[str(done.results["notice"]["notice"])]
    assert isinstance(notice, BoxFile)
    assert notice.current.data == f"{text}\n".encode()
    take_back(action(name), done, bench.client())
    assert notice.trashed_at is not None


def test_an_overwritten_file_says_it_too(bench: Bench) -> None:
    carry_out(action("overwrite_file"), replace(order(bench, "overwrite_file", FILE), notice="GATE-7"), bench.client())
    item = bench.held.tree.items[SHARED]
    assert isinstance(item, BoxFile)
    assert item.current.data == b"GATE-7\n"
