"""What requests cost the daemon's loop: polls of 10,000 hosts with the connection cache at its
limit, and new HTTPS connections. Prints one line a figure with the limit to reach.

    WIREWATCH_BENCH=build/bench/tests/connections_bench python3 tests/bench/transport.py
"""
import asyncio
import os
import pathlib
import ssl
import subprocess
import sys
import tempfile
import threading

SOURCE = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(SOURCE / "tests/acceptance"))
from network import Authority  # noqa: E402 (needs the path above)

BENCH = os.environ.get("WIREWATCH_BENCH", str(SOURCE / "build/bench/tests/connections_bench"))
HOSTS = 10000
ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n%s\r\nok"


async def serve(reader, writer, keep):
    try:
        while await reader.readuntil(b"\r\n\r\n"):
            writer.write(ANSWER % (b"" if keep else b"Connection: close\r\n"))
            await writer.drain()
            if not keep:
                break
    except (asyncio.IncompleteReadError, ConnectionError):
        pass
    writer.close()


def start(keep, tls=None):
    """The port of a server that answers at every address of 127.0.0.0/8."""
    port, ready = [], threading.Event()

    def run():
        async def main():
            server = await asyncio.start_server(lambda r, w: serve(r, w, keep), "0.0.0.0", 0,
                                                ssl=tls, backlog=1024)
            port.append(server.sockets[0].getsockname()[1])
            ready.set()
            await server.serve_forever()

        asyncio.run(main())

    threading.Thread(target=run, daemon=True).start()
    ready.wait()
    return port[0]


def measure(cache, urls, at_once=16, ca=""):
    done = subprocess.run([BENCH, str(cache), str(at_once), str(ca), "-"], text=True,
                          input="\n".join(urls), capture_output=True, check=False)
    if done.returncode:
        sys.exit("the bench failed: " + done.stderr)
    return [float(line) for line in done.stdout.split()]


def host(number):
    return "127.%d.%d.%d" % (1 + number // 62500, number // 250 % 250, 1 + number % 250)


def main():
    keep = start(True)
    hosts = ["http://%s:%d/" % (host(n), keep) for n in range(HOSTS)]
    below = measure(10000, hosts[:200])
    for cache in (256, 10000):
        full = measure(cache, hosts + hosts)
        print("new connections, %d hosts, `http.connections` %d: %.0f us a request below the "
              "limit, %.0f at it: ratio %.2f (reach: at most 1.3)"
              % (HOSTS, cache, sorted(below)[5], sorted(full[-5:])[2],
                 sorted(full[-5:])[2] / sorted(below)[5]))
    same = measure(256, hosts[:1] * 2000, at_once=1)
    print("kept connection: %.0f us a request" % sorted(same)[5])
    with tempfile.TemporaryDirectory() as folder:
        authority = Authority(folder)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*authority.issue("good"))
        context.options |= ssl.OP_NO_TICKET
        context.num_tickets = 0
        port = start(False, context)
        new = measure(256, ["https://127.0.0.1:%d/" % port] * 500, at_once=1, ca=authority.pem)
    print("new HTTPS connection, certificate verified: %.2f ms (reach: at most 5 ms; 47 with a "
          "folder of authorities)" % (sorted(new)[5] / 1000))


if __name__ == "__main__":
    main()
