"""People of the portal: who is here, their roles, invitations, and everybody's own profile."""

import smtplib
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.mail import EmailMessage
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import URLPattern, path, reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from connectors.catalogue import catalogue
from portal.people import invitations, queries, service
from portal.people.forms import APP, INSTANCE, ROLES_IN_ORDER, InvitationForm, ProfileForm, RoleForm
from portal.people.models import Invitation, RoleAssignment, ScopedRole, User
from portal.people.problems import PeopleProblem
from portal.people.recent import recent_sign_in_keeping, recent_sign_in_required, typed_before
from portal.people.roles import Right, Role
from portal.people.scope import Scope
from portal.preferences import preferences
from portal.web import app_names, entrance
from portal.web.access import scope, signed_in
from portal.web.export import csv_response

HEAD = ("Name", "E-mail", "Roles", "Second factor", "Last sign-in")


@require_GET
def people_list(request: HttpRequest) -> HttpResponse:
    """Everybody by address, and the invitations that wait."""
    own = scope(request)
    text, after = _typed(request), request.GET.get("after", "")
    found = queries.people(own, text, after)
    waiting = list(queries.open_invitations(own)[: queries.INVITATIONS_SHOWN])
    names = place_names(own)
    context = {
        "people": [(each, _roles(each, names)) for each in found[: queries.PAGE]],
        "next_after": found[queries.PAGE - 1].email if len(found) > queries.PAGE else "",
        "text": text,
        "after": after,
        "export_query": urlencode({"q": text}) if text else "",
        "invitations": [(each, place_of(each, names), _may_manage(own, each.role)) for each in waiting],
    }
    return render(request, "people/list.html", context)


@require_GET
def people_export(request: HttpRequest) -> StreamingHttpResponse:
    """All that match, as CSV."""
    own = scope(request)
    found, names = queries.every_person(own, _typed(request)), place_names(own)
    return csv_response(request, "people", HEAD, (_cells(person, names) for person in found))


@require_GET
def person_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One person: roles, second factor, what can be changed."""
    return _person_page(request, _person(request, pk))


@require_POST
@recent_sign_in_required
def person_give_role(request: HttpRequest, pk: int) -> HttpResponse:
    person = _person(request, pk)
    form = _role_form(request, data=request.POST)
    if not form.is_valid():
        return _person_page(request, person, form)
    try:
        service.give_role(signed_in(request), person, form.held())
    except PeopleProblem as problem:
        form.add_error(None, str(problem))
        return _person_page(request, person, form)
    messages.success(request, f"{person} has the role now.")
    return redirect("person_detail", pk)


@require_POST
@recent_sign_in_required
def person_take_role(request: HttpRequest, pk: int, assignment_pk: int) -> HttpResponse:
    person = _person(request, pk)
    assignment = person.role_assignments.filter(pk=assignment_pk).first()
    if assignment is None:
        return redirect("person_detail", pk)
    try:
        service.take_role(signed_in(request), assignment)
    except PeopleProblem as problem:
        messages.error(request, str(problem))
    else:
        messages.success(request, f"{person} no longer has the role {assignment.role_label}.")
    return redirect("person_detail", pk)


@require_http_methods(["GET", "POST"])
@recent_sign_in_required
def person_remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Says what it means first."""
    person = _person(request, pk)
    service.require_may_manage_person(signed_in(request), person)
    if request.method == "GET":
        return render(request, "people/remove.html", {"person": person})
    try:
        service.remove(signed_in(request), person)
    except PeopleProblem as problem:
        messages.error(request, str(problem))
        return redirect("person_detail", pk)
    messages.success(request, f"{person.email} was removed and signed out everywhere.")
    return redirect("people_list")


@require_http_methods(["GET", "POST"])
@recent_sign_in_required
def person_reset_mfa(request: HttpRequest, pk: int) -> HttpResponse:
    """For somebody who lost phone and recovery codes."""
    person = _person(request, pk)
    service.require_may_manage_person(signed_in(request), person)
    if request.method == "GET":
        return render(request, "people/reset_mfa.html", {"person": person})
    service.reset_mfa(signed_in(request), person)
    messages.success(request, f"The second factors of {person} were removed, and {person} was signed out everywhere.")
    return redirect("person_detail", pk)


@require_http_methods(["GET", "POST"])
@recent_sign_in_keeping(*InvitationForm.field_order)
def invite(request: HttpRequest) -> HttpResponse:
    """The form; then, once, the link to hand over."""
    own = scope(request)
    own.require(Right.MANAGE_PEOPLE)
    form = InvitationForm(_roles_to_give(own), _places(own), data=request.POST or typed_before(request))
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        try:
            invitation, token = invitations.invite(signed_in(request), typed["email"], form.held(), typed["name"])
        except PeopleProblem as problem:
            form.add_error(None, str(problem))
        else:
            return _invited(request, invitation, token)
    return render(request, "people/invite.html", {"form": form}, status=422 if form.errors else 200)


@require_POST
@recent_sign_in_required
def invitation_revoke(request: HttpRequest, pk: int) -> HttpResponse:
    invitation = queries.open_invitations(scope(request)).filter(pk=pk).first()
    if invitation is None:
        messages.info(request, "This invitation is not open any more.")
        return redirect("people_list")
    try:
        invitations.revoke(signed_in(request), invitation)
    except PeopleProblem as problem:
        messages.info(request, str(problem))
    else:
        messages.success(request, f"The invitation of {invitation.email} was taken back.")
    return redirect("people_list")


@require_http_methods(["GET", "POST"])
def profile(request: HttpRequest) -> HttpResponse:
    """The own name and time zone."""
    form = ProfileForm(request.POST or None, instance=User.objects.get(pk=signed_in(request).pk))
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, "Saved.")
        return redirect("profile")
    return render(request, "people/profile.html", {"form": form}, status=422 if form.errors else 200)


# --- what pages say of roles ----------------------------------------------------------------------------------------


def place_names(own: Scope) -> dict[int, str]:
    """Connected apps by id, one query."""
    return {pk: f"{each.app_name}, {each.name}" for pk, each in app_names.labels(own).items()}


def place_of(role: ScopedRole, names: dict[int, str]) -> str:
    """Where a role holds, in words; '' for everywhere."""
    if role.app_id:
        return app_names.app_name(role.app_id)
    if role.instance_id is not None:
        return names.get(role.instance_id, "a connected app that is gone")
    return ""


def _typed(request: HttpRequest) -> str:
    return request.GET.get("q", "").strip()[:200]


def _cells(person: Any, names: dict[int, str]) -> tuple[Any, ...]:
    roles = (f"{role.role_label} ({place})" if place else role.role_label for role, place in _roles(person, names))
    return person.name, person.email, "; ".join(roles), person.has_mfa, person.last_login


def _roles(person: User, names: dict[int, str]) -> list[tuple[RoleAssignment, str]]:
    order = {role.value: number for number, role in enumerate(ROLES_IN_ORDER)}
    assignments = sorted(person.role_assignments.all(), key=lambda each: (order[each.role], each.pk))
    return [(each, place_of(each, names)) for each in assignments]


def _roles_to_give(own: Scope) -> list[Role]:
    return [role for role in ROLES_IN_ORDER if _may_manage(own, role)]


def _may_manage(own: Scope, role: str) -> bool:
    return own.can(Right.MANAGE_GLOBAL_ADMINS if role == Role.GLOBAL_ADMIN else Right.MANAGE_PEOPLE)


def _places(own: Scope) -> list[tuple[str, str]]:
    """What an app admin can be for: each app we have a connector for, then each connected one."""
    apps = [(f"{APP}:{app_id}", f"{each.name}, all of it") for app_id, each in sorted(catalogue().items())]
    return apps + [(f"{INSTANCE}:{pk}", name) for pk, name in place_names(own).items()]


# --- pages ----------------------------------------------------------------------------------------------------------


def _person(request: HttpRequest, pk: int) -> User:
    try:
        return queries.person(scope(request), pk)
    except User.DoesNotExist:
        raise Http404("Nobody here has this address; the person may have been removed.") from None


def _role_form(request: HttpRequest, **kwargs: Any) -> RoleForm:
    own = scope(request)
    return RoleForm(_roles_to_give(own), _places(own), **kwargs)


def _person_page(request: HttpRequest, person: User, form: RoleForm | None = None) -> HttpResponse:
    own = scope(request)
    roles = _roles(person, place_names(own))
    context = {
        "person": person,
        "roles": roles,
        "form": form or _role_form(request),
        "may_change": all(_may_manage(own, assignment.role) for assignment, _ in roles),
        "is_self": person.pk == signed_in(request).pk,
    }
    return render(request, "people/detail.html", context, status=422 if form is not None else 200)


def _invited(request: HttpRequest, invitation: Invitation, token: str) -> HttpResponse:
    link = f"{preferences.get('public_url')}{reverse('accept_invitation', args=[token])}"
    context = {
        "invitation": invitation,
        "link": link,
        "is_mail_configured": settings.IS_MAIL_CONFIGURED,
        "is_mailed": settings.IS_MAIL_CONFIGURED and _mail(request, invitation, link),
    }
    return render(request, "people/invited.html", context)


def _mail(request: HttpRequest, invitation: Invitation, link: str) -> bool:
    """Whether the mail server took it; the link is on the page in any case."""
    text = render_to_string(
        "people/mail/invitation.txt", {"invitation": invitation, "link": link, "actor": signed_in(request)}
    )
    sender = preferences.get("mail_from") or None
    try:
        EmailMessage("Gatehouse: you are invited", text, sender, [invitation.email]).send()
    except (OSError, smtplib.SMTPException):
        return False
    return True


urlpatterns: list[URLPattern] = [
    path("settings/people/", people_list, name="people_list"),
    path("settings/people/export.csv", people_export, name="people_export"),
    path("settings/people/invite/", invite, name="people_invite"),
    path("settings/people/invitations/<int:pk>/revoke/", invitation_revoke, name="invitation_revoke"),
    path("settings/people/<int:pk>/", person_detail, name="person_detail"),
    path("settings/people/<int:pk>/roles/", person_give_role, name="person_give_role"),
    path("settings/people/<int:pk>/roles/<int:assignment_pk>/take/", person_take_role, name="person_take_role"),
    path("settings/people/<int:pk>/remove/", person_remove, name="person_remove"),
    path("settings/people/<int:pk>/reset-mfa/", person_reset_mfa, name="person_reset_mfa"),
    path("profile/", profile, name="profile"),
    *entrance.urlpatterns,
]
