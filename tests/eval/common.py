"""What the evaluations share: where things are, how feeds_eval and the scorer are asked, how a
figure is printed."""
import json
import os
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
SHARED = pathlib.Path(os.environ.get("WIREWATCH_SHARED", ROOT.parent / "shared"))
PRESET = os.environ.get("WIREWATCH_PRESET", "release")


STORY_SETS = {"ecb": "ecbplus_topics_1_35", "allsides": "allsides_before_2019",
              "headlines": "headlines_2014"}


def story_scores(scorer, gold, placed):
    """What cluster_score.py says: pair F1, BCubed F1, shares alerted exactly once and never."""
    text = subprocess.run([sys.executable, scorer, gold, placed], text=True, check=True,
                          capture_output=True).stdout
    patterns = (r"pair P .* F1 ([\d.]+)", r"BCubed P .* F1 ([\d.]+)", r"exactly once ([\d.]+)",
                r"never ([\d.]+)")
    return tuple(float(re.search(pattern, text).group(1)) for pattern in patterns)


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
