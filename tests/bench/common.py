"""The common form of a bench: samples taken in turn, and one line a figure on standard output,

    name<TAB>ours<TAB>peer<TAB>ratio<TAB>reach<TAB>spread

`ours` and `peer` are texts with their unit, `ratio` and `spread` (lowest to highest of the rounds)
plain numbers, `reach` what the ratio, or else our figure, should come to (">= 1.5", "<= 20 B"). What
does not apply or could not be measured is "-", with the reason in the place of the figure. Anything
for people goes to standard error. `scripts/bench` collects such lines from every command beside this
file. Ratios count and absolute figures drift: the machine is shared.

    samples = alternate({"ours": ours, "curl": curl})        # each a function: one sample
    print_row(compared("webhook", samples["ours"], samples["curl"], "curl", "posts/s", ">= 0.6"))
"""
import dataclasses
import gzip
import json
import os
import pathlib
import re
import shutil
import statistics
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
SHARED = pathlib.Path(os.environ.get("WIREWATCH_SHARED", ROOT.parent / "shared"))
BUILD = ROOT / "build/bench"
# Debian's own, which has Debian's modules, whatever else comes first in the path.
PYTHON = "/usr/bin/python3" if os.access("/usr/bin/python3", os.X_OK) else "python3"
ROUNDS = int(os.environ.get("WIREWATCH_BENCH_ROUNDS", "5"))


@dataclasses.dataclass
class Row:
    name: str
    ours: str
    peer: str = "-"
    ratio: str = "-"
    reach: str = "-"
    spread: str = "-"

    def line(self):
        return "\t".join(dataclasses.astuple(self))

    @staticmethod
    def read(line):
        """A Row of one line of output; None where the line is none."""
        parts = line.rstrip("\n").split("\t")
        return Row(*parts) if len(parts) == 6 else None

    def reached(self):
        """True or False; None where nothing was measured or no reach is stated."""
        reach = re.fullmatch(r"(>=|<=) ([\d.,]+).*", self.reach)
        figure = number_in(self.ratio)
        if figure is None:
            figure = number_in(self.ours)
        if reach is None or figure is None:
            return None
        limit = number_in(reach.group(2))
        return figure >= limit if reach.group(1) == ">=" else figure <= limit


def number_in(text):
    """The number that a text begins with, "12,300 items/s" as 12300; None where there is none."""
    found = re.match(r"\d[\d,]*(\.\d+)?", text)
    return float(found.group().replace(",", "")) if found else None


def print_row(row):
    print(row.line(), flush=True)


def say(text):
    print(text, file=sys.stderr, flush=True)


def alternate(candidates, rounds=ROUNDS):
    """{name: [a sample a round]}: all candidates in turn, round after round, the order reversed in
    every other round, so that what the machine does besides meets all of them."""
    samples = {name: [] for name in candidates}
    for number in range(rounds):
        names = list(candidates)
        for name in names if number % 2 == 0 else names[::-1]:
            samples[name].append(candidates[name]())
    return samples


def amount(figure, unit):
    """12345.6, "docs/s" as "12,346 docs/s"; small figures keep three digits."""
    digits = 0 if abs(figure) >= 100 else 1 if abs(figure) >= 10 else 2 if abs(figure) >= 1 else 3
    return ("%s %s" % (format(figure, ",.%df" % digits), unit)).strip()


def compared(name, ours, peer, peer_name, unit, reach):
    """A row of two lists of samples. The ratio is ours / peer, round by round; its median stands."""
    ratios = [a / b for a, b in zip(ours, peer)]
    return Row(name, amount(statistics.median(ours), unit),
               "%s: %s" % (peer_name, amount(statistics.median(peer), unit)),
               amount(statistics.median(ratios), ""), reach, spread(ratios))


def alone(name, ours, unit, reach="-", limit="-"):
    """A row of a figure that has a limit and no peer."""
    return Row(name, amount(statistics.median(ours), unit), limit, "-", reach, spread(ours))


def missing(name, reason, reach="-", ours="-"):
    """A row that says why there is no figure: "newsboat is not installed"."""
    return Row(name, ours, "missing: " + reason, "-", reach)


def spread(samples):
    return "%s to %s" % (amount(min(samples), ""), amount(max(samples), ""))


def build(*targets):
    """Builds targets of the preset `bench` and leaves only errors to see; with
    WIREWATCH_BENCH_BUILT=1 it takes what is built."""
    if os.environ.get("WIREWATCH_BENCH_BUILT"):
        return
    done = subprocess.run([ROOT / "scripts/build", "bench", *targets], capture_output=True,
                          text=True, check=False)
    if done.returncode:
        sys.exit(done.stdout + done.stderr)


def google(program, benchmarks, variables=None, figure="bytes_per_second", counters=(),
           rounds=ROUNDS):
    """({benchmark: [a sample a round]}, {benchmark: {counter: value}}) of Google Benchmarks of one
    program, its rounds interleaved at random. `figure` is a key of its JSON: bytes_per_second,
    items_per_second, cpu_time (ns), or a counter's name. `variables` go into the environment."""
    found = run_google(program, r"^(%s)(/iterations:[0-9]+)?$" % "|".join(benchmarks), variables, (
        "--benchmark_repetitions=%d" % rounds, "--benchmark_enable_random_interleaving=true",
        "--benchmark_min_time=0.1"))
    samples, counted = {name: [] for name in benchmarks}, {name: {} for name in benchmarks}
    for one in found:
        if one.get("run_type") == "aggregate":
            continue
        if one.get("error_occurred"):
            raise RuntimeError("%s: %s" % (one["name"], one["error_message"]))
        name = re.sub(r"/iterations:\d+$", "", one["run_name"])
        samples[name].append(one[figure])
        counted[name] = {counter: one[counter] for counter in counters if counter in one}
    return samples, counted


def google_once(program, benchmark, variables=None, figure="bytes_per_second"):
    """One sample in a process of its own, to alternate with other processes."""
    return run_google(program, "^%s$" % benchmark, variables, ())[0][figure]


def run_google(program, wanted, variables, words):
    command = [BUILD / "tests/bench" / program, "--benchmark_format=json",
               "--benchmark_filter=" + wanted, *words]
    surroundings = dict(os.environ, **{k: str(v) for k, v in (variables or {}).items()})
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=surroundings)
    if done.returncode or not done.stdout.strip():
        raise RuntimeError("%s: %s" % (program, done.stderr.strip()))
    return json.loads(done.stdout)["benchmarks"]


def installed(command):
    return shutil.which(command) is not None


def has_feedparser():
    return subprocess.run([PYTHON, "-c", "import feedparser"], check=False,
                          capture_output=True).returncode == 0


def shared(path):
    """The path of test material beside the checkout; None (said once) where it is absent."""
    place = SHARED / path
    if place.exists():
        return place
    say("%s is absent: generated data in its place" % place.name)
    return None


def lines_of(path):
    """The lines of a text file, inflated where its name ends in .gz."""
    opener = gzip.open if str(path).endswith(".gz") else open
    with opener(path, "rt", encoding="utf-8") as file:
        yield from file
