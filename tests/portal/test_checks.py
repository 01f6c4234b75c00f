"""An unsafe start is refused, by manage.py and by the web server alike, with the reason and the remedy."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from django.core.checks import run_checks
from django.db import connection
from pytest_django import Settings

from portal import checks
from portal.vault import canary
from portal.vault.models import Canary

ROOT = Path(__file__).parents[2]
PUBLIC = "https://gatehouse.example.com"

pytestmark = pytest.mark.one_database


@pytest.fixture(autouse=True)
def _demo(settings: Settings, db: None) -> None:
    settings.PUBLIC_URL = "http://localhost:8800"
    settings.IS_HTTPS = settings.TRUSTED_PROXY = settings.SANDBOX = settings.DEBUG = False
    settings.NETWORK_OVERRIDES, settings.FURTHER_HOSTS = {}, []


def found() -> list[str]:
    return [str(each.id) for each in run_checks(tags=[checks.TAG])]


def test_a_local_start_has_nothing_to_say() -> None:
    assert found() == []


def test_overrides_need_the_sandbox(settings: Settings) -> None:
    settings.NETWORK_OVERRIDES = {"api.github.com": "http://127.0.0.1:8801/~/api.github.com"}
    assert found() == ["gatehouse.E001"]
    settings.SANDBOX = True
    assert found() == []


@pytest.mark.parametrize("target", ["http://10.0.0.5/", "https://evil.example/", "http://localhost.evil.example/", "x"])
def test_overrides_stay_on_this_machine(settings: Settings, target: str) -> None:
    settings.SANDBOX = True
    settings.NETWORK_OVERRIDES = {"api.github.com": target}
    assert found() == ["gatehouse.E002"]


@pytest.mark.parametrize(
    ("name", "is_refused"),
    [
        ("/srv/gatehouse/var/gatehouse.sqlite3", True),
        ("gatehouse", True),
        ("/demo/var/data/gatehouse.sqlite3", True),
        ("/srv/gatehouse/var/demo/gatehouse.sqlite3", False),
        ("gatehouse_sandbox", False),
    ],
)
def test_the_sandbox_needs_a_database_of_its_own(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, name: str, is_refused: bool
) -> None:
    settings.SANDBOX = True
    monkeypatch.setitem(settings.DATABASES["default"], "NAME", name)
    assert found() == (["gatehouse.E003"] if is_refused else [])


def test_the_sandbox_has_no_public_address(settings: Settings) -> None:
    settings.SANDBOX = True
    settings.PUBLIC_URL, settings.IS_HTTPS, settings.TRUSTED_PROXY = PUBLIC, True, True
    assert found() == ["gatehouse.E004"]


def test_a_public_address_needs_https_and_no_debugging(settings: Settings) -> None:
    settings.PUBLIC_URL = "http://gatehouse.example.com"
    settings.DEBUG = True
    assert found() == ["gatehouse.E005", "gatehouse.E006"]


@pytest.mark.parametrize("name", ["gatehouse.example.com", ".example.com", "*", "10.0.0.5", "localhost.example.com"])
def test_a_further_host_name_that_other_machines_know_is_a_public_address(settings: Settings, name: str) -> None:
    settings.FURTHER_HOSTS, settings.DEBUG, settings.SECRET_KEY = ["localhost", name], True, "short"
    assert found() == ["gatehouse.E005", "gatehouse.E006", "gatehouse.E007"]
    assert all(name in each.msg for each in run_checks(tags=[checks.TAG]) if each.id != "gatehouse.E007")


@pytest.mark.parametrize("name", ["localhost", "portal.localhost", "127.0.0.1", "127.0.0.7", "[::1]", "::1"])
def test_further_names_of_this_machine_are_none(settings: Settings, name: str) -> None:
    settings.FURTHER_HOSTS, settings.DEBUG = [name], True
    assert found() == []


def test_the_sandbox_has_no_further_host_name(settings: Settings) -> None:
    settings.SANDBOX, settings.FURTHER_HOSTS = True, ["demo.example.com"]
    assert "gatehouse.E004" in found()


def test_the_names_come_from_the_environment(tmp_path: Path) -> None:
    ended = start(tmp_path, "manage.py", "check", GATEHOUSE_ALLOWED_HOSTS="localhost,gatehouse.example.com")
    assert ended.returncode != 0
    assert "other machines reach the portal as gatehouse.example.com" in ended.stderr
    assert start(tmp_path, "manage.py", "check", GATEHOUSE_ALLOWED_HOSTS="localhost").returncode == 0


def test_a_public_address_needs_a_long_key(settings: Settings) -> None:
    settings.PUBLIC_URL, settings.IS_HTTPS, settings.TRUSTED_PROXY = PUBLIC, True, True
    settings.SECRET_KEY = "short"
    assert found() == ["gatehouse.E007"]


def test_a_proxy_is_asked_about(settings: Settings) -> None:
    settings.PUBLIC_URL, settings.IS_HTTPS = PUBLIC, True
    assert found() == ["gatehouse.W001"]
    settings.PUBLIC_URL, settings.IS_HTTPS, settings.TRUSTED_PROXY = "http://localhost:8800", False, True
    assert found() == ["gatehouse.W002"]


def test_a_canary_of_another_hand_is_refused() -> None:
    canary.plant()
    Canary.objects.update(text="another song")
    assert found() == ["gatehouse.E009"]


def test_the_message_says_what_why_and_what_to_do(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(connection, "close", lambda: None)
    settings.NETWORK_OVERRIDES = {"api.github.com": "http://127.0.0.1:8801"}
    with pytest.raises(SystemExit) as ended:
        checks.refuse_unsafe_start()
    assert ended.value.code == checks.BOOT_FAILED
    words = capsys.readouterr().err
    assert words.startswith("Gatehouse does not start: ")
    assert "tokens" in words
    assert "Remove GATEHOUSE_NETWORK_OVERRIDES" in words


def start(folder: Path, *command: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """A process of the portal with a SQLite database in `folder`."""
    inherited = {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "Q_CLUSTER_NAME")}
    own = {"GATEHOUSE_DATA": str(folder), "DJANGO_SETTINGS_MODULE": "portal.settings", **environment}
    return subprocess.run(
        [sys.executable, *command], cwd=ROOT, env={**inherited, **own}, capture_output=True, text=True, timeout=60
    )


SERVERS = {
    "web": ("-m", "gunicorn", "portal.wsgi", "--bind", "127.0.0.1:0", "--no-control-socket"),
    "worker": ("manage.py", "qcluster"),
}


@pytest.mark.parametrize("server", SERVERS)
def test_no_process_starts_with_overrides_outside_the_sandbox(tmp_path: Path, server: str) -> None:
    overrides = '{"api.github.com": "http://127.0.0.1:8801"}'
    ended = start(tmp_path, *SERVERS[server], GATEHOUSE_NETWORK_OVERRIDES=overrides)
    assert ended.returncode != 0
    assert "Remove GATEHOUSE_NETWORK_OVERRIDES" in ended.stderr
    assert "Traceback" not in ended.stderr


@pytest.mark.parametrize("server", SERVERS)
def test_no_process_starts_without_keys(tmp_path: Path, server: str) -> None:
    ended = start(tmp_path, *SERVERS[server], GATEHOUSE_SECRET_KEY="")
    assert ended.returncode != 0
    assert "GATEHOUSE_SECRET_KEY and GATEHOUSE_ENCRYPTION_KEYS are not set" in ended.stderr
    assert "Traceback" not in ended.stderr


@pytest.mark.parametrize("server", SERVERS)
def test_no_process_starts_with_a_key_that_does_not_fit_the_database(tmp_path: Path, server: str) -> None:
    assert start(tmp_path, "manage.py", "migrate", "-v", "0").returncode == 0
    ended = start(tmp_path, *SERVERS[server], GATEHOUSE_ENCRYPTION_KEYS=Fernet.generate_key().decode())
    assert ended.returncode != 0
    assert "The encryption keys do not fit this database" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_further_keys_may_stand_behind_the_first(tmp_path: Path) -> None:
    old, new = os.environ["GATEHOUSE_ENCRYPTION_KEYS"], Fernet.generate_key().decode()
    start(tmp_path, "manage.py", "migrate", "-v", "0")
    assert start(tmp_path, "manage.py", "check", GATEHOUSE_ENCRYPTION_KEYS=f"{new},{old}").returncode == 0
