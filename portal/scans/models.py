"""Where each feed stands, and what its runs did."""

from django.db import models

from portal.instances.models import AppInstance


class FeedStatus(models.TextChoices):
    """In plain words on pages. `waiting`: due at `next_run_at`. `blocked` needs a person; `unavailable` a plan."""

    WAITING = "waiting", "Waiting"
    RUNNING = "running", "Running"
    BLOCKED = "blocked", "Needs attention"
    UNAVAILABLE = "unavailable", "Not available"
    STOPPED = "stopped", "Stopped"


class FeedState(models.Model):
    """One row for each (instance, feed, partition): cursor, lease, progress, last error.

    The lease is a random owner and an end, taken by compare-and-set; every commit of a slice checks the owner again.
    `crashes` counts claims that never committed anything: at the limit the feed is blocked and says so.
    """

    instance = models.ForeignKey(AppInstance, on_delete=models.CASCADE, related_name="feed_states")
    feed = models.CharField(max_length=64)
    partition = models.CharField(max_length=255, blank=True)
    partition_label = models.CharField(max_length=255, blank=True)
    position = models.PositiveSmallIntegerField(default=0)
    """Order of a first scan."""

    status = models.CharField(max_length=16, choices=FeedStatus.choices, default=FeedStatus.WAITING)
    next_run_at = models.DateTimeField(null=True)
    cursor = models.JSONField(null=True)
    pass_id = models.BigIntegerField(default=0)
    """Counts full passes; rows carry it, the sweep compares it."""
    is_full_pass = models.BooleanField(default=True)
    is_mid_run = models.BooleanField(default=False)
    """A run was cut into slices and goes on from `cursor`."""
    is_stop_wanted = models.BooleanField(default=False)

    lease_owner = models.CharField(max_length=32, blank=True)
    lease_until = models.DateTimeField(null=True)
    crashes = models.PositiveSmallIntegerField(default=0)
    failures = models.PositiveSmallIntegerField(default=0)
    """Runs in a row that ended in an error: the back-off."""

    error_code = models.CharField(max_length=32, blank=True)
    error = models.TextField(blank=True)
    remedy = models.TextField(blank=True)

    run_started_at = models.DateTimeField(null=True)
    run_records = models.PositiveBigIntegerField(default=0)
    run_pages = models.PositiveIntegerField(default=0)
    run_total = models.PositiveBigIntegerField(null=True)
    """Only where the vendor states it."""
    last_success_at = models.DateTimeField(null=True)
    last_page_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["instance", "feed", "partition"], name="feed_state_unique"),
        ]
        indexes = [models.Index(fields=["status", "next_run_at"], name="feed_state_due")]

    def __str__(self) -> str:
        return f"{self.feed} of instance {self.instance_id}"


class RunOutcome(models.TextChoices):
    RUNNING = "running", "Running"
    DONE = "done", "Done"
    FAILED = "failed", "Failed"
    STOPPED = "stopped", "Stopped"


class ScanRun(models.Model):
    """One run of one feed and partition, from its first slice to its end."""

    instance = models.ForeignKey(AppInstance, on_delete=models.CASCADE, related_name="scan_runs")
    feed = models.CharField(max_length=64)
    partition = models.CharField(max_length=255, blank=True)
    pass_id = models.BigIntegerField()
    outcome = models.CharField(max_length=16, choices=RunOutcome.choices, default=RunOutcome.RUNNING)
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    slices = models.PositiveIntegerField(default=0)
    pages = models.PositiveIntegerField(default=0)
    records = models.PositiveBigIntegerField(default=0)
    new_rows = models.PositiveBigIntegerField(default=0)
    gone_rows = models.PositiveBigIntegerField(default=0)
    error_code = models.CharField(max_length=32, blank=True)
    error = models.TextField(blank=True)

    class Meta:
        indexes = [models.Index(fields=["instance", "-started_at"], name="scan_run_by_instance")]

    def __str__(self) -> str:
        return f"run {self.pk} of {self.feed}"
