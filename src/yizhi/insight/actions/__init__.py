"""Following the log: what changed is counted anew, and the difference goes into the counts."""

from yizhi.insight.actions.counting import count_anew
from yizhi.insight.actions.following import follow, rebuild

__all__ = ["count_anew", "follow", "rebuild"]
