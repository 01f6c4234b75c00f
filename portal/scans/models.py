"""Where each feed stands, and what its runs did."""

from django.db import models

from portal.instances.models import AppInstance
from portal.vault.fields import SecretTextField

VANISHED = "vanished"
"""The error code of a partition that the app no longer lists."""


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
    While a task waits in the queue, its ticket is the owner: a doubled task has an old ticket and leaves.
    `crashes` counts claims that never committed anything: at the limit the feed is blocked and says so.

    A feed with partitions has one row more, without partition: its runs list the partitions.
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
    """A run was cut into slices and goes on from `cursor`, or with the sweep."""
    sweep_began_at = models.DateTimeField(null=True)
    """Everything was read, and what is no longer there is being marked gone: as gone since this moment."""
    sweep_told = models.JSONField(default=list)
    """Names of the kinds of which the sweep tells in one sentence, and has done so."""
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
    wanted_at = models.DateTimeField(null=True)
    """When a push last said that something changed: what is read meanwhile is read again."""
    last_page_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["instance", "feed", "partition"], name="feed_state_unique"),
        ]
        indexes = [models.Index(fields=["status", "next_run_at"], name="feed_state_due")]

    def __str__(self) -> str:
        return f"{self.feed} of instance {self.instance_id}"


class Budget(models.Model):
    """How much is left of one limit of the vendor for one instance, shared by all workers.

    `limit`, `remaining` and `resets_at` are what the vendor's answers said; `used` and `window_ends_at` our own count,
    where its answers say nothing. `rests_until`: nothing that draws on it is read before.
    """

    instance = models.ForeignKey(AppInstance, on_delete=models.CASCADE, related_name="budgets")
    name = models.CharField(max_length=64, blank=True)
    limit = models.PositiveBigIntegerField(null=True)
    remaining = models.PositiveBigIntegerField(null=True)
    resets_at = models.DateTimeField(null=True)
    used = models.PositiveBigIntegerField(default=0)
    window_ends_at = models.DateTimeField(null=True)
    rests_until = models.DateTimeField(null=True)
    noted_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["instance", "name"], name="budget_unique")]

    def __str__(self) -> str:
        return f"limit {self.name or 'of all calls'} of instance {self.instance_id}"


class Meter(models.Model):
    """What runs that have ended did in all, by instance: it only grows, as runs themselves are forgotten after a while.
    `name` is calls, pages, records, new_rows, or error:<code>."""

    instance_id = models.BigIntegerField()
    name = models.CharField(max_length=64)
    value = models.PositiveBigIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["instance_id", "name"], name="meter_unique")]

    def __str__(self) -> str:
        return f"{self.name} of instance {self.instance_id}"


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
    calls = models.PositiveIntegerField(default=0)
    """Requests sent to the vendor."""
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


class RememberedPage(models.Model):
    """A page of a snapshot that may be asked for by its ETag, and the rows it left. Written by remembered.py alone."""

    instance = models.ForeignKey(AppInstance, on_delete=models.CASCADE, related_name="remembered_pages")
    feed = models.CharField(max_length=64)
    partition = models.CharField(max_length=255, blank=True)
    key = models.CharField(max_length=64)
    """A digest of its address."""
    read_with = models.CharField(max_length=64)
    """A digest of the code and the rights that it was read with; it counts for no others."""
    etag = models.CharField(max_length=255)
    next_address = models.TextField(blank=True)
    note = models.JSONField(null=True)
    rows = models.JSONField(default=dict)
    """{kind of record: [vendor id]}."""
    pass_id = models.BigIntegerField()
    """The last pass that saw it."""
    seen_at = models.DateTimeField()
    """As its rows have it, unless somebody else wrote one of them since."""

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["instance", "feed", "partition", "key"], name="remembered_page_unique"),
        ]

    def __str__(self) -> str:
        return f"page of {self.feed} of instance {self.instance_id}"


class Disconnection(models.Model):
    """Ending a connection: telling the vendor, forgetting the secrets, keeping or deleting the data. Resumable."""

    instance = models.OneToOneField(
        AppInstance, on_delete=models.CASCADE, primary_key=True, related_name="disconnection"
    )
    is_data_deleted = models.BooleanField()
    """Whether the data goes too, as the admin chose."""
    asked_by_email = models.CharField(max_length=320, blank=True)
    started_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    """The vendor was asked to revoke; `vendor_problem` tells what it answered, if not simply yes."""
    vendor_problem = models.TextField(blank=True)
    tries = models.PositiveSmallIntegerField(default=0)
    """How often in a row a worker began and did not get on."""
    problem = models.TextField(blank=True)
    """Why it stands still until somebody lets it go on."""
    forgotten_at = models.DateTimeField(null=True)
    """The secrets are gone from the vault."""
    total_rows = models.PositiveBigIntegerField(null=True)
    deleted_rows = models.PositiveBigIntegerField(default=0)
    ended_at = models.DateTimeField(null=True)
    lease_owner = models.CharField(max_length=32, blank=True)
    lease_until = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"disconnection of instance {self.instance_id}"


class Inbox(models.Model):
    """Where an instance's pushes come in: an address nobody can guess, and how it went so far.

    `document`, sealed: {"token": the address's secret part, "secret": what deliveries are signed with, "registrations":
    {vendor id: secret}}. The lease is held by the worker that works the deliveries off.
    """

    instance = models.OneToOneField(AppInstance, on_delete=models.CASCADE, primary_key=True, related_name="inbox")
    token_hash = models.CharField(max_length=64, unique=True)
    document = SecretTextField()
    accepted = models.PositiveBigIntegerField(default=0)
    refused = models.PositiveBigIntegerField(default=0)
    """Deliveries whose sender could not be proven."""
    last_accepted_at = models.DateTimeField(null=True)
    last_refused_at = models.DateTimeField(null=True)
    topics_at = models.DateTimeField(null=True)
    """When the vendor was last asked what there is to register."""
    problem_code = models.CharField(max_length=32, blank=True)
    problem = models.TextField(blank=True)
    remedy = models.TextField(blank=True)
    """Why nothing is registered at the vendor."""
    lease_owner = models.CharField(max_length=32, blank=True)
    lease_until = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"inbox of instance {self.instance_id}"


class Subscription(models.Model):
    """One push registration at the vendor. Its secret is in the inbox's document."""

    instance = models.ForeignKey(AppInstance, on_delete=models.CASCADE, related_name="subscriptions")
    vendor_id = models.CharField(max_length=255)
    topic = models.CharField(max_length=255, blank=True)
    memo = models.JSONField(default=dict)
    expires_at = models.DateTimeField(null=True)
    made_at = models.DateTimeField()
    renewed_at = models.DateTimeField(null=True)
    next_try_at = models.DateTimeField(null=True)
    """After a renewal that failed."""

    class Meta:
        constraints = [models.UniqueConstraint(fields=["instance", "vendor_id"], name="subscription_unique")]

    def __str__(self) -> str:
        return f"subscription {self.vendor_id} of instance {self.instance_id}"


class DeliveryState(models.TextChoices):
    WAITING = "waiting", "Waiting"
    DONE = "done", "Done"
    FAILED = "failed", "Failed"


class Delivery(models.Model):
    """One genuine push as it came, until it is worked off and for some days after."""

    instance = models.ForeignKey(AppInstance, on_delete=models.CASCADE, related_name="deliveries")
    vendor_id = models.CharField(max_length=255)
    """The vendor's id of the delivery, or a digest of it: the same delivery sent again is one row."""
    received_at = models.DateTimeField()
    method = models.CharField(max_length=8)
    headers = models.JSONField(default=dict)
    query = models.JSONField(default=dict)
    body = models.BinaryField()
    state = models.CharField(max_length=16, choices=DeliveryState.choices, default=DeliveryState.WAITING)
    tries = models.PositiveSmallIntegerField(default=0)
    """How often a worker began with it; more than once where one died meanwhile."""
    done_at = models.DateTimeField(null=True)
    problem = models.TextField(blank=True)

    class Meta:
        verbose_name_plural = "deliveries"
        constraints = [models.UniqueConstraint(fields=["instance", "vendor_id"], name="delivery_unique")]
        indexes = [
            models.Index(fields=["instance", "state", "id"], name="delivery_waiting"),
            models.Index(fields=["received_at"], name="delivery_by_time"),
        ]

    def __str__(self) -> str:
        return f"delivery {self.vendor_id} to instance {self.instance_id}"
