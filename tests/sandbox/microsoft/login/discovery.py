"""What clients look up about the tenant before they ask for a token."""

from tests.sandbox.exchange import Answer, Request
from tests.sandbox.microsoft.login.aadsts import Aadsts
from tests.sandbox.microsoft.state import State


def answer(state: State, request: Request, tenant: str) -> Answer:
    if not state.tenant.knows(tenant):
        raise Aadsts(90002, state.now())
    root = f"/{state.tenant.id}"
    return Answer.of_json(
        {
            "token_endpoint": request.url(f"{root}/oauth2/v2.0/token"),
            "token_endpoint_auth_methods_supported": ["client_secret_post", "private_key_jwt", "client_secret_basic"],
            "jwks_uri": request.url(f"{root}/discovery/v2.0/keys"),
            "response_modes_supported": ["query", "fragment", "form_post"],
            "subject_types_supported": ["pairwise"],
            "id_token_signing_alg_values_supported": ["RS256"],
            "response_types_supported": ["code", "id_token", "code id_token", "id_token token"],
            "scopes_supported": ["openid", "profile", "email", "offline_access"],
            "issuer": f"https://login.microsoftonline.com{root}/v2.0",
            "authorization_endpoint": request.url(f"{root}/oauth2/v2.0/authorize"),
            "tenant_region_scope": "EU",
            "cloud_instance_name": "microsoftonline.com",
            "msgraph_host": "graph.microsoft.com",
        }
    )
