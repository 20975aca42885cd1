"""`yizhi audit`: sign where the trail stands; find what was changed behind its back; erase without breaking it."""

import argparse
import itertools
import sys
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings

from yizhi.cases import actions
from yizhi.cases.actions import manifest
from yizhi.cases.queries import trail
from yizhi.core.admin import MACHINE
from yizhi.core.errors import NotFound
from yizhi.core.manifests import BadManifest, last_heads, private_key, public_hex


def add_commands(sub: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = sub.add_parser("audit", help="the trail: sign it, verify it")
    verbs = parser.add_subparsers(required=True, metavar="VERB")
    sign = verbs.add_parser("sign", help="sign where every chain stands (the worker does it daily)")
    sign.set_defaults(func=_sign, needs_database=True)
    verify = verbs.add_parser("verify", help="recompute every chain; exit code 1 when anything was changed")
    verify.add_argument("--heads", type=Path, metavar="DIR", help="signed manifests (default: this installation's own)")
    verify.add_argument("--key", metavar="HEX", help="the public key to believe (default: this installation's own)")
    verify.add_argument("--quiet", action="store_true", help="say only what was found")
    verify.set_defaults(func=_verify, needs_database=True)
    erase = verbs.add_parser("erase", help="destroy what identifies the reporter of a case, at their wish")
    erase.add_argument("number")
    erase.add_argument("--words", action="store_true", help="also what they wrote and the photos they sent")
    erase.set_defaults(func=_erase, needs_database=True)


def _sign(_args: argparse.Namespace) -> int:
    try:
        made = manifest.sign(at=datetime.now(UTC))
        copied = manifest.copy_out(Path(settings.MANIFESTS_COPY)) if settings.MANIFESTS_COPY else 0
    except (manifest.Busy, BadManifest, OSError) as error:
        print(f"yizhi audit sign: {error or type(error).__name__}", file=sys.stderr)
        return 1
    if made is None:
        print("nothing new to sign")
    else:
        print(f"{made.name}: {made.header.cases} cases\nsha256 {made.hash}\npublic key {made.header.key}")
    print(f"{copied} copied to {settings.MANIFESTS_COPY}" if settings.MANIFESTS_COPY else "no second place is set")
    return 0


def _verify(args: argparse.Namespace) -> int:
    """0: as it was written. 1: something was changed; each thing on a line of its own."""
    folder = args.heads or trail.manifest_folder()
    chain, said = trail.all_manifests(folder, args.key or public_hex(private_key(settings.SIGNING_KEY)))
    if args.heads and not chain:
        said.append(f"there is no manifest in {folder}")
    tally = trail.Tally()
    found = len(said)
    for line in said:
        print(line)
    for finding in itertools.chain(trail.check_tails(chain), trail.check(last_heads(chain), tally)):
        print(finding, flush=True)
        found += 1
    if not args.quiet:
        newest = f"the newest of {chain[-1].header.made:%Y-%m-%d %H:%M}" if chain else "nothing is signed yet"
        print(f"{tally.cases} cases, {tally.events} events, {len(chain)} manifests ({newest}): {found} findings")
    return 1 if found else 0


def _erase(args: argparse.Namespace) -> int:
    """0; 1 when there is no such case."""
    try:
        done = actions.erase(args.number, by=MACHINE, at=datetime.now(UTC), words=args.words)
    except NotFound:
        print(f"yizhi audit erase: there is no case {args.number}", file=sys.stderr)
        return 1
    print("erased; the log says so" if done else "there was nothing to erase")
    return 0
