"""Instances that are connected already, and read as far as wanted, for tests that begin after the wizard."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from connectors.base.tokens import Token, with_token
from connectors.catalogue import catalogue
from connectors.github import ids
from portal.instances import connecting
from portal.instances.clients import client_for, connector_of
from portal.instances.models import AppInstance, State
from portal.instances.vault import InstanceVault
from portal.inventory import store
from portal.scans.jobs import dispatch_due
from portal.scans.models import FeedState
from tests.sandbox.dropbox import ADMIN, APP_KEY, APP_SECRET
from tests.sandbox.github import CLIENT_ID, CLIENT_SECRET, CONTOSO, SERVER, SERVICE_OWNER
from tests.sandbox.github.seed_apps import APP_ID
from tests.sandbox.microsoft import seed, seed_apps
from tests.sandbox.microsoft.login import consenting
from tests.sandbox.server import Sandbox
from tests.tasks import run_tasks


def connected_github(
    sandbox: Sandbox, name: str = "Contoso", organisation: str = CONTOSO, login: str = SERVICE_OWNER, **config: str
) -> AppInstance:
    """An instance of GitHub with a token of the service owner, as after a consent, its permissions saved. `login`: what
    that owner is called; `config`: fields that may be left empty."""
    method = catalogue()["github"].methods[0]
    instance = AppInstance.objects.create(
        app_id="github",
        name=name,
        method_id=method.id,
        state=State.CONNECTED,
        config={"client_id": CLIENT_ID, "organization": organisation, **config},
        tenant_id=str(sandbox.github.organisation(organisation).id),
        tenant_name=organisation,
        connected_at=timezone.now(),
    )
    vault = InstanceVault(instance.pk)
    vault.write_fields({"client_secret": CLIENT_SECRET})
    scopes = method.wanted(instance.config)
    token = sandbox.github.state.issue_token(login, list(scopes))
    vault.write_tokens(with_token({}, "", Token(token, scopes=scopes)))
    connecting.recheck(instance)
    instance.refresh_from_db()
    return instance


def connected_github_app(sandbox: Sandbox, name: str = "Contoso by the app", **config: str) -> AppInstance:
    """The same organisation connected by the GitHub App, which sees fine-grained tokens. `config`: fields that may be
    left empty."""
    instance = AppInstance.objects.create(
        app_id="github",
        name=name,
        method_id="github_app",
        state=State.CONNECTED,
        config={"app_id": str(APP_ID), "organization": CONTOSO, **config},
        tenant_id=str(sandbox.github.organisation().id),
        tenant_name=CONTOSO,
        connected_at=timezone.now(),
    )
    InstanceVault(instance.pk).write_fields({"private_key": sandbox.github.state.apps[APP_ID].generate_key()})
    connecting.recheck(instance)
    instance.refresh_from_db()
    return instance


def connected_github_server(sandbox: Sandbox, name: str = "Contoso's server") -> AppInstance:
    """An Enterprise Server, connected with an account that runs it."""
    server = sandbox.github_at(SERVER.id)
    method = catalogue()["github"].method("oauth_app")
    config = {"client_id": CLIENT_ID, "organization": CONTOSO, "base_url": f"https://{SERVER.web_host}"}
    instance = AppInstance.objects.create(
        app_id="github",
        name=name,
        method_id=method.id,
        state=State.CONNECTED,
        config=config,
        tenant_id=ids.organisation(server.organisation().id, SERVER.web_host),
        tenant_name=CONTOSO,
        connected_at=timezone.now(),
    )
    vault, scopes = InstanceVault(instance.pk), method.wanted(config)
    vault.write_fields({"client_secret": CLIENT_SECRET})
    vault.write_tokens(with_token({}, "", Token(server.state.issue_token(SERVICE_OWNER, list(scopes)), scopes=scopes)))
    connecting.recheck(instance)
    instance.refresh_from_db()
    return instance


def connected_box(sandbox: Sandbox, name: str = "Contoso's Box") -> AppInstance:
    """Contoso's Box enterprise, connected by its primary admin."""
    box = sandbox.box.state
    method = catalogue()["box"].method("primary_admin")
    application = next(each for each in box.applications.values() if not each.is_server)
    instance = AppInstance.objects.create(
        app_id="box",
        name=name,
        method_id=method.id,
        state=State.CONNECTED,
        config={"client_id": application.client_id},
        tenant_id=box.enterprise.id,
        tenant_name=box.enterprise.name,
        connected_at=timezone.now(),
    )
    vault, grant = InstanceVault(instance.pk), box.issue_grant(application, box.primary_admin, method.scopes)
    vault.write_fields({"client_secret": application.client_secret})
    access = box.add_token(application, box.primary_admin, method.scopes, grant)
    tokens = with_token({}, "", Token(access.text, scopes=method.scopes))
    vault.write_tokens({**tokens, "refresh_token": grant.refresh_token})
    connecting.recheck(instance)
    instance.refresh_from_db()
    return instance


def connected_dropbox(sandbox: Sandbox, name: str = "Contoso's Dropbox") -> AppInstance:
    """Contoso's team, connected by its service account."""
    team = sandbox.dropbox.state
    method = catalogue()["dropbox"].method("team_admin")
    instance = AppInstance.objects.create(
        app_id="dropbox",
        name=name,
        method_id=method.id,
        state=State.CONNECTED,
        config={"client_id": APP_KEY},
        tenant_id=team.team_id,
        tenant_name=team.team_name,
        connected_at=timezone.now(),
    )
    vault, access = InstanceVault(instance.pk), team.add_token(team.issue_grant(ADMIN, method.scopes))
    vault.write_fields({"client_secret": APP_SECRET})
    tokens = with_token({}, "", Token(access.text, scopes=method.scopes))
    vault.write_tokens({**tokens, "refresh_token": access.grant.refresh_token})
    connecting.recheck(instance)
    instance.refresh_from_db()
    return instance


def connected_office365(sandbox: Sandbox, *components: str) -> AppInstance:
    """Contoso's tenant by an app with a secret, which an administrator gave all it asks for; with these components."""
    return _connected_at_microsoft(sandbox, "office365", "Contoso's Office 365", list(components), cloud="global")


def connected_azure(sandbox: Sandbox, **config: str) -> AppInstance:
    """Contoso's subscriptions by the same app. `config`: fields that may be left empty."""
    return _connected_at_microsoft(sandbox, "azure", "Contoso's Azure", [], **config)


def _connected_at_microsoft(
    sandbox: Sandbox, app_id: str, name: str, components: list[str], **config: str
) -> AppInstance:
    consenting.consent(sandbox.microsoft.state)
    instance = AppInstance.objects.create(
        app_id=app_id,
        name=name,
        method_id="client_secret",
        state=State.CONNECTED,
        config={"tenant_id": seed.TENANT_ID, "client_id": seed.CLIENT_ID, "access": "act", **config},
        components=components,
        tenant_id=seed.TENANT_ID,
        tenant_name="Contoso Ltd",
        connected_at=timezone.now(),
    )
    InstanceVault(instance.pk).write_fields({"client_secret": seed_apps.CLIENT_SECRET})
    connecting.recheck(instance)
    instance.refresh_from_db()
    return instance


def read_box_drive(instance: AppInstance, owner_id: str) -> None:
    """What one person has in Box goes into the inventory."""
    feed = connector_of(instance).feed("files")
    for page in feed.pages(client_for(instance), None, owner_id):
        with transaction.atomic():
            store.save(
                instance.pk, page.records, feed=feed.name, partition=owner_id, pass_id=1, now=timezone.now()
            )


def read_only(instance: AppInstance, *feeds: str) -> None:
    """These feeds are read, for the first time or again; the others are due tomorrow."""
    rows = FeedState.objects.filter(instance=instance)
    rows.exclude(feed__in=feeds).update(next_run_at=timezone.now() + timedelta(days=1))
    rows.filter(feed__in=feeds).update(next_run_at=timezone.now())
    dispatch_due()
    run_tasks()
