"""What the acceptance tests are made of: the real binary, a fake feed server, a webhook collector.

Nothing here sleeps: readiness comes over NOTIFY_SOCKET, time is stepped over the control socket,
and waiting is done on conditions with a deadline that only a failure reaches.
"""
import base64
import gzip
import hashlib
import hmac
import http.client
import http.server
import json
import os
import pathlib
import random
import select
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
import time
import urllib.parse
from xml.sax.saxutils import escape

SOURCE = pathlib.Path(__file__).resolve().parents[2]
BINARY = os.environ.get("WIREWATCH_BINARY", str(SOURCE / "build/debug/daemon/wirewatch"))
PATIENCE = float(os.environ.get("WIREWATCH_PATIENCE", "60"))  # seconds; reached only by failures
SECRET = b"a secret of the acceptance tests"
NETWORK = "network: {allow: [127.0.0.0/8]}\n"
BORDER = "rules:\n  border: {match: border, alert: desk}\n"


class _Quiet(http.server.ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def handle_error(self, *_):
        """A daemon that hangs up, or is killed, is part of the play."""


def _serve(handler):
    server = _Quiet(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    return server


class FeedServer:
    """Serves documents by path. set() publishes a new version; 304 is answered by validators."""

    def __init__(self):
        self.documents, self.requests, self.lock = {}, [], threading.Condition()
        outer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self):  # noqa: N802 (the base class's name)
                outer.answer(self)

            def log_message(self, *_):
                pass

        self.server = _serve(Handler)
        self.address = "http://127.0.0.1:%d" % self.server.server_address[1]

    def url(self, path):
        return self.address + path

    def set(self, path, body, content_type="application/rss+xml", status=200, gzipped=False,
            headers=None, validators=True):
        if isinstance(body, str):
            body = body.encode()
        digest = hashlib.sha256(body).hexdigest()[:16]
        with self.lock:
            self.documents[path] = dict(
                body=gzip.compress(body) if gzipped else body, type=content_type, status=status,
                gzipped=gzipped, headers=headers or {}, etag='"%s"' % digest if validators else None)

    def answer(self, request):
        with self.lock:
            self.requests.append((request.path, dict(request.headers)))
            self.lock.notify_all()
            document = self.documents.get(request.path)
        if document is None:
            request.send_error(404)
            return
        if callable(document.get("script")):
            document["script"](request)
            return
        unchanged = document["etag"] and request.headers.get("If-None-Match") == document["etag"]
        request.send_response(304 if unchanged else document["status"])
        if document["etag"]:
            request.send_header("ETag", document["etag"])
        for name, value in document["headers"].items():
            request.send_header(name, value)
        if unchanged:
            request.end_headers()
            return
        if document["gzipped"]:
            request.send_header("Content-Encoding", "gzip")
        request.send_header("Content-Type", document["type"])
        request.send_header("Content-Length", str(len(document["body"])))
        request.end_headers()
        request.wfile.write(document["body"])

    def script(self, path, function):
        with self.lock:
            self.documents[path] = {"script": function}

    def count(self, path):
        return len(self.asked(path))

    def asked(self, path):
        """The headers of every request for `path`."""
        with self.lock:
            return [headers for p, headers in self.requests if p == path]

    def wait_asked(self, path, count=1):
        with self.lock:
            assert self.lock.wait_for(
                lambda: sum(1 for p, _ in self.requests if p == path) >= count, PATIENCE), path

    def close(self):
        self.server.shutdown()
        self.server.server_close()


class Collector:
    """A receiver that keeps every message it took with its instant and checks its signature.

    `answers` are given first, one each: a status, or (status, headers, body); `always` is given
    after them. What comes without a webhook-id is a chat's message and goes to `chats`.
    """

    def __init__(self):
        self.messages, self.bad, self.answers, self.chats = [], [], [], []
        self.secrets, self.always = [SECRET], 200
        self.refuse = None  # a function of the body: the answer to it, None for the others
        self.tries = []  # (webhook-id or None, path) of everything, also of what was not taken
        self.changed = threading.Condition()
        outer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):  # noqa: N802
                body = self.rfile.read(int(self.headers["Content-Length"]))
                outer.take(self, body)

            def log_message(self, *_):
                pass

        self.server = _serve(Handler)
        self.url = "http://127.0.0.1:%d/in" % self.server.server_address[1]

    def take(self, request, body):
        with self.changed:
            self.tries.append((request.headers.get("webhook-id"), request.path))
            answer = self.refuse(body) if self.refuse else None
            if answer is None:
                answer = self.answers.pop(0) if self.answers else self.always
            status, headers, text = answer if isinstance(answer, tuple) else (answer, {}, b"")
            if "webhook-id" in request.headers:
                self.check_signature(request.headers, body)
            if 200 <= status < 300:
                self.keep(request, body)
            self.changed.notify_all()
        request.send_response(status)
        for name, value in headers.items():
            request.send_header(name, value)
        request.send_header("Content-Length", str(len(text)))
        request.end_headers()
        request.wfile.write(text)

    def keep(self, request, body):
        if "webhook-id" not in request.headers:
            self.chats.append((request.path, json.loads(body)))
            return
        self.messages.append(dict(id=request.headers["webhook-id"], at=time.monotonic(),
                                  signature=request.headers["webhook-signature"],
                                  **json.loads(body)))

    def check_signature(self, headers, body):
        signed = b".".join([headers["webhook-id"].encode(), headers["webhook-timestamp"].encode(),
                            body])
        for secret in self.secrets:
            mac = base64.b64encode(hmac.new(secret, signed, hashlib.sha256).digest()).decode()
            if "v1," + mac in headers["webhook-signature"].split():
                return
        self.bad.append(headers["webhook-signature"])

    def wait_for(self, count, seconds=PATIENCE):
        """True once `count` messages are there; False when the patience ends first."""
        with self.changed:
            return self.changed.wait_for(lambda: len(self.messages) >= count, seconds)

    def kinds(self):
        with self.changed:
            return [m["type"].removeprefix("alert.") for m in self.messages]

    def headlines(self, kind="new"):
        with self.changed:
            return [m["data"]["headline"] for m in self.messages if m["type"] == "alert." + kind]

    def close(self):
        self.server.shutdown()
        self.server.server_close()


class Lines:
    """What a process writes: kept in a file for a look, and in memory to wait on."""

    def __init__(self, stream, path):
        self.lines, self.changed = [], threading.Condition()
        self.path = path
        self.thread = threading.Thread(target=self._read, args=(stream,), daemon=True)
        self.thread.start()

    def _read(self, stream):
        with open(self.path, "ab") as file, stream:
            for line in stream:
                file.write(line)
                file.flush()
                with self.changed:
                    self.lines.append((time.monotonic(), line.decode(errors="replace")))
                    self.changed.notify_all()

    def count(self):
        with self.changed:
            return len(self.lines)

    def wait_for(self, text, start=0, seconds=PATIENCE):
        """(instant, line) of the first line from `start` on that holds `text`."""
        def found():
            return next((line for line in self.lines[start:] if text in line[1]), None)

        with self.changed:
            if not self.changed.wait_for(found, seconds):
                raise AssertionError("no line with %r in:\n%s"
                                     % (text, "".join(line for _, line in self.lines)))
            return found()


def verb(*arguments, stdin=None):
    return subprocess.run([BINARY, *arguments], capture_output=True, text=True, timeout=PATIENCE,
                          check=False, input=stdin)


class Daemon:
    """The real binary with a config, a state folder and, by default, a clock that stands still."""

    def __init__(self, folder, config, clock="2025-08-29T08:00:00Z", environment=None, state=None):
        self.folder = pathlib.Path(folder)
        self.state = state or self.folder / "state"
        self.config = self.folder / "config.yaml"
        self.config.write_text(config, encoding="utf-8")
        self.clock, self.process, self.environment = clock, None, environment or {}

    def start(self, wait=True):
        notify = self.folder / "notify"
        notify.unlink(missing_ok=True)
        listener = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        listener.bind(str(notify))
        arguments = [BINARY, "run", "--config", str(self.config), "--state", str(self.state),
                     "--listen", "127.0.0.1:0"]
        if self.clock:
            arguments += ["--manual-clock", self.clock]
        self.process = subprocess.Popen(arguments, stdin=subprocess.DEVNULL,
                                        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                        env=dict(os.environ, NOTIFY_SOCKET=str(notify),
                                                 **self.environment))
        self.listener = listener
        self.log = Lines(self.process.stderr, self.folder / "log")
        self.out = Lines(self.process.stdout, self.folder / "out")
        if wait:
            self.wait_ready()
        return self

    def wait_ready(self):
        process = os.pidfd_open(self.process.pid)
        try:
            while True:
                ready, _, _ = select.select([self.listener, process], [], [], PATIENCE)
                if self.listener in ready:
                    if b"READY=1" in self.listener.recv(4096):
                        return
                    continue
                raise AssertionError("%s; log:\n%s" % ("it ended" if ready else "not ready in time",
                                                       self.log_text()))
        finally:
            os.close(process)

    def drain(self):
        """Takes what was notified so far: a full socket would hold up the daemon, as systemd never
        does."""
        while select.select([self.listener], [], [], 0)[0]:
            self.listener.recv(4096)

    def runs_into(self, expect):
        """Starts what cannot run: the exit code, and standard error."""
        self.start(wait=False)
        code = self.process.wait(PATIENCE)
        self._closed()
        assert code == expect, "exit %s; log:\n%s" % (code, self.log_text())
        return self.log_text()

    def rewrite(self, config):
        """As editors and deployments do it: a new file takes the old one's name."""
        self.drain()
        fresh = self.config.with_name("config.yaml.new")
        fresh.write_text(config, encoding="utf-8")
        instant = time.monotonic()
        os.replace(fresh, self.config)
        return instant

    def log_text(self):
        return (self.folder / "log").read_text(encoding="utf-8", errors="replace")

    def output(self):
        return (self.folder / "out").read_text(encoding="utf-8", errors="replace")

    def ask(self, method, path, **query):
        """A request over the control socket: (status, parsed JSON or text)."""
        connection = _UnixConnection(str(self.state / "control.sock"))
        try:
            target = path + ("?" + urllib.parse.urlencode(query) if query else "")
            connection.request(method, target, headers={"Host": "wirewatch"})
            answer = connection.getresponse()
            text = answer.read().decode()
        finally:
            connection.close()
        kind = answer.headers.get("Content-Type", "")
        return answer.status, json.loads(text) if "json" in kind else text

    def advance(self, seconds):
        """Steps the clock and returns when everything that this set off has come to rest. Long
        stretches go two days at a time, so that the patience is that of two days."""
        answer = None
        while answer is None or seconds > 0:
            step = min(seconds, 2 * 86400)
            status, answer = self.ask("POST", "/v1/clock", by="%ds" % step)
            assert status == 200, answer
            self.clock = answer["now"]
            seconds -= step
        return answer

    def verb(self, *arguments, stdin=None):
        """Another run of the binary, as a user types it beside the running daemon."""
        return verb(*arguments, stdin=stdin)

    def asking(self, *arguments):
        """The same with this daemon's state folder."""
        return verb(*arguments, "--state", str(self.state))

    def feed(self, name):
        _, answer = self.ask("GET", "/v1/feeds")
        return next(feed for feed in answer["feeds"] if feed["name"] == name)

    def status(self):
        return self.ask("GET", "/v1/status")[1]

    def stop(self, expect=0):
        if self.process is None:
            return None
        self.process.send_signal(signal.SIGTERM)
        code = self.process.wait(PATIENCE)
        self._closed()
        if expect is not None:
            assert code == expect, "exit %s; log:\n%s" % (code, self.log_text())
        return code

    def kill(self):
        self.process.kill()
        self.process.wait(PATIENCE)
        self._closed()

    def _closed(self):
        self.process = None
        self.listener.close()
        for lines in (self.log, self.out):
            lines.thread.join(PATIENCE)


class _UnixConnection(http.client.HTTPConnection):
    def __init__(self, path):
        super().__init__("localhost", timeout=PATIENCE)
        self.path = path

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(self.timeout)
        self.sock.connect(self.path)


class Stage:
    """A folder, a feed server and a collector, cleaned up at the end."""

    def __enter__(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="ww-"))
        (self.folder / "secret").write_bytes(SECRET)
        self.feeds, self.collectors, self.daemons = FeedServer(), [Collector()], []
        self.collector = self.collectors[0]
        return self

    def daemon(self, config, **options):
        daemon = Daemon(self.folder, config, **options)
        self.daemons.append(daemon)
        return daemon

    def another_collector(self):
        self.collectors.append(Collector())
        return self.collectors[-1]

    def receivers(self, name="desk"):
        return ("receivers:\n  %s:\n    webhook:\n      url: %s\n      secret_file: %s\n"
                % (name, self.collector.url, self.folder / "secret"))

    def feed_list(self, paths, every="15m"):
        """`feeds:` of the config; a feed is called as its path without slash and ending."""
        entries = "".join("  - {url: %s, name: %s, every: %s}\n"
                          % (json.dumps(self.feeds.url(path)), path.strip("/").split(".")[0], every)
                          for path in paths)
        return "feeds:\n" + entries

    def watch(self, *paths, rule=BORDER, every="15m", settings=NETWORK):
        """A config with these feeds, one rule, and the collector as its receiver "desk"."""
        return settings + self.feed_list(paths, every) + rule + self.receivers()

    def __exit__(self, kind, *_):
        for daemon in self.daemons:
            if daemon.process is not None:
                daemon.kill()
        self.feeds.close()
        for collector in self.collectors:
            collector.close()
        if kind is None:
            shutil.rmtree(self.folder, ignore_errors=True)
        else:
            print("kept for a look:", self.folder)


def rss(items, title="A feed"):
    """RSS 2.0 from dicts with title, text, link, guid, published (ISO 8601); newest first."""
    parts = ['<?xml version="1.0" encoding="UTF-8"?><rss version="2.0"><channel><title>%s</title>'
             % escape(title)]
    for item in items:
        parts.append("<item>")
        for tag, key in (("title", "title"), ("link", "link"), ("guid", "guid")):
            if item.get(key):
                parts.append("<%s>%s</%s>" % (tag, escape(item[key]), tag))
        if item.get("published"):
            stamp = time.strptime(item["published"], "%Y-%m-%dT%H:%M:%SZ")
            parts.append("<pubDate>%s</pubDate>" % time.strftime("%a, %d %b %Y %H:%M:%S GMT", stamp))
        if item.get("text"):
            html = "".join("<p>%s</p>" % escape(p) for p in item["text"].split("\n") if p.strip())
            parts.append("<description>%s</description>" % escape(html))
        parts.append("</item>")
    parts.append("</channel></rss>")
    return "".join(parts)


_SYLLABLES = ("ka re mi to lu sa ne vo di pa gu he jo fi zu ba ly xe wo qua tri sken dro "
              "plim orth ast umb ick ell ven").split()


def report(number, published="2025-08-29T08:00:00Z", **more):
    """A report that is like no other and mentions the border: made-up words, the same each run."""
    dice = random.Random(number)

    def words(count):
        return " ".join("".join(dice.choices(_SYLLABLES, k=3)) for _ in range(count))

    title = "%s border %s" % (words(3).capitalize(), words(3))
    item = dict(title=title, text="%s.\n%s." % (words(40).capitalize(), words(40).capitalize()),
                guid="tag:news.example,2025:%d" % number,
                link="http://news.example/articles/%d" % number, published=published)
    return {**item, **more}
