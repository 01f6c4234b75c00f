"""Calls of the simulated Box, by various people and applications."""

import json
from urllib.parse import urlencode

import jwt
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from tests.sandbox import Sandbox
from tests.sandbox.box import keys, seed
from tests.sandbox.box.people import User
from tests.sandbox.caller import Caller, Reply
from tests.sandbox.exchange import Json

API = "api.box.com"
UPLOAD = "upload.box.com"
BOUNDARY = "an-invented-boundary"


def caller(sandbox: Sandbox, handle: str, *scopes: str, host: str = API) -> Caller:
    """Somebody's token; without `scopes` with all that the app may have. Paths begin behind /2.0."""
    token = sandbox.box.state.issue_token(handle, *scopes)
    prefix = "/2.0" if host == API else "/api/2.0"
    return Caller(sandbox, host, {"Authorization": f"Bearer {token}"}, prefix)


def admin(sandbox: Sandbox) -> Caller:
    """The primary admin."""
    return caller(sandbox, seed.ADMIN)


def acting(call: Caller, user: User) -> Caller:
    """The same token, acting for somebody."""
    return Caller(call.sandbox, call.host, {**call.headers, "As-User": user.id}, call.prefix)


def uploading(call: Caller) -> Caller:
    """The same token at the upload host."""
    return Caller(call.sandbox, UPLOAD, dict(call.headers), "/api/2.0")


def service(sandbox: Sandbox) -> Caller:
    """The service account, signed in with client credentials."""
    reply = ask_token(sandbox, **credentials_form())
    return Caller(sandbox, API, {"Authorization": f"Bearer {reply.json()['access_token']}"}, "/2.0")


def credentials_form(**changes: str) -> dict[str, str]:
    return {
        "grant_type": "client_credentials",
        "client_id": seed.SERVER_CLIENT_ID,
        "client_secret": seed.SERVER_CLIENT_SECRET,
        "box_subject_type": "enterprise",
        "box_subject_id": seed.ENTERPRISE.id,
        **changes,
    }


def assertion(sandbox: Sandbox, **claims: Json) -> str:
    """The JWT of the service app, as it should be but for `claims`."""
    server = sandbox.box.state.applications[seed.SERVER_CLIENT_ID]
    settings = json.loads(keys.configuration(server, seed.ENTERPRISE.id))["boxAppSettings"]["appAuth"]
    key = load_pem_private_key(settings["privateKey"].encode(), settings["passphrase"].encode())
    said = {
        "iss": seed.SERVER_CLIENT_ID,
        "sub": seed.ENTERPRISE.id,
        "box_sub_type": "enterprise",
        "aud": "https://api.box.com/oauth2/token",
        "jti": "0123456789abcdef-1",
        "exp": int(sandbox.clock.now()) + 30,
        **claims,
    }
    return jwt.encode(said, key, "RS256", headers={"kid": settings["publicKeyID"]})  # type: ignore[arg-type]


def ask_token(sandbox: Sandbox, path: str = "/oauth2/token", **form: str) -> Reply:
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    return Caller(sandbox, API, headers)("POST", path, urlencode(form).encode())


def multipart(attributes: Json, data: bytes, is_file_first: bool = False) -> tuple[bytes, dict[str, str]]:
    """Body and headers of an upload."""
    about = _part('name="attributes"', json.dumps(attributes).encode())
    file = _part('name="file"; filename="file"', data)
    pieces = [file, about] if is_file_first else [about, file]
    body = b"".join(pieces) + f"--{BOUNDARY}--\r\n".encode()
    return body, {"Content-Type": f"multipart/form-data; boundary={BOUNDARY}"}


def _part(disposition: str, content: bytes) -> bytes:
    return f"--{BOUNDARY}\r\nContent-Disposition: form-data; {disposition}\r\n\r\n".encode() + content + b"\r\n"


def upload(call: Caller, target: str, attributes: Json, data: bytes, **headers: str) -> Reply:
    """POST to the upload host; names of `headers` with _ for -."""
    body, sent = multipart(attributes, data)
    more = {name.replace("_", "-"): value for name, value in headers.items()}
    return uploading(call)("POST", target, body, {**sent, **more})


def pages(call: Caller, target: str) -> list[Json]:
    """Entries of this page and of all that follow by marker."""
    found, marker = [], ""
    while True:
        mark = "&" if "?" in target else "?"
        page = call.get(f"{target}{mark}usemarker=true{f'&marker={marker}' if marker else ''}").json()
        found += page["entries"]
        marker = page["next_marker"]
        if not marker:
            return found


def newest(sandbox: Sandbox, event_type: str) -> Json:
    """The event of this type that was written down last."""
    entries = reversed(sandbox.box.state.log.stream)
    return next(each.event for each in entries if each.event["event_type"] == event_type)
