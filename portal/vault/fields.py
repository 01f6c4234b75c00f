"""The one encrypted field. The package's own field loses and leaks secrets in `bulk_update`, returns ciphertext under a
wrong key, and decrypts what a user types; this subclass does none of it. Never `.update(field=F(...))` it."""

from typing import Any

from django.db import models
from encrypted_model_fields import fields as encrypted


class SecretTextField(encrypted.EncryptedTextField):  # type: ignore[misc]  # the package has no types
    """Text, encrypted at rest. A wrong key raises `InvalidToken` on reading; only `isnull` look-ups are allowed."""

    def to_python(self, value: Any) -> Any:
        return models.TextField.to_python(self, value)

    def from_db_value(self, value: str | None, expression: Any, connection: Any) -> str | None:
        return None if value is None else str(encrypted.decrypt_str(value))

    def get_db_prep_save(self, value: Any, connection: Any) -> Any:
        if hasattr(value, "as_sql"):  # bulk_update's CASE: its values come back here as text, one by one
            return value
        return super().get_db_prep_save(value, connection)

    def get_lookup(self, name: str) -> Any:
        return super().get_lookup(name) if name == "isnull" else None
