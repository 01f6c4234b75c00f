"""How things stood on one day, for charts of states."""

from django.db import models


class ExposureDay(models.Model):
    """How many files of an instance had one exposure on one day (UTC), as last counted on it. What is gone or in trash
    is not counted."""

    pk = models.CompositePrimaryKey("instance_id", "day", "exposure")
    instance_id = models.BigIntegerField()
    day = models.DateField()
    exposure = models.CharField(max_length=16)
    number = models.PositiveBigIntegerField()

    class Meta:
        indexes = [models.Index(fields=["day", "instance_id"], name="exposure_day_by_day")]

    def __str__(self) -> str:
        return f"{self.number} {self.exposure} on {self.day}"
