"""What has happened in contoso-dev before the story begins: three weeks of work and every awkward event of the log."""

import random
from collections.abc import Callable

from tests.sandbox.exchange import Json
from tests.sandbox.github.audit import AuditLog
from tests.sandbox.github.organisation import Organisation
from tests.sandbox.github.people import Actor, User
from tests.sandbox.github.state import State

DAY = 86_400
HOUR = 3_600
REPOSITORIES = ("storefront", "billing-api", "infra-live", "ml-pipelines", "docs", "mobile-app", "🚀-launchpad")
BROWSER = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36"

WITHOUT_ID: dict[str, Json] = {"_document_id": None}
WITHOUT_TIME: dict[str, Json] = {"@timestamp": None}


def plant(state: State, organisation: Organisation) -> None:
    chance = random.Random(7)
    now = state.clock.now()
    people = [state.users[user_id] for user_id in organisation.members]
    _ordinary_days(organisation, people, now, chance)
    _notable(state, organisation, now)
    _awkward(state, organisation.audit, now)


def _members(user: User) -> dict[str, Json]:
    return Actor(user, user.address, BROWSER).members()


def _ordinary_days(organisation: Organisation, people: list[User], now: float, chance: random.Random) -> None:
    for day in range(21, 0, -1):
        for user in chance.sample(people, 6):
            start = now - day * DAY + chance.uniform(0, 9) * HOUR
            _sign_on(organisation, user, start)
            for _ in range(chance.randint(1, 3)):
                chance.choice(WORK)(organisation, user, start + chance.uniform(60, 6 * HOUR), chance)


def _sign_on(organisation: Organisation, user: User, at: float) -> None:
    organisation.audit.record(
        "org.sso_response",
        at=at,
        **_members(user),
        user=user.login,
        user_id=user.id,
        operation_type="authentication",
        external_identity_nameid=user.work_email,
        external_identity_username=user.work_email,
    )


def _git(organisation: Organisation, user: User, at: float, chance: random.Random) -> None:
    organisation.audit.record(
        chance.choice(("git.clone", "git.fetch", "git.push")),
        at=at,
        **_members(user) | {"user_agent": "git/2.47.0"},
        user_id=user.id,
        repo=f"{organisation.login}/{(repository := chance.choice(REPOSITORIES))}",
        repository=f"{organisation.login}/{repository}",
        repository_public=repository == "docs",
        transport_protocol=2,
        transport_protocol_name="ssh",
        created_at=None,
    )


def _pull_request(organisation: Organisation, user: User, at: float, chance: random.Random) -> None:
    number = chance.randint(100, 4_000)
    repository = f"{organisation.login}/{chance.choice(REPOSITORIES)}"
    organisation.audit.record(
        chance.choice(("pull_request.create", "pull_request.merge", "pull_request_review.submit")),
        at=at,
        **_members(user),
        user=user.login,
        user_id=user.id,
        repo=repository,
        operation_type="create",
        pull_request_title=f"Résumé des changements n° {number} ✅",
        pull_request_url=f"https://github.com/{repository}/pull/{number}",
        public_repo=False,
    )


def _repository(organisation: Organisation, user: User, at: float, chance: random.Random) -> None:
    organisation.audit.record(
        "repo.create",
        at=at,
        **_members(user),
        repo=f"{organisation.login}/experiment-{chance.randint(100, 999)}",
        visibility="private",
        public_repo=False,
        operation_type="create",
    )


WORK: tuple[Callable[[Organisation, User, float, random.Random], None], ...] = (_git, _git, _pull_request, _repository)


def _notable(state: State, organisation: Organisation, now: float) -> None:
    """What an analyst would look for, oldest first: action, days ago, who, details."""
    log, org = organisation.audit, organisation.login
    story: tuple[tuple[str, float, str, dict[str, Json]], ...] = (
        ("org.enable_saml", 150.0, "dokafor", {"operation_type": "modify"}),
        ("org.enable_oauth_app_restrictions", 149.0, "dokafor", {"operation_type": "modify"}),
        ("integration_installation.create", 60.0, "dokafor", {"name": "Dependency Watch", "operation_type": "create"}),
        ("hook.create", 33.0, "asingh", {"hook_id": 501_113_202, "active": True, "config": [{"url": "redacted"}]}),
        ("org.block_user", 30.0, "dokafor", {"blocked_user": "crypto-faucet-9000", "operation_type": "create"}),
        (
            "repo.access",
            12.5,
            "obrien-c",
            {"repo": f"{org}/ml-pipelines", "visibility": "public", "previous_visibility": "private"},
        ),
        (
            "repo.access",
            12.4,
            "dokafor",
            {"repo": f"{org}/ml-pipelines", "visibility": "private", "previous_visibility": "public"},
        ),
        (
            "protected_branch.destroy",
            9.1,
            "zoe-builds",
            {"repo": f"{org}/storefront", "name": "main", "operation_type": "remove"},
        ),
        (
            "protected_branch.policy_override",
            9.0,
            "zoe-builds",
            {"repo": f"{org}/storefront", "operation_type": "modify"},
        ),
        (
            "repo.add_member",
            6.0,
            "jmueller",
            {"repo": f"{org}/billing-api", "user": "priya-freelance", "operation_type": "create"},
        ),
        ("team.add_repository", 6.0, "jmueller", {"repo": f"{org}/billing-api", "team": f"{org}/engineering"}),
        ("org.remove_member", 5.0, "dokafor", {"user": "tvolkov", "user_id": 88_310_655, "operation_type": "remove"}),
        (
            "repo.destroy",
            4.2,
            "asingh",
            {"repo": f"{org}/old-website", "visibility": "private", "operation_type": "remove"},
        ),
        ("protected_branch.rejected_ref_update", 3.0, "yhaddad", {"repo": f"{org}/storefront", "name": "main"}),
        ("org.invite_member", 2.0, "dokafor", {"user": "tbaker", "user_id": 120_553_761, "operation_type": "create"}),
        ("personal_access_token.access_granted", 1.5, "dokafor", {"user": "nguyenta", "operation_type": "create"}),
        (
            "org.update_member",
            1.2,
            "dokafor",
            {"user": "contoso-security-svc", "permission": "admin", "old_permission": "read"},
        ),
        ("secret_scanning_alert.create", 0.8, "github-actions[bot]", {"repo": f"{org}/infra-live", "number": 17}),
        ("ip_allow_list.disable", 0.4, "dokafor", {"operation_type": "modify"}),
    )
    for action, days, login, details in story:
        log.record(action, at=now - days * DAY, **_members(state.person(login)), **details)


def _awkward(state: State, log: AuditLog, now: float) -> None:
    """Each shape that breaks a careless reader."""
    user = state.person("asingh")
    repository = f"{log.identity['org']}/docs"
    log.record(
        "git.clone",
        at=now - 2 * DAY,
        user_id=0,
        repo=repository,
        repository_public=True,
        transport_protocol_name="http",
    )
    log.record("org.remove_member", at=now - 5.9 * DAY, actor="ghost", user="somebody-gone", operation_type="remove")
    log.record("issues.transferred", at=now - 5.5 * DAY, repo=repository, **WITHOUT_ID, **_members(user))
    log.record("repo.archived", at=now - 5.4 * DAY, repo=repository, **WITHOUT_TIME, **_members(user))
    log.record("repo.unarchived", at=now - 5.3 * DAY, repo=repository, created_at=None, **_members(user))
    log.record("pull_request.close", at=now - 5.2 * DAY, repo=repository, org=None, org_id=None, **_members(user))
    log.record(
        "workflows.completed_workflow_run",
        at=now - 5.1 * DAY,
        repo=repository,
        name="nightly ☔",
        conclusion="failure",
        **_members(state.person("github-actions[bot]")),
    )
    log.record(
        "team.change_privacy",
        at=now - 4.8 * DAY,
        data={"team": {"name": "Incident Response"}, "privacy": "secret"},
        **_members(user),
    )
    log.record(
        "issue_comment.update",
        at=now - 4.7 * DAY,
        name="‮<script>alert(1)</script> 🎉",
        repo=repository,
        **_members(user),
    )
    nowhere = _members(user) | {"actor_ip": None, "actor_location": None}
    log.record("repo.rename", at=now - 4.6 * DAY, repo=repository, old_name="documentation", **nowhere)
    twice = log.record("repo.pages_public", at=now - 4.5 * DAY, repo=repository, **_members(user))
    log.repeat(twice, displaced_ms=30_000)
    log.record("repo.pages_private", at=now - 4.4 * DAY, displaced_ms=45_000, repo=repository, **_members(user))
    log.record("repo.pages_cname", at=now - 4.4 * DAY + 20, displaced_ms=-15_000, repo=repository, **_members(user))
    log.record("org.oauth_app_access_denied", at=now - 120, late=300, **_members(user))
