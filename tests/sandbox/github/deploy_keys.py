"""Deploy keys: the SSH keys of one repository."""

import re

from tests.sandbox.exchange import Answer
from tests.sandbox.github import access, repository_shapes
from tests.sandbox.github.call import Call, answer_list, no_content
from tests.sandbox.github.refusal import invalid, not_found
from tests.sandbox.github.router import Route, route

PUBLIC_KEY = re.compile(r"(ssh-ed25519|ssh-rsa|ecdsa-sha2-nistp\d+) [A-Za-z0-9+/]{40,}={0,2}")


def list_keys(call: Call) -> Answer:
    repository = access.repository(call, "admin")
    return answer_list(
        call, [repository_shapes.deploy_key(call.request, repository, key) for key in repository.keys.values()]
    )


def get_key(call: Call) -> Answer:
    repository = access.repository(call, "admin")
    key = repository.keys.get(_number(call))
    if key is None:
        raise not_found()
    return Answer.of_json(repository_shapes.deploy_key(call.request, repository, key))


def add_key(call: Call) -> Answer:
    """A comment behind the key is not kept, as with the vendor."""
    repository = access.repository(call, "admin")
    body = call.body()
    match = PUBLIC_KEY.match(str(body.get("key", "")))
    if match is None:
        message = "key is invalid. You must supply a key in OpenSSH public key format"
        raise invalid("PublicKey", "key", message, "custom")
    title = str(body.get("title") or match[0][-20:])
    key = repository.add_key(title, match[0], body.get("read_only") is True, call.actor)
    shape = repository_shapes.deploy_key(call.request, repository, key)
    return Answer.of_json(shape, 201, {"Location": shape["url"]})


def delete_key(call: Call) -> Answer:
    access.repository(call, "admin").delete_key(_number(call), call.actor)
    return no_content()


def _number(call: Call) -> int:
    text = call.parameters["key_id"]
    return int(text) if text.isdigit() else 0


BASE = "/repos/{owner}/{repo}/keys"
ROUTES: list[Route] = [
    route("GET", BASE, list_keys, "repo", is_soft=True, permissions="administration=read"),
    route("POST", BASE, add_key, "repo", is_soft=True, permissions="administration=write"),
    route("GET", f"{BASE}/{{key_id}}", get_key, "repo", is_soft=True, permissions="administration=read"),
    route("DELETE", f"{BASE}/{{key_id}}", delete_key, "repo", is_soft=True, permissions="administration=write"),
]
