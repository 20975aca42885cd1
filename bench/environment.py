"""Where the measured installation lives. Imported before anything of Yizhi, whose settings read it."""

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
DATA = Path(os.environ.get("YIZHI_BENCH_DATA") or ROOT / ".yizhi-bench").absolute()

os.environ["YIZHI_DATA"] = str(DATA)
os.environ.pop("YIZHI_DATABASE_URL", None)
# One machine plays a whole city: the pace of one address is still counted, but never reached.
os.environ["YIZHI_REPORTS_A_MINUTE"] = os.environ["YIZHI_REPORTS_BURST"] = "10000000"
