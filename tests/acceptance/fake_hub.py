"""A WebSub hub, and the reverse proxy through which it reaches the daemon's callbacks."""
import hashlib
import hmac
import http.client
import http.server
import threading
import urllib.parse

from harness import PATIENCE

PUBLIC = "https://ww.example/hooks"  # what the daemon is told; only the proxy below knows better


class FakeHub:
    """Takes requests at /hub and verifies them when told to; `answer` is what a request gets."""

    def __init__(self):
        self.requests, self.changed, self.answer = [], threading.Condition(), 202
        outer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):  # noqa: N802 (the base class's name)
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                form = {k: v[0] for k, v in urllib.parse.parse_qs(body).items()}
                with outer.changed:
                    outer.requests.append(form)
                    outer.changed.notify_all()
                self.send_response(outer.answer)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.05},
                         daemon=True).start()
        self.url = "http://127.0.0.1:%d/hub" % self.server.server_address[1]

    def asked(self, mode):
        with self.changed:
            return [form for form in self.requests if form["hub.mode"] == mode]

    def wait_asked(self, mode, count=1):
        with self.changed:
            assert self.changed.wait_for(
                lambda: sum(f["hub.mode"] == mode for f in self.requests) >= count, PATIENCE), mode
        return self.asked(mode)[count - 1]

    def close(self):
        self.server.shutdown()
        self.server.server_close()


def through_the_proxy(daemon, method, callback, query="", body=None, headers=None):
    """(status, body) of a request to the public address, passed on as reverse proxies do it."""
    assert callback.startswith(PUBLIC + "/"), callback
    page = urllib.parse.urlsplit(daemon.status()["page"])
    connection = http.client.HTTPConnection(page.hostname, page.port, timeout=PATIENCE)
    try:
        path = "/websub/" + callback[len(PUBLIC) + 1:] + ("?" + query if query else "")
        connection.request(method, path, body=body,
                           headers={"Host": "ww.example", **(headers or {})})
        answer = connection.getresponse()
        return answer.status, answer.read().decode()
    finally:
        connection.close()


def verify(daemon, form, lease=86400, **changed):
    """The hub's question whether the request in `form` was meant."""
    query = {"hub.mode": form["hub.mode"], "hub.topic": form["hub.topic"],
             "hub.challenge": "riddle & more", "hub.lease_seconds": str(lease), **changed}
    return through_the_proxy(daemon, "GET", form["hub.callback"], urllib.parse.urlencode(query))


def push(daemon, form, body, method="sha256", secret=None, content_type="application/rss+xml"):
    """Content, signed with the subscription's secret or another one."""
    body = body.encode()
    key = (secret or form["hub.secret"]).encode()
    signature = method + "=" + hmac.new(key, body, getattr(hashlib, method)).hexdigest()
    return through_the_proxy(daemon, "POST", form["hub.callback"], body=body,
                             headers={"Content-Type": content_type, "X-Hub-Signature": signature})
