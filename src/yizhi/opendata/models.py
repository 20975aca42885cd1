"""What is told to everybody in numbers: counted once a day, month by month, and made again whenever it is asked."""

from django.db import models


class Month(models.Model):
    """What became of the matters that came in within a month: in all (`by` "all"), in a street ("area"), of a group of
    categories ("category"). `hours`: the median from coming in to being closed. `counted`: the day it was counted."""

    pk = models.CompositePrimaryKey("month", "by", "code")
    month = models.DateField()
    by = models.TextField(db_collation="C")
    code = models.TextField(db_collation="C")
    reported = models.IntegerField()
    closed = models.IntegerField()
    declined = models.IntegerField()
    pending = models.IntegerField()
    other = models.IntegerField()
    confirmed = models.IntegerField()
    hours = models.FloatField(null=True)
    counted = models.DateField()

    def __str__(self) -> str:
        return f"{self.month:%Y-%m} {self.by} {self.code}"
