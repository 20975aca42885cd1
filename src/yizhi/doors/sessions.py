"""Sessions in the database, as Django keeps them; read by a statement that is planned once: every page asks."""

from typing import Any

from django.contrib.sessions.backends import db
from django.utils import timezone

from yizhi.people.queries import session_data


class SessionStore(db.SessionStore):
    """`SESSION_ENGINE` names this module; Django wants the class under this name."""

    def load(self) -> dict[str, Any]:
        """What is kept; {} for a session that is unknown or over."""
        found = session_data(self.session_key, timezone.now()) if self.session_key else None
        if found is None:
            self._session_key = None
            return {}
        return self.decode(found)
