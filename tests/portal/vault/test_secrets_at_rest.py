"""Secrets in the database: unreadable without the key, bound to their row, never compared or copied by accident."""

import json

import pytest
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.core.exceptions import FieldError
from django.db import connection
from encrypted_model_fields import fields as encrypted

from connectors.base import CredentialsRejected
from portal.instances.models import AppInstance, Connection
from portal.instances.vault import InstanceVault
from portal.vault import canary, seal
from portal.vault.models import Canary

pytestmark = pytest.mark.django_db


def instance(name: str) -> AppInstance:
    return AppInstance.objects.create(app_id="github", name=name, method_id="oauth_app")


def column(row: Connection) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT document FROM instances_connection WHERE instance_id = %s", [row.pk])
        return str(cursor.fetchone()[0])


def put_column(instance_id: int, text: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE instances_connection SET document = %s WHERE instance_id = %s", [text, instance_id])


@pytest.fixture
def other_key(monkeypatch: pytest.MonkeyPatch) -> None:
    key = Fernet(Fernet.generate_key())
    monkeypatch.setattr(encrypted, "CRYPTER", MultiFernet([key]))


def test_what_is_stored_is_read_again() -> None:
    vault = InstanceVault(instance("one").pk)
    vault.write_fields({"client_secret": "s3cret"})
    vault.write_tokens({"access": {"": {"value": "tok"}}})
    assert vault.read() == {"fields": {"client_secret": "s3cret"}, "tokens": {"access": {"": {"value": "tok"}}}}


def test_a_field_left_blank_keeps_the_stored_one() -> None:
    vault = InstanceVault(instance("one").pk)
    vault.write_fields({"client_secret": "s3cret", "key": "k"})
    vault.write_fields({"key": "new"})
    assert vault.read()["fields"] == {"client_secret": "s3cret", "key": "new"}


def test_tokens_that_come_after_everything_was_forgotten_are_not_kept() -> None:
    vault = InstanceVault(instance("one").pk)
    vault.write_fields({"client_secret": "s3cret"})
    vault.clear()
    with pytest.raises(CredentialsRejected, match="has ended"):
        vault.write_tokens({"access": {"": {"value": "tok"}}})
    assert not Connection.objects.exists()


def test_the_column_holds_no_secret_in_clear() -> None:
    one = instance("one")
    InstanceVault(one.pk).write_fields({"client_secret": "s3cret"})
    assert "s3cret" not in column(Connection.objects.get(pk=one.pk))


def test_a_ciphertext_moved_to_another_row_is_refused() -> None:
    one, two = instance("one"), instance("two")
    InstanceVault(one.pk).write_fields({"client_secret": "of one"})
    InstanceVault(two.pk).write_fields({"client_secret": "of two"})
    put_column(two.pk, column(Connection.objects.get(pk=one.pk)))
    with pytest.raises(CredentialsRejected, match="belongs to another record"):
        InstanceVault(two.pk).read()


@pytest.mark.usefixtures("other_key")
def test_a_wrong_key_gives_a_sentence_and_no_ciphertext() -> None:
    one = instance("one")
    with pytest.MonkeyPatch.context() as right_key:
        right_key.setattr(encrypted, "CRYPTER", MultiFernet([Fernet(Fernet.generate_key())]))
        InstanceVault(one.pk).write_fields({"client_secret": "s3cret"})
    with pytest.raises(CredentialsRejected, match="present encryption keys"):
        InstanceVault(one.pk).read()


def test_a_document_that_is_no_sealed_document_is_refused() -> None:
    one = instance("one")
    Connection.objects.create(instance=one, document=json.dumps({"fields": {"client_secret": "typed by hand"}}))
    with pytest.raises(CredentialsRejected):
        InstanceVault(one.pk).read()


def test_bulk_update_keeps_each_rows_own_secret() -> None:
    rows = []
    for name in ("one", "two"):
        rows.append(Connection.objects.create(instance=instance(name), document=f"secret of {name}"))
    for row in rows:
        row.document += ", changed"
    Connection.objects.bulk_update(rows, ["document"])
    assert [row.document for row in Connection.objects.order_by("pk")] == [
        "secret of one, changed", "secret of two, changed",
    ]  # fmt: skip


def test_secrets_cannot_be_searched_for() -> None:
    with pytest.raises((FieldError, TypeError)):
        list(Connection.objects.filter(document="s3cret"))


def test_only_one_worker_at_a_time_holds_the_lock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("portal.instances.vault.PATIENCE_SECONDS", 0.0)
    vault, rival = (InstanceVault(pk) for pk in [instance("one").pk] * 2)
    vault.write_fields({})
    with vault.locked(), pytest.raises(Exception, match="Another worker"), rival.locked():
        pass
    with rival.locked():
        assert Connection.objects.get(pk=vault._instance_id).lease_owner


def test_sealed_text_opens_only_where_it_belongs() -> None:
    sealed = seal.seal_text("totp seed", "people.User/1")
    assert "totp" not in sealed
    assert seal.open_text(sealed, "people.User/1") == "totp seed"
    with pytest.raises(seal.VaultError, match="another record"):
        seal.open_text(sealed, "people.User/2")


def test_the_canary_tells_a_wrong_key_at_start() -> None:
    Canary.objects.all().delete()
    canary.plant()
    assert canary.problem() == ""
    with pytest.MonkeyPatch.context() as other:
        other.setattr(encrypted, "CRYPTER", MultiFernet([Fernet(Fernet.generate_key())]))
        assert "written with another key" in canary.problem()
        with pytest.raises(InvalidToken):
            list(Canary.objects.all())


def test_a_second_key_still_reads_what_the_first_wrote(monkeypatch: pytest.MonkeyPatch) -> None:
    old, new = Fernet(Fernet.generate_key()), Fernet(Fernet.generate_key())
    one = instance("one")
    monkeypatch.setattr(encrypted, "CRYPTER", MultiFernet([old]))
    InstanceVault(one.pk).write_fields({"client_secret": "s3cret"})
    monkeypatch.setattr(encrypted, "CRYPTER", MultiFernet([new, old]))
    assert InstanceVault(one.pk).read()["fields"] == {"client_secret": "s3cret"}
