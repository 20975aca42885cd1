"""`python -m yizhi` is the same as `yizhi`."""

import sys

from yizhi.site.cli import main

sys.exit(main())
