"""The pages of inventory rows. Rows without a page of their own are shown on another row's."""

from collections.abc import Mapping

from django.db.models import Model
from django.urls import reverse

from portal.inventory import models

PAGES: Mapping[type[Model], str] = {
    models.Account: "account_detail",
    models.Group: "group_detail",
    models.File: "file_detail",
    models.OAuthApp: "oauth_app_detail",
    models.Credential: "credential_detail",
}


def page_of(row: models.InventoryRow) -> str:
    """A collaborator is shown with its file, a grant with its app; where that is unknown, the list."""
    if isinstance(row, models.Collaborator):
        return _page(models.File, row.instance_id, row.file_id, "file_list")
    if isinstance(row, models.Grant):
        return _page(models.OAuthApp, row.instance_id, row.app_id, "oauth_app_list")
    return reverse(PAGES[type(row)], args=[row.pk])


def _page(model: type[models.InventoryRow], instance_id: int, vendor_id: str, fallback: str) -> str:
    rows = model._default_manager.filter(instance_id=instance_id, vendor_id=vendor_id)
    pk = rows.values_list("pk", flat=True).first()
    return reverse(PAGES[model], args=[pk]) if pk else reverse(fallback)
