"""Ending one way into a repository."""

import pytest

from connectors.base import Collaborator, Gone, NotAvailable, Order, TargetGone
from connectors.github import ids
from connectors.github.actions.collaborators import remove_collaborator
from tests.connectors.conformance.acting import carry_out, take_back
from tests.connectors.conformance.github import MEMBER, OUTSIDE, Bench
from tests.connectors.github.acting import bodies, changes, order_for, preview, refusal, repository
from tests.connectors.github.conftest import Stub
from tests.sandbox.exchange import Answer
from tests.sandbox.github import SERVICE_OWNER

NAME = "partner-portal"
BASE = f"/repos/contoso-dev/{NAME}"


def order(bench: Bench, *, name: str = NAME, **way: str) -> Order:
    """`way`: account_id or vendor_id."""
    found = Collaborator(file_id=ids.repository(repository(bench, name).id), **way)  # type: ignore[arg-type]
    return order_for(bench, Collaborator, found.id, "somebody", {})


def invitation_id(bench: Bench) -> str:
    (invitation,) = repository(bench, NAME).invitations.values()
    return ids.invited(invitation.id)


def test_a_person_is_removed_and_invited_again(bench: Bench) -> None:
    done = carry_out(remove_collaborator, order(bench, account_id=OUTSIDE), bench.client())
    assert changes(bench) == [("DELETE", f"{BASE}/collaborators/fab-lena")]
    assert int(OUTSIDE) not in repository(bench, NAME).collaborators
    take_back(remove_collaborator, done, bench.client())
    assert bodies(bench) == [{"permission": "push"}]
    repository(bench, NAME).accept_invitation(bench.organisation.users[int(OUTSIDE)])
    assert repository(bench, NAME).collaborators[int(OUTSIDE)] == "write"


def test_who_is_removed_is_read_back_as_gone_and_then_as_invited(bench: Bench) -> None:
    done = carry_out(remove_collaborator, order(bench, account_id=OUTSIDE), bench.client())
    assert Gone(Collaborator, done.target.id) in list(remove_collaborator.read_back(bench.client(), done))
    take_back(remove_collaborator, done, bench.client())
    found = [each for each in remove_collaborator.read_back(bench.client(), done) if isinstance(each, Collaborator)]
    assert [each.is_pending for each in found if each.account_id == OUTSIDE] == [True]


def test_a_member_with_a_custom_role_gets_it_back_at_once(bench: Bench) -> None:
    person = bench.sandbox.github.state.person("nguyenta").id
    done = carry_out(remove_collaborator, order(bench, name="ml-pipelines", account_id=str(person)), bench.client())
    take_back(remove_collaborator, done, bench.client())
    assert repository(bench, "ml-pipelines").collaborators == {person: "release-manager"}


def test_an_invitation_is_cancelled_and_sent_again(bench: Bench) -> None:
    (before,) = repository(bench, NAME).invitations.values()
    done = carry_out(remove_collaborator, order(bench, vendor_id=invitation_id(bench)), bench.client())
    assert changes(bench) == [("DELETE", f"{BASE}/invitations/{before.id}")]
    take_back(remove_collaborator, done, bench.client())
    (back,) = repository(bench, NAME).invitations.values()
    assert (back.invitee, back.role) == (before.invitee, before.role)


def test_an_invitation_by_mail_cannot_be_sent_again(bench: Bench, stub: Stub) -> None:
    def by_mail(answer: Answer) -> Answer:
        return Answer.of_json([{"id": 77, "permissions": "write", "invitee": None}])

    stub("GET", f"{BASE}/invitations", by_mail)
    asked = order(bench, vendor_id=ids.invited(77))
    done = carry_out(remove_collaborator, asked, bench.client())
    with pytest.raises(NotAvailable) as error:
        take_back(remove_collaborator, done, bench.client())
    assert "Collaborators and teams" in error.value.remedy


def test_a_team_is_taken_out_and_put_back_under_its_new_name(bench: Bench) -> None:
    team = bench.organisation.team("site-reliability")
    assert team
    asked = order(bench, name="billing-api", vendor_id=ids.team_share(team.id))
    done = carry_out(remove_collaborator, asked, bench.client())
    call = "/orgs/contoso-dev/teams/site-reliability/repos/contoso-dev/billing-api"
    assert changes(bench) == [("DELETE", call)]
    team.slug = "reliability"
    take_back(remove_collaborator, done, bench.client())
    assert repository(bench, "billing-api").teams[team.id] == "maintain"


def test_a_key_is_deleted_and_added_again(bench: Bench) -> None:
    (before,) = repository(bench, NAME).keys.values()
    done = carry_out(remove_collaborator, order(bench, vendor_id=ids.key_share(before.id)), bench.client())
    assert changes(bench) == [("DELETE", f"{BASE}/keys/{before.id}")]
    take_back(remove_collaborator, done, bench.client())
    (back,) = repository(bench, NAME).keys.values()
    assert (back.title, back.key, back.read_only) == (before.title, before.key, before.read_only)


def test_access_that_comes_from_elsewhere_is_told(bench: Bench) -> None:
    with pytest.raises(TargetGone, match="of its own"):
        carry_out(remove_collaborator, order(bench, account_id=MEMBER), bench.client())
    assert changes(bench) == []


def test_oneself_and_an_archived_repository_are_refused(bench: Bench) -> None:
    me = str(bench.sandbox.github.state.person(SERVICE_OWNER).id)
    assert "connected with" in refusal(bench, remove_collaborator, order(bench, account_id=me))
    repository(bench, NAME).is_archived = True
    assert "archived" in refusal(bench, remove_collaborator, order(bench, account_id=OUTSIDE))


def test_the_preview_names_the_role(bench: Bench) -> None:
    assert "fab-lena can write" in preview(bench, remove_collaborator, order(bench, account_id=OUTSIDE))
    (key,) = repository(bench, NAME).keys.values()
    said = preview(bench, remove_collaborator, order(bench, vendor_id=ids.key_share(key.id)))
    assert "build server" in said
    assert "cancelled" in preview(bench, remove_collaborator, order(bench, vendor_id=invitation_id(bench)))


def test_what_anybody_may_do_is_nobodys() -> None:
    assert remove_collaborator.applies
    assert remove_collaborator.applies({"is_public": False})
    assert not remove_collaborator.applies({"is_public": True})
