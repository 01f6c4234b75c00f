"""How the login host says no."""

import uuid
from urllib.parse import quote

from tests.sandbox.exchange import Answer, Request
from tests.sandbox.microsoft.moments import iso
from tests.sandbox.microsoft.refusal import Refusal

# AADSTS number -> status, error, text.
TEXTS = {
    50011: (400, "invalid_request", "The redirect URI specified in the request does not match the redirect URIs "
                                    "configured for the application."),
    53003: (400, "invalid_grant", "Access has been blocked by Conditional Access policies. The access policy does not "
                                  "allow token issuance."),
    65001: (400, "invalid_grant", "The user or administrator has not consented to use the application. Send an "
                                  "interactive authorization request for this user and resource."),
    70011: (400, "invalid_scope", "The provided request must include a 'scope' input parameter. The provided value for "
                                  "the input parameter 'scope' is not valid."),
    70000: (400, "invalid_grant", "Provided grant is invalid or malformed."),
    70003: (400, "unsupported_grant_type", "The app requested an unsupported grant type."),
    90002: (400, "invalid_request", "Tenant not found. Check to make sure you have the correct tenant ID and are "
                                    "signing into the correct cloud."),
    500011: (400, "invalid_resource", "The resource principal was not found in the tenant. This can happen if the "
                                      "application has not been installed by the administrator of the tenant."),
    501051: (400, "invalid_grant", "The application is not assigned to a role for the resource application."),
    700016: (400, "unauthorized_client", "Application was not found in the directory. This can happen if the "
                                         "application has not been installed by the administrator of the tenant."),
    700024: (401, "invalid_client", "Client assertion is not within its valid time range."),
    700027: (401, "invalid_client", "The certificate with identifier used to sign the client assertion is not "
                                    "registered on application."),
    90055: (429, "temporarily_unavailable", "The server has terminated the request, because it is too busy."),
    7000215: (401, "invalid_client", "Invalid client secret provided. Ensure the secret being sent in the request is "
                                     "the client secret value, not the client secret ID."),
    7000216: (401, "invalid_client", "'client_assertion', 'client_secret' or 'request' is required for the "
                                     "'client_credentials' grant type."),
    7000222: (401, "invalid_client", "The provided client secret keys are expired."),
    7000229: (401, "invalid_client", "The client application is missing service principal in the tenant. See "
                                     "instructions here: https://go.microsoft.com/fwlink/?linkid=2225119"),
}  # fmt: skip


class Aadsts(Refusal):
    """By its number. `detail` follows the text."""

    def __init__(self, number: int, at: float, detail: str = "") -> None:
        status, error, text = TEXTS[number]
        super().__init__(status, error, f"AADSTS{number}: {text}{f' {detail}' if detail else ''}")
        self.number = number
        self.at = at

    def answer(self, request: Request) -> Answer:
        trace, correlation = str(uuid.uuid4()), str(uuid.uuid4())
        stamp = iso(self.at).replace("T", " ")
        body = {
            "error": self.code,
            "error_description": f"{self.message} Trace ID: {trace} Correlation ID: {correlation} Timestamp: {stamp}",
            "error_codes": [self.number],
            "timestamp": stamp,
            "trace_id": trace,
            "correlation_id": correlation,
            "error_uri": f"https://login.microsoftonline.com/error?code={quote(str(self.number))}",
        }
        return Answer.of_json(body, self.status, self.headers)


def busy(at: float, retry_after: int) -> Aadsts:
    """The wording is not documented (unverified)."""
    refusal = Aadsts(90055, at)
    refusal.headers = {"Retry-After": str(retry_after)}
    return refusal
