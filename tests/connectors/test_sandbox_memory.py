"""The demo's vendors remember across restarts."""

from pathlib import Path

import pytest

from tests.sandbox import memory
from tests.sandbox.caller import Caller
from tests.sandbox.github import SERVICE_OWNER
from tests.sandbox.server import Sandbox


def test_a_token_issued_before_a_restart_is_good_after_it(tmp_path: Path) -> None:
    before, after = Sandbox(), Sandbox()
    token = before.github.state.issue_token(SERVICE_OWNER, ["read:org"])
    memory.write(before, tmp_path / "memory")
    assert memory.read(after, tmp_path / "memory")
    headers = {"Authorization": f"Bearer {token}", "User-Agent": "test"}
    assert Caller(after, "api.github.com", headers).get("/user").json()["login"] == SERVICE_OWNER
    after.clock.advance(3600)
    assert after.github.state.clock is after.clock


def test_without_a_file_or_with_one_of_another_version_it_begins_from_the_seed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sandbox = Sandbox()
    assert not memory.read(sandbox, tmp_path / "none")
    memory.write(sandbox, tmp_path / "memory")
    monkeypatch.setattr(memory, "_written_by", lambda: b"another")
    assert not memory.read(sandbox, tmp_path / "memory")
