"""A network for tests: certificates of an authority of its own, servers with TLS and HTTP/2,
proxies, and a resolver that answers what it is told."""
import base64
import http.server
import os
import pathlib
import re
import shutil
import socket
import socketserver
import ssl
import subprocess
import threading
import urllib.parse

from harness import PATIENCE, Lines

HERE = pathlib.Path(__file__).resolve().parent
NGHTTPD = shutil.which("nghttpd")


class Authority:
    """Signs certificates; all of it lies in `folder`."""

    def __init__(self, folder, name="ca"):
        self.folder, self.name = pathlib.Path(folder), name
        self.key, self.pem = self.folder / (name + ".key"), self.folder / (name + ".pem")
        self._openssl("req", "-x509", *self._new_key(self.key), "-out", self.pem, "-days", "10",
                      "-subj", "/CN=Authority " + name)

    def issue(self, name, subject="IP:127.0.0.1,DNS:localhost", days=10):
        """(certificate, key) for these names; negative days: expired already."""
        key, request, pem, extra = (self.folder / (name + end)
                                    for end in (".key", ".csr", ".pem", ".ext"))
        extra.write_text("subjectAltName=%s\n" % subject, encoding="utf-8")
        self._openssl("req", *self._new_key(key), "-out", request, "-subj", "/CN=" + name)
        self._openssl("x509", "-req", "-in", request, "-CA", self.pem, "-CAkey", self.key,
                      "-days", str(days), "-extfile", extra, "-out", pem)
        return pem, key

    @staticmethod
    def _new_key(path):
        return ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", path)

    def _openssl(self, verb, *arguments):
        if verb == "req" and "-x509" not in arguments:
            arguments = ("-new", *arguments)
        subprocess.run(["openssl", verb, *map(str, arguments)], check=True, capture_output=True,
                       timeout=PATIENCE)


class TlsServer:
    """Serves one document over HTTPS with this certificate."""

    def __init__(self, certificate, key, body):
        outer = self
        self.asked = 0

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self):  # noqa: N802 (the base class's name)
                outer.asked += 1
                self.send_response(200)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                pass

        class Server(http.server.ThreadingHTTPServer):
            daemon_threads = True

            def get_request(self):
                raw, address = self.socket.accept()
                return context.wrap_socket(raw, server_side=True,
                                           do_handshake_on_connect=False), address

            def handle_error(self, *_):
                """A client that refuses the certificate is part of the play."""

        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate, key)
        self.server = Server(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.05},
                         daemon=True).start()
        self.port = self.server.server_address[1]

    def close(self):
        self.server.shutdown()
        self.server.server_close()


class Http2Server:
    """nghttpd: files of a folder over HTTP/2 and nothing else."""

    def __init__(self, folder, certificate, key):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.process = subprocess.Popen(
            ["stdbuf", "-oL", NGHTTPD, "-v", "-a", "127.0.0.1", "-d", str(folder), str(self.port),
             str(key), str(certificate)], stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        self.lines = Lines(self.process.stdout, pathlib.Path(folder) / "nghttpd.log")
        self.lines.wait_for("listen")

    def connections(self):
        """Numbers of the connections that were opened."""
        with self.lines.changed:
            return {m.group(1) for _, line in self.lines.lines
                    for m in [re.search(r"\[id=(\d+)\]", line)] if m}

    def close(self):
        self.process.kill()
        self.process.wait(PATIENCE)


class Resolver:
    """The look-ups of a daemon: `names` maps "NAME.test" to addresses, none at all to silence."""

    def __init__(self, folder):
        self.library, self.file = pathlib.Path(folder) / "resolver.so", pathlib.Path(folder) / "names"
        subprocess.run([shutil.which("cc") or "g++", "-shared", "-fPIC", "-o", str(self.library),
                        str(HERE / "resolver.c"), "-ldl"], check=True, timeout=PATIENCE)
        self.set({})

    def set(self, names):
        fresh = self.file.with_suffix(".new")
        fresh.write_text("".join(" ".join((name, *addresses)) + "\n"
                                 for name, addresses in names.items()), encoding="utf-8")
        os.replace(fresh, self.file)

    @property
    def environment(self):
        return {"LD_PRELOAD": str(self.library), "WIREWATCH_NAMES": str(self.file)}


class Proxy:
    """An HTTP or SOCKS5 proxy to whom every name is one server. `asked`: the targets."""

    def __init__(self, port, login=None):
        self.asked, self.port_behind, self.login = [], port, login
        outer = self

        class Handler(socketserver.StreamRequestHandler):
            def handle(self):
                first = self.rfile.peek(1)[:1]
                if first == b"\x05":
                    outer.socks(self)
                elif first:
                    outer.http(self)

        class Server(socketserver.ThreadingTCPServer):
            daemon_threads, allow_reuse_address = True, True

            def handle_error(self, *_):
                pass

        self.server = Server(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.05},
                         daemon=True).start()
        self.port = self.server.server_address[1]
        self.address = "127.0.0.1:%d" % self.port

    def http(self, connection):
        line = connection.rfile.readline().decode()
        headers = {}
        while (header := connection.rfile.readline().decode().strip()):
            name, _, value = header.partition(":")
            headers[name.lower()] = value.strip()
        method, target, _ = line.split()
        wanted = self.login and "Basic " + base64.b64encode(self.login.encode()).decode()
        if wanted and headers.get("proxy-authorization") != wanted:
            connection.wfile.write(b"HTTP/1.1 407 Who are you\r\nContent-Length: 0\r\n\r\n")
            return
        self.asked.append((method, target, headers))
        if method == "CONNECT":
            connection.wfile.write(b"HTTP/1.1 200 Connected\r\n\r\n")
            self.pass_on(connection, b"")
            return
        parts = urllib.parse.urlsplit(target)
        head = "%s %s HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n" % (method, parts.path or "/",
                                                                      parts.netloc)
        head += "".join("%s: %s\r\n" % (n, v) for n, v in headers.items()
                        if n not in ("host", "connection", "proxy-authorization"))
        self.pass_on(connection, head.encode() + b"\r\n")

    def socks(self, connection):
        _, count = connection.rfile.read(2)
        methods = connection.rfile.read(count)
        if self.login:
            connection.wfile.write(b"\x05\x02" if 2 in methods else b"\x05\xff")
            _, size = connection.rfile.read(2)
            user = connection.rfile.read(size).decode()
            password = connection.rfile.read(connection.rfile.read(1)[0]).decode()
            good = "%s:%s" % (user, password) == self.login
            connection.wfile.write(b"\x01\x00" if good else b"\x01\x01")
            if not good:
                return
        else:
            connection.wfile.write(b"\x05\x00")
        _, _, _, kind = connection.rfile.read(4)
        name = connection.rfile.read(connection.rfile.read(1)[0] if kind == 3 else 4)
        connection.rfile.read(2)
        self.asked.append(("SOCKS", name.decode() if kind == 3 else "address", {}))
        connection.wfile.write(b"\x05\x00\x00\x01\x00\x00\x00\x00\x00\x00")
        self.pass_on(connection, b"")

    def pass_on(self, connection, begun):
        with socket.create_connection(("127.0.0.1", self.port_behind), PATIENCE) as server:
            server.sendall(begun)

            def upwards():
                try:
                    while (data := connection.rfile.read1(65536)):
                        server.sendall(data)
                except OSError:
                    pass  # the answer was complete, and both ends have gone

            threading.Thread(target=upwards, daemon=True).start()
            try:
                while (data := server.recv(65536)):
                    connection.wfile.write(data)
            finally:
                # Otherwise `upwards` goes on reading, and swallows what the client asks next.
                connection.connection.shutdown(socket.SHUT_RDWR)

    def close(self):
        self.server.shutdown()
        self.server.server_close()
