"""boto3 signs, the network seam sends, and nothing on this machine is asked for credentials."""

import hashlib
import hmac
import io
import json
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, quote, unquote

import botocore.credentials
import botocore.httpsession
import botocore.session
import pytest

from connectors.base import (
    AccessKeyPair,
    AssumedRole,
    BadResponse,
    Client,
    Conflict,
    CredentialsRejected,
    MemorySecrets,
    NotAvailable,
    PermissionMissing,
    RateLimited,
    StaticToken,
    TargetGone,
    Unavailable,
    aws_client,
)
from connectors.base.errors import ConnectorError
from tests.connectors.base.vendor import START, Bench, Says, Seen, Vendor, says

SECRET_KEY = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLE1234"
HOSTS = ("*.amazonaws.com",)


@pytest.fixture
def bench(vendor: Vendor) -> Bench:
    return Bench(vendor, hosts=HOSTS)


@pytest.fixture(autouse=True)
def tempting_machine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Everything botocore might pick up by itself, and traps where it would look or send."""
    credentials = tmp_path / "credentials"
    credentials.write_text("[default]\naws_access_key_id=AKIATEMPTING\naws_secret_access_key=tempting\n")
    for name, value in {
        "AWS_ACCESS_KEY_ID": "AKIATEMPTING",
        "AWS_SECRET_ACCESS_KEY": "tempting",
        "AWS_PROFILE": "no-such-profile",
        "AWS_DEFAULT_REGION": "mars-north-1",
        "AWS_SHARED_CREDENTIALS_FILE": str(credentials),
        "AWS_CONFIG_FILE": str(credentials),
        "AWS_ENDPOINT_URL": "http://127.0.0.1:9",
        "HTTPS_PROXY": "http://127.0.0.1:9",
    }.items():
        monkeypatch.setenv(name, value)

    def trap(*args: object, **rest: object) -> None:
        raise AssertionError("botocore looked or sent by itself")

    monkeypatch.setattr(botocore.credentials.CredentialResolver, "load_credentials", trap)
    monkeypatch.setattr(botocore.httpsession.URLLib3Session, "send", trap)


def key_client(bench: Bench, **changes: Any) -> Client:
    return bench.client(
        changes.pop("scheme", AccessKeyPair()),
        config={"access_key_id": "AKIAEXAMPLE0000000001", "home_region": "eu-west-1", **changes.pop("config", {})},
        secrets=MemorySecrets({"secret_access_key": SECRET_KEY}),
        hosts=lambda config: HOSTS,
        name="Amazon Web Services",
        **changes,
    )


def xml(action: str, result: str, status: int = 200) -> Says:
    text = f"<{action}Response><{action}Result>{result}</{action}Result></{action}Response>"
    return Says(status, text.encode(), {"Content-Type": "text/xml"})


def failure(code: str, status: int, message: str = "very-private") -> Says:
    text = f"<ErrorResponse><Error><Code>{code}</Code><Message>{message}</Message></Error></ErrorResponse>"
    return Says(status, text.encode(), {"Content-Type": "text/xml"})


IDENTITY = xml("GetCallerIdentity", "<Account>123456789012</Account><Arn>arn:aws:iam::1:user/x</Arn><UserId>A</UserId>")


def is_well_signed(seen: Seen, secret: str, path: str) -> bool:
    """Signature Version 4 computed anew from what arrived (AWS General Reference, "Signing AWS requests")."""
    parts = dict(part.strip().split("=", 1) for part in seen.headers["authorization"].split(" ", 1)[1].split(","))
    scope = parts["Credential"].split("/", 1)[1]
    names = parts["SignedHeaders"].split(";")
    query = "&".join(f"{quote(key, safe='~')}={quote(value, safe='~')}" for key, value in sorted(seen.query.items()))
    body_hash = seen.headers.get("x-amz-content-sha256") or hashlib.sha256(seen.body).hexdigest()
    headers = "".join(f"{name}:{' '.join(seen.headers[name].split())}\n" for name in names)
    canonical = "\n".join([seen.method, path, query, headers, ";".join(names), body_hash])
    digest = hashlib.sha256(canonical.encode()).hexdigest()
    to_sign = "\n".join(["AWS4-HMAC-SHA256", seen.headers["x-amz-date"], scope, digest])
    key = f"AWS4{secret}".encode()
    for part in scope.split("/"):
        key = hmac.new(key, part.encode(), hashlib.sha256).digest()
    return hmac.compare_digest(hmac.new(key, to_sign.encode(), hashlib.sha256).hexdigest(), parts["Signature"])


def test_signed_request_arrives_under_the_vendors_host(bench: Bench, vendor: Vendor) -> None:
    vendor.script(IDENTITY)
    assert aws_client(key_client(bench), "sts").get_caller_identity()["Account"] == "123456789012"
    (seen,) = vendor.seen
    assert seen.host == "sts.eu-west-1.amazonaws.com"
    assert dict(parse_qsl(seen.body.decode()))["Action"] == "GetCallerIdentity"
    assert seen.headers["authorization"].startswith("AWS4-HMAC-SHA256 Credential=AKIAEXAMPLE0000000001/")
    assert "host" in seen.headers["authorization"].split("SignedHeaders=")[1].split(",")[0]
    assert is_well_signed(seen, SECRET_KEY, "/")


def test_signature_holds_for_odd_object_names(bench: Bench, vendor: Vendor) -> None:
    vendor.script(Says(200, b"content", {"ETag": '"e"'}))
    name = "a b+c%20~ü/x=1&y"
    body = aws_client(key_client(bench), "s3").get_object(Bucket="contoso-files", Key=name)["Body"]
    assert body.read() == b"content"
    (seen,) = vendor.seen
    assert seen.host == "contoso-files.s3.eu-west-1.amazonaws.com"
    assert unquote(seen.path) == f"/{name}"
    assert is_well_signed(seen, SECRET_KEY, seen.path)


def test_object_is_sent_whole_and_without_waiting(bench: Bench, vendor: Vendor) -> None:
    vendor.script(Says(200, b"", {"ETag": '"e"'}))
    aws_client(key_client(bench), "s3").put_object(Bucket="contoso-files", Key="k", Body=io.BytesIO(b"tombstone"))
    (seen,) = vendor.seen
    assert (seen.method, seen.body) == ("PUT", b"tombstone")
    assert "expect" not in seen.headers
    assert is_well_signed(seen, SECRET_KEY, "/k")


def test_large_object_is_read_in_pieces(bench: Bench, vendor: Vendor) -> None:
    content = bytes(range(256)) * 4096
    vendor.script(Says(200, content))
    body = aws_client(key_client(bench), "s3").get_object(Bucket="contoso-files", Key="k")["Body"]
    pieces = list(body.iter_chunks(100_000))
    assert b"".join(pieces) == content
    assert max(len(piece) for piece in pieces) == 100_000


def test_host_that_was_not_declared_gets_no_signed_request(bench: Bench, vendor: Vendor) -> None:
    client = bench.client(
        AccessKeyPair(),
        config={"access_key_id": "AKIAEXAMPLE0000000001"},
        secrets=MemorySecrets({"secret_access_key": SECRET_KEY}),
        hosts=lambda config: ("iam.amazonaws.com",),
    )
    with pytest.raises(BadResponse):
        aws_client(client, "sts", "eu-west-1").get_caller_identity()
    assert vendor.seen == []


@pytest.mark.parametrize(
    ("code", "status", "error"),
    [
        ("Throttling", 400, RateLimited),
        ("SlowDown", 503, RateLimited),
        ("InvalidClientTokenId", 403, CredentialsRejected),
        ("SignatureDoesNotMatch", 403, CredentialsRejected),
        ("ExpiredToken", 400, CredentialsRejected),
        ("AccessDenied", 403, PermissionMissing),
        ("OptInRequired", 403, NotAvailable),
        ("AWSOrganizationsNotInUseException", 404, NotAvailable),
        ("NoSuchEntity", 404, TargetGone),
        ("DeleteConflict", 409, Conflict),
        ("ServiceFailure", 500, Unavailable),
        ("ValidationError", 400, BadResponse),
        ("<script>", 400, BadResponse),
    ],
)
def test_error_code_becomes_one_of_the_nine(
    bench: Bench, vendor: Vendor, code: str, status: int, error: type[ConnectorError]
) -> None:
    vendor.script(failure(code.replace("<", "&lt;"), status))
    with pytest.raises(ConnectorError) as caught:
        aws_client(key_client(bench), "iam").list_users()
    assert type(caught.value) is error
    assert len(vendor.seen) == 1
    assert not any(word in str(caught.value) for word in ("very-private", SECRET_KEY, "<script>"))


def test_denied_call_names_the_permission_to_add(bench: Bench, vendor: Vendor) -> None:
    vendor.script(failure("AccessDenied", 403, "User: x is not authorized to perform: iam:ListUsers on resource: y"))
    with pytest.raises(PermissionMissing, match="Add iam:ListUsers") as caught:
        aws_client(key_client(bench), "iam").list_users()
    assert caught.value.permission == "iam:ListUsers"


def test_denial_of_an_organisations_policy_does_not_ask_for_a_permission(bench: Bench, vendor: Vendor) -> None:
    text = "not authorized to perform: iam:ListUsers with an explicit deny in a service control policy"
    vendor.script(failure("AccessDenied", 403, text))
    with pytest.raises(PermissionMissing, match="policy of the organisation"):
        aws_client(key_client(bench), "iam").list_users()


def test_connectors_reading_of_an_error_comes_first(bench: Bench, vendor: Vendor) -> None:
    vendor.script(failure("AccessDenied", 403))
    seen: list[Any] = []

    def classify(answer: Any) -> ConnectorError:
        seen.append(answer.json())
        return NotAvailable("not here")

    with pytest.raises(NotAvailable, match="not here"):
        aws_client(key_client(bench, classify=classify), "iam").list_users()
    assert seen == [{"Error": {"Code": "AccessDenied", "Message": "very-private"}}]


def test_dead_connection_is_unavailable(bench: Bench, vendor: Vendor) -> None:
    vendor.script(Says(raw=(b"",)))
    with pytest.raises(Unavailable):
        aws_client(key_client(bench), "iam").list_users()
    assert len(vendor.seen) == 1


ROLE = {"role_arn": "arn:aws:iam::123456789012:role/Gatehouse", "external_id": "ext-1", "member_role": "Reader"}


class Sts:
    """Gives out a session for each role that is asked for."""

    def __init__(self, lasts: str = "2026-11-24T10:00:00Z") -> None:
        self.lasts = lasts
        self.assumed: list[dict[str, str]] = []

    def __call__(self, seen: Seen) -> Says:
        form = dict(parse_qsl(seen.body.decode()))
        if form.get("Action") != "AssumeRole":
            return xml("ListUsers", "<Users></Users><IsTruncated>false</IsTruncated>")
        key_id = seen.headers["authorization"].split("Credential=")[1].split("/")[0]
        self.assumed.append({**form, "signed_with": key_id})
        number = len(self.assumed)
        keys = f"<AccessKeyId>ASIAROLE{number}</AccessKeyId><SecretAccessKey>role-secret-{number}</SecretAccessKey>"
        rest = f"<SessionToken>role-token-{number}</SessionToken><Expiration>{self.lasts}</Expiration>"
        return xml("AssumeRole", f"<Credentials>{keys}{rest}</Credentials>")


def test_role_is_assumed_with_the_external_id_and_used(bench: Bench, vendor: Vendor) -> None:
    sts = Sts()
    vendor.answer = sts
    client = key_client(bench, scheme=AssumedRole(), config=ROLE)
    aws_client(client, "iam").list_users()
    aws_client(client, "iam").list_users()
    (asked,) = sts.assumed
    assert (asked["RoleArn"], asked["ExternalId"], asked["DurationSeconds"]) == (ROLE["role_arn"], "ext-1", "3600")
    assert asked["signed_with"] == "AKIAEXAMPLE0000000001"
    assert vendor.seen[0].host == "sts.eu-west-1.amazonaws.com"
    assert "Credential=ASIAROLE1/" in vendor.seen[1].headers["authorization"]
    assert vendor.seen[1].headers["x-amz-security-token"] == "role-token-1"
    assert is_well_signed(vendor.seen[1], "role-secret-1", "/")


def test_member_account_is_reached_through_the_first_role(bench: Bench, vendor: Vendor) -> None:
    sts = Sts()
    vendor.answer = sts
    client = key_client(bench, scheme=AssumedRole(), config=ROLE)
    aws_client(client.acting_as("210987654321"), "iam").list_users()
    assert [asked["RoleArn"] for asked in sts.assumed] == [ROLE["role_arn"], "arn:aws:iam::210987654321:role/Reader"]
    assert sts.assumed[1]["signed_with"] == "ASIAROLE1"
    assert "Credential=ASIAROLE2/" in vendor.seen[-1].headers["authorization"]


def test_session_about_to_end_is_assumed_anew(bench: Bench, vendor: Vendor) -> None:
    sts = Sts()
    vendor.answer = sts
    client = key_client(bench, scheme=AssumedRole(), config=ROLE)
    aws_client(client, "iam")
    bench.clock.pass_by(3600 - 299)
    aws_client(client, "iam")
    assert len(sts.assumed) == 2
    assert bench.clock() > START


def test_session_of_a_role_is_not_stored(bench: Bench, vendor: Vendor) -> None:
    vendor.answer = Sts()
    client = key_client(bench, scheme=AssumedRole(), config=ROLE)
    aws_client(client, "iam").list_users()
    assert "role-secret" not in json.dumps(client.setup.secrets.read())


def test_role_without_keys_needs_the_operators_word(bench: Bench, vendor: Vendor) -> None:
    config = {**ROLE, "access_key_id": ""}
    with pytest.raises(CredentialsRejected, match="operator"):
        aws_client(key_client(bench, scheme=AssumedRole(), config=config), "iam")
    assert vendor.seen == []


def test_machines_own_role_is_used_when_the_operator_allows_it(
    bench: Bench, vendor: Vendor, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = botocore.credentials.Credentials("ASIAMACHINE", "machine-secret", "machine-token")
    monkeypatch.setattr(botocore.session.Session, "get_credentials", lambda self: own)
    sts = Sts()
    vendor.answer = sts
    client = key_client(bench, scheme=AssumedRole(), config={**ROLE, "access_key_id": ""})
    object.__setattr__(client.setup, "network", bench.network(may_use_machine_role=True))
    aws_client(client, "iam").list_users()
    assert sts.assumed[0]["signed_with"] == "ASIAMACHINE"


def test_plain_calls_cannot_be_signed_by_an_aws_scheme(bench: Bench, vendor: Vendor) -> None:
    with pytest.raises(TypeError):
        key_client(bench).get("https://iam.amazonaws.com/")
    with pytest.raises(TypeError):
        aws_client(bench.client(StaticToken()), "iam")
    assert vendor.seen == []


def test_json_service_is_read_too(bench: Bench, vendor: Vendor) -> None:
    vendor.script(says({"Events": []}), says({"__type": "ThrottlingException", "message": "x"}, 400))
    trail = aws_client(key_client(bench), "cloudtrail", "us-east-1")
    assert trail.lookup_events()["Events"] == []
    with pytest.raises(RateLimited):
        trail.lookup_events()
    assert vendor.seen[0].host == "cloudtrail.us-east-1.amazonaws.com"
