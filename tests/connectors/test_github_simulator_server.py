"""The sandbox as a server: host names, self-built URLs, faults, recording, the demo's page and process."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator

import pytest
import requests

from tests.sandbox import Sandbox
from tests.sandbox.github import SERVICE_OWNER
from tests.sandbox.server import KEPT_EXCHANGES

MEMBERS = "/orgs/contoso-dev/members"


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with Sandbox() as started:
        yield started


@pytest.fixture
def headers(sandbox: Sandbox) -> dict[str, str]:
    token = sandbox.github.state.issue_token(SERVICE_OWNER, ["admin:org"])
    return {"Authorization": f"Bearer {token}", "Host": "api.github.com"}


def api(sandbox: Sandbox) -> str:
    return sandbox.overrides()["api.github.com"]


def test_under_the_vendors_host_urls_are_the_vendors(sandbox: Sandbox, headers: dict[str, str]) -> None:
    for base in (sandbox.base_url, api(sandbox)):
        reply = requests.get(f"{base}{MEMBERS}?per_page=1", headers=headers, timeout=5)
        assert reply.json()[0]["url"] == f"https://api.github.com/users/{SERVICE_OWNER}"
        assert reply.links["next"]["url"].startswith("https://api.github.com/organizations/148205311/members?")


def test_under_the_sandboxs_own_address_urls_can_be_followed(sandbox: Sandbox, headers: dict[str, str]) -> None:
    own = {"Authorization": headers["Authorization"]}
    reply = requests.get(f"{api(sandbox)}{MEMBERS}?per_page=1", headers=own, timeout=5)
    assert reply.json()[0]["url"] == f"{api(sandbox)}/users/{SERVICE_OWNER}"
    following = requests.get(reply.links["next"]["url"], headers=own, timeout=5)
    assert following.json()[0]["login"] != SERVICE_OWNER


def test_each_vendor_host_is_overridden_with_a_loopback_address(sandbox: Sandbox) -> None:
    residency, server = {"api.contoso.ghe.com", "contoso.ghe.com"}, {"github.contoso.example"}
    assert set(sandbox.overrides()) >= {"api.github.com", "github.com"} | residency | server
    assert all(re.match(r"http://127\.0\.0\.1:\d+/~/", base) for base in sandbox.overrides().values())


def test_no_vendor_tells_anything_before_something_has_happened() -> None:
    """The demo's postman asks them all from the first moment on."""
    for vendor in Sandbox().simulators.values():
        vendor.deliver = lambda url, headers, body: pytest.fail(f"{url} was told something")
        vendor.send()


def test_an_unknown_vendor_is_said_to_be_unknown(sandbox: Sandbox) -> None:
    assert requests.get(f"{sandbox.base_url}/~/api.nowhere.example/x", timeout=5).status_code == 404
    assert "no simulator" in requests.get(sandbox.base_url, headers={"Host": "api.nowhere.example"}, timeout=5).text


def test_exchanges_are_recorded_as_the_vendor_saw_them(sandbox: Sandbox, headers: dict[str, str]) -> None:
    requests.get(f"{api(sandbox)}{MEMBERS}?role=admin&per_page=2", headers=headers, timeout=5)
    requests.put(
        f"{api(sandbox)}/orgs/contoso-dev/memberships/asingh", json={"role": "admin"}, headers=headers, timeout=5
    )
    first, second = sandbox.requests
    assert (first.host, first.method, first.path) == ("api.github.com", "GET", MEMBERS)
    assert first.query == [("role", "admin"), ("per_page", "2")]
    assert first.headers["authorization"] == headers["Authorization"]
    assert (first.status, len(first.response_json())) == (200, 2)
    assert "x-ratelimit-limit" in first.response_headers
    assert (second.method, second.body) == ("PUT", b'{"role": "admin"}')


def test_only_the_latest_exchanges_are_kept(sandbox: Sandbox) -> None:
    for _ in range(KEPT_EXCHANGES + 5):
        sandbox.answer("GET", "/meta", {"Host": "api.github.com", "User-Agent": "tests"})
    assert len(sandbox.requests) == KEPT_EXCHANGES


def test_a_body_in_chunks_is_read(sandbox: Sandbox, headers: dict[str, str]) -> None:
    target = f"{api(sandbox)}/orgs/contoso-dev/memberships/asingh"
    pieces = iter([b'{"role":', b' "admin"}'])
    reply = requests.put(target, data=pieces, headers=headers, timeout=5)
    assert reply.json()["role"] == "admin"


def test_reset_brings_the_seed_back(sandbox: Sandbox, headers: dict[str, str]) -> None:
    requests.delete(f"{api(sandbox)}/orgs/contoso-dev/memberships/asingh", headers=headers, timeout=5)
    sandbox.faults.add("html", times=None)
    sandbox.reset()
    assert sandbox.requests == []
    assert len(sandbox.github.organisation().members) == 14
    assert requests.get(f"{api(sandbox)}/meta", timeout=5).json()


# -- faults


def get(sandbox: Sandbox, headers: dict[str, str], timeout: float = 5) -> requests.Response:
    return requests.get(f"{api(sandbox)}{MEMBERS}", headers=headers, timeout=timeout)


@pytest.mark.parametrize(
    ("kind", "status", "content_type"),
    [
        ("server-error", 500, "text/html"),
        ("bad-gateway", 502, "text/html"),
        ("rate-limit", 429, "application/json"),
        ("secondary-rate-limit", 403, "application/json"),
        ("html", 200, "text/html"),
        ("wrong-shape", 200, "application/json"),
        ("unauthorized", 401, "application/json"),
    ],
)
def test_each_fault_looks_like_itself(
    sandbox: Sandbox, headers: dict[str, str], kind: str, status: int, content_type: str
) -> None:
    sandbox.faults.add(kind)
    reply = get(sandbox, headers)
    assert (reply.status_code, reply.headers["Content-Type"].partition(";")[0]) == (status, content_type)
    assert sandbox.requests[-1].fault == kind
    assert get(sandbox, headers).status_code == 200


def test_rate_limits_say_when_to_come_back(sandbox: Sandbox, headers: dict[str, str]) -> None:
    sandbox.faults.add("rate-limit", retry_after=90)
    sandbox.faults.add("secondary-rate-limit", retry_after=7)
    primary, secondary = get(sandbox, headers), get(sandbox, headers)
    assert primary.headers["x-ratelimit-remaining"] == "0"
    assert 85 < int(primary.headers["x-ratelimit-reset"]) - time.time() <= 91
    assert secondary.headers["retry-after"] == "7"


def test_truncated_answers_are_no_json(sandbox: Sandbox, headers: dict[str, str]) -> None:
    sandbox.faults.add("truncated")
    with pytest.raises(ValueError, match=r"Unterminated|Expecting|delimiter"):
        get(sandbox, headers).json()


def test_a_reset_connection_breaks(sandbox: Sandbox, headers: dict[str, str]) -> None:
    sandbox.faults.add("reset")
    with pytest.raises(requests.ConnectionError):
        get(sandbox, headers)


def test_a_time_out_holds_the_answer(sandbox: Sandbox, headers: dict[str, str]) -> None:
    sandbox.faults.add("timeout", seconds=20)
    with pytest.raises(requests.ReadTimeout):
        get(sandbox, headers, timeout=0.2)


def test_a_lost_answer_leaves_the_work_done(sandbox: Sandbox, headers: dict[str, str]) -> None:
    for performed, left in ((False, 14), (True, 13)):
        sandbox.faults.add("reset", method="DELETE", performed=performed)
        with pytest.raises(requests.ConnectionError):
            requests.delete(f"{api(sandbox)}/orgs/contoso-dev/memberships/asingh", headers=headers, timeout=5)
        assert len(sandbox.github.organisation().members) == left


def test_faults_choose_host_method_path_and_turn(sandbox: Sandbox, headers: dict[str, str]) -> None:
    sandbox.faults.add("bad-gateway", host="github.com")
    sandbox.faults.add("bad-gateway", method="PUT")
    sandbox.faults.add("bad-gateway", path_pattern=r"/teams$")
    sandbox.faults.add("bad-gateway", path_pattern=r"/members$", after=1, times=2)
    assert [get(sandbox, headers).status_code for _ in range(4)] == [200, 502, 502, 200]


def test_random_faults_repeat_with_their_seed(sandbox: Sandbox) -> None:
    def run() -> list[int]:
        sandbox.faults.probability(0.3, seed=5)
        headers = {"Host": "api.github.com", "User-Agent": "tests"}
        return [sandbox.answer("GET", "/meta", headers).status for _ in range(50)]

    first = run()
    assert len({*first}) > 1
    assert run() == first
    sandbox.faults.clear()
    assert sandbox.answer("GET", "/meta", {"Host": "api.github.com", "User-Agent": "tests"}).status == 200


# -- the demo


def press(sandbox: Sandbox, switch: str) -> None:
    form = {"vendor": "github", "switch": switch}
    assert requests.post(f"{sandbox.base_url}/switch", data=form, timeout=5).status_code == 200


def test_the_start_page_says_what_to_type_and_what_was_called(sandbox: Sandbox, headers: dict[str, str]) -> None:
    get(sandbox, headers)
    page = requests.get(sandbox.base_url, timeout=5).text
    for label, value in sandbox.github.credentials():
        assert label in page
        assert value in page
    assert f"GET {MEMBERS}" in page
    assert headers["Authorization"].removeprefix("Bearer ") not in page


@pytest.mark.parametrize(
    ("switch", "status"),
    [("rate-limit", 403), ("revoked", 401), ("outage", 503), ("saml", 403), ("owner", 403)],
)
def test_each_switch_does_what_it_says_and_undoes_it(
    sandbox: Sandbox, headers: dict[str, str], switch: str, status: int
) -> None:
    target = f"{api(sandbox)}/orgs/contoso-dev/blocks"
    assert requests.get(target, headers=headers, timeout=5).status_code == 200
    press(sandbox, switch)
    assert requests.get(target, headers=headers, timeout=5).status_code == status
    press(sandbox, switch)
    assert requests.get(target, headers=headers, timeout=5).status_code == 200


def test_after_the_tokens_were_revoked_a_new_consent_is_good(sandbox: Sandbox, headers: dict[str, str]) -> None:
    press(sandbox, "revoked")
    fresh = sandbox.github.state.issue_token(SERVICE_OWNER, ["admin:org"])
    target = f"{api(sandbox)}/orgs/contoso-dev/blocks"
    anew = {**headers, "Authorization": f"Bearer {fresh}"}
    assert requests.get(target, headers=headers, timeout=5).status_code == 401
    assert requests.get(target, headers=anew, timeout=5).status_code == 200


def test_the_plan_switch_takes_the_audit_log_away(sandbox: Sandbox, headers: dict[str, str]) -> None:
    press(sandbox, "plan")
    assert requests.get(f"{api(sandbox)}/orgs/contoso-dev/audit-log", headers=headers, timeout=5).status_code == 404


def test_the_reset_button_resets(sandbox: Sandbox) -> None:
    press(sandbox, "plan")
    assert requests.post(f"{sandbox.base_url}/reset", timeout=5).status_code == 200
    assert sandbox.github.organisation().plan == "enterprise"


def test_the_process_prints_its_address_and_ends_on_request() -> None:
    command = [sys.executable, "-m", "tests.sandbox", "--port", "0", "--slow", "1"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env={**os.environ}) as process:
        assert process.stdout is not None
        base = process.stdout.readline().strip()
        assert "Sandbox of Contoso" in requests.get(base, timeout=5).text
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=5) == 0
