"""What all rows share that are listed by the apps and swept."""

from django.db import models


class InventoryRow(models.Model):
    """What all swept rows share. `gone_at` is set while the app no longer lists the row."""

    instance_id = models.BigIntegerField()
    vendor_id = models.CharField(max_length=255)
    feed = models.CharField(max_length=64)
    partition = models.CharField(max_length=255, blank=True)
    pass_id = models.BigIntegerField(default=0)
    first_seen_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    gone_at = models.DateTimeField(null=True)

    class Meta:
        abstract = True
