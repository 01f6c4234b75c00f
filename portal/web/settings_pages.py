"""Settings: the index, the portal's own settings, mail."""

import smtplib
from dataclasses import dataclass
from typing import cast

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.mail import EmailMessage
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from portal.inventory import recomputing, retention
from portal.people import queries, settings_service
from portal.people.recent import recent_sign_in_keeping, typed_before
from portal.people.roles import Right
from portal.preferences.forms import SettingsForm
from portal.queue import enqueue
from portal.web.access import scope, signed_in
from portal.web.mail_words import mail_problem

GENERAL = (
    "organisation_domains", "public_url", "egress_addresses", "file_monitoring", "activity_days", "quarantine_days",
    "deletion_second_person", "store_megabytes",
)  # fmt: skip
SIGN_IN = ("second_factor_required",)
MAIL = ("mail_from", "mail_recipients")


@dataclass(frozen=True, slots=True)
class Entry:
    """One card of the index."""

    label: str
    sentence: str
    icon: str
    url: str


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """What there is to set, for this person."""
    return render(request, "settings/home.html", {"entries": _entries(request)})


@require_http_methods(["GET", "POST"])
def general(request: HttpRequest) -> HttpResponse:
    """Organisation domains, public address, egress addresses, file monitoring, how long activities are kept."""
    return _guarded(request, "general", GENERAL)


@require_POST
def recompute(request: HttpRequest) -> HttpResponse:
    """Begin once more what ended before it was done: working out exposure."""
    scope(request).require(Right.CHANGE_SETTINGS)
    recomputing.begin_failed(signed_in(request))
    messages.success(request, "Exposure is being recomputed again.")
    return redirect("settings_general")


@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """Whether a second factor is required."""
    return _guarded(request, "sign_in", SIGN_IN)


@require_http_methods(["GET", "POST"])
def mail(request: HttpRequest) -> HttpResponse:
    """Sender and recipients; the server itself is set by the environment and only shown."""
    return _guarded(request, "mail", MAIL)


@require_POST
def test_mail(request: HttpRequest) -> HttpResponse:
    """Send a mail to the person who asks, now, and say what the server answered."""
    user = signed_in(request)
    scope(request).require(Right.CHANGE_SETTINGS)
    if not settings.IS_MAIL_CONFIGURED:
        messages.error(request, "No mail server is set, so nothing was sent. Set GATEHOUSE_EMAIL_URL and restart.")
        return redirect("settings_mail")
    values = settings_service.values(user)
    text = f"Mail from Gatehouse at {values['public_url']} arrives. It was asked for by {user.email}."
    mail_out = EmailMessage("Gatehouse: test mail", text, values["mail_from"] or None, [user.email])
    try:
        mail_out.send()
    except (smtplib.SMTPException, OSError) as error:
        messages.error(request, mail_problem(error))
    else:
        messages.success(request, f"The mail server took a test mail to {user.email}.")
    return redirect("settings_mail")


def _guarded(request: HttpRequest, page: str, keys: tuple[str, ...]) -> HttpResponse:
    """Links in mails and callback addresses are built from settings: changing them is for a recent sign-in."""
    may_change = scope(request).can(Right.CHANGE_SETTINGS)
    view = recent_sign_in_keeping(*keys)(_form_page) if may_change else _form_page
    return cast(HttpResponse, view(request, page, keys))


def _form_page(request: HttpRequest, page: str, keys: tuple[str, ...]) -> HttpResponse:
    user = signed_in(request)
    values = settings_service.values(user)
    may_change = scope(request).can(Right.CHANGE_SETTINGS)
    if request.method == "POST":
        scope(request).require(Right.CHANGE_SETTINGS)
    form = SettingsForm(keys, values, data=request.POST or typed_before(request))
    if request.method == "POST" and form.is_valid() and _save(request, form):
        return redirect(f"settings_{page}")
    if not may_change:
        for field in form.fields.values():
            field.disabled = True
    context = {
        "form": form,
        "may_change": may_change,
        "recomputing": recomputing.sentence() if page == "general" else "",
        "recomputing_failed": recomputing.failure() if page == "general" else "",
        "without_factor": queries.without_second_factor(scope(request)) if page == "sign_in" else None,
        "is_factor_required": values["second_factor_required"],
        "is_mail_configured": settings.IS_MAIL_CONFIGURED,
        "mail_host": settings.EMAIL_HOST,
        "mail_port": settings.EMAIL_PORT,
        "is_mail_encrypted": settings.EMAIL_USE_TLS,
    }
    return render(request, f"settings/{page}.html", context, status=422 if form.errors else 200)


def _save(request: HttpRequest, form: SettingsForm) -> bool:
    """False where the form says now what is in the way."""
    try:
        changed = settings_service.change(signed_in(request), form.cleaned_data)
    except ValidationError as error:
        form.add_error(None, error)
        return False
    _follow({each.key for each in changed})
    messages.success(request, "Saved." if changed else "Nothing was changed.")
    return True


def _follow(changed: set[str]) -> None:
    """What must not wait for its hour."""
    if "organisation_domains" in changed:
        recomputing.look_after()
    if "activity_days" in changed:
        enqueue(retention.look_after)


def _entries(request: HttpRequest) -> list[Entry]:
    own_scope = scope(request)
    entries = []
    if own_scope.has(Right.READ_INVENTORY):
        entries.append(_entry("Connected apps", "Which apps are read, and how each connection stands.", "link",
                              "connected_apps"))
    if own_scope.can(Right.READ_SETTINGS):
        entries += [
            _entry("General", "Organisation domains, public address, addresses for allow lists, file monitoring, how "
                   "long activities are kept.", "adjustments-horizontal", "settings_general"),
            _entry("Sign-in", "Whether everybody needs a second factor.", "finger-print", "settings_sign_in"),
            _entry("Mail", "Sender, who is told, and whether mail works.", "envelope", "settings_mail"),
        ]
    if own_scope.can(Right.MANAGE_PEOPLE):
        entries.append(_entry("People", "Who may sign in, and what they may do.", "users", "people_list"))
    if own_scope.can(Right.READ_AUDIT):
        entries.append(_entry("Audit trail", "Who changed what in the portal, and who came in.",
                              "clipboard-document-list", "audit_list"))
    if own_scope.can(Right.READ_SETTINGS):
        entries.append(_entry("Suggestions", "Apps that people would like to have connected.", "light-bulb",
                              "suggestion_list"))
    entries.append(_entry("Suggest an app", "Tell which app you miss here.", "plus-circle", "suggest_app"))
    return entries


def _entry(label: str, sentence: str, icon: str, url_name: str) -> Entry:
    return Entry(label, sentence, icon, reverse(url_name))


urlpatterns: list[URLPattern] = [
    path("settings/", home, name="settings_home"),
    path("settings/general/", general, name="settings_general"),
    path("settings/general/recompute/", recompute, name="settings_recompute"),
    path("settings/sign-in/", sign_in, name="settings_sign_in"),
    path("settings/mail/", mail, name="settings_mail"),
    path("settings/mail/test/", test_mail, name="settings_mail_test"),
]
