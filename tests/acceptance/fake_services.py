"""Every chat at one address: takes what it is sent and answers as its service would, or as told."""
import http.server
import json
import threading

from harness import _serve

# What each service answers to a message that it has taken.
ANSWERS = {
    "slack": b"ok", "mattermost": b"ok", "teams": b"1",
    "slackbot": b'{"ok": true, "ts": "1700000000.000100", "channel": "C1"}',
    "discord": b'{"id": "1234567890"}',
    "telegram": b'{"ok": true, "result": {"message_id": 77}}',
    "google": b'{"name": "spaces/a/messages/b"}',
    "matrix": b'{"event_id": "$one"}', "ntfy": b'{"id": "x1"}',
}


class Request:
    def __init__(self, method, path, headers, body):
        self.method, self.path, self.headers, self.body = method, path, headers, body

    @property
    def json(self):
        return json.loads(self.body)

    @property
    def kind(self):
        return self.path.split("/")[1]


class Services:
    """All services at one address; the first part of the path says which. `answers` maps it to what
    is given first, one each: (status, body) or (status, body, headers), or None to hang up;
    `always` to what is given from then on."""

    def __init__(self):
        self.requests, lock, outer = [], threading.Lock(), self
        self.answers, self.always = {}, {}

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def take(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                request = Request(self.command, self.path, dict(self.headers), body)
                with lock:
                    outer.requests.append(request)
                    given = outer.answers.get(request.kind)
                    usual = (200, ANSWERS.get(request.kind, b""))
                    answer = given.pop(0) if given else outer.always.get(request.kind, usual)
                if answer is None:
                    self.close_connection = True
                    return
                status, text, headers = (*answer, {})[:3]
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(text)))
                self.end_headers()
                self.wfile.write(text)

            do_POST = do_PUT = do_PATCH = take  # noqa: N815 (the base class's names)

            def log_message(self, *_):
                pass

        self.server = _serve(Handler)
        self.address = "http://127.0.0.1:%d" % self.server.server_address[1]

    def of(self, kind):
        """The requests of one service, in order."""
        return [request for request in self.requests if request.kind == kind]

    def close(self):
        self.server.shutdown()
        self.server.server_close()
