"""Microsoft Entra ID: how an app that an admin registered there signs in, for every connector of Microsoft's.

One registration serves several APIs. Each wants a token of its own, so a call's audience is its host. There is no
refresh token: the client proves itself anew each time, by a secret or by a certificate. Consent gives no code and
nothing signed: what comes back is compared with the tenant that was typed, and the first token is the proof.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from connectors.base.answers import Answer
from connectors.base.assertions import certified_key, made_key
from connectors.base.auth import check_state
from connectors.base.certificates import WARNED_BEFORE, public_part
from connectors.base.entra_errors import SIGN_IN_ERRORS
from connectors.base.errors import BadResponse, ConnectorError, CredentialsRejected
from connectors.base.fields import Field
from connectors.base.grants import ClientCredentials
from connectors.base.network import place
from connectors.base.setup import Setup
from connectors.base.tokens import error_code, refusal

DECLINED = ("consent_required", "permission_denied", "access_denied")
GUID = r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"


@dataclass(frozen=True, slots=True)
class Cloud:
    """One of Microsoft's clouds: the host of each API. `activity` is '' where its host is not known."""

    id: str
    label: str
    login: str
    graph: str
    activity: str
    arm: str
    sharepoint: str
    """The domain under which each tenant has hosts of its own."""


GLOBAL = Cloud(
    "global", "Global", "login.microsoftonline.com", "graph.microsoft.com", "manage.office.com",
    "management.azure.com", "sharepoint.com",
)  # fmt: skip
CLOUDS = (
    GLOBAL,
    Cloud(
        "gcc", "US Government GCC", GLOBAL.login, GLOBAL.graph, "manage-gcc.office.com", GLOBAL.arm, GLOBAL.sharepoint
    ),
    Cloud(
        "gcc_high", "US Government GCC High", "login.microsoftonline.us", "graph.microsoft.us", "manage.office365.us",
        "management.usgovcloudapi.net", "sharepoint.us",  # unverified: the domain of SharePoint
    ),
    Cloud(
        "dod", "US Government DoD", "login.microsoftonline.us", "dod-graph.microsoft.us", "manage.protection.apps.mil",
        "management.usgovcloudapi.net", "sharepoint-mil.us",  # unverified: the domain of SharePoint
    ),
    Cloud(
        "china", "China (21Vianet)", "login.partner.microsoftonline.cn", "microsoftgraph.chinacloudapi.cn", "",
        "management.chinacloudapi.cn", "sharepoint.cn",  # unverified: the domain of SharePoint
    ),
)  # fmt: skip
_BY_ID = {each.id: each for each in CLOUDS}
_AUDIENCES = {"management.usgovcloudapi.net": "management.core.usgovcloudapi.net"}
"""Hosts whose tokens are named otherwise than they are."""

CLOUD = Field(
    "cloud",
    "Cloud",
    "Leave the first choice, unless your organisation has its tenant in one of Microsoft's national clouds.",
    is_required=False,
    choices=tuple((each.id, each.label) for each in CLOUDS),
)
TENANT_ID = Field(
    "tenant_id",
    "Directory (tenant) ID",
    "In the Entra admin center on the app registration's page Overview.",
    pattern=GUID,
    problem="A tenant id has 32 digits and letters from a to f, in five groups with hyphens between them.",
    example="2f6c9d1e-7b34-4c58-9a0d-5e81f3b27c46",
    clean=lambda typed: typed.strip().lower(),
)
CLIENT_ID = Field(
    "client_id",
    "Application (client) ID",
    "At the same place.",
    pattern=GUID,
    problem="A client id has 32 digits and letters from a to f, in five groups with hyphens between them.",
    example="8d0b4a7f-13e6-4f92-b6c5-0a97d2e4185b",
    clean=lambda typed: typed.strip().lower(),
)
CLIENT_SECRET = Field(
    "client_secret",
    "Client secret (Value)",
    "On its page Certificates & secrets: the Value, which is shown once, right after the secret was made.",
    is_secret=True,
    pattern=rf"(?!{GUID}$)[!-~]{{16,255}}",  # unverified: the length
    problem="This is no Value of a client secret. The Secret ID, which looks like a tenant id, is not it.",
)
KEY_PAIR = Field(
    "key_pair",
    "Certificate made by Gatehouse",
    "Download it and upload it on the registration's page Certificates & secrets, under Certificates. Its private key "
    "was made here, and never leaves the vault.",
    is_secret=True,
    is_key_pair=True,
)
CERTIFICATE = Field(
    "certificate",
    "Certificate",
    "The public certificate in PEM form, the same that was uploaded to the app registration.",
    is_multiline=True,
    pattern=r"-----BEGIN CERTIFICATE-----[\s\S]+-----END CERTIFICATE-----",
    problem="A certificate in PEM form begins with -----BEGIN CERTIFICATE-----.",
)
PRIVATE_KEY = Field(
    "private_key",
    "Private key",
    "The private key of the certificate in PEM form, RSA of 2048 bits or more, without a passphrase.",
    is_secret=True,
    is_multiline=True,
    pattern=r"-----BEGIN (?:RSA )?PRIVATE KEY-----[\s\S]+-----END (?:RSA )?PRIVATE KEY-----",
    problem="A private key in PEM form begins with -----BEGIN PRIVATE KEY-----.",
)


def cloud(config: Mapping[str, str]) -> Cloud:
    return _BY_ID.get(config.get("cloud", ""), GLOBAL)


def audience(host: str) -> str:
    """What a token for this host is asked for as: all that the registration was granted there."""
    return f"https://{_AUDIENCES.get(host, host)}/.default"


def token_url(config: Mapping[str, str]) -> str:
    return f"https://{cloud(config).login}/{config['tenant_id']}/oauth2/v2.0/token"


def consent_url(config: Mapping[str, str]) -> str:
    return f"https://{cloud(config).login}/{config['tenant_id']}/v2.0/adminconsent"


def everything_registered(setup: Setup) -> Mapping[str, str]:
    """Consent covers all application permissions of the registration, of whichever API."""
    return {"scope": audience(cloud(setup.config).graph)}


def expect_tenant(setup: Setup, callback: Mapping[str, str]) -> None:
    """Raises CredentialsRejected where an admin of another tenant consented."""
    if callback.get("tenant", "").lower() != setup.config["tenant_id"].lower():
        raise CredentialsRejected(
            "Consent was given for another tenant than the one that was typed, or for none.",
            why="Microsoft takes whoever is signed in in this browser.",
            remedy="Sign in as an admin of the right tenant, or correct the tenant id, and connect again.",
        )


@dataclass(frozen=True)
class AppSignIn(ClientCredentials):
    """An app that an admin consents to once, whose errors are told in words."""

    def finish(
        self, setup: Setup, callback: Mapping[str, str], memo: Mapping[str, str], redirect_uri: str
    ) -> dict[str, Any]:
        check_state(callback, memo)
        if callback.get("error"):
            raise consent_refusal(setup.connector.name, callback)
        return super().finish(setup, callback, memo, redirect_uri)


BY_SECRET = AppSignIn(
    token_url=token_url,
    consent_url=consent_url,
    consent_params=everything_registered,
    check_consent=expect_tenant,
)
BY_MADE_CERTIFICATE = replace(BY_SECRET, client_auth="key", key=made_key)
BY_OWN_CERTIFICATE = replace(BY_SECRET, client_auth="key", key=certified_key)


def sign_in_refusal(answer: Answer) -> ConnectorError | None:
    """What a refused sign-in means, by its numbers and never by its text; None where the general rules decide."""
    for number in _numbers(answer):
        if number in SIGN_IN_ERRORS:
            return _error(number)
    return None


def consent_refusal(name: str, callback: Mapping[str, str]) -> ConnectorError:
    """What the browser brought back in place of consent. A consent that fails says admin_consent=True as well."""
    found = re.search(r"AADSTS(\d+)", callback.get("error_description", ""))
    number = int(found[1]) if found else 0
    if number in SIGN_IN_ERRORS:
        return _error(number)
    if callback["error"] in DECLINED:
        return _error(65004)
    return refusal(name, error_code(callback["error"]) or "error")


def is_sign_in(answer: Answer) -> bool:
    """Whether it came from a sign-in host and not from an API."""
    return place(answer.url).host in {each.login for each in CLOUDS}


def _error(number: int) -> ConnectorError:
    found = SIGN_IN_ERRORS[number]
    return found.error(f"{found.message.removesuffix('.')} (AADSTS{number}).", why=found.why, remedy=found.remedy)


def _numbers(answer: Answer) -> tuple[int, ...]:
    try:
        document = answer.json()
    except BadResponse:
        return ()
    codes = document.get("error_codes") if isinstance(document, dict) else None
    return tuple(code for code in codes if isinstance(code, int)) if isinstance(codes, list) else ()


def certificate_warning(setup: Setup) -> str:
    """A sentence from thirty days before the certificate of this connection ends, '' before and where it has none."""
    text = setup.optional_secret(KEY_PAIR.name) or setup.config.get(CERTIFICATE.name, "")
    return ending_soon("certificate", public_part(text).ends_at, setup.now()) if text else ""


def ending_soon(what: str, ends_at: datetime, now: datetime) -> str:
    """The sentence for a certificate or a client secret."""
    if now < ends_at - WARNED_BEFORE:
        return ""
    when = f"{ends_at:%d %B %Y}".lstrip("0")
    tense = f"has expired on {when}" if now >= ends_at else f"expires on {when}"
    return f"The {what} of this connection {tense}. Make a new one in time: without it nothing can be read."
