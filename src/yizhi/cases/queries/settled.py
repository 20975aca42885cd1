"""Matters that were closed, as pairs of category and words: what proposals of a category are learned from."""

from yizhi import sql

#: So many of the newest: what words people use changes, and more teaches no more.
MOST = 40_000

_SETTLED = """
SELECT c.category, t.body FROM (
    SELECT id, category FROM cases_case WHERE stage = 'closed' AND category <> '' AND NOT secret
    ORDER BY id DESC LIMIT %(most)s
) AS c JOIN cases_text AS t ON t.case_id = c.id AND t.seq = 1 AND t.field = 'text' AND t.body IS NOT NULL
"""


def settled() -> list[tuple[str, str]]:
    """For the platform itself; the newest first. A category stands here as people settled it; sealed words never do."""
    return sql.rows(_SETTLED, most=MOST)
