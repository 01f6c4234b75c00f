"""All addresses. Each module of portal.web lists its own; this joins them."""

from django.urls import URLPattern, URLResolver, include, path

from portal.people.admin_site import support_site
from portal.web import (
    accounts,
    activities,
    audit,
    batches,
    capability_matrix,
    connected_apps,
    consent,
    credentials,
    deleting,
    errors,
    exposure_chart,
    files,
    governance,
    groups,
    health,
    help_pages,
    home,
    instance_quarantine,
    instances,
    key_pairs,
    matching,
    metrics,
    oauth_apps,
    people,
    quarantine,
    scans,
    second_factor,
    selection,
    settings_pages,
    shell,
    suggestions,
    webhooks,
    wizard,
    wizard_components,
)

MODULES = (
    home,
    health,
    help_pages,
    metrics,
    shell,
    accounts,
    groups,
    files,
    exposure_chart,
    oauth_apps,
    credentials,
    activities,
    governance,
    quarantine,
    deleting,
    batches,
    selection,
    matching,
    settings_pages,
    connected_apps,
    capability_matrix,
    wizard,
    wizard_components,
    consent,
    instances,
    instance_quarantine,
    key_pairs,
    suggestions,
    people,
    second_factor,
    audit,
    scans,
    webhooks,
)

urlpatterns: list[URLPattern | URLResolver] = [
    *(pattern for module in MODULES for pattern in module.urlpatterns),
    path("auth/", include("allauth.urls")),
    path("support/", support_site.urls),
]

handler400 = errors.bad_request
handler403 = errors.permission_denied
handler404 = errors.page_not_found
handler500 = errors.server_error
