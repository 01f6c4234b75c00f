"""The ids of records that GitHub gives no single number, or none that is unique among its kind.

Numbers are GitHub's own, which survive renaming.
"""

from connectors.github.products import WEB

INVITATION = "invitation:"
"""Begins the id of an account, or of a collaborator's sharing, that is only an invitation."""
IDENTITY = "identity:"
"""Begins the id of an account that is only known to the identity provider."""
ORGANISATION = "organisation"
"""In the place of a repository's id, where a webhook is the organisation's."""

Number = int | str


def organisation(organisation_id: Number, web_host: str) -> str:
    """A Tenant. Each server counts its organisations from one, so away from github.com its host is part of the id."""
    return str(organisation_id) if web_host == WEB else f"{web_host}:{organisation_id}"


def repository(repository_id: Number) -> str:
    """A File: the repository."""
    return str(repository_id)


def tree_file(repository_id: Number, path: str) -> str:
    """A File in a repository's tree, by its path in the default branch."""
    return f"{repository_id}:{path}"


def tree_parts(file_id: str) -> tuple[str, str]:
    """The repository's id and the path; '' as path for the repository itself."""
    repository_id, _, path = file_id.partition(":")
    return repository_id, path


def invited(invitation_id: Number) -> str:
    """An Account, or `vendor_id` of a Collaborator, that has not accepted yet."""
    return f"{INVITATION}{invitation_id}"


def unclaimed(guid: str) -> str:
    """An Account that the identity provider has and nobody at GitHub has claimed."""
    return f"{IDENTITY}{guid}"


def team_share(team_id: Number) -> str:
    """`vendor_id` of a Collaborator that is a team."""
    return f"team:{team_id}"


def key_share(key_id: Number) -> str:
    """`vendor_id` of a Collaborator that is whoever holds a deploy key."""
    return f"key:{key_id}"


def deploy_key(repository_id: Number, key_id: Number) -> str:
    """A Credential."""
    return f"deploy_key:{repository_id}:{key_id}"


def webhook(repository_id: Number, hook_id: Number) -> str:
    """A Credential: it sends by itself. `repository_id`: ORGANISATION for a hook of the organisation."""
    return f"webhook:{repository_id}:{hook_id}"


def authorization(credential_id: Number) -> str:
    """A Credential authorised for single sign-on: a classic token, a key or an app's token of a member."""
    return f"authorization:{credential_id}"


def fine_grained_token(grant_id: Number) -> str:
    """A Credential, by the id of its grant: the token's own id is another."""
    return f"fine_grained_token:{grant_id}"


def token_request(request_id: Number) -> str:
    """A Credential that somebody asks for: a fine-grained token which is not approved yet."""
    return f"token_request:{request_id}"


def external_group(group_id: Number) -> str:
    """A Group of the identity provider; a team may have the same number."""
    return f"external_group:{group_id}"


def enterprise_team(team_id: Number) -> str:
    """A Group of the enterprise; a team of the organisation may have the same number."""
    return f"enterprise_team:{team_id}"


def app(app_id: Number) -> str:
    """An OAuthApp: a GitHub App."""
    return str(app_id)


def installation(installation_id: Number) -> str:
    """A Grant: the organisation's consent to a GitHub App."""
    return f"installation:{installation_id}"


def numbers(record_id: str) -> tuple[str, ...]:
    """What stands behind the word of an id, such as a repository's id and a key's."""
    return tuple(record_id.split(":")[1:])


def is_installation(record_id: str) -> bool:
    return record_id.startswith("installation:")


def is_authorization(record_id: str) -> bool:
    return record_id.startswith("authorization:")


def is_fine_grained_token(record_id: str) -> bool:
    return record_id.startswith("fine_grained_token:")


def is_token_request(record_id: str) -> bool:
    return record_id.startswith("token_request:")


def is_deploy_key(record_id: str) -> bool:
    return record_id.startswith("deploy_key:")


def is_webhook(record_id: str) -> bool:
    return record_id.startswith("webhook:")
