"""Where working out anew who is external and how far files are shared stands."""

from django.db import models

from portal.instances.models import AppInstance


class Recomputation(models.Model):
    """One row an instance: with which domains its rows are, or are being, worked out. Resumable.

    `stage` and `after` are the cursor: the table it is at, and the vendor id of the last row that is done.
    """

    instance = models.OneToOneField(
        AppInstance, on_delete=models.CASCADE, primary_key=True, related_name="recomputation"
    )
    domains_digest = models.CharField(max_length=64)
    stage = models.PositiveSmallIntegerField(default=0)
    after = models.CharField(max_length=255, blank=True)
    total_rows = models.PositiveBigIntegerField(null=True)
    done_rows = models.PositiveBigIntegerField(default=0)
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)
    """How often in a row a worker began and did not get on."""
    problem = models.TextField(blank=True)
    """Why it ended before it was done."""
    lease_owner = models.CharField(max_length=32, blank=True)
    lease_until = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"recomputation of instance {self.instance_id}"
