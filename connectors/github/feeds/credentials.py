"""Tokens, keys and webhooks that reach the organisation."""

from collections.abc import Callable, Iterator

from connectors.base import Capability, Client, Credential, Cursor, Page, next_page, snapshot
from connectors.github import graphql, mapping
from connectors.github.budget import CORE, GRAPHQL
from connectors.github.feeds.sharing import REPOSITORIES
from connectors.github.reading import PER_PAGE, is_full, list_page, organisation_path, rows
from connectors.github.scopes import (
    ADMIN_ORG_HOOK,
    READ_ADMINISTRATION,
    READ_HOOKS,
    READ_ORG,
    READ_ORG_HOOKS,
    READ_TOKEN_REQUESTS,
    READ_TOKENS,
    REPO,
)
from connectors.github.walking import Part, Row, walk

END = "end"
HOOKS = Part(
    "hooks",
    lambda note: f"/repositories/{note[0]}/hooks",
    lambda answer: rows(answer, "id"),
    lambda note, row: (mapping.webhook(row, note[0], note[1]),),
)


@snapshot(
    Credential,
    title="Authorised tokens and keys",
    serves=(Capability.APP_PERMISSIONS,),
    permissions=(READ_ORG, READ_ADMINISTRATION),
    limits=(CORE, GRAPHQL),
)
def authorised_credentials(client: Client, cursor: Cursor) -> Iterator[Page]:
    """Classic tokens, SSH keys and apps' tokens of members, where the organisation has SAML single sign-on.

    Cursor: {"next": address of the next page, END after the last}. GitHub names their owners; what numbers they have is
    asked for once a page.
    """
    path, url = organisation_path(client, "/credential-authorizations"), cursor["next"] if cursor else ""
    while url != END:
        answer = client.get(url) if url else client.get(path, params=PER_PAGE)
        listed = rows(answer, "credential_id", "login")
        numbers = graphql.numbers_of(client, {str(row["login"]) for row in listed})
        url = next_page(answer) or END
        yield Page([mapping.authorization(row, numbers.get(str(row["login"]), "")) for row in listed], {"next": url})


@snapshot(
    Credential,
    title="Fine-grained tokens",
    serves=(Capability.APP_PERMISSIONS,),
    permissions=(READ_TOKENS,),
    limits=(CORE,),
)
def fine_grained_tokens(client: Client, cursor: Cursor) -> Iterator[Page]:
    """Those that reach the organisation. GitHub shows them to a GitHub App alone."""
    yield from _listed(client, cursor, "/personal-access-tokens", mapping.fine_grained_token)


@snapshot(
    Credential,
    title="Requests for fine-grained tokens",
    serves=(Capability.APP_PERMISSIONS,),
    permissions=(READ_TOKEN_REQUESTS,),
    limits=(CORE,),
)
def token_requests(client: Client, cursor: Cursor) -> Iterator[Page]:
    """Those that wait for an owner's approval."""
    yield from _listed(client, cursor, "/personal-access-token-requests", mapping.token_request)


@snapshot(
    Credential,
    title="Webhooks of the organisation",
    serves=(Capability.APP_PERMISSIONS,),
    permissions=(ADMIN_ORG_HOOK, READ_ORG_HOOKS),
    limits=(CORE,),
)
def organisation_webhooks(client: Client, cursor: Cursor) -> Iterator[Page]:
    """To an OAuth App GitHub shows those alone that it made itself."""
    yield from _listed(client, cursor, "/hooks", mapping.webhook)


@snapshot(
    Credential,
    title="Webhooks of repositories",
    serves=(Capability.APP_PERMISSIONS,),
    permissions=(REPO, READ_HOOKS),
    limits=(CORE,),
)
def repository_webhooks(client: Client, cursor: Cursor) -> Iterator[Page]:
    """Repository after repository."""
    yield from walk(client, cursor, REPOSITORIES, (HOOKS,))


def _listed(client: Client, cursor: Cursor, path: str, record: Callable[[Row], Credential]) -> Iterator[Page]:
    """Cursor: {"next": address of the next page, END after the last}."""
    url = cursor["next"] if cursor else ""
    while url != END:
        found = list_page(client, url, organisation_path(client, path))
        listed = rows(found.answer, "id") if found.answer else []
        url = found.next or END
        yield found.page([record(row) for row in listed], {"next": url}, is_full=is_full(listed))
