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

BINARY = os.environ.get("WIREWATCH_BINARY", "build/debug/daemon/wirewatch")
SOURCE = pathlib.Path(__file__).resolve().parents[2]
PATIENCE = float(os.environ.get("WIREWATCH_PATIENCE", "60"))  # seconds; reached only by failures
SECRET = b"a secret of the acceptance tests"


class _Quiet(http.server.ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128


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
        with self.lock:
            return sum(1 for p, _ in self.requests if p == path)

    def close(self):
        self.server.shutdown()
        self.server.server_close()


class Collector:
    """A webhook receiver that keeps every message with its instant and checks its signature."""

    def __init__(self):
        self.messages, self.bad, self.answers = [], [], []
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
        h = request.headers
        signed = b".".join([h["webhook-id"].encode(), h["webhook-timestamp"].encode(), body])
        expected = "v1," + base64.b64encode(hmac.new(SECRET, signed, hashlib.sha256).digest()).decode()
        with self.changed:
            if expected not in h["webhook-signature"].split():
                self.bad.append(h["webhook-signature"])
            status = self.answers.pop(0) if self.answers else 200
            if status == 200:
                self.messages.append(dict(id=h["webhook-id"], at=time.monotonic(),
                                          **json.loads(body)))
            self.changed.notify_all()
        request.send_response(status)
        request.send_header("Content-Length", "0")
        request.end_headers()

    def wait_for(self, count, seconds=PATIENCE):
        """True once `count` messages are there; False when the patience ends first."""
        with self.changed:
            return self.changed.wait_for(lambda: len(self.messages) >= count, seconds)

    def kinds(self):
        with self.changed:
            return [m["type"].removeprefix("alert.") for m in self.messages]

    def close(self):
        self.server.shutdown()
        self.server.server_close()


class Daemon:
    """The real binary with a config, a state folder and, by default, a clock that stands still."""

    def __init__(self, folder, config, clock="2025-08-29T08:00:00Z", environment=None):
        self.folder = pathlib.Path(folder)
        self.state = self.folder / "state"
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
        self.log = open(self.folder / "log", "ab")
        self.out = open(self.folder / "out", "ab")
        self.process = subprocess.Popen(arguments, stdin=subprocess.DEVNULL, stdout=self.out,
                                        stderr=self.log,
                                        env=dict(os.environ, NOTIFY_SOCKET=str(notify),
                                                 **self.environment))
        self.listener = listener
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
        """Steps the clock and returns when everything that this set off has come to rest."""
        status, answer = self.ask("POST", "/v1/clock", by="%ds" % seconds)
        assert status == 200, answer
        self.clock = answer["now"]
        return answer

    def verb(self, *arguments, check=False):
        """Another run of the binary, as a user types it beside the running daemon."""
        return subprocess.run([BINARY, *arguments], capture_output=True, text=True, timeout=PATIENCE,
                              check=check)

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
        for handle in (self.listener, self.log, self.out):
            handle.close()


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
        self.feeds, self.collector, self.daemons = FeedServer(), Collector(), []
        return self

    def daemon(self, config, **options):
        daemon = Daemon(self.folder, config, **options)
        self.daemons.append(daemon)
        return daemon

    def receivers(self, name="desk"):
        return ("receivers:\n  %s:\n    webhook:\n      url: %s\n      secret_file: %s\n"
                % (name, self.collector.url, self.folder / "secret"))

    def __exit__(self, kind, *_):
        for daemon in self.daemons:
            if daemon.process is not None:
                daemon.kill()
        self.feeds.close()
        self.collector.close()
        if kind is None:
            shutil.rmtree(self.folder, ignore_errors=True)
        else:
            print("kept for a look:", self.folder)


NETWORK = "network: {allow: [127.0.0.0/8]}\n"


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
