"""The canary: one known text, encrypted with the key in use when it was made."""

from django.db import models

from portal.vault.fields import SecretTextField


class Canary(models.Model):
    """A single row. Reading it tells at start whether the present keys are the ones the secrets were written with."""

    text = SecretTextField()
    made_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"canary of {self.made_at}"
