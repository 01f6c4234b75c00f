"""Certificates that the portal made for a connection: their download for the vendor's side, and their renewal."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path
from django.views.decorators.http import require_GET, require_POST

from connectors.base import ConnectorError
from connectors.base.certificates import PublicPart
from portal.instances import key_pairs, service
from portal.instances.models import AppInstance
from portal.instances.problems import ConnectProblem, Problem
from portal.people.recent import recent_sign_in_required
from portal.web import problems
from portal.web.access import instance_or_404, signed_in

FORMS = {"cer": "application/pkix-cert", "pem": "application/x-pem-file"}


@require_GET
def download(request: HttpRequest, pk: int, name: str, which: str, form: str) -> HttpResponse:
    """The public part, as DER (.cer) or PEM. `which`: `current`, or `next` for the one that waits to be uploaded."""
    instance = instance_or_404(request, pk)
    service.require_connect(signed_in(request), instance)
    if form not in FORMS:
        raise Http404
    part = _part(instance, name, which)
    content = part.der if form == "cer" else part.pem.encode()
    answer = HttpResponse(content, content_type=FORMS[form])
    answer["Content-Disposition"] = f'attachment; filename="gatehouse-{instance.app_id}-{part.thumbprint[:8]}.{form}"'
    return answer


@require_POST
@recent_sign_in_required
def renew(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """A new certificate beside the one in use."""
    instance = _own(request, pk, name)
    try:
        key_pairs.renew(signed_in(request), instance, name)
        messages.success(request, "A new certificate is made. Upload it, then choose It is uploaded.")
    except Problem as problem:
        messages.error(request, problem.sentence)
    return redirect("instance_detail", pk)


@require_POST
@recent_sign_in_required
def put_to_use(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """The new certificate is tried, and takes the place of the old one."""
    instance = _own(request, pk, name)
    try:
        key_pairs.put_to_use(signed_in(request), instance, name)
        messages.success(request, "The new certificate is in use. The old one may be removed at the vendor.")
    except ConnectProblem as problem:
        told = problems.for_a_person(problem, "It is uploaded")
        why = f"{told.message} {told.why} {told.remedy}"
        messages.error(request, f"The new certificate does not work yet, so the old one stays in use: {why}")
    except Problem as problem:
        messages.error(request, problem.sentence)
    return redirect("instance_detail", pk)


def _own(request: HttpRequest, pk: int, name: str) -> AppInstance:
    instance = instance_or_404(request, pk)
    service.require_connect(signed_in(request), instance)
    try:
        key_pairs.field_of(instance, name)
    except KeyError:
        raise Http404 from None
    return instance


def _part(instance: AppInstance, name: str, which: str) -> PublicPart:
    try:
        pair = key_pairs.pairs(instance).get(name)
    except ConnectorError:
        pair = None  # what cannot be read cannot be shown; the instance's page says why
    part = {"current": pair.in_use, "next": pair.next}.get(which) if pair else None
    if part is None:
        raise Http404
    return part


urlpatterns: list[URLPattern] = [
    path(
        "settings/connected-apps/<int:pk>/certificate/<slug:name>/<slug:which>.<slug:form>", download,
        name="certificate_download",
    ),
    path("settings/connected-apps/<int:pk>/certificate/<slug:name>/renew/", renew, name="certificate_renew"),
    path("settings/connected-apps/<int:pk>/certificate/<slug:name>/use/", put_to_use, name="certificate_use"),
]
