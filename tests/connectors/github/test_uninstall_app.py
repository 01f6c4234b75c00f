"""Uninstalling another GitHub App, by ours where it is installed on the enterprise as well."""

import pytest

from connectors.base import Gone, Grant, NotAvailable, OAuthApp
from connectors.github.actions.uninstalling import uninstall_app
from tests.connectors.conformance.acting import carry_out
from tests.connectors.conformance.github import JANITOR, AppBench
from tests.connectors.github.acting import changes, order, preview, refusal
from tests.sandbox.github.app import Installation
from tests.sandbox.github.seed_apps import APP_ID, ENTERPRISE

NUMBER = 55_019_226


def on_enterprise(app: AppBench) -> Installation:
    """Our own app's installation there."""
    held = app.github.state.enterprises[ENTERPRISE].installations.values()
    return next(each for each in held if each.app.id == APP_ID)


def closed(app: AppBench) -> str:
    """Why the check says that it is not offered, '' where it is."""
    return app.connector.check(app.client()).unavailable.get("uninstall_app", "")


def test_an_app_is_uninstalled_with_the_token_of_the_enterprise(app: AppBench) -> None:
    done = carry_out(uninstall_app, order(app, uninstall_app, JANITOR, Grant), app.client())
    path = f"/enterprises/contoso/apps/organizations/contoso-dev/installations/{NUMBER}"
    assert changes(app) == [("DELETE", path)]
    issued = app.github.state.installation_tokens[app.sandbox.requests[-1].headers["authorization"].partition(" ")[2]]
    assert issued.installation is on_enterprise(app)
    assert NUMBER not in app.organisation.installations
    gone = [Gone(Grant, JANITOR), Gone(OAuthApp, "512660")]
    assert list(uninstall_app.read_back(app.client(), done)) == gone


def test_once_more_changes_nothing(app: AppBench) -> None:
    asked = order(app, uninstall_app, JANITOR, Grant)
    carry_out(uninstall_app, asked, app.client())
    before = app.state()
    again = carry_out(uninstall_app, asked, app.client())
    assert again.results["uninstall_app"] == {"was_there": False}
    assert app.state() == before


def test_our_own_app_and_one_that_is_gone_are_refused(app: AppBench) -> None:
    ours = next(each for each in app.organisation.installations.values() if each.app.id == APP_ID)
    assert "Disconnect" in refusal(app, uninstall_app, order(app, uninstall_app, f"installation:{ours.id}", Grant))
    asked = order(app, uninstall_app, JANITOR, Grant)
    assert refusal(app, uninstall_app, asked) == ""
    del app.organisation.installations[NUMBER]
    assert "not installed" in refusal(app, uninstall_app, asked)


def test_the_preview_says_what_ends_and_what_stays(app: AppBench) -> None:
    said = preview(app, uninstall_app, order(app, uninstall_app, JANITOR, Grant))
    assert "repo-janitor no longer reaches the organisation and all repositories" in said
    assert "made there stays" in said
    assert not uninstall_app.is_reversible


def test_it_is_offered_where_the_app_may(app: AppBench) -> None:
    assert closed(app) == ""
    on_enterprise(app).permissions["enterprise_organization_installations"] = "read"
    assert "Enterprise organization installations" in closed(app)


def test_it_is_not_offered_where_the_app_is_not_on_the_enterprise(app: AppBench) -> None:
    asked = order(app, uninstall_app, JANITOR, Grant)
    app.github.state.uninstall(on_enterprise(app))
    assert "installed on the enterprise" in closed(app)
    with pytest.raises(NotAvailable, match="not installed on the enterprise"):
        carry_out(uninstall_app, asked, app.client())
    del app.config["enterprise"]
    assert "installed on the enterprise" in closed(app)


def test_it_is_for_installations() -> None:
    assert uninstall_app.applies
    assert uninstall_app.applies({"id": JANITOR})
    assert not uninstall_app.applies({"id": "something"})
