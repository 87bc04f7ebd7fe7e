#!/usr/bin/env python3
"""How long it takes from publication to detection at a budget of polls, over simulated histories.

Builds the release's polling_eval (the real rules of feeds/poll, driven as the daemon drives them)
and prints a line a figure with its reach; exits 1 when one falls short. Recorded histories are read
from ../shared/data/histories (or $WIREWATCH_SHARED), and skipped, saying so, when they are not there.

  polling.py             the figures of docs/measured.md
  polling.py --tuning    the seeds and the window on which the numbers in limits.h were chosen
"""
import os
import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[3]
SHARED = pathlib.Path(os.environ.get("WIREWATCH_SHARED", ROOT.parent / "shared"))


def main():
    built = subprocess.run([str(ROOT / "scripts" / "build"), "release", "polling_eval"],
                           stdout=subprocess.DEVNULL)
    if built.returncode != 0:
        return built.returncode
    program = ROOT / "build" / "release" / "tests" / "eval" / "polling" / "polling_eval"
    return subprocess.run([str(program), "--histories", str(SHARED / "data" / "histories"),
                           *sys.argv[1:]]).returncode


if __name__ == "__main__":
    sys.exit(main())
