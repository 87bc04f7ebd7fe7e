#!/usr/bin/env python3
"""A receiver that is down: how fast it drains, and what the others notice. One line a figure.

    tests/bench/outage.py [--binary FILE] [--alerts 10000] [--messages 100]

Ten thousand alerts queue for a receiver that answers 503; once it answers again they must arrive in
order within two minutes. Beside it nine receivers take the same alerts, with and without the dead
one among them: the 99th percentile of the time from the feed's answer to a story's message.
"""
import argparse
import os
import pathlib
import statistics
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "acceptance"))
PER_FEED = 500


def figure(name, value, unit, limit, more=""):
    print("%-52s %10.2f %-3s limit %8.1f  %s%s"
          % (name, value, unit, limit, "holds" if value <= limit else "FALLS SHORT", more), flush=True)


def receivers(stage, collectors):
    return "receivers:\n" + "".join(
        "  r%d: {webhook: {url: %s, secret_file: %s}}\n"
        % (number, collector.url, stage.folder / "secret")
        for number, collector in enumerate(collectors))


def drain(harness, alerts):
    """Queues `alerts` at a receiver that is down and times how they arrive when it is back."""
    with harness.Stage() as stage:
        paths = ["/f%d.xml" % n for n in range((alerts + PER_FEED - 1) // PER_FEED)]
        for path in paths:
            stage.feeds.set(path, harness.rss([]))
        daemon = stage.daemon(stage.watch(*paths, settings=harness.NETWORK)).start()
        daemon.advance(10)
        stage.collector.always = 503
        for number, path in enumerate(paths):
            first = number * PER_FEED
            stage.feeds.set(path, harness.rss(
                [harness.report(n) for n in range(first, min(first + PER_FEED, alerts))]))
        start = time.monotonic()
        while daemon.status()["alerts"] < alerts:
            daemon.advance(1000)
        queued = time.monotonic() - start
        waiting = daemon.status()["deliveries"]["pending"]
        assert waiting == alerts, waiting
        wanted = [row["id"] for row in  # at most ten thousand a question, oldest first
                  daemon.ask("GET", "/v1/deliveries", limit=10000)[1]["deliveries"]]
        stage.collector.always = 200
        start = time.monotonic()
        daemon.advance(61)  # the next probe; the rest follows without any clock
        while not stage.collector.wait_for(alerts, 5):
            if time.monotonic() - start > 600:
                break
            daemon.advance(1)
        took = time.monotonic() - start
        got = [message["id"] for message in stage.collector.messages]
        assert got[:len(wanted)] == wanted, "not in order"
        assert len(got) == alerts, len(got)
        return queued, took


def latencies(harness, messages, dead):
    """Seconds from a publication to its message at each of nine receivers."""
    with harness.Stage() as stage:
        others = [stage.another_collector() for _ in range(9)]
        names = others + ([stage.collector] if dead else [])
        stage.collector.always = 503
        stage.feeds.set("/a.xml", harness.rss([]))
        config = (harness.NETWORK + stage.feed_list(["/a.xml"]) + "rules:\n  border: {match: border}\n"
                  + receivers(stage, names))
        daemon = stage.daemon(config).start()
        daemon.advance(10)
        took, served = [], []

        def serve(request):
            body = harness.rss([harness.report(len(served))]).encode()
            request.send_response(200)
            request.send_header("Content-Type", "application/rss+xml")
            request.send_header("Content-Length", str(len(body)))
            request.end_headers()
            request.wfile.write(body)
            served.append(time.monotonic())

        stage.feeds.script("/a.xml", serve)
        while len(served) < messages:
            daemon.advance(900)
        for other in others:
            assert other.wait_for(messages)
            took += [other.messages[n]["at"] - served[n] for n in range(messages)]
        return took


def percentile(values, share):
    return statistics.quantiles(values, n=100)[share - 1]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--binary", default=str(ROOT / "build/release/daemon/wirewatch"))
    parser.add_argument("--alerts", type=int, default=10000)
    parser.add_argument("--messages", type=int, default=100)
    options = parser.parse_args()
    os.environ["WIREWATCH_BINARY"] = options.binary
    os.environ.setdefault("WIREWATCH_PATIENCE", "900")  # ten thousand at once take their time
    import harness
    queued, took = drain(harness, options.alerts)
    figure("%d alerts after the receiver's return, in order" % options.alerts, took, "s", 120,
           "  (%.0f/s; queued in %.0f s)" % (options.alerts / took, queued))
    alone = percentile(latencies(harness, options.messages, False), 99)
    beside = percentile(latencies(harness, options.messages, True), 99)
    figure("p99 of nine receivers beside a dead one, against without", 100 * (beside / alone - 1), "%",
           10, "  (%.1f ms, %.1f ms without)" % (beside * 1000, alone * 1000))


if __name__ == "__main__":
    main()
