"""The governance log: one row for each action that someone asked for in an app."""

from django.db import models

from portal.instances.models import AppInstance

REFERENCE_PREFIX = "GATE-"


class ActionState(models.TextChoices):
    """`unknown`: the app may or may not have done it; it is not repeated by itself."""

    QUEUED = "queued", "Queued"
    RUNNING = "running", "Running"
    DONE = "done", "Done"
    FAILED = "failed", "Failed"
    UNKNOWN = "unknown", "Unknown"


class ActionBatch(models.Model):
    """What was asked for of many targets at once. Its actions are carried out one after another, by a job in slices."""

    action_name = models.CharField(max_length=64)
    reason = models.TextField()
    requested_by_id = models.BigIntegerField(null=True)
    requested_by_email = models.CharField(max_length=320)
    requested_at = models.DateTimeField()
    skipped = models.JSONField(default=list)
    """[[reason, how many]]: targets that nothing was asked for."""
    resume_at = models.DateTimeField(null=True)
    """A vendor's pause: nothing more is asked of it before."""
    lease_owner = models.CharField(max_length=32, blank=True)
    lease_until = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.action_name} on many"


class GovernanceAction(models.Model):
    """Claimed once by a lease. `steps` records each step before and after its call:
    [{"name", "state": "started" | "done" | "found_done" | "undone", "at", "result": {...}}]."""

    instance = models.ForeignKey(AppInstance, on_delete=models.CASCADE, related_name="governance_actions")
    action_name = models.CharField(max_length=64)
    """The connector's action."""
    kind = models.CharField(max_length=64)
    target_kind = models.CharField(max_length=32)
    target_id = models.CharField(max_length=255)
    target_name = models.CharField(max_length=255)
    target_raw = models.JSONField(default=dict)
    params = models.JSONField(default=dict)
    reason = models.TextField()
    notice = models.TextField(blank=True)
    """What is left in the place of what is taken away; written before the first step."""

    state = models.CharField(max_length=16, choices=ActionState.choices, default=ActionState.QUEUED)
    steps = models.JSONField(default=list)
    problem_code = models.CharField(max_length=32, blank=True)
    problem = models.TextField(blank=True)
    remedy = models.TextField(blank=True)

    requested_by_id = models.BigIntegerField(null=True)
    requested_by_email = models.CharField(max_length=320)
    retried_by_id = models.BigIntegerField(null=True)
    """Who asked for the present try where that is not the first: then this person's right counts."""
    requested_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    next_try_at = models.DateTimeField(null=True)
    """A rate-limited or locked target is tried again then."""
    tries = models.PositiveSmallIntegerField(default=0)

    batch = models.ForeignKey(ActionBatch, on_delete=models.PROTECT, null=True, related_name="actions")
    reverts = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="reverted_by")
    """The action whose steps this one takes back."""
    deletes = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="deleted_by")
    """The quarantine whose item this one deletes for good."""
    approved_by_id = models.BigIntegerField(null=True)
    approved_by_email = models.CharField(max_length=320, blank=True)
    """The second person, where one was needed."""
    lease_owner = models.CharField(max_length=32, blank=True)
    lease_until = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["-requested_at", "-id"], name="governance_by_time"),
            models.Index(fields=["instance", "target_kind", "target_id"], name="governance_by_target"),
            models.Index(fields=["state", "next_try_at"], name="governance_open"),
        ]

    def __str__(self) -> str:
        return f"{self.action_name} on {self.target_name}"

    @property
    def reference(self) -> str:
        """What people outside the portal name an action by."""
        return f"{REFERENCE_PREFIX}{self.pk}"


class QuarantineRecord(models.Model):
    """A file that was taken away, with what was known of it when that was asked for. `held_at` is set when the app has
    done it, `released_at` when an undo has brought the file back, `deleted_at` when it was deleted for good."""

    action = models.OneToOneField(GovernanceAction, on_delete=models.CASCADE, related_name="quarantine")
    instance = models.ForeignKey(AppInstance, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=255)
    place = models.CharField(max_length=2000, blank=True)
    """The file's path before."""
    owner_name = models.CharField(max_length=255, blank=True)
    exposure = models.CharField(max_length=16)
    held_at = models.DateTimeField(null=True)
    review_at = models.DateTimeField(null=True)
    """When somebody should decide about it. Nothing happens by itself then."""
    released_at = models.DateTimeField(null=True)
    deleted_at = models.DateTimeField(null=True)
    """It was deleted for good."""

    class Meta:
        indexes = [models.Index(fields=["-held_at", "-id"], name="quarantine_by_time")]

    def __str__(self) -> str:
        return self.name


class DeletionState(models.TextChoices):
    """`pending` past its `expires_at` is as good as expired."""

    PENDING = "pending", "Waits for a second person"
    APPROVED = "approved", "Approved"
    DECLINED = "declined", "Declined"
    EXPIRED = "expired", "Expired"


class DeletionRequest(models.Model):
    """Somebody wants what is held to be deleted for good; somebody else has to approve."""

    record = models.ForeignKey(QuarantineRecord, on_delete=models.CASCADE, related_name="deletion_requests")
    reason = models.TextField()
    state = models.CharField(max_length=16, choices=DeletionState.choices, default=DeletionState.PENDING)
    requested_by_id = models.BigIntegerField()
    requested_by_email = models.CharField(max_length=320)
    requested_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    decided_by_id = models.BigIntegerField(null=True)
    decided_by_email = models.CharField(max_length=320, blank=True)
    decided_at = models.DateTimeField(null=True)
    mail_due_at = models.DateTimeField(null=True)
    """When those who may approve are told, or told again where the mail server refused; null where no mail is due."""
    mail_tries = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["record"], condition=models.Q(state="pending"), name="one_pending_deletion_request"
            )
        ]

    def __str__(self) -> str:
        return f"deletion of {self.record_id}"


class StoredFile(models.Model):
    """Bytes that an action keeps here, because the app has no place for them. Only a complete one counts."""

    action = models.ForeignKey(GovernanceAction, on_delete=models.PROTECT, related_name="stored_files")
    key = models.CharField(max_length=64)
    """Tells several of one action apart."""
    sealed_key = models.TextField()
    """What its chunks are encrypted with, sealed by the vault and bound to this row."""
    size = models.BigIntegerField(default=0)
    sha256 = models.CharField(max_length=64, blank=True)
    chunks = models.PositiveIntegerField(default=0)
    is_complete = models.BooleanField(default=False)
    begun_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.key} of action {self.action_id}"


class StoredChunk(models.Model):
    """A piece of a StoredFile, encrypted (AES-256-GCM), bound to the file and its place in it."""

    file = models.ForeignKey(StoredFile, on_delete=models.CASCADE, related_name="+")
    number = models.PositiveIntegerField()
    sealed = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["file", "number"], name="chunk_once")]

    def __str__(self) -> str:
        return f"chunk {self.number} of {self.file_id}"
