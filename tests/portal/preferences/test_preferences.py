"""Settings kept in the database, suggestions, and who may touch them."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import QueryDict
from pytest_django import Settings

from portal.audit.models import AuditEntry
from portal.people import settings_service
from portal.people.models import User
from portal.people.roles import Role
from portal.preferences import preferences, suggestions
from portal.preferences.forms import SettingsForm, SuggestionForm
from portal.preferences.models import Preference, Suggestion
from tests.portal.people.persons import holder, person

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin() -> User:
    return person(Role.GLOBAL_ADMIN)


def test_without_a_row_the_default_is_in_force(settings: Settings) -> None:
    settings.PUBLIC_URL = "https://gatehouse.contoso.example"
    assert preferences.get("public_url") == "https://gatehouse.contoso.example"
    assert preferences.get("organisation_domains") == []
    assert preferences.get("file_monitoring") is True


def test_a_setting_that_is_not_declared_does_not_exist(admin: User) -> None:
    with pytest.raises(KeyError):
        preferences.get("colour")
    with pytest.raises(KeyError):
        settings_service.change(admin, {"colour": "blue"})


def test_a_change_is_in_force_and_in_the_trail(admin: User) -> None:
    settings_service.change(admin, {"organisation_domains": "Contoso.com, contoso.example", "file_monitoring": True})
    assert preferences.get("organisation_domains") == ["contoso.com", "contoso.example"]
    entry = AuditEntry.objects.get(verb="settings.changed")
    assert (entry.object_id, entry.before, entry.after) == (
        "organisation_domains", [], ["contoso.com", "contoso.example"],
    )  # fmt: skip
    assert entry.actor_email == admin.email


def test_a_value_that_stays_is_no_change(admin: User) -> None:
    assert settings_service.change(admin, {"file_monitoring": True}) == []
    assert not AuditEntry.objects.filter(verb="settings.changed").exists()


def test_one_bad_value_stores_nothing(admin: User) -> None:
    with pytest.raises(ValidationError) as caught:
        settings_service.change(admin, {"file_monitoring": False, "egress_addresses": "everywhere"})
    assert list(caught.value.message_dict) == ["egress_addresses"]
    assert not Preference.objects.exists()


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.GLOBAL_ADMIN])
def test_only_a_global_admin_changes_settings(role: Role) -> None:
    with pytest.raises(PermissionDenied):
        settings_service.change(holder(role), {"file_monitoring": False})


@pytest.mark.parametrize("role", Role)
def test_global_and_security_admins_read_settings_and_suggestions(role: Role) -> None:
    someone = holder(role)
    for read in (settings_service.values, settings_service.suggested):
        if role in (Role.GLOBAL_ADMIN, Role.SECURITY_ADMIN):
            read(someone)
        else:
            with pytest.raises(PermissionDenied):
                read(someone)


@pytest.mark.parametrize(
    ("key", "typed", "kept"),
    [
        ("organisation_domains", "", []),
        ("organisation_domains", "contoso.com\nContoso.com.\n", ["contoso.com"]),
        ("organisation_domains", "bücher.example", ["xn--bcher-kva.example"]),
        ("egress_addresses", "198.51.100.7 2001:DB8::1", ["198.51.100.7", "2001:db8::1"]),
        ("egress_addresses", "198.51.100.0/28;198.51.100.9/32", ["198.51.100.0/28", "198.51.100.9"]),
        ("mail_recipients", "a@contoso.com\nb@contoso.com", ["a@contoso.com", "b@contoso.com"]),
        ("mail_from", " gatehouse@contoso.com ", "gatehouse@contoso.com"),
        ("mail_from", "", ""),
        ("public_url", "http://localhost:8800/", "http://localhost:8800"),
    ],
)
def test_good_values_are_kept_in_their_usual_writing(key: str, typed: str, kept: object) -> None:
    assert preferences.clean({key: typed}) == {key: kept}


@pytest.mark.parametrize(
    ("key", "typed", "words"),
    [
        ("organisation_domains", "adele@contoso.com", "is not a domain"),
        ("organisation_domains", "https://contoso.com", "is not a domain"),
        ("organisation_domains", "contoso", "is not a domain"),
        ("organisation_domains", "*.contoso.com", "is not a domain"),
        ("organisation_domains", "a" * 64 + ".com", "is not a domain"),
        ("organisation_domains", "\n".join(f"d{n}.example" for n in range(501)), "at most 500"),
        ("organisation_domains", "Contoso, bad@x.example", "“Contoso” is not a domain."),
        (
            "egress_addresses", "198.51.100.1/28",
            "In “198.51.100.1/28” host bits are set: write 198.51.100.0/28 for the network, or 198.51.100.1 for the",
        ),
        ("egress_addresses", "198.51.100", "neither an address nor a network"),
        ("mail_from", "Gatehouse", "is not a mail address"),
        ("mail_from", "a@b.com\nBcc: c@d.com", "is not a mail address"),
        ("mail_recipients", "a@contoso.com, nobody", "“nobody” is not a mail address"),
        ("public_url", "gatehouse.contoso.com", "Write it like"),
        ("public_url", "https://localhost/portal", "without a path"),
        ("public_url", "https://user@localhost", "Write it like"),
        ("public_url", "https://[", "Write it like"),
        ("public_url", "http://gatehouse.contoso.com", "unencrypted"),
        ("public_url", "https://evil.example", "GATEHOUSE_ALLOWED_HOSTS"),
        ("file_monitoring", "yes", "yes or no"),
    ],
)
def test_bad_values_are_refused_in_words(key: str, typed: str, words: str) -> None:
    with pytest.raises(ValidationError) as caught:
        preferences.clean({key: typed})
    assert words in " ".join(caught.value.message_dict[key])


def test_every_mistake_is_told_and_not_the_first_alone() -> None:
    with pytest.raises(ValidationError) as caught:
        preferences.clean({"organisation_domains": "contoso.com, @fabrikam.com, nowhere, b\u00fccher.example"})
    told = caught.value.message_dict["organisation_domains"]
    assert [words.split(" is not")[0] for words in told] == ["“@fabrikam.com”", "“nowhere”"]


def test_domains_of_other_scripts_are_shown_as_they_were_typed() -> None:
    kept = preferences.clean({"organisation_domains": "b\u00fccher.example"})
    assert SettingsForm(["organisation_domains"], kept)["organisation_domains"].value() == "b\u00fccher.example"


def test_the_form_shows_lists_by_lines_and_gives_them_back_as_kept() -> None:
    values = {"organisation_domains": ["contoso.com", "contoso.example"], "file_monitoring": True}
    form = SettingsForm(["organisation_domains", "file_monitoring"], values)
    assert form["organisation_domains"].value() == "contoso.com\ncontoso.example"
    sent = SettingsForm(list(values), values, data=QueryDict("organisation_domains=Contoso.com"))
    assert sent.is_valid()
    assert sent.cleaned_data == {"organisation_domains": ["contoso.com"], "file_monitoring": False}


def test_the_form_says_what_is_wrong_under_the_field() -> None:
    form = SettingsForm(["egress_addresses"], {"egress_addresses": []}, data=QueryDict("egress_addresses=here"))
    assert not form.is_valid()
    assert "“here” is neither an address nor a network" in form.errors["egress_addresses"][0]


def test_a_suggestion_is_kept_with_who_made_it(admin: User) -> None:
    adele = person(Role.SECURITY_READER, email="lee@contoso.example")
    settings_service.suggest(adele, "Slack", "https://slack.example", "Guests")
    rows = list(suggestions.rows(settings_service.suggested(admin)))
    assert [row[:4] for row in rows] == [("Slack", "https://slack.example", "Guests", "lee@contoso.example")]
    assert AuditEntry.objects.get(verb="app.suggested").object_label == "Slack"


def test_a_suggestion_is_removed_by_a_global_admin_alone(admin: User) -> None:
    suggestion = settings_service.suggest(admin, "Slack")
    with pytest.raises(PermissionDenied):
        settings_service.remove_suggestion(person(Role.SECURITY_ADMIN, email="x@contoso.example"), suggestion)
    settings_service.remove_suggestion(admin, suggestion)
    assert not Suggestion.objects.exists()


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"app_name": ""}, "app_name"),
        ({"app_name": "x" * 121}, "app_name"),
        ({"app_name": "Slack", "web_address": "javascript:alert(1)"}, "web_address"),
        ({"app_name": "Slack", "why": "x" * 2001}, "why"),
    ],
)
def test_a_suggestion_that_cannot_be_kept_is_said_under_its_field(typed: dict[str, str], field: str) -> None:
    assert list(SuggestionForm(typed).errors) == [field]


def test_a_web_address_without_scheme_is_taken_as_https() -> None:
    form = SuggestionForm({"app_name": "Slack", "web_address": "slack.example"})
    assert form.is_valid()
    assert form.cleaned_data["web_address"] == "https://slack.example"
