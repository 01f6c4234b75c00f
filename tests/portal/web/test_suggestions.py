import csv
import io

import pytest
from django.test import Client
from django.urls import reverse

from portal.people.roles import Role
from portal.preferences.models import Suggestion
from tests.portal.web.visitor import client_of, person, text_of

pytestmark = pytest.mark.django_db


def _suggest(client: Client, **form: str) -> str:
    return text_of(client.post(reverse("suggest_app"), form, follow=True))


def test_anybody_signed_in_may_suggest_and_is_told_that_it_was_kept() -> None:
    said = _suggest(client_of(person(Role.SECURITY_READER)), app_name="Zoom", why="Who records meetings?")
    assert "the suggestion of Zoom was kept" in said
    kept = Suggestion.objects.get()
    assert (kept.app_name, kept.why, kept.suggested_by_email) == (
        "Zoom", "Who records meetings?", "security_reader@contoso.example",
    )


def test_a_suggestion_without_a_name_is_refused_in_words_and_keeps_what_was_typed() -> None:
    client = client_of(person(Role.GLOBAL_ADMIN))
    response = client.post(reverse("suggest_app"), {"app_name": "", "why": "It is everywhere"})
    assert "Write which app you miss." in text_of(response)
    assert "It is everywhere" in text_of(response)
    assert not Suggestion.objects.exists()


def test_an_address_that_runs_script_is_refused() -> None:
    said = _suggest(client_of(person(Role.GLOBAL_ADMIN)), app_name="Zoom", web_address="javascript:alert(1)")
    assert "This is not a web address." in said
    assert not Suggestion.objects.exists()


def test_admins_read_and_export_what_was_suggested_and_formulas_stay_text() -> None:
    _suggest(client_of(person(Role.SECURITY_READER)), app_name="=1+1", web_address="https://zoom.example", why="a\nb")
    client = client_of(person(Role.SECURITY_ADMIN))
    page = client.get(reverse("suggestion_list"))
    assert "=1+1" in text_of(page)
    assert reverse("suggestion_csv") in page.content.decode()
    download = client.get(reverse("suggestion_csv"))
    text = b"".join(download.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    rows = list(csv.reader(io.StringIO(text)))
    assert rows[0] == ["App", "Web address", "Why", "Suggested by", "Suggested at"]
    assert rows[1][:4] == ["'=1+1", "https://zoom.example", "a\nb", "security_reader@contoso.example"]


@pytest.mark.parametrize("role", [Role.COMPLIANCE_ADMIN, Role.SECURITY_OPERATOR, Role.SECURITY_READER, Role.SUPPORT])
def test_others_do_not_read_suggestions(role: Role) -> None:
    client = client_of(person(role))
    assert client.get(reverse("suggestion_list")).status_code == 403
    assert client.get(reverse("suggestion_csv")).status_code == 403
