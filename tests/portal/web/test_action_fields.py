"""What an action asks for beside the reason: shown with the confirmation, checked, kept in the log."""

from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import urlencode

import pytest
from django.urls import reverse

from connectors import catalogue as catalogue_module
from connectors.base import Field
from connectors.catalogue import catalogue
from portal.governance import bulk
from portal.governance.models import GovernanceAction
from portal.instances.problems import Problem
from portal.people.models import User
from portal.people.roles import Role
from tests.portal.web import inventory_rows as rows
from tests.portal.web.test_typed_before import sent_and_proven
from tests.portal.web.visitor import client_of, person, text_of

pytestmark = pytest.mark.django_db

REASON = "Left the company"
FIELDS = (
    Field("devices", "Devices", "What happens to them.", choices=(("keep", "Leave them"), ("wipe", "Erase them"))),
    Field(
        "until", "Until", "A day.", is_required=False, pattern=r"\d{4}-\d\d-\d\d", problem="Write a day.",
        example="2027-01-31",
    ),
    Field("note", "Note", "For the person.", is_required=False, is_multiline=True),
)  # fmt: skip


@pytest.fixture(autouse=True)
def with_fields(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """GitHub, whose removing of an account asks for something."""
    github = catalogue()["github"]
    actions = [replace(each, fields=FIELDS) if each.name == "remove_account" else each for each in github.actions]
    monkeypatch.setattr(catalogue_module, "_in_folders", lambda: [replace(github, actions=tuple(actions))])
    catalogue.cache_clear()
    yield
    catalogue.cache_clear()


@pytest.fixture
def admin() -> User:
    return person(Role.GLOBAL_ADMIN)


@pytest.fixture
def address() -> str:
    target = rows.account(rows.instance(), "Ada")
    return reverse("governance_request", args=["account", target.pk, "remove_account"])


def test_what_was_decided_is_kept_and_shown_in_the_log(admin: User, address: str) -> None:
    browser = client_of(admin)
    page = browser.get(address).content.decode()
    assert '<option value="wipe">Erase them</option>' in page
    assert 'Note <span class="soft">(optional)</span>' in page
    sent = {"reason": REASON, "devices": "wipe", "until": " 2027-01-31 ", "note": "", "owner": "somebody"}
    shown = text_of(browser.post(address, sent, follow=True))
    assert GovernanceAction.objects.get().params == {"devices": "wipe", "until": "2027-01-31"}
    assert "Devices Erase them Until 2027-01-31" in shown


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"devices": "burn"}, "Choose one of the listed values for Devices."),
        ({"devices": ""}, "Devices is needed."),
        ({"devices": "keep", "until": "soon"}, "Write a day. For example: 2027-01-31"),
    ],
)
def test_what_cannot_be_right_is_said_beside_its_field_and_nothing_is_asked_for(
    admin: User, address: str, sent: dict[str, str], said: str
) -> None:
    response = client_of(admin).post(address, {"reason": REASON, "note": "typed <b>before</b>", **sent})
    assert response.status_code == 422
    assert said in text_of(response)
    assert "typed &lt;b&gt;before&lt;/b&gt;</textarea>" in response.content.decode()
    assert not GovernanceAction.objects.exists()


def test_what_was_typed_survives_the_question_who_one_is(admin: User, address: str) -> None:
    form = {"reason": REASON, "devices": "wipe", "note": "Ask the security team"}
    page = sent_and_proven(client_of(admin, is_recent=False), address, form)
    assert '<option value="wipe" selected>' in page
    assert "Ask the security team</textarea>" in page


def test_many_targets_get_the_same_and_what_cannot_be_right_is_refused_for_all(admin: User) -> None:
    of = rows.instance()
    targets = [rows.account(of, "Ada"), rows.account(of, "Alan")]
    with pytest.raises(Problem, match="Devices is needed"):
        bulk.request_many(admin, targets, "remove_account", REASON)
    assert not GovernanceAction.objects.exists()
    bulk.request_many(admin, targets, "remove_account", REASON, {"devices": "keep"})
    assert [each.params for each in GovernanceAction.objects.all()] == [{"devices": "keep"}] * 2


def test_one_value_is_asked_for_and_kept_for_all_of_a_selection(admin: User) -> None:
    of, browser = rows.instance(), client_of(admin)
    targets = [rows.account(of, name, is_external=False) for name in ("Ada", "Alan")]
    query = urlencode([("row", each.pk) for each in targets])
    address = f"{reverse('selection_request', args=['account', 'remove_account'])}?{query}"
    assert '<option value="wipe">Erase them</option>' in browser.get(address).content.decode()
    assert "Devices is needed" in text_of(browser.post(address, {"reason": REASON}))
    assert not GovernanceAction.objects.exists()
    browser.post(address, {"reason": REASON, "devices": "wipe"})
    assert [each.params for each in GovernanceAction.objects.all()] == [{"devices": "wipe"}] * 2
