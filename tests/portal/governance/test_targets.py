"""What targets are called in the confirmation and the log."""

import pytest

from portal.governance.targets import name_of
from tests.portal.web import inventory_rows as rows

pytestmark = pytest.mark.django_db


def test_a_grant_is_called_by_its_app_and_by_who_gave_it() -> None:
    contoso = rows.instance()
    app = rows.oauth_app(contoso, "repo-janitor")
    ada = rows.account(contoso, "Ada")
    of_all, of_ada = rows.grant(contoso, app), rows.grant(contoso, app, ada)
    assert name_of(of_all) == "repo-janitor"
    assert name_of(of_ada) == "repo-janitor, Ada"
    app.delete()
    assert name_of(of_all) == app.vendor_id
    assert name_of(ada) == "Ada"
