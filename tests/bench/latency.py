#!/usr/bin/env python3
"""How soon an alert goes out: from the last byte of the feed's answer to the first byte of the
webhook's request, on loopback, with the commit, in real time; by stage; beside the disk's own sync.

    tests/bench/latency.py [--binary FILE] [--rate 50] [--seconds 10] [--rules 1] [--folder DIR]
    tests/bench/latency.py --dead      with and without a dead receiver beside, in turn

Feeds are polled each second and bring one new story with every poll. The server holds each answer
back so that last bytes come evenly, one in 20 ms at 50 a second; --spread polls sends them as the
polls fall, several within a few milliseconds and then none for a while. Rounds take turns with rounds
of the disk alone: 4 KB and fdatasync, as a commit has it. Prints a line a figure, its parts parted by
tabs: name, ours, peer, ratio, reach, spread.
"""
import argparse
import asyncio
import multiprocessing
import os
import pathlib
import random
import re
import shutil
import statistics
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "acceptance"))
ITEMS = 20  # in a feed's document
MARK = re.compile(rb"mark(\d+)mark")


def story(number):
    """A report like no other; its title carries its number."""
    dice = random.Random(number)

    def words(count):
        return " ".join("".join(dice.choices("ka re mi to lu sa ne vo di pa gu he jo fi zu".split(), k=3))
                        for _ in range(count))

    return ("<item><title>%s border %s mark%dmark</title><link>http://news.example/%d</link>"
            "<guid>g%d</guid><pubDate>%s</pubDate><description>%s. %s.</description></item>"
            % (words(3), words(3), number, number, number,
               time.strftime("%a, %d %b %Y %H:%M:%S GMT", time.gmtime()), words(60), words(60)))


def serve_feeds(pipe, pace):
    """Answers each poll of /N.xml with one more item on top; sends back when each was written.
    `pace`: seconds between two answers at least; 0: at once."""
    written, feeds, count, slot = {}, {}, [0], [0.0]

    async def answer(reader, writer):
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                path = head.split(b" ")[1]
                items = feeds.setdefault(path, [])
                count[0] += 1
                number = count[0]
                items.insert(0, story(number))
                del items[ITEMS:]
                body = ('<?xml version="1.0"?><rss version="2.0"><channel><title>%s</title>%s'
                        "</channel></rss>" % (path.decode(), "".join(items))).encode()
                slot[0] = max(slot[0] + pace, time.monotonic())
                if pace:
                    await asyncio.sleep(slot[0] - time.monotonic())
                writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/rss+xml\r\n"
                             b"Content-Length: %d\r\n\r\n" % len(body) + body)
                written[number] = time.monotonic_ns()
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    serve(pipe, answer, lambda: written)


def serve_receiver(pipe):
    """Takes every message; sends back when the first byte of each came."""
    came = {}

    class Receiver(asyncio.Protocol):
        def connection_made(self, transport):
            self.transport, self.data, self.first = transport, b"", None

        def data_received(self, data):
            if not self.data:
                self.first = time.monotonic_ns()
            self.data += data
            head, blank, body = self.data.partition(b"\r\n\r\n")
            length = re.search(rb"(?i)content-length: (\d+)", head)
            if not blank or len(body) < int(length.group(1)):
                return
            self.data = b""
            self.transport.write(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
            number = MARK.search(body)
            if number:
                came.setdefault(int(number.group(1)), self.first)

    async def main():
        server = await asyncio.get_running_loop().create_server(Receiver, "127.0.0.1", 0)
        await speak(pipe, server, lambda: came)

    asyncio.run(main())


def serve(pipe, answer, found):
    async def main():
        server = await asyncio.start_server(answer, "127.0.0.1", 0)
        await speak(pipe, server, found)

    asyncio.run(main())


async def speak(pipe, server, found):
    """The port, then the findings for every word from the other end; None ends it."""
    pipe.send(server.sockets[0].getsockname()[1])
    loop = asyncio.get_running_loop()
    while await loop.run_in_executor(None, pipe.recv):
        pipe.send(dict(found()))


class Helper:
    def __init__(self, target, *words):
        self.pipe, theirs = multiprocessing.Pipe()
        self.process = multiprocessing.Process(target=target, args=(theirs, *words), daemon=True)
        self.process.start()
        self.port = self.pipe.recv()

    def found(self):
        self.pipe.send(True)
        return self.pipe.recv()


def syncs(folder, count=150, pause=0.02):
    """Seconds of each write of 4 KB with its fdatasync, at the pace of the alerts."""
    took = []
    with open(pathlib.Path(folder) / "sync-probe", "ab", buffering=0) as file:
        for _ in range(count):
            time.sleep(pause)
            start = time.monotonic_ns()
            file.write(b"x" * 4096)
            os.fdatasync(file.fileno())
            took.append((time.monotonic_ns() - start) / 1e9)
    return took


def quantile(values, share):
    ordered = sorted(values)
    return ordered[min(int(len(ordered) * share), len(ordered) - 1)]


def stages(text):
    """{stage: [(bound, count so far), …]} of a page of metrics."""
    found = {}
    for stage, bound, count in re.findall(
            r'wirewatch_stage_seconds_bucket\{stage="(\w+)",le="([^"]+)"\} (\d+)', text):
        found.setdefault(stage, []).append((float(bound), int(count)))
    return found


def between(before, after, share):
    """A quantile of what a histogram took in between, interpolated within its bucket."""
    counts = [(bound, count - earlier[1]) for (bound, count), earlier in zip(after, before)]
    total = counts[-1][1]
    if total == 0:
        return None
    low = last = 0.0
    for bound, count in counts:
        if count >= share * total:
            if bound == float("inf"):
                return low
            inside = (share * total - last) / max(count - last, 1)
            return low + (bound - low) * inside
        low, last = bound, count
    return low


def config(feeds, receiver, options, folder, dead=False):
    """`dead`: every alert goes to a second receiver too, at whose port nobody listens."""
    rate, rules = options.rate, options.rules
    secret = folder / "secret"
    secret.write_text("a secret of the bench", encoding="utf-8")
    dice = random.Random(5)
    lines = ["network: {allow: [127.0.0.0/8]}", "http: {spacing: 0s, connections_per_host: 64}",
             "feeds:"]
    lines += ["  - {url: 'http://127.0.0.1:%d/%d.xml', name: f%d, every: 1s}" % (feeds, n, n)
              for n in range(rate)]
    lines += ["rules:", "  border: {match: border, alert: [desk%s]}" % (", dead" if dead else "")]
    vocabulary = ["".join(dice.choices("bcdfghklmnprstvz", k=4)) for _ in range(4000)]
    lines += ["  other-%d: {match: '%s AND %s', alert: desk}"
              % (n, dice.choice(vocabulary), dice.choice(vocabulary)) for n in range(rules - 1)]
    lines += ["receivers:", "  desk: {webhook: {url: 'http://127.0.0.1:%d/in', secret_file: '%s'}}"
              % (receiver, secret)]
    if dead:
        lines += ["  dead: {webhook: {url: 'http://127.0.0.1:9/in'}}"]
    return "\n".join(lines) + "\n"


def metrics(daemon):
    return daemon.ask("GET", "/metrics")[1]


def figure(name, seconds, reach="-", peer="-", ratio="-", spread="-"):
    print("\t".join((name, "%.2f ms" % (seconds * 1000), peer, ratio, reach, spread)), flush=True)


def report(took, before, after, disk):
    sync50, sync99 = quantile(disk, 0.5), quantile(disk, 0.99)
    figure("disk: 4 KB and fdatasync, p50", sync50)
    figure("disk: 4 KB and fdatasync, p99", sync99)
    everything = [one for round_ in took for one in round_]
    for name, share, limit, sync in (("p50", 0.5, 10, sync50), ("p99", 0.99, 30, sync99)):
        value = quantile(everything, share)
        rounds = [quantile(one, share) * 1000 for one in took]
        # Where the disk syncs in 5 ms the limit is in milliseconds, else that many syncs of 5 ms.
        bound = limit / 1000 * max(1, sync / 0.005)
        figure("last byte of the feed to first byte of the post, " + name, value,
               "<= %.1f ms" % (bound * 1000), "sync: %.2f ms" % (sync * 1000),
               "%.2f" % (value / sync), "%.2f to %.2f" % (min(rounds), max(rounds)))
    for stage, counts in after.items():
        for name, share in (("p50", 0.5), ("p99", 0.99)):
            value = between(before[stage], counts, share)
            if value is not None:
                figure("stage %s, %s" % (stage, name), value)


def beside_dead(daemon, configs, options, receiver, feeds):
    """The others' p99 with a dead receiver beside, against the same without, round by round."""
    samples = {False: [], True: []}
    for number in range(2 * options.rounds):
        dead = number % 2 == 1
        seen = daemon.log.count()
        daemon.rewrite(configs[dead])
        daemon.log.wait_for("is live", seen)
        time.sleep(1)
        samples[dead].append(one_round(options, receiver, feeds))
    for name, share in (("p50", 0.5), ("p99", 0.99)):
        alone, beside = ([quantile(one, share) for one in samples[d]] for d in (False, True))
        everything = [quantile(sum(samples[d], []), share) for d in (False, True)]
        ratios = [b / a for a, b in zip(alone, beside)]
        figure("beside a dead receiver, " + name, everything[1], "<= 1.1" if name == "p99" else "-",
               "without it: %.2f ms" % (everything[0] * 1000), "%.2f" % statistics.median(ratios),
               "%.2f to %.2f" % (min(ratios), max(ratios)))


def one_round(options, receiver, feeds):
    """Seconds of every alert that goes out in one round."""
    done = set(receiver.found())
    time.sleep(options.seconds)
    written, came = feeds.found(), receiver.found()
    return [(at - written[number]) / 1e9 for number, at in came.items() if number not in done]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--binary", default=str(ROOT / "build/release/daemon/wirewatch"))
    parser.add_argument("--rate", type=int, default=50)
    parser.add_argument("--seconds", type=float, default=10)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--rules", type=int, default=1)
    parser.add_argument("--spread", choices=("even", "polls"), default="even")
    parser.add_argument("--dead", action="store_true")
    parser.add_argument("--folder", default=str(ROOT / "build"), help="on the disk to measure")
    options = parser.parse_args()
    os.environ["WIREWATCH_BINARY"] = options.binary
    from harness import Daemon
    folder = pathlib.Path(tempfile.mkdtemp(prefix="latency-", dir=options.folder))
    pace = 1 / options.rate if options.spread == "even" else 0
    feeds, receiver = Helper(serve_feeds, pace), Helper(serve_receiver)
    configs = [config(feeds.port, receiver.port, options, folder, dead) for dead in (False, True)]
    daemon = Daemon(folder, configs[0], clock=None)
    took, disk = [], []
    try:
        daemon.start()
        time.sleep(3)  # the baseline, and every feed's first rounds
        if options.dead:
            beside_dead(daemon, configs, options, receiver, feeds)
            return
        before = stages(metrics(daemon))
        for _ in range(options.rounds):
            took.append(one_round(options, receiver, feeds))
            disk += syncs(folder)
        after = stages(metrics(daemon))
        time.sleep(1)
        lost = len([n for n in feeds.found() if n > options.rate]) - len(receiver.found())
    finally:
        if daemon.process is not None:
            daemon.stop(expect=None)
        shutil.rmtree(folder, ignore_errors=True)
    rate = statistics.median(len(one) for one in took) / options.seconds
    print("%d alerts in rounds of %.0f s, %.1f a second, %d rules; on their way at the end: %d"
          % (sum(map(len, took)), options.seconds, rate, options.rules, lost), file=sys.stderr)
    report(took, before, after, disk)


if __name__ == "__main__":
    main()
