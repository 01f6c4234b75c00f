"""Who is let into an organisation, and who is kept out although the token is good."""

from tests.sandbox.exchange import Request
from tests.sandbox.github.addresses import web
from tests.sandbox.github.organisation import Organisation
from tests.sandbox.github.refusal import Refusal
from tests.sandbox.github.state import State
from tests.sandbox.github.tokens import Bearer, InstallationToken, Token


def admit_to_organisation(request: Request, state: State, token: Bearer, organisation: Organisation) -> None:
    """The organisation's own doors: OAuth App restrictions, single sign-on, allowed addresses.

    They are closed to members and installed apps only; others see what the public sees.
    """
    if isinstance(token, InstallationToken):
        if token.installation.organisation is organisation:
            _admit_installation(token)
            _admit_address(request, organisation)
        return
    if token.user.id not in organisation.members:
        return
    _admit_application(token, organisation)
    if organisation.is_saml_enforced and not token.has_session(organisation.id, state.clock.now()):
        page = state.ask_for_sso(token, organisation)
        url = web(request, f"/orgs/{organisation.login}/sso?authorization_request={page}")
        raise Refusal(
            403,
            "Resource protected by organization SAML enforcement. You must grant your OAuth token access to this "
            "organization.",
            headers={"X-GitHub-SSO": f"required; url={url}"},
            docs="https://docs.github.com/articles/authenticating-to-a-github-organization-with-saml-single-sign-on/",
        )
    _admit_address(request, organisation)


def _admit_installation(token: InstallationToken) -> None:
    if token.installation.suspended_at is not None:
        raise Refusal(403, "This installation has been suspended")


def _admit_application(token: Token, organisation: Organisation) -> None:
    restricted = organisation.has_application_restrictions
    if restricted and token.application.client_id not in organisation.approved_applications:
        raise Refusal(
            403,
            f"Although you appear to have the correct authorization credentials, the `{organisation.login}` "
            "organization has enabled OAuth App access restrictions, meaning that data access to third-parties is "
            "limited. For more information on these restrictions, including how to enable this app, visit "
            "https://docs.github.com/articles/restricting-access-to-your-organization-s-data/",
        )


def _admit_address(request: Request, organisation: Organisation) -> None:
    if organisation.forbids_addresses and request.address not in organisation.allowed_addresses:
        raise Refusal(
            403,
            f"Although you appear to have the correct authorization credentials, the `{organisation.login}` "
            "organization has an IP allow list enabled, and your IP address is not permitted to access this resource.",
        )
