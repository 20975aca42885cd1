"""What several statements share: who and what is in force on a day. All dates are half-open."""

UNIT_IN_FORCE = "unit.valid_from <= %(day)s AND (unit.valid_until IS NULL OR unit.valid_until > %(day)s)"
POST_IN_FORCE = "post.valid_from <= %(day)s AND (post.valid_until IS NULL OR post.valid_until > %(day)s)"
SERVING = "service.since <= %(day)s AND (service.until IS NULL OR service.until > %(day)s)"
