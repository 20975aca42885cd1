"""`yizhi upgrade`: after a newer version was installed: a backup, the tables, a look at everything."""

import argparse
import subprocess
import sys

from yizhi.site import database, health


def add_command(sub: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = sub.add_parser("upgrade", help="after a newer version was installed: backup, tables, doctor")
    parser.add_argument("--no-backup", action="store_true", help="there is one already")
    parser.add_argument("--quiet", action="store_true", help="say only what went wrong")
    parser.set_defaults(func=run)


def run(args: argparse.Namespace) -> int:
    """0; 1 when a step failed: then nothing after it was done. Steps are commands that can be given one by one."""
    quiet = ["--quiet"] if args.quiet else []
    with database.in_use():
        fresh = bool(health.missing_migrations())
        steps = [["migrate", *quiet], ["doctor", "--fast", "--stopped", *quiet]]
        if fresh and not args.no_backup:
            steps.insert(0, ["backup", *quiet])
        for step in steps:
            done = subprocess.run([sys.executable, "-m", "yizhi", *step], check=False)
            if done.returncode:
                print(f"yizhi upgrade: stopped at `yizhi {step[0]}`", file=sys.stderr)
                return 1
    return 0
