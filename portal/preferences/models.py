"""Settings that an admin changes in the portal, and suggestions of apps to connect."""

from django.db import models
from django.utils import timezone


class Preference(models.Model):
    """One setting that differs from its default. What settings there are is declared in preferences.py."""

    key = models.CharField(max_length=64, primary_key=True)
    value = models.JSONField()

    def __str__(self) -> str:
        return self.key


class Suggestion(models.Model):
    """An app that somebody wants to have connected."""

    app_name = models.CharField(max_length=120)
    web_address = models.URLField(blank=True)
    why = models.TextField(blank=True, max_length=2000)
    suggested_by_id = models.BigIntegerField(null=True)
    suggested_by_email = models.CharField(max_length=254, blank=True)
    suggested_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return self.app_name
