"""App instances: one connected tenant each, with its credentials apart."""

from django.db import models
from django.db.models.functions import Lower

from portal.vault.fields import SecretTextField


class State(models.TextChoices):
    """`connecting`: in the wizard, never connected yet. What is read now is told by the feeds, not here."""

    CONNECTING = "connecting", "Connecting"
    CONNECTED = "connected", "Connected"
    ATTENTION = "attention", "Needs attention"
    PAUSED = "paused", "Paused"
    DISCONNECTING = "disconnecting", "Disconnecting"
    DISCONNECTED = "disconnected", "Disconnected"


class AppInstance(models.Model):
    """One connected tenant of an app. `app_id` is the connector's id; `config` the wizard's non-secret fields."""

    app_id = models.CharField(max_length=64)
    sole_app_id = models.CharField(max_length=64, blank=True, default="")
    """The same for an app that is connected once at most, '' for all others: what the database refuses a second by."""
    name = models.CharField(max_length=120)
    method_id = models.CharField(max_length=64)
    state = models.CharField(max_length=16, choices=State.choices, default=State.CONNECTING)
    config = models.JSONField(default=dict)
    components = models.JSONField(default=list)
    scan_hours = models.PositiveSmallIntegerField(default=12)
    """Cadence of snapshots."""
    holding = models.JSONField(default=dict)
    """Where the quarantine keeps what it holds, by the names of the connector's `Holding.fields`."""
    notice_text = models.TextField(blank=True)
    """What is left in the place of what is taken away."""

    tenant_id = models.CharField(max_length=255, blank=True)
    tenant_name = models.CharField(max_length=255, blank=True)
    tenant_url = models.CharField(max_length=500, blank=True)
    plan = models.CharField(max_length=100, blank=True)
    connected_as = models.CharField(max_length=255, blank=True)
    granted = models.JSONField(default=list)
    """Scopes or permissions as the vendor stated them."""
    missing = models.JSONField(default=list)
    """[{permission, closes: [...], remedy}] as `check` found."""
    warnings = models.JSONField(default=list)
    unavailable = models.JSONField(default=dict)
    """{feed name: reason}."""

    problem_code = models.CharField(max_length=32, blank=True)
    problem = models.TextField(blank=True)
    """What happened and why; `remedy` what to do. Filled while the state is `attention`."""
    remedy = models.TextField(blank=True)

    created_by_id = models.BigIntegerField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)
    connected_at = models.DateTimeField(null=True)
    checked_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                "app_id", Lower("name"), name="instance_name_unique_per_app",
                condition=~models.Q(state="disconnected"),
            ),
            models.UniqueConstraint(
                fields=["app_id", "tenant_id"], name="tenant_connected_once",
                condition=~models.Q(tenant_id="") & ~models.Q(state="disconnected"),
            ),
            models.UniqueConstraint(
                fields=["sole_app_id"], name="sole_app_connected_once",
                condition=~models.Q(sole_app_id="") & ~models.Q(state="disconnected"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.app_id}: {self.name}"


class Connection(models.Model):
    """The vault of one instance: one sealed document {"fields": {...}, "tokens": {...}}, bound to this row.

    `lease_owner` and `lease_until` are the lock that refreshes single-use tokens one at a time, across machines.
    """

    instance = models.OneToOneField(
        AppInstance, on_delete=models.CASCADE, primary_key=True, related_name="connection"
    )
    document = SecretTextField()
    updated_at = models.DateTimeField(auto_now=True)
    lease_owner = models.CharField(max_length=32, blank=True)
    lease_until = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"connection of instance {self.instance_id}"


class StagedDetails(models.Model):
    """New details of a connected instance that the vendor has not confirmed: one sealed document
    {"config": {...}, "fields": {...}}, bound to this row. `fields` holds only the secrets that were typed anew."""

    instance = models.OneToOneField(
        AppInstance, on_delete=models.CASCADE, primary_key=True, related_name="staged_details"
    )
    document = SecretTextField()
    staged_at = models.DateTimeField()
    staged_by_email = models.CharField(max_length=254)

    def __str__(self) -> str:
        return f"staged details of instance {self.instance_id}"


class Notice(models.Model):
    """One mail about an instance: that it needs attention, or is well again. `problem` and `remedy` as they were then.

    `sent_at` is set before the mail server is called, and taken back only where it refused: a mail may be lost with its
    worker, but is not sent twice.
    """

    instance = models.ForeignKey(AppInstance, on_delete=models.CASCADE, related_name="notices")
    is_well = models.BooleanField()
    problem = models.TextField(blank=True)
    remedy = models.TextField(blank=True)
    made_at = models.DateTimeField()
    next_try_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"notice {self.pk} of instance {self.instance_id}"


class ConsentAttempt(models.Model):
    """One trip to a vendor's consent page: `state` is kept as a hash, bound to the browser's session, used once."""

    instance = models.ForeignKey(AppInstance, on_delete=models.CASCADE, related_name="consent_attempts")
    state_hash = models.CharField(max_length=64, unique=True)
    session_hash = models.CharField(max_length=64)
    user_id = models.BigIntegerField()
    memo = SecretTextField()
    """The scheme's memo (PKCE verifier), sealed."""
    redirect_uri = models.CharField(max_length=500)
    started_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"consent attempt {self.pk} of instance {self.instance_id}"
