"""GitHub's benches: contoso-dev, connected by the OAuth App with a service account that is an owner, and by the GitHub
App.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import ClassVar

from connectors.base import Account, Collaborator, Credential, Feed, File, Grant, MemorySecrets
from connectors.base.secret_store import SecretDocument
from connectors.github.app_sign_in import AS_ENTERPRISE
from tests.connectors.conformance import bench, github_recorded
from tests.connectors.conformance.bench import Trial
from tests.connectors.corpus import Recording, Refused
from tests.sandbox.exchange import Answer, Json
from tests.sandbox.github import CLIENT_ID, CLIENT_SECRET, CONTOSO, SERVER, SERVICE_OWNER, GitHub, managed_users
from tests.sandbox.github.app import Installation
from tests.sandbox.github.enterprise import Enterprise, EnterpriseTeam, ExternalGroup
from tests.sandbox.github.files import File as GitFile
from tests.sandbox.github.hook import Hook
from tests.sandbox.github.organisation import Organisation
from tests.sandbox.github.people import Invitation, Role, Team, User
from tests.sandbox.github.refusal import Refusal
from tests.sandbox.github.repository import Repository
from tests.sandbox.github.seed_apps import APP_ID, ENTERPRISE
from tests.sandbox.github.site import CLOUD
from tests.sandbox.simulator import Simulator

MEMBER, OWNER, OUTSIDE = "102334871", "11203114", "52871209"  # asingh, dokafor, fab-lena
ROLE_HOLDER = "90114072"  # mhartmann
SUSPENDED = "118290447"  # mkowalczyk, on the server
DOCS, PORTAL = "301445118", "2230118440"  # docs, partner-portal
AUTHORIZATION, WEBHOOK = "authorization:161195002", "webhook:301446815:502200118"  # asingh's, in billing-api
JANITOR = "installation:55019226"  # repo-janitor
BLOCKED = "2488000117"  # crypto-faucet-9000
INVITATION, INVITATION_BY_MAIL = "invitation:58110204", "invitation:58110377"  # tbaker, an address


SHARED_WITH_OUTSIDE = {"docs": "read", "partner-portal": "write"}
SHARED = ("docs", "partner-portal", "billing-api")
"""Repositories with people from outside, teams, an invitation, keys and a webhook; trials have theirs among them."""


def tokens(value: str, granted: Sequence[str]) -> SecretDocument:
    """The tokens document after consent."""
    token = {"value": value, "renew_at": None, "scopes": list(granted), "kind": "Bearer", "proof_key": ""}
    return {"access": {"": token}}


def _standing(repository: Repository) -> Json:
    """What actions change in a repository, without the numbers that GitHub gives to what is made anew."""
    return {
        "visibility": repository.visibility,
        "archived": repository.is_archived,
        "people": dict(repository.collaborators),
        "teams": dict(repository.teams),
        "invitations": sorted((each.invitee.login, each.role) for each in repository.invitations.values()),
        "hooks": {number: hook.is_active for number, hook in repository.hooks.items()},
        "files": {path: file.sha for path, file in _head(repository).items()},
        "keys": sorted((each.title, each.key, each.read_only) for each in repository.keys.values()),
    }


def _head(repository: Repository) -> dict[str, GitFile]:
    """The files of the default branch."""
    newest = repository.history.branches.get(repository.default_branch)
    return newest.files if newest else {}


class Bench(bench.Bench):
    connector_id = "github"
    method_id = "oauth_app"
    site = CLOUD
    descriptions = ("ghec.json",)
    unavailable = frozenset(
        {
            "enterprise_administrators", "enterprise_roles", "enterprise_teams", "external_groups",
            "fine_grained_tokens", "repository_activity", "token_requests", "revoke_fine_grained_token",
            "deny_token_request", "suspend_account", "unsuspend_account", "uninstall_app",
        }
    )  # fmt: skip
    trials: ClassVar[tuple[Trial, ...]] = (
        Trial("remove_account", Account, MEMBER),
        Trial("remove_account", Account, OWNER, is_struck=False),
        Trial("remove_account", Account, OUTSIDE, is_undone=False),
        Trial("deprovision_account", Account, MEMBER),
        Trial("cancel_invitation", Account, INVITATION),
        Trial("cancel_invitation", Account, INVITATION_BY_MAIL, is_struck=False),
        Trial("convert_to_outside", Account, MEMBER),
        Trial("demote_owner", Account, OWNER),
        Trial("remove_organisation_roles", Account, ROLE_HOLDER),
        Trial("remove_from_teams", Account, MEMBER),
        Trial("require_sign_in", Account, MEMBER, is_undone=False),
        Trial("block_account", Account, OUTSIDE),
        Trial("unblock_account", Account, BLOCKED),
        Trial("quarantine_repository", File, PORTAL),
        Trial("quarantine_repository", File, DOCS, is_struck=False),
        Trial("make_private", File, DOCS),
        Trial("remove_external_collaborators", File, PORTAL),
        Trial("remove_collaborator", Collaborator, f"{PORTAL}/{OUTSIDE}"),
        Trial("remove_collaborator", Collaborator, f"{DOCS}/team:9001002", is_struck=False),
        Trial("remove_collaborator", Collaborator, f"{PORTAL}/key:2171004992", is_struck=False),
        Trial("archive_repository", File, DOCS),
        Trial("overwrite_file", File, f"{DOCS}:src/main.txt"),
        Trial("trash_file", File, f"{DOCS}:README.md"),
        Trial("revoke_credential", Credential, AUTHORIZATION, is_undone=False),
        Trial("delete_deploy_key", Credential, f"deploy_key:{PORTAL}:2171004992"),
        Trial("stop_webhook", Credential, WEBHOOK),
        Trial("delete_webhook", Credential, WEBHOOK, is_undone=False),
    )

    @property
    def github(self) -> GitHub:
        return self.sandbox.github_at(self.site.id)

    @property
    def simulator(self) -> Simulator:
        return self.github

    @property
    def organisation(self) -> Organisation:
        return self.github.organisation()

    def connect(self) -> tuple[dict[str, str], MemorySecrets]:
        asked = list(self.connector.method(self.method_id).scopes)
        value = self.github.state.issue_token(SERVICE_OWNER, asked)
        self.github.state.revocation_delay = 0
        config = {"client_id": CLIENT_ID, "organization": CONTOSO}
        return config, MemorySecrets({"client_secret": CLIENT_SECRET}, tokens(value, asked))

    def forbidden(self) -> Answer:
        return Refusal(403, "You must be an admin to do this.").answer()

    def grow(self) -> None:
        """Pages of four rows, so that the seed fills several, and some more of what it has less."""
        state = self.github.state
        state.largest_page = 4
        state.grow(members=20, events=10)
        people = list(self.organisation.members)
        self._keep_out(people[-9:])
        for number in range(8):
            team = Team(70_000_000 + number, f"Team {number}", f"team-{number}")
            team.members = dict.fromkeys(people[: 13 if number == 0 else 1], "member")
            self.organisation.teams[team.id] = team
        for number in range(9):
            self.organisation.hooks[number] = self._shown_hook(number)
            for held in (self.organisation.token_grants, self.organisation.token_requests):
                held[number] = replace(next(iter(held.values())), id=number)

    def _keep_out(self, people: Sequence[int]) -> None:
        """Members that leave and are blocked, and as many invitations that failed."""
        held = self.organisation
        for number in people:
            del held.members[number]
            held.blocks[number] = None
            held.failed_invitations[number] = Invitation(
                number, None, f"late{number}@contoso.example", "direct_member", 1_700_000_000.0, held.users[number],
                failed_at=1_700_604_800.0, failed_reason="Invitation expired.",
            )  # fmt: skip

    def shorten(self) -> None:
        """The repositories that somebody can reach in each of the ways there are."""
        repositories = self.organisation.repositories
        kept = {found.id for name in SHARED if (found := self.organisation.repository(name))}
        for number in repositories.keys() - kept:
            del repositories[number]

    def plant(self, text: str) -> None:
        held = self.organisation
        for user_id in (*held.members, *held.outside_collaborators, *held.blocks):
            user = self.organisation.users[user_id]
            user.name = user.email = user.bio = user.company = text
        for team in self.organisation.teams.values():
            team.name = team.description = text
        for identity in held.identities:
            identity.given_name, identity.family_name = text, ""
        for invitation in (*held.invitations.values(), *held.failed_invitations.values()):
            invitation.email = invitation.failed_reason = text
        first, *_ = self.organisation.repositories.values()
        first.name = text
        for repository in self.organisation.repositories.values():
            for key in repository.keys.values():
                key.title = text
        self._plant_apps(text)
        self.organisation.roles[70_000] = Role(70_000, text, text, None, "Organization", users={int(MEMBER)})
        members = ("actor", "user", "repo", "team", "name", "user_agent", "actor_ip", "external_identity_nameid")
        details: dict[str, Json] = dict.fromkeys(members, text)
        self.organisation.audit.record(text, data={text: [text]}, **details)

    def _plant_apps(self, text: str) -> None:
        held = self.organisation
        for installation in held.installations.values():
            installation.app.bot.name = text
        for authorisation in held.authorisations.values():
            authorisation.title = authorisation.note = text
        for token in (*held.token_grants.values(), *held.token_requests.values()):
            token.name = text
        held.hooks[1] = replace(self._shown_hook(1), events=[text])
        for repository in held.repositories.values():
            repository.hooks = {number: replace(each, events=[text]) for number, each in repository.hooks.items()}

    def _shown_hook(self, number: int) -> Hook:
        """A webhook of the organisation. An OAuth App is shown those alone that it made."""
        maker = CLIENT_ID if self.method_id == "oauth_app" else None
        return Hook(number, "https://hooks.contoso.example/x?token=hidden", ["push"], client_id=maker)

    def state(self) -> Json:
        """Who is in it, in what role and teams. Who shows a membership in public is left out: that is theirs to say."""
        held = self.organisation
        return {
            "suspended": [number for number in held.members if held.users[number].suspended_at is not None],
            "members": {number: (each.role, each.is_direct) for number, each in held.members.items()},
            "outside": sorted(held.outside_collaborators),
            "invitations": sorted((str(each.login), str(each.email), each.role) for each in held.invitations.values()),
            "teams": {number: (dict(team.members), dict(team.pending)) for number, team in held.teams.items()},
            "roles": {number: (sorted(role.users), sorted(role.teams)) for number, role in held.roles.items()},
            "blocks": list(held.blocks),
            "authorisations": [number for number, each in held.authorisations.items() if each.revoked_at is None],
            "installations": list(held.installations),
            "tokens": (list(held.token_grants), list(held.token_requests)),
            "repositories": {number: _standing(each) for number, each in held.repositories.items()},
        }

    def recordings(self, folder: Path) -> Iterable[Recording]:
        return github_recorded.recordings(folder)

    def refusals(self, folder: Path) -> Iterable[Refused]:
        return github_recorded.refusals(folder)

    def settle(self, trial: Trial) -> None:
        """Who was invited again accepts; who was blocked is given repositories again."""
        if trial.action in ("remove_account", "deprovision_account", "convert_to_outside"):
            self.organisation.accept_invitation(self.organisation.users[int(trial.target_id)])
        if trial.action == "convert_to_outside":
            self._take_out_by_name(int(trial.target_id))
        if trial.action == "block_account":
            self.organisation.outside_collaborators.add(int(trial.target_id))
            for name, role in SHARED_WITH_OUTSIDE.items():
                self._repository(name).collaborators[int(trial.target_id)] = role
        if trial.target in (File, Collaborator):
            self._accept_repositories(self.organisation.users[int(OUTSIDE)])

    def _repository(self, name: str) -> Repository:
        found = self.organisation.repository(name)
        assert found is not None
        return found

    def _take_out_by_name(self, number: int) -> None:
        """What the conversion had made of access through teams, and what nobody needs any more."""
        for repository in self.organisation.repositories.values():
            repository.collaborators.pop(number, None)

    def _accept_repositories(self, person: User) -> None:
        for repository in self.organisation.repositories.values():
            if repository.invitation_of(person):
                repository.accept_invitation(person)


class AppBench(Bench):
    """The same, by the GitHub App, which sees fine-grained tokens as well, and is installed on the enterprise, too."""

    method_id = "github_app"
    like = Bench
    unavailable = frozenset(
        {
            "enterprise_administrators", "enterprise_roles", "enterprise_teams", "external_groups",
            "repository_activity", "suspend_account", "unsuspend_account",
        }
    )  # fmt: skip
    trials = (
        Trial("uninstall_app", Grant, JANITOR, is_undone=False),
        Trial("deprovision_account", Account, MEMBER, is_struck=False),
        Trial("overwrite_file", File, f"{DOCS}:src/main.txt", is_struck=False),
        Trial("trash_file", File, f"{DOCS}:README.md", is_struck=False),
        Trial("revoke_fine_grained_token", Credential, "fine_grained_token:25702", is_undone=False),
        Trial("deny_token_request", Credential, "token_request:31004", is_undone=False),
    )

    def connect(self) -> tuple[dict[str, str], MemorySecrets]:
        key = self.github.state.apps[APP_ID].generate_key()
        self._install_on_enterprise()
        config = {"app_id": str(APP_ID), "organization": CONTOSO, "enterprise": ENTERPRISE}
        return config, MemorySecrets({"private_key": key})

    def take_permission(self, name: str) -> None:
        """The organisation takes it from the app, whose tokens end with that."""
        held = self.organisation.installations.values()
        del next(each for each in held if each.app.id == APP_ID).permissions[name]
        self.github.state.installation_tokens.clear()
        self.secrets.write_tokens({"access": {}})

    def _install_on_enterprise(self) -> None:
        """The same app, with the permission to uninstall others."""
        enterprise = self.github.state.enterprises[ENTERPRISE]
        granted = {"enterprise_organization_installations": "write"}
        made = Installation(62_118_005, self.github.state.apps[APP_ID], None, granted, enterprise)
        enterprise.installations[made.id] = made

    def sign_in(self) -> None:
        self.client().get("/rate_limit")
        self.client().for_audience(AS_ENTERPRISE).get("/rate_limit")

    def forbidden(self) -> Answer:
        return Refusal(403, "Resource not accessible by integration").answer()


class ServerBench(Bench):
    """An Enterprise Server, connected by an OAuth App with an account that runs it; one of its people is suspended."""

    site = SERVER
    like = Bench
    descriptions = ("ghes-3.19.json",)
    unavailable = Bench.unavailable - {"suspend_account", "unsuspend_account"} | {
        "blocked_people", "block_account", "unblock_account", "cancel_invitation", "authorised_credentials",
        "require_sign_in", "revoke_credential", "deprovision_account", "unclaimed_identities",
    }  # fmt: skip
    trials = (
        Trial("suspend_account", Account, MEMBER),
        Trial("unsuspend_account", Account, SUSPENDED),
        Trial("remove_account", Account, MEMBER, is_struck=False),
    )

    def connect(self) -> tuple[dict[str, str], MemorySecrets]:
        config = {"client_id": CLIENT_ID, "organization": CONTOSO, "base_url": f"https://{self.site.web_host}"}
        asked = list(self.connector.method(self.method_id).wanted(config))
        value = self.github.state.issue_token(SERVICE_OWNER, asked)
        return config, MemorySecrets({"client_secret": CLIENT_SECRET}, tokens(value, asked))

    def recordings(self, folder: Path) -> Iterable[Recording]:
        """A server lists no invitations."""
        for each in (found for found in super().recordings(folder) if "invitations" not in found.name):
            yield replace(each, said=tuple(replace(said, path=f"(/api(/v3)?)?{said.path}") for said in each.said))


class ManagedBench(Bench):
    """An enterprise manages the users, and its slug is filled in: what is read there alone."""

    like = Bench
    unavailable = frozenset(
        {
            "authorised_credentials", "cancel_invitation", "deny_token_request", "deprovision_account",
            "fine_grained_tokens", "repository_activity", "require_sign_in", "revoke_credential",
            "revoke_fine_grained_token", "suspend_account", "token_requests", "unclaimed_identities", "uninstall_app",
            "unsuspend_account",
        }
    )  # fmt: skip
    trials = ()

    @property
    def feeds(self) -> tuple[Feed, ...]:
        return self.struck_feeds

    @property
    def struck_feeds(self) -> tuple[Feed, ...]:
        """The others are read in the same way as on the other bench."""
        return tuple(feed for feed in super().feeds if feed.name in Bench.unavailable)

    @property
    def enterprise(self) -> Enterprise:
        return self.github.state.enterprises[ENTERPRISE]

    def connect(self) -> tuple[dict[str, str], MemorySecrets]:
        config = {"client_id": CLIENT_ID, "organization": CONTOSO, "enterprise": ENTERPRISE}
        managed_users.begin(self.github.state, self.enterprise)
        asked = list(self.connector.method(self.method_id).wanted(config))
        value = self.github.state.issue_token(f"{SERVICE_OWNER}_{managed_users.SHORT_CODE}", asked)
        return config, MemorySecrets({"client_secret": CLIENT_SECRET}, tokens(value, asked))

    def grow(self) -> None:
        super().grow()
        people = list(self.organisation.members)
        self.enterprise.billing_managers.update(people[:9])
        for number in range(6):
            self.enterprise.groups[number] = ExternalGroup(number, f"Group {number}", people[:9], [], 1_700_000_000.0)
            self.enterprise.teams[number] = EnterpriseTeam(number, f"Team {number}", f"ent:team-{number}", people[:9])
        self.enterprise.roles[9_001].users.update(people[:9])

    def plant(self, text: str) -> None:
        super().plant(text)
        for number in self.enterprise.administrators:
            self.organisation.users[number].name = text
        for group in self.enterprise.groups.values():
            group.name = text
        for team in self.enterprise.teams.values():
            team.name = text
        for role in self.enterprise.roles.values():
            role.name = text


BENCHES = (Bench, AppBench, ServerBench, ManagedBench)
