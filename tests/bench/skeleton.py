#!/usr/bin/env python3
"""The skeleton's figures, one line each: name, measured, limit, and whether it holds.

    tests/bench/skeleton.py [--binary FILE] [--build]

--build also times a clean debug build, tests included, without a compiler cache.
"""
import argparse
import os
import pathlib
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "acceptance"))


def figure(name, value, unit, limit):
    print("%-44s %8.2f %-3s limit %6.1f  %s"
          % (name, value, unit, limit, "holds" if value <= limit else "FALLS SHORT"), flush=True)


def first_alert(binary):
    """Seconds from the start of the example to its first alert on the terminal."""
    with tempfile.TemporaryDirectory(prefix="ww-") as state:
        start = time.monotonic()
        run = subprocess.Popen([binary, "run", "--config", ROOT / "docs/examples/iraq-syria.yaml",
                                "--state", state, "--listen", "off"],
                               stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        for line in run.stdout:
            if line.startswith("High"):
                break
        took = time.monotonic() - start
        run.terminate()
        run.wait(30)
    return took


def edits_and_stop(binary, rounds=7):
    """Seconds from a rule's file being replaced to it being live (median), and of a stop."""
    os.environ["WIREWATCH_BINARY"] = str(binary)
    import harness
    with harness.Stage() as stage:
        stage.feeds.set("/a.xml", harness.rss([]))
        daemon = stage.daemon(stage.watch("/a.xml")).start()
        took = []
        for number in range(rounds):
            seen = daemon.log.count()
            rule = "rules:\n  border: {match: border OR word%d, alert: desk}\n" % number
            written = daemon.rewrite(stage.watch("/a.xml", rule=rule))
            live, _ = daemon.log.wait_for("is live", seen)
            took.append(live - written)
        start = time.monotonic()
        daemon.stop()
        return statistics.median(took), time.monotonic() - start


def exposure(binary):
    """systemd-analyze's exposure of the installed unit: 0 (closed) to 10 (open)."""
    build = pathlib.Path(binary).resolve().parents[1]
    with tempfile.TemporaryDirectory(prefix="ww-") as place:
        subprocess.run(["cmake", "--install", build], check=True, stdout=subprocess.DEVNULL,
                       env=dict(os.environ, DESTDIR=place))
        unit = next(pathlib.Path(place).rglob("wirewatch.service"))
        out = subprocess.run(["systemd-analyze", "security", "--offline=true", unit],
                             capture_output=True, text=True).stdout
    return float(re.search(r"exposure level for \S+: ([\d.]+)", out).group(1))


def clean_build():
    """Seconds of a clean debug build with tests, on all cores, without a compiler cache."""
    folder = tempfile.mkdtemp(prefix="ww-build-")
    try:
        start = time.monotonic()
        for command in (["cmake", "--preset", "debug", "-B", folder], ["cmake", "--build", folder]):
            subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL,
                           env=dict(os.environ, CCACHE_DISABLE="1"))
        return time.monotonic() - start
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--binary", default=str(ROOT / "build/debug/daemon/wirewatch"))
    parser.add_argument("--build", action="store_true")
    options = parser.parse_args()
    figure("start to first alert on the terminal", first_alert(options.binary), "s", 10)
    live, stop = edits_and_stop(options.binary)
    figure("edited rule to live, median of 7", live, "s", 1)
    figure("stop of an idle daemon", stop, "s", 10)
    figure("exposure of the unit", exposure(options.binary), "", 1.3)
    if options.build:
        figure("clean debug build with tests", clean_build(), "s", 480)


main()
