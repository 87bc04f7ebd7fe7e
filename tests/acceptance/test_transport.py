"""How bytes come in, through the real daemon: TLS, HTTP/2, proxies, names that lie, credentials."""
import base64
import http.server
import shutil
import socket
import threading
import unittest

from harness import BORDER, NETWORK, Stage, report, rss
from network import NGHTTPD, Authority, Http2Server, Proxy, Resolver, TlsServer

QUARTER = 1000


class Transport(unittest.TestCase):
    def setUp(self):
        self.stage = self.enterContext(Stage())
        self.feeds, self.collector, self.folder = (self.stage.feeds, self.stage.collector,
                                                   self.stage.folder)
        self.port = self.feeds.server.server_address[1]

    def config(self, feeds, settings=NETWORK):
        """`feeds`: name → URL, or the inside of a YAML map that begins with it."""
        entries = "".join("  - {name: %s, every: 15m, url: %s}\n" % pair for pair in feeds.items())
        return settings + "feeds:\n" + entries + BORDER + self.stage.receivers()

    def start(self, feeds, settings=NETWORK, environment=None, advance=1, **options):
        self.daemon = self.stage.daemon(self.config(feeds, settings), environment=environment,
                                        **options).start()
        if advance:
            self.daemon.advance(advance)
        return self.daemon

    def failure(self, name):
        return self.daemon.feed(name).get("failure", "")

    def closed_by(self, server):
        self.addCleanup(server.close)
        return server


class Certificates(Transport):
    def setUp(self):
        super().setUp()
        self.authority = Authority(self.folder)
        self.trust = NETWORK + "http: {ca_file: %s}\n" % self.authority.pem

    def serve(self, name, **certificate):
        pair = self.authority.issue(name, **certificate)
        server = self.closed_by(TlsServer(*pair, rss([report(1)]).encode()))
        return server, "https://127.0.0.1:%d/feed" % server.port

    def test_row_22_a_wrong_certificate_fails_closed_and_each_kind_has_its_reason(self):
        good, good_url = self.serve("good")
        expired, expired_url = self.serve("expired", days=-1)
        other, other_url = self.serve("other", subject="DNS:elsewhere.example")
        stranger = Authority(self.folder, "stranger").issue("strange")
        unknown = self.closed_by(TlsServer(*stranger, rss([]).encode()))
        self.start({"good": good_url, "expired": expired_url, "other": other_url,
                    "unknown": "https://127.0.0.1:%d/" % unknown.port}, self.trust)
        self.assertEqual(self.daemon.feed("good")["status"], "good", self.failure("good"))
        self.assertEqual(self.failure("expired"), "the certificate of 127.0.0.1 has expired")
        self.assertEqual(self.failure("other"), "the certificate of 127.0.0.1 is for another name")
        self.assertEqual(self.failure("unknown"),
                         "the certificate of 127.0.0.1 is not signed by a known authority")
        self.assertEqual([s.asked for s in (good, expired, other, unknown)], [1, 0, 0, 0])

    def test_without_its_authority_in_the_config_a_server_is_unknown(self):
        server, url = self.serve("good")
        self.start({"a": url})
        self.assertIn("is not signed by a known authority", self.failure("a"))
        self.daemon.rewrite(self.config({"a": url}, self.trust))
        self.assertEqual(self.daemon.asking("reload").returncode, 0)
        self.daemon.advance(2 * 3600)
        self.assertEqual(self.daemon.feed("a")["status"], "good", self.failure("a"))
        self.assertGreaterEqual(server.asked, 1)

    def test_a_file_without_authorities_is_refused_with_its_place(self):
        (self.folder / "none.pem").write_text("nothing\n", encoding="utf-8")
        daemon = self.stage.daemon(self.config({"a": self.feeds.url("/a.xml")},
                                               "http: {ca_file: none.pem}\n"))
        self.assertIn('config.yaml:1:17: error: "none.pem" names no authorities',
                      daemon.runs_into(1))

    @unittest.skipUnless(NGHTTPD and shutil.which("stdbuf"), "nghttpd is not installed")
    def test_feeds_of_one_host_share_its_http2_connections(self):
        site = self.folder / "site"
        site.mkdir()
        names = ["f%d" % number for number in range(12)]
        for number, name in enumerate(names):
            (site / name).write_text(rss([report(number)]), encoding="utf-8")
        server = self.closed_by(Http2Server(site, *self.authority.issue("good")))
        self.start({name: "https://127.0.0.1:%d/%s" % (server.port, name) for name in names},
                   self.trust, advance=300)  # polls of one host keep their distance
        for name in names:
            self.assertEqual(self.daemon.feed(name)["status"], "good", self.failure(name))
        self.assertLessEqual(len(server.connections()), 4)


class Names(Transport):
    """With a resolver that answers what the test wants."""

    def setUp(self):
        super().setUp()
        self.resolver = Resolver(self.folder)

    def start_resolving(self, feeds, settings=NETWORK, **options):
        return self.start(feeds, settings, environment=self.resolver.environment, **options)

    def test_row_12_names_that_lead_inside_are_refused_by_the_address_they_lead_to(self):
        kinds = {"loopback": ("127.0.0.1", "a loopback address"),
                 "private": ("10.1.2.3", "a private address"),
                 "linklocal": ("169.254.7.7", "a link-local address"),
                 "metadata": ("169.254.169.254", "a cloud metadata address"),
                 "cgnat": ("100.64.1.1", "a carrier-grade NAT address"),
                 "ula": ("fd12::1", "a private address"),
                 "mapped": ("::ffff:10.1.2.3", "an IPv4 address inside an IPv6 address"),
                 "natsixfour": ("64:ff9b::a01:203", "a NAT64 address"),
                 "natlocal": ("64:ff9b:1::a01:203", "a NAT64 address"),
                 "loopsix": ("::1", "a loopback address")}
        self.resolver.set({name + ".test": (address,) for name, (address, _) in kinds.items()})
        self.start_resolving({name: "http://%s.test:%d/a.xml" % (name, self.port)
                              for name in kinds}, settings="")
        for name, (address, kind) in kinds.items():
            self.assertEqual(self.failure(name),
                             "refused: %s.test resolves to %s, %s (network.allow opens it)"
                             % (name, address, kind))
        self.assertEqual(self.feeds.requests, [])

    def test_row_13_a_name_that_is_rebound_to_another_address_is_refused_there(self):
        class Elsewhere(http.server.BaseHTTPRequestHandler):
            def do_GET(self):  # noqa: N802 (the base class's name)
                reached.append(self.path)
                self.send_error(500)

            def log_message(self, *_):
                pass

        reached = []
        inside = http.server.HTTPServer(("127.0.0.2", self.port), Elsewhere)
        threading.Thread(target=inside.serve_forever, daemon=True).start()
        self.addCleanup(inside.server_close)
        self.addCleanup(inside.shutdown)
        self.feeds.set("/a.xml", rss([report(1)]), headers={"Connection": "close"})
        feed = {"a": "http://rebound.test:%d/a.xml" % self.port}
        settings = "network: {allow: [127.0.0.1/32]}\n"
        self.resolver.set({"rebound.test": ("127.0.0.1",)})
        self.start_resolving(feed, settings)
        self.assertEqual(self.daemon.feed("a")["status"], "good", self.failure("a"))
        self.resolver.set({"rebound.test": ("127.0.0.2",)})
        # A reload drops what was looked up; without it the first answer would be kept a while.
        self.daemon.rewrite(self.config(feed, settings + "stop_within: 9s\n"))
        self.assertEqual(self.daemon.asking("reload").returncode, 0)
        self.daemon.advance(QUARTER)
        self.assertEqual(self.failure("a"), "refused: rebound.test resolves to 127.0.0.2, "
                         "a loopback address (network.allow opens it)")
        self.assertEqual(reached, [])

    def test_row_23_a_dead_ipv6_address_costs_less_than_a_second(self):
        # A listener whose backlog is full answers no further SYN: dead, as far as clients see.
        dead = socket.socket(socket.AF_INET6)
        self.addCleanup(dead.close)
        dead.bind(("::1", self.port))
        dead.listen(0)
        for _ in range(4):
            filler = socket.socket(socket.AF_INET6)
            filler.setblocking(False)
            filler.connect_ex(("::1", self.port))
            self.addCleanup(filler.close)
        self.feeds.set("/a.xml", rss([report(1)]))
        self.resolver.set({"both.test": ("::1", "127.0.0.1")})
        # The whole poll has two seconds, the look-up of a second attempt included.
        self.start_resolving({"a": "http://both.test:%d/a.xml" % self.port},
                             "network: {allow: [127.0.0.0/8, '::1/128']}\nhttp: {timeout: 1s}\n")
        self.assertEqual(self.daemon.feed("a")["status"], "good", self.failure("a"))

    def test_row_24_a_resolver_that_hangs_for_one_host_holds_up_no_other(self):
        self.resolver.set({"hang%d.test" % number: () for number in range(20)})
        self.feeds.set("/a.xml", rss([report(1)]))
        feeds = {"hang%d" % number: "http://hang%d.test/" % number for number in range(20)}
        self.start_resolving({**feeds, "a": self.feeds.url("/a.xml")}, clock=None, advance=0)
        self.feeds.wait_asked("/a.xml")
        self.assertEqual(self.daemon.feed("hang0")["status"], "not polled yet")
        self.daemon.stop()


class Proxies(Transport):
    def proxy(self, **options):
        return self.closed_by(Proxy(self.port, **options))

    def test_names_are_the_proxys_business_and_its_address_is_allowed_by_being_named(self):
        proxy = self.proxy()
        self.feeds.set("/a.xml", rss([report(1)]))
        self.start({"a": "http://nowhere.example/a.xml"},
                   "http: {proxy: 'http://%s'}\n" % proxy.address)
        self.assertEqual(self.daemon.feed("a")["status"], "good", self.failure("a"))
        self.assertEqual([(m, t) for m, t, _ in proxy.asked],
                         [("GET", "http://nowhere.example/a.xml")])

    def test_addresses_written_out_are_refused_before_the_proxy_is_asked(self):
        proxy = self.proxy()
        self.feeds.set("/hop.xml", "", status=302, validators=False,
                       headers={"Location": "http://0x7f.1/secret"})
        hosts = {"a": "127.0.0.1", "b": "127.1", "c": "0x7f000001", "d": "2130706433",
                 "e": "0177.0.0.1", "f": "localhost", "g": "10.0.0.1", "h": "[::1]",
                 "i": "[fd00::1]", "j": "169.254.169.254", "k": "127.0.0.1.", "l": "x.localhost"}
        feeds = {name: "http://%s/x" % host for name, host in hosts.items()}
        self.start({**{n: "'%s'" % u for n, u in feeds.items()},
                    "hop": "http://outside.example/hop.xml"},
                   "http: {proxy: 'http://%s'}\n" % proxy.address)
        for name in feeds:
            self.assertRegex(self.failure(name), r"^refused: .* is a .*address", feeds[name])
        self.assertRegex(self.failure("hop"), r"^refused: .* is a loopback address")
        self.assertEqual([t for _, t, _ in proxy.asked], ["http://outside.example/hop.xml"])

    def test_a_proxy_wants_a_login_from_a_secret_file(self):
        proxy = self.proxy(login="reader:open sesame")
        secret = self.folder / "password"
        secret.write_text("wrong\n", encoding="utf-8")
        self.feeds.set("/a.xml", rss([report(1)]))
        self.start({"a": "http://nowhere.example/a.xml"},
                   "http:\n  proxy: {url: 'http://%s', user: reader, password_file: %s}\n"
                   % (proxy.address, secret))
        self.assertIn("407", self.failure("a"))
        secret.write_text("open sesame\n", encoding="utf-8")
        self.daemon.advance(2 * 3600)
        self.assertEqual(self.daemon.feed("a")["status"], "good", self.failure("a"))
        self.assertNotIn("sesame", self.daemon.log_text())

    def test_https_goes_through_in_a_tunnel_that_knows_no_header_of_the_request(self):
        authority = Authority(self.folder)
        server = self.closed_by(TlsServer(*authority.issue("s", subject="DNS:secure.example"),
                                          rss([report(1)]).encode()))
        proxy = self.closed_by(Proxy(server.port))
        (self.folder / "token").write_text("Bearer 1\n", encoding="utf-8")
        entry = "https://secure.example/a, headers: {Authorization: {file: %s}}" \
            % (self.folder / "token")
        self.start({"a": entry}, "http: {proxy: 'http://%s', ca_file: %s}\n"
                   % (proxy.address, authority.pem))
        self.assertEqual(self.daemon.feed("a")["status"], "good", self.failure("a"))
        (method, target, headers), = proxy.asked
        self.assertEqual((method, target), ("CONNECT", "secure.example:443"))
        self.assertNotIn("authorization", headers)

    def test_a_feed_has_its_own_proxy_or_none_and_hosts_are_excepted(self):
        common, own = self.proxy(), self.proxy()
        for path in ("/own.xml", "/off.xml", "/local.xml", "/common.xml"):
            self.feeds.set(path, rss([report(2)]))
        here = "http://127.0.0.1:%d" % self.port
        self.start({"common": "http://one.example/common.xml",
                    "own": "http://two.example/own.xml, proxy: 'socks5://%s'" % own.address,
                    "off": here + "/off.xml, proxy: off"},
                   NETWORK + "http: {proxy: 'http://%s'}\n" % common.address)
        for name in ("common", "own", "off"):
            self.assertEqual(self.daemon.feed(name)["status"], "good", self.failure(name))
        self.assertEqual([t for _, t, _ in common.asked], ["http://one.example/common.xml"])
        self.assertEqual([(m, t) for m, t, _ in own.asked], [("SOCKS", "two.example")])
        self.daemon.rewrite(self.config(
            {"local": here + "/local.xml"},
            NETWORK + "http:\n  proxy: {url: 'http://%s', except: [127.0.0.0/8]}\n"
            % common.address))
        self.assertEqual(self.daemon.asking("reload").returncode, 0)
        self.daemon.advance(1)
        self.assertEqual(self.daemon.feed("local")["status"], "good", self.failure("local"))
        self.assertEqual(len(common.asked), 1)

    def test_a_proxy_that_is_down_is_named(self):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        self.start({"a": "http://nowhere.example/a.xml"},
                   "http: {proxy: 'http://127.0.0.1:%d'}\n" % port)
        self.assertIn("could not connect to the proxy 127.0.0.1:%d" % port, self.failure("a"))


class Credentials(Transport):
    def test_row_16_a_login_comes_from_its_file_and_stays_with_its_host(self):
        seen = []

        class Elsewhere(http.server.BaseHTTPRequestHandler):
            def do_GET(self):  # noqa: N802 (the base class's name)
                seen.append(dict(self.headers))
                self.send_error(404)

            def log_message(self, *_):
                pass

        other = http.server.HTTPServer(("127.0.0.2", 0), Elsewhere)
        threading.Thread(target=other.serve_forever, daemon=True).start()
        self.addCleanup(other.server_close)
        self.addCleanup(other.shutdown)
        (self.folder / "password").write_text("pässword:1\n", encoding="utf-8")
        login = "basic: {user: reader, password_file: password}"
        self.feeds.set("/a.xml", rss([report(1)]))
        self.feeds.set("/b.xml", "", status=302, validators=False, headers={
            "Location": "http://127.0.0.2:%d/" % other.server_address[1]})
        self.start({"a": "%s, user_agent: mine/1, %s" % (self.feeds.url("/a.xml"), login),
                    "b": "%s, headers: {X-Key: k}, %s" % (self.feeds.url("/b.xml"), login)})
        expected = "Basic " + base64.b64encode("reader:pässword:1".encode()).decode()
        asked, = self.feeds.asked("/a.xml")
        self.assertEqual((asked["Authorization"], asked["User-Agent"]), (expected, "mine/1"))
        self.assertEqual(asked["Accept-Encoding"], "gzip, deflate, br, zstd")
        self.assertEqual(self.feeds.asked("/b.xml")[0]["Authorization"], expected)
        self.assertEqual(len(seen), 1)
        self.assertFalse({"Authorization", "X-Key"} & set(seen[0]))

    def test_a_login_without_its_password_is_refused_with_its_place(self):
        daemon = self.stage.daemon(self.config({
            "a": "%s, basic: {user: reader}" % self.feeds.url("/a.xml")}))
        self.assertIn('"basic" has a user but no password', daemon.runs_into(1))


class Moves(Transport):
    def test_a_feed_that_moved_to_where_another_is_polled_is_told_once(self):
        self.feeds.set("/old.xml", "", status=301, validators=False,
                       headers={"Location": self.feeds.url("/a.xml")})
        self.feeds.set("/a.xml", rss([report(1)]))
        self.daemon = self.stage.daemon(self.stage.watch("/old.xml", "/a.xml")).start()
        self.daemon.advance(4 * 3600)
        said = ('feed "old" has moved to %s for good, where feed "a" is polled already: both bring '
                "the same items; take one of the two out of the config" % self.feeds.url("/a.xml"))
        self.assertEqual([(n["kind"], n["text"]) for n in self.daemon.status()["notices"]],
                         [("feeds share an address", said)])
        self.assertEqual(self.daemon.log_text().count(said), 1)
        warned = 'asked at the same address as feed "a" since it moved: take one of the two out of'
        self.assertIn(warned, self.daemon.feed("old")["warnings"][0])
        self.assertIn("warning: " + warned, self.daemon.asking("feeds").stdout)
        self.assertEqual(self.daemon.feed("a")["warnings"], [])

    def test_row_10_a_permanent_redirect_is_kept_once_it_repeats_and_is_told(self):
        self.feeds.set("/old.xml", "", status=301, validators=False,
                       headers={"Location": "/new.xml"})
        self.feeds.set("/new.xml", rss([report(1)]))
        self.start({"a": self.feeds.url("/old.xml")})
        new = self.feeds.url("/new.xml")
        self.assertEqual(self.daemon.feed("a")["moved_to"], new)
        self.assertIn("redirects for good to " + new,
                      self.daemon.asking("feeds", "list").stdout)
        self.daemon.advance(5 * QUARTER)
        asked = self.feeds.count("/old.xml")
        self.assertEqual(asked, 3)
        self.daemon.log.wait_for("has moved to %s for good" % new)
        told = self.daemon.log_text().count("has moved to %s for good" % new)
        self.assertEqual(told, 1, self.daemon.log_text())
        self.daemon.advance(5 * QUARTER)
        self.assertEqual(self.feeds.count("/old.xml"), asked)


if __name__ == "__main__":
    unittest.main()
