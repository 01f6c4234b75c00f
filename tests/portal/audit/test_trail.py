"""The audit trail: what an entry holds, and that nobody changes one."""

import ast
import re
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.db import connection, transaction

from portal.audit import trail
from portal.audit.models import AuditEntry, TrailIsFixed
from portal.audit.words import SENTENCES, VERBS, changes, words

pytestmark = pytest.mark.django_db

PORTAL, WORDS = Path(__file__).parents[3] / "portal", "audit/words.py"


@pytest.fixture
def entry() -> AuditEntry:
    actor = SimpleNamespace(pk=7, email="megan@contoso.example")
    return trail.record(verb="settings.changed", actor=actor, object_label="Domains", before=[], after=["contoso.com"])


def test_an_entry_can_neither_be_changed_nor_removed(entry: AuditEntry) -> None:
    entry.actor_email = "somebody@else.example"
    for attempt in (
        entry.save,
        entry.delete,
        AuditEntry.objects.all().delete,
        lambda: AuditEntry.objects.update(verb="x"),
        lambda: AuditEntry.objects.bulk_update([entry], ["actor_email"]),
        lambda: AuditEntry.objects.update_or_create(pk=entry.pk, defaults={"verb": "x"}),
        lambda: AuditEntry._base_manager.filter(pk=entry.pk).update(verb="x"),
        lambda: AuditEntry._base_manager.all().delete(),
    ):
        with pytest.raises(TrailIsFixed):
            attempt()
    kept = AuditEntry.objects.get()
    assert (kept.actor_email, kept.verb) == ("megan@contoso.example", "settings.changed")


def test_an_entry_goes_with_its_transaction() -> None:
    with transaction.atomic():
        trail.record(verb="settings.changed")
        transaction.set_rollback(True)
    assert not AuditEntry.objects.exists()


@pytest.mark.parametrize(
    ("value", "kept"),
    [
        ({"client_secret": "s3cret", "client_id": "abc"}, {"client_secret": "changed", "client_id": "abc"}),
        ({"fields": {"Password": "x", "api_key": "y"}}, {"fields": {"Password": "changed", "api_key": "changed"}}),
        ([{"refresh_token": "r"}], [{"refresh_token": "changed"}]),
        ({"client_secret": ""}, {"client_secret": ""}),
        ({"scan_hours": 12, "names": ("a", "b")}, {"scan_hours": 12, "names": ["a", "b"]}),
        (None, None),
    ],
)
def test_secrets_appear_as_changed(value: object, kept: object) -> None:
    assert trail.record(verb="instance.details_changed", after=value).after == kept


def test_long_and_odd_labels_are_kept_as_far_as_they_go() -> None:
    kept = trail.record(verb="x", object_label="a\0" + "b" * 300)
    assert kept.object_label == "a" + "b" * 254


def test_where_it_came_from_is_told() -> None:
    assert trail.record(verb="x").source == "job"
    with trail.from_command():
        assert trail.record(verb="x").source == "command"
    assert trail.record(verb="x").source == "job"


def test_the_newest_page_by_person_or_verb_uses_an_index() -> None:
    names = {index.name for index in AuditEntry._meta.indexes}
    with connection.cursor() as cursor:
        present = set(connection.introspection.get_constraints(cursor, AuditEntry._meta.db_table))
    assert names <= present


def test_words_are_made_of_verbs() -> None:
    assert words("people.role_given") == "Role given"
    assert words("people.something_of_old") == "People: something of old"
    assert words("plain") == "Plain"


def test_every_verb_has_its_words() -> None:
    """And no words are kept for a verb that is written no more."""
    verb = re.compile(rf"({'|'.join([*VERBS, 'export', 'feed'])})\.[a-z_]+")
    files = [file for file in PORTAL.rglob("*.py") if "migrations" not in file.parts and file != PORTAL / WORDS]
    nodes = (node for file in files for node in ast.walk(ast.parse(file.read_text())))
    texts = (node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str))
    assert {text for text in texts if verb.fullmatch(text)} == set(SENTENCES)


def test_changes_are_told_field_by_field() -> None:
    before, after = {"a": 1, "b": [1, 2]}, {"a": 1, "b": [], "c": True}
    told = [(each.name, each.before, each.after) for each in changes(before, after)]
    assert told == [("b", "1, 2", "none"), ("c", "", "yes")]
    assert [(each.before, each.after) for each in changes("old", "new")] == [("old", "new")]
    assert changes(None, None) == []
