"""AWS: boto3 builds and signs the requests, and the network seam sends them.

Credentials are always explicit: a pair of keys, or a role assumed with one. Nothing of the environment is read (files,
variables, profiles, endpoints) unless the operator allows the machine's own role. botocore does not retry; errors come
out as the nine of errors.py, so a connector never sees a ClientError.
"""

import json
import os
import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import IO, Any

import boto3
import botocore.session
from botocore.awsrequest import AWSResponse, HeadersDict
from botocore.config import Config

from connectors.base import redaction
from connectors.base.answers import Answer, general_error
from connectors.base.auth import Scheme, forget
from connectors.base.client import Client
from connectors.base.deadline import paced
from connectors.base.errors import (
    Conflict,
    ConnectorError,
    CredentialsRejected,
    NotAvailable,
    PermissionMissing,
    RateLimited,
    TargetGone,
)
from connectors.base.network import place
from connectors.base.setup import USER_AGENT, Call, Setup

SESSION_S = 3600
"""Seconds an assumed role lasts: what AWS allows at most when one role assumes another."""
MARGIN = timedelta(minutes=5)
PAUSE_S = 2.0
"""AWS does not say how long to pause; its limits are counted by the second."""

_THROTTLED = ("Throttling", "ThrottlingException", "ThrottledException", "RequestThrottled", "RequestLimitExceeded",
              "TooManyRequestsException", "SlowDown", "ProvisionedThroughputExceededException",
              "PriorRequestNotComplete", "RequestThrottledException")  # fmt: skip
_REJECTED = ("InvalidClientTokenId", "SignatureDoesNotMatch", "ExpiredToken", "ExpiredTokenException",
             "InvalidAccessKeyId", "InvalidToken", "RequestExpired", "RequestTimeTooSkewed")  # fmt: skip
_DENIED = ("AccessDenied", "AccessDeniedException", "UnauthorizedOperation", "AuthorizationError", "AllAccessDisabled")
_NOT_HERE = ("OptInRequired", "UnrecognizedClientException", "AuthFailure", "RegionDisabledException",
             "AWSOrganizationsNotInUseException", "SubscriptionRequiredException")  # fmt: skip
_CHANGED = ("ConflictException", "ConcurrentModification", "EntityTemporarilyUnmodifiable", "OperationAborted",
            "ConditionalRequestConflict", "PreconditionFailed", "DeleteConflict")  # fmt: skip

# Where botocore would look on this machine. Each entry: configuration file, environment variable, default, cast.
_BLIND = {
    "profile": (None, None, None, None),
    "config_file": (None, None, os.devnull, None),
    "credentials_file": (None, None, os.devnull, None),
    "ca_bundle": (None, None, None, None),
    "region": (None, None, None, None),
}


@dataclass(frozen=True)
class Keys:
    access_key_id: str
    secret_access_key: str = field(repr=False)
    session_token: str | None = field(default=None, repr=False)
    expires_at: datetime | None = None

    def is_fresh(self, now: datetime) -> bool:
        return self.expires_at is None or now < self.expires_at - MARGIN


class AwsScheme(Scheme, ABC):
    """Its calls are signed by `aws_client`; `Client.get` and the like have nothing to sign with."""

    @abstractmethod
    def keys(self, setup: Setup, subject: str) -> Keys:
        """The keys to sign with, as the connection's own account or as the member account `subject`."""

    def authorize(self, setup: Setup, call: Call) -> None:
        raise TypeError("AWS is called through aws_client")


@dataclass(frozen=True)
class AccessKeyPair(AwsScheme):
    """`access_key_id` from the config, `secret_access_key` from the secrets."""

    revoke: Callable[[Setup], None] = forget

    def keys(self, setup: Setup, subject: str) -> Keys:
        return Keys(setup.config["access_key_id"], setup.remembered("secret_access_key"))


@dataclass(frozen=True)
class AssumedRole(AwsScheme):
    """The role `role_arn` in the customer's account, with `external_id`; `home_region` is where it is assumed.

    It is assumed with the key pair of the connection (`access_key_id`, `secret_access_key`), or without one with the
    machine's own role, if the operator allows that. `acting_as("210987654321")` goes on from there to the role named
    `member_role` in a member account. Sessions live in memory, never in the vault.
    """

    revoke: Callable[[Setup], None] = forget

    @property
    def can_act_as(self) -> bool:
        return True

    def keys(self, setup: Setup, subject: str) -> Keys:
        role = _member_role(setup, subject) if subject else setup.config["role_arn"]
        held: Keys | None = setup.memory.values.get(role)
        if held and held.is_fresh(setup.now()):
            return held
        own = self.keys(setup, "") if subject else self._base_keys(setup)
        setup.memory.values[role] = _assume(setup, own, role)
        assumed: Keys = setup.memory.values[role]
        return assumed

    def _base_keys(self, setup: Setup) -> Keys:
        if setup.config.get("access_key_id"):
            return Keys(setup.config["access_key_id"], setup.remembered("secret_access_key"))
        if setup.network.may_use_machine_role:
            return _machine_keys()
        raise CredentialsRejected(
            f"There is nothing to assume the role of {setup.connector.name} with.",
            why="No access key is stored, and the role of the machine Gatehouse runs on may not be used.",
            remedy="Enter an access key, or have the operator allow the machine's own role.",
        )


def aws_client(client: Client, service: str, region: str = "") -> Any:
    """A boto3 client for a service such as `iam`, acting as `client` does; without a region in `home_region`.

    Its calls raise the nine errors; `classify` is asked first, with the body {"Error": {"Code", "Message"}}.
    """
    scheme = client.setup.method.scheme
    if not isinstance(scheme, AwsScheme):
        raise TypeError(f"{type(scheme).__name__} cannot sign calls to AWS")
    keys = scheme.keys(client.setup, client.subject)
    return _boto_client(client.setup, keys, service, region or client.config.get("home_region", "us-east-1"))


def _assume(setup: Setup, own: Keys, role: str) -> Keys:
    sts = _boto_client(setup, own, "sts", setup.config.get("home_region") or "us-east-1")
    external_id = setup.config.get("external_id")
    answer = sts.assume_role(
        RoleArn=role,
        RoleSessionName=f"gatehouse-{setup.connector.id}",
        DurationSeconds=SESSION_S,
        **({"ExternalId": external_id} if external_id else {}),
    )["Credentials"]
    redaction.remember(answer["SecretAccessKey"], answer["SessionToken"])
    return Keys(answer["AccessKeyId"], answer["SecretAccessKey"], answer["SessionToken"], answer["Expiration"])


def _member_role(setup: Setup, account_id: str) -> str:
    partition = setup.config["role_arn"].split(":")[1]
    return f"arn:{partition}:iam::{account_id}:role/{setup.config['member_role']}"


def _machine_keys() -> Keys:
    found = botocore.session.Session().get_credentials()
    if found is None:
        raise CredentialsRejected(
            "The machine Gatehouse runs on has no AWS role.", remedy="Give it one, or enter an access key."
        )
    frozen = found.get_frozen_credentials()
    return Keys(frozen.access_key or "", frozen.secret_key or "", frozen.token)


def _boto_client(setup: Setup, keys: Keys, service: str, region: str) -> Any:
    core = botocore.session.Session(session_vars=_BLIND)
    config: Any = Config(
        retries={"total_max_attempts": 1, "mode": "standard"},
        ignore_configured_endpoint_urls=True,  # type: ignore[call-arg]
        request_checksum_calculation="when_required",
        response_checksum_validation="when_required",
        user_agent=USER_AGENT,
        proxies={},
    )
    made: Any = boto3.session.Session(botocore_session=core).client(
        service,  # type: ignore[call-overload]
        region_name=region,
        aws_access_key_id=keys.access_key_id,
        aws_secret_access_key=keys.secret_access_key,
        aws_session_token=keys.session_token,
        config=config,
    )
    made.meta.events.register("before-send", lambda request, **rest: _send(setup, request))
    made.meta.events.register("after-call", lambda http_response, parsed, **rest: _judge(setup, http_response, parsed))
    return made


def _send(setup: Setup, request: Any) -> AWSResponse:
    """botocore's `before-send` hook: the signed request goes through the seam, and botocore sends nothing itself."""
    headers = {name: _text(value) for name, value in request.headers.items() if name.lower() != "expect"}
    call = Call(request.method, request.url, headers, _bytes(request.body))
    reply = setup.open(call)
    pieces = paced(reply.chunks(), setup.network.call_s)
    if not (request.stream_output and 200 <= reply.status < 300):
        pieces = iter([reply.read()])
    sent_back: Any = HeadersDict(reply.headers)
    return AWSResponse(request.url, reply.status, sent_back, _Raw(pieces))


def _judge(setup: Setup, http_response: AWSResponse, parsed: Mapping[str, Any]) -> None:
    """botocore's `after-call` hook, which comes before it would raise an error of its own."""
    if http_response.status_code < 300:
        return
    error = parsed.get("Error", {})
    code, message = str(error.get("Code", "")), str(error.get("Message", ""))
    answer = Answer(
        "POST", place(http_response.url).without_query, http_response.status_code,
        body=json.dumps({"Error": {"Code": code, "Message": message}}).encode(),
    )  # fmt: skip
    raise setup.connector.classify(answer) or _error(setup, answer, code, message)


def _error(setup: Setup, answer: Answer, code: str, message: str) -> ConnectorError:
    at = f"({place(answer.url).host}: {code if re.fullmatch(r'[A-Za-z0-9.]{1,80}', code) else answer.status})"
    if code in _THROTTLED:
        return RateLimited(f"AWS asks for a pause {at}.", retry_after=PAUSE_S)
    if code in _REJECTED:
        return CredentialsRejected(
            f"AWS does not accept the keys {at}.",
            why="They were deleted or deactivated, or the clock of this machine is wrong.",
            remedy="Check the access key and the time of the machine, then reconnect the instance.",
        )
    if code in _DENIED:
        return _denied(at, message)
    if code in _NOT_HERE:
        return NotAvailable(
            f"AWS does not offer this here {at}.", why="The region, organisation or service is not switched on."
        )
    if code in _CHANGED:
        return Conflict(f"AWS says that this is being changed {at}.", remedy="Read it again and try later.")
    if code.startswith("NoSuch") or code.endswith(("NotFound", "NotFoundException", "NotFoundError")):
        return TargetGone(f"AWS no longer has what was asked for {at}.")
    return general_error(setup.connector.name, answer, setup.now())


def _denied(at: str, message: str) -> PermissionMissing:
    found = re.search(r"not authorized to perform:? ([\w-]+:\w+)", message)
    permission = found.group(1) if found else ""
    is_forbidden = "explicit deny" in message
    return PermissionMissing(
        f"AWS refuses this call {at}.",
        why="A policy of the organisation or of the resource forbids it." if is_forbidden else
        "The policy of the role or user does not allow it.",
        remedy=f"Add {permission} to the policy." if permission and not is_forbidden else
        "Compare the policy with the set-up guide, and ask who administers the organisation's policies.",
        permission=permission,
    )  # fmt: skip


class _Raw:
    """The body as botocore wants to read it: `stream` for whole answers, `read` for files."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces = pieces
        self._rest = b""

    def stream(self) -> Iterator[bytes]:
        return self._pieces

    def read(self, amt: int | None = None) -> bytes:
        while amt is None or len(self._rest) < amt:
            piece = next(self._pieces, None)
            if piece is None:
                amt = len(self._rest)
                break
            self._rest += piece
        taken, self._rest = self._rest[:amt], self._rest[amt:]
        return taken

    def close(self) -> None:
        """Ends the exchange early."""
        getattr(self._pieces, "close", lambda: None)()


def _text(value: str | bytes) -> str:
    return value.decode() if isinstance(value, bytes) else str(value)


def _bytes(body: bytes | bytearray | str | IO[bytes] | None) -> bytes | None:
    if isinstance(body, str):
        return body.encode()
    if body is None or isinstance(body, bytes | bytearray):
        return bytes(body) if body else None
    return body.read()
