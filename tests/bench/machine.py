"""The daemon under measurement, the web server it polls, and what the kernel says of a process."""
import os
import pathlib
import re
import resource
import subprocess
import sys
import tempfile
import time

import common

sys.path.insert(0, str(common.ROOT / "tests/acceptance"))


def harness():
    """tests/acceptance/harness.py, with the binary of the preset `bench` (or WIREWATCH_BINARY)."""
    if "WIREWATCH_BINARY" not in os.environ:
        common.build("wirewatch")
        os.environ["WIREWATCH_BINARY"] = str(common.BUILD / "daemon/wirewatch")
    os.environ.setdefault("WIREWATCH_PATIENCE", "600")
    import harness as made
    return made


def cpu_seconds(pid):
    """User and system time of a process, its threads and its ended children included."""
    fields = pathlib.Path("/proc/%d/stat" % pid).read_text().rsplit(")", 1)[1].split()
    return sum(int(ticks) for ticks in fields[11:15]) / os.sysconf("SC_CLK_TCK")


def resident_bytes(pid):
    """What is in memory and the process's own (its program and files mapped are not)."""
    status = pathlib.Path("/proc/%d/status" % pid).read_text()
    return int(re.search(r"RssAnon:\s+(\d+) kB", status).group(1)) * 1024


def children_cpu(command, **options):
    """CPU seconds of a command, run to its end."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, check=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                   **options)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


class Nginx:
    """nginx from Debian on a free port of loopback, serving a folder with ETag and gzip; with a
    certificate, over TLS; without `keep` it closes after every answer. One worker, no log."""

    def __init__(self, root, certificate=None, keep=True):
        self.place = tempfile.TemporaryDirectory(prefix="ww-")
        self.port = self._free_port()
        secure = "" if certificate is None else (
            "ssl_certificate %s; ssl_certificate_key %s; ssl_session_tickets off; "
            "ssl_session_cache off;" % certificate)
        config = pathlib.Path(self.place.name, "nginx.conf")
        config.write_text("""
daemon off; worker_processes 1; pid %(place)s/pid; error_log /dev/null crit; %(user)s
events { worker_connections 4096; }
http {
  access_log off; default_type text/xml; keepalive_requests 1000000000; keepalive_timeout %(keep)s;
  gzip on; gzip_types text/xml; gzip_proxied any; gzip_vary on; open_file_cache off;
  client_body_temp_path %(place)s; proxy_temp_path %(place)s; fastcgi_temp_path %(place)s;
  uwsgi_temp_path %(place)s; scgi_temp_path %(place)s;
  server { listen 0.0.0.0:%(port)d backlog=4096 %(tls)s; %(secure)s root %(root)s; }
}""" % dict(place=self.place.name, port=self.port, root=root, secure=secure, keep="1h" if keep else "0",
            tls="ssl" if certificate else "", user="user root;" if os.getuid() == 0 else ""))
        self.process = subprocess.Popen(["nginx", "-c", config, "-p", self.place.name],
                                        stderr=subprocess.DEVNULL)
        self._wait()
        self.scheme = "http" if certificate is None else "https"

    @staticmethod
    def _free_port():
        import socket
        with socket.socket() as one:
            one.bind(("127.0.0.1", 0))
            return one.getsockname()[1]

    def _wait(self):
        import socket
        for _ in range(1000):
            try:
                socket.create_connection(("127.0.0.1", self.port), 1).close()
                return
            except OSError:
                time.sleep(0.01)
        raise RuntimeError("nginx does not answer")

    def url(self, name, host="127.0.0.1"):
        return "%s://%s:%d/%s" % (self.scheme, host, self.port, name)

    def close(self):
        self.process.terminate()
        self.process.wait()
        self.place.cleanup()
