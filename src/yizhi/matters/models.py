"""Who follows a matter that somebody else reported."""

from django.db import models


class Follower(models.Model):
    """Somebody who would have reported the same: a code of their own, of which only the hash is kept, and nothing else
    about them. `case` is the matter's id."""

    id = models.BigAutoField(primary_key=True)
    case = models.BigIntegerField(db_index=True)
    tracking = models.BinaryField(unique=True)
    since = models.DateTimeField()

    def __str__(self) -> str:
        return f"follower of {self.case}"
