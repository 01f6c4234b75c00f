"""After a whole journey no secret is found anywhere it could leak. And what happens when the vault cannot be read."""

import base64
import logging
from collections.abc import Callable, Iterator
from urllib.parse import parse_qs

import pytest
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.core import checks
from django.db import connection
from django.test import Client
from django.urls import reverse
from encrypted_model_fields import fields as encrypted

from connectors.base import Redactor
from portal.governance.models import ActionState, GovernanceAction
from portal.instances.models import AppInstance, State
from portal.inventory.models import Account
from portal.people import first_admin
from portal.people.roles import Role
from tests.journeys import evidence
from tests.portal.people.factors import codes_shown, key_shown
from tests.portal.people.persons import code_of
from tests.portal.web.visitor import (
    DETAILS,
    PASSWORD,
    at_vendor,
    client_of,
    come_back,
    connect,
    consent_link,
    draft,
    person,
    text_of,
)
from tests.sandbox.github import CLIENT_ID, CLIENT_SECRET
from tests.sandbox.server import Sandbox

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]

RunTasks = Callable[..., int]
WRONG_SECRET = "9f8e7d6c5b4a39281706f5e4d3c2b1a098765432"
WRONG_PASSWORD = "not-the-password-of-anybody"
SEEDS = (
    "/", "/settings/", "/settings/connected-apps/add/", "/governance/", "/activities/", "/groups/", "/profile/",
    "/support/",
)


class Evidence:
    """What was gathered on the way: place -> text."""

    def __init__(self) -> None:
        self.places: dict[str, str] = {}

    def add(self, place: str, text: str) -> None:
        self.places[f"{place} ({len(self.places)})"] = text

    def where(self, secret: str) -> list[str]:
        return [place for place, text in self.places.items() if secret in text]


@pytest.fixture
def log() -> Iterator[list[str]]:
    """Every line that the portal's own handler would write, as loud as it gets."""
    lines: list[str] = []
    root = logging.getLogger()
    console = next(each for each in root.handlers if any(isinstance(one, Redactor) for one in each.filters))

    class Keeper(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            lines.append(console.format(record))

    keeper, level = Keeper(), root.level
    keeper.filters = console.filters
    root.addHandler(keeper)
    root.setLevel(logging.DEBUG)
    yield lines
    root.removeHandler(keeper)
    root.setLevel(level)


def secrets_of(sandbox: Sandbox, shown_once: dict[str, str]) -> dict[str, str]:
    """Name -> value of all that must be found nowhere; `shown_once` are those that one page alone may say."""
    found = shown_once | {
        "client secret": CLIENT_SECRET,
        "mistyped client secret": WRONG_SECRET,
        "client id and secret, as sent": base64.b64encode(f"{CLIENT_ID}:{CLIENT_SECRET}".encode()).decode(),
        "password": PASSWORD,
        "mistyped password": WRONG_PASSWORD,
        "signing key": settings.SECRET_KEY,
    }
    found |= {f"encryption key {number}": key for number, key in enumerate(settings.FIELD_ENCRYPTION_KEY)}
    for number, exchange in enumerate(sandbox.requests):
        if exchange.path == "/login/oauth/access_token":
            sent = {name: values[0] for name, values in parse_qs(exchange.body.decode()).items()}
            found[f"code {number}"] = sent["code"]
            found[f"code verifier {number}"] = sent["code_verifier"]
            token = exchange.response_json().get("access_token")
            found |= {f"token {number}": token} if token else {}
    return found


def set_up_second_factor(client: Client, gathered: Evidence) -> dict[str, str]:
    """An authenticator app, with a mistyped code on the way. Returns its keys and the recovery codes, by name: the page
    that shows them is no evidence, what is stored while it is open is."""
    page = reverse("mfa_activate_totp")
    given_up = key_shown(client.get(page))
    gathered.add("database with a second factor begun", evidence.database())
    key = key_shown(client.get(page))
    refused = client.post(page, {"code": "not it"})
    assert "Incorrect code" in text_of(refused)
    assert key_shown(refused) == key
    gathered.add("database with a code refused", evidence.database())
    gathered.add("second factor done", evidence.body(client.post(page, {"code": code_of(key)})))
    codes = codes_shown(client.get(reverse("mfa_view_recovery_codes")))
    return {"key given up": given_up, "key": key} | {f"recovery code {code[:2]}": code for code in codes}


def journey(sandbox: Sandbox, run_tasks: RunTasks, gathered: Evidence) -> tuple[Client, dict[str, str]]:
    """Set up, sign in, connect with a mistake, read, remove somebody, undo, edit, reconnect; returns the browser and
    the secrets that were shown once, by name."""
    client = Client()
    _, token = first_admin.make_link()
    form = {"email": "dana@contoso.example", "name": "Dana", "password": PASSWORD, "password_again": PASSWORD}
    gathered.add("set-up page", evidence.body(client.get(f"/set-up/{token}/")))
    gathered.add("set-up refused", evidence.body(client.post(f"/set-up/{token}/", {**form, "password_again": "x"})))
    gathered.add("set-up done", evidence.body(client.post(f"/set-up/{token}/", form)))
    client.post(reverse("account_logout"))
    login = {"login": "dana@contoso.example", "password": WRONG_PASSWORD}
    gathered.add("sign-in refused", evidence.body(client.post(reverse("account_login"), login)))
    gathered.add("signed in", evidence.body(client.post(reverse("account_login"), {**login, "password": PASSWORD})))
    shown_once = {"set-up token": token, **set_up_second_factor(client, gathered)}

    instance = draft(client, details={"client_secret": WRONG_SECRET})
    gathered.add("wrong secret", evidence.body(come_back(client, at_vendor(consent_link(client, instance)))))
    details = reverse("wizard_details", args=[instance.pk])
    gathered.add("details refused", evidence.body(client.post(details, {**DETAILS, "organization": "not one!"})))
    field = client.post(f"{details}validate/client_secret/", {"client_secret": WRONG_SECRET})
    gathered.add("field", evidence.body(field))
    client.post(details, DETAILS)
    gathered.add("database before consent", evidence.database())
    gathered.add("connected", evidence.body(come_back(client, at_vendor(consent_link(client, instance)))))
    gathered.add("database with tasks queued", evidence.database())
    run_tasks()

    leaver = Account.objects.get(username="asingh")
    client.post(reverse("governance_request", args=["account", leaver.pk, "remove_account"]), {"reason": "Left"})
    gathered.add("database with an action queued", evidence.database())
    run_tasks()
    action = GovernanceAction.objects.get()
    assert action.state == ActionState.DONE
    client.post(reverse("governance_revert", args=[action.pk]), {"reason": "Came back"})
    run_tasks()
    edited = {**DETAILS, "name": "Contoso Ltd", "scan_hours": "6"}
    gathered.add("edited", evidence.body(client.post(reverse("instance_edit", args=[instance.pk]), edited)))
    come_back(client, at_vendor(consent_link(client, instance)))
    run_tasks()
    return client, shown_once


def test_after_a_whole_journey_no_secret_is_found_anywhere(
    sandbox: Sandbox, run_tasks: RunTasks, log: list[str], capfd: pytest.CaptureFixture[str]
) -> None:
    gathered = Evidence()
    client, shown_once = journey(sandbox, run_tasks, gathered)
    for address, text in evidence.pages(client, SEEDS).items():
        gathered.add(f"page {address}", text)
    gathered.add("database", evidence.database())
    gathered.add("log", "\n".join(log))
    gathered.add("output", "".join(capfd.readouterr()))

    found = secrets_of(sandbox, shown_once)
    assert sum(name.startswith("token ") for name in found) == 2
    leaks = {name: places for name, secret in found.items() if (places := gathered.where(secret))}
    assert leaks == {}

    # The search sees what is there: a sealed key in its session, names in tables and pages, tasks in the queue, lines
    # in the log.
    assert gathered.where("'mfa.totp.secret': 'gAAA")
    assert any(place.startswith("page /auth/2fa/") for place in gathered.places)
    assert any(place.startswith("database (") for place in gathered.where("contoso-security-svc"))
    assert any(place.startswith("database with tasks queued") for place in gathered.where("queued: {"))
    assert any(place.startswith("page /support/") for place in gathered.places)
    assert len([place for place in gathered.places if place.startswith("page ")]) >= 40
    assert "Unprocessable Entity: /set-up/[secret]/" in "\n".join(log)


def test_disconnecting_leaves_no_ciphertext_of_the_connection(sandbox: Sandbox, run_tasks: RunTasks) -> None:
    client = client_of(person(Role.GLOBAL_ADMIN))
    instance = connect(client)
    run_tasks()
    sealed = _column(instance)
    assert sealed in evidence.database()
    client.post(reverse("instance_disconnect", args=[instance.pk]), {"data": "keep"})
    run_tasks()
    assert sealed not in evidence.database()


def test_a_wrong_encryption_key_is_told_by_the_check_and_on_pages_and_no_call_leaves(
    sandbox: Sandbox, run_tasks: RunTasks, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = client_of(person(Role.GLOBAL_ADMIN))
    instance = connect(client)
    run_tasks()
    monkeypatch.setattr(encrypted, "CRYPTER", MultiFernet([Fernet(Fernet.generate_key())]))
    asked = len(sandbox.requests)

    errors = [each for each in checks.run_checks(include_deployment_checks=False) if each.id == "gatehouse.E009"]
    assert "written with another key" in errors[0].msg
    said = text_of(client.post(reverse("instance_test", args=[instance.pk]), follow=True))
    assert "The stored secrets cannot be read with the present encryption keys." in said
    client.post(reverse("instance_scan", args=[instance.pk]))
    run_tasks()
    for name in ("instance_detail", "instance_edit", "wizard_details", "wizard_consent"):
        assert client.get(reverse(name, args=[instance.pk])).status_code == 200
    typed = client.post(reverse("wizard_details", args=[instance.pk]), {**DETAILS, "client_secret": ""})
    assert "Client Secret is needed." in text_of(typed)
    assert len(sandbox.requests) == asked


def test_a_ciphertext_moved_to_another_row_is_refused_and_no_call_leaves(
    sandbox: Sandbox, run_tasks: RunTasks
) -> None:
    client = client_of(person(Role.GLOBAL_ADMIN))
    victim = connect(client)
    thief = draft(client, "Mine", {"organization": "fabrikam-oss"})
    come_back(client, at_vendor(consent_link(client, thief)))
    run_tasks()
    _put_column(thief, _column(victim))
    asked = len(sandbox.requests)
    said = text_of(client.post(reverse("instance_test", args=[thief.pk]), follow=True))
    assert "A stored secret belongs to another record and was refused." in said
    client.post(reverse("instance_scan", args=[thief.pk]))
    run_tasks()
    assert len(sandbox.requests) == asked
    assert AppInstance.objects.get(pk=thief.pk).state == State.ATTENTION
    assert AppInstance.objects.get(pk=victim.pk).state == State.CONNECTED


def _column(instance: AppInstance) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT document FROM instances_connection WHERE instance_id = %s", [instance.pk])
        return str(cursor.fetchone()[0])


def _put_column(instance: AppInstance, text: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE instances_connection SET document = %s WHERE instance_id = %s", [text, instance.pk])
