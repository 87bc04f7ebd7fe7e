"""What the evaluations share: where things are, how feeds_eval is asked, how a figure is printed."""
import json
import os
import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
SHARED = pathlib.Path(os.environ.get("WIREWATCH_SHARED", ROOT.parent / "shared"))
PRESET = os.environ.get("WIREWATCH_PRESET", "release")


def material(*parts):
    """A file or folder of the shared test material; without it there is nothing to measure."""
    path = SHARED.joinpath("data", *parts)
    if not path.exists():
        print(f"skipped: there is no {path}")
        sys.exit(0)
    return path


def build(*targets):
    subprocess.run([ROOT / "scripts/build", PRESET, *targets], check=True,
                   stdout=subprocess.DEVNULL)


def wirewatch():
    build("wirewatch")
    return str(ROOT / "build" / PRESET / "daemon/wirewatch")


def ask(what, questions):
    """The answers of `feeds_eval WHAT` to a list of JSON values."""
    build("feeds_eval")
    lines = "".join(json.dumps(question) + "\n" for question in questions)
    done = subprocess.run([ROOT / "build" / PRESET / "tests/eval/feeds_eval", what],
                          input=lines.encode(), stdout=subprocess.PIPE, check=True)
    return [json.loads(line) for line in done.stdout.decode().splitlines()]


def figure(name, right, of, reach, decimals=6):
    """One line a figure; answers whether it is reached. `reach`: percent, met when rounded."""
    percent = 100 * right / of if of else 0
    good = round(percent, decimals) >= reach
    print(f"{name:32} {right:5} of {of:5}  {percent:6.2f} %   "
          f"reach {reach} %  {'reached' if good else 'NOT REACHED'}")
    return good
