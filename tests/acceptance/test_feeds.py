"""Feeds as they are in the world, through the real daemon: what they do wrong must not be felt."""
import gzip
import http.server
import json
import threading
import unittest

from harness import BORDER, NETWORK, Stage, report, rss

QUARTER = 1000  # seconds: one poll of a feed with `every: 15m`, jitter included


class Feeds(unittest.TestCase):
    def setUp(self):
        stage = Stage()
        self.stage = self.enterContext(stage)
        self.feeds, self.collector = stage.feeds, stage.collector

    def start(self, *paths, **options):
        """A daemon that has polled these feeds once."""
        self.daemon = self.stage.daemon(self.stage.watch(*paths, **options)).start()
        self.daemon.advance(5)  # a host rests between two polls
        return self.daemon

    def start_empty(self, *paths, **options):
        """The same with baselines without items: whatever comes later is new."""
        for path in paths:
            self.feeds.set(path, rss([]))
        return self.start(*paths, **options)

    def publish(self, path, items, **options):
        self.feeds.set(path, rss(items), **options)
        self.daemon.advance(QUARTER)

    def expect_new(self, count, why=None):
        self.assertEqual(self.collector.kinds().count("new"), count,
                         "%s\n%s" % (why or "", self.daemon.log_text()))


class Requests(Feeds):
    def test_both_validators_go_back_byte_for_byte_and_a_304_costs_nothing(self):
        etag, modified = 'W/"a;b, c:/+=  d"', "Thu,  28 Aug 2025 08:00:00 +0000 (maybe)"
        seen = []

        def answer(request):
            seen.append((request.headers.get("If-None-Match"),
                         request.headers.get("If-Modified-Since")))
            body = b"" if seen[-1] == (etag, modified) else rss([report(1)]).encode()
            request.send_response(200 if body else 304)
            request.send_header("ETag", etag)
            request.send_header("Last-Modified", modified)
            request.send_header("Content-Length", str(len(body)))
            request.end_headers()
            request.wfile.write(body)

        self.feeds.script("/a.xml", answer)
        self.start("/a.xml")
        self.daemon.advance(4 * QUARTER)
        self.assertEqual(seen[0], (None, None))
        self.assertGreaterEqual(len(seen), 4)
        self.assertEqual(set(seen[1:]), {(etag, modified)})
        feed = self.daemon.feed("a")
        self.assertEqual((feed["status"], feed["failures"], feed["items"]), ("good", 0, 1))

    def test_once_a_day_a_feed_that_answers_304_for_ever_is_asked_without_validators(self):
        stale = {"on": False}

        def answer(request):
            conditional = "If-None-Match" in request.headers
            body = b"" if conditional else rss([report(2)] if stale["on"] else []).encode()
            request.send_response(304 if conditional else 200)
            request.send_header("ETag", '"always"')
            request.send_header("Content-Length", str(len(body)))
            request.end_headers()
            request.wfile.write(body)

        self.feeds.script("/a.xml", answer)
        self.start("/a.xml", every="1h", rule=BORDER)
        stale["on"] = True
        self.daemon.advance(23 * 3600)
        self.expect_new(0)
        self.daemon.advance(3 * 3600)
        self.expect_new(1)
        bare = sum("If-None-Match" not in headers for headers in self.feeds.asked("/a.xml"))
        self.assertEqual(bare, 2)

    def test_gzip_is_asked_for_and_read_labelled_or_not_and_a_false_label_is_seen_through(self):
        paths = ("/labelled.xml", "/bare.xml", "/false.xml")
        self.start_empty(*paths)
        self.assertIn("gzip", self.feeds.asked("/bare.xml")[0]["Accept-Encoding"])
        self.feeds.set("/labelled.xml", rss([report(3)]), gzipped=True)
        self.feeds.set("/bare.xml", gzip.compress(rss([report(4)]).encode()))
        plain = rss([report(5)]).encode()

        def false_label(request):
            request.send_response(200)
            if request.headers["Accept-Encoding"] != "identity":
                request.send_header("Content-Encoding", "gzip")
            request.send_header("Content-Length", str(len(plain)))
            request.end_headers()
            request.wfile.write(plain)

        self.feeds.script("/false.xml", false_label)
        self.daemon.advance(QUARTER)
        self.expect_new(3)

    def test_versions_that_follow_one_another_alert_for_what_each_one_adds(self):
        self.start_empty("/a.xml")
        items = []
        for number in range(10, 16):
            items.insert(0, report(number))
            self.publish("/a.xml", items)
            self.expect_new(number - 9)
        self.assertEqual(self.collector.headlines(), [i["title"] for i in reversed(items)])
        self.assertEqual(self.collector.bad, [])


class Baseline(Feeds):
    def test_one_is_not_told_as_several(self):
        self.feeds.set("/a.xml", rss([report(24)]))
        self.start("/a.xml")
        self.daemon.log.wait_for('feed "a": first fetch, 1 item taken as known, which would have '
                                 "caused 1 alert\n")
        self.publish("/a.xml", [report(25), report(24)])
        self.daemon.log.wait_for('feed "a": 1 new, 0 edited, 1 alert\n')

    def test_the_first_fetch_alerts_nothing_and_says_what_it_would_have(self):
        items = [report(20), report(21), report(22, title="Elsewhere", text="Nothing of note.")]
        self.feeds.set("/a.xml", rss(items))
        self.start("/a.xml")
        self.expect_new(0)
        self.assertEqual(self.daemon.feed("a")["would_alert"], 2)
        self.daemon.log.wait_for('feed "a": first fetch, 3 items taken as known, which would '
                                 "have caused 2 alerts")
        self.publish("/a.xml", [report(23)] + items)
        self.expect_new(1)
        self.assertEqual(self.collector.headlines(), [report(23)["title"]])

    def test_a_feed_that_fails_at_first_has_its_baseline_when_it_parses(self):
        self.start("/a.xml")  # 404
        self.feeds.set("/a.xml", rss([report(24)]))
        self.daemon.advance(2 * 3600)
        self.expect_new(0)
        self.publish("/a.xml", [report(25), report(24)])
        self.expect_new(1)


def relink(change):
    return lambda items: [dict(i, link=change(i["link"])) for i in items]


# What publishers do to items that nobody should hear of.
NOISE = {
    "reordered": lambda items: items[::-1],
    "re-dated": lambda items: [dict(i, published="2025-08-29T09:30:00Z") for i in items],
    "guid": lambda items: [dict(i, guid=i["guid"] + "?v=2") for i in items],
    "link": relink(lambda link: link.replace("articles", "a/moved")),
    "https": relink(lambda link: link.replace("http:", "https:")),
    "www": relink(lambda link: link.replace("//news", "//www.news") + "/"),
    "utm": relink(lambda link: link + "?utm_source=rss&utm_medium=feed&fbclid=x"),
    "retitled": lambda items: [dict(i, title="Updated: " + i["title"]) for i in items],
    "no-guid-any-more": lambda items: [dict(i, guid="") for i in items],
    "half": lambda items: items[:1],
}


class Noise(Feeds):
    def test_what_publishers_do_to_known_items_alerts_nothing(self):
        paths = ["/%s.xml" % name for name in NOISE]
        self.start_empty(*paths)
        known = {}
        for position, path in enumerate(paths):
            known[path] = [report(100 + 10 * position + i) for i in range(3)]
            self.feeds.set(path, rss(known[path]))
        self.daemon.advance(QUARTER)
        self.expect_new(3 * len(paths))
        for (name, change), path in zip(NOISE.items(), paths):
            self.feeds.set(path, rss(change(known[path])))
            self.daemon.advance(QUARTER)
            with self.subTest(name):
                self.expect_new(3 * len(paths), name)
        for path in paths:  # and back again
            self.feeds.set(path, rss(known[path]))
        self.daemon.advance(QUARTER)
        self.expect_new(3 * len(paths), "back to how it was")
        self.assertEqual(set(self.collector.kinds()), {"new"})

    def test_without_guids_links_with_other_tracking_are_the_same_item(self):
        changes = [relink(lambda l: l.replace("http:", "https:")),
                   relink(lambda l: l + "?utm_campaign=x"), relink(lambda l: l + "/"),
                   relink(lambda l: l.replace("//news", "//www.news"))]
        items = [report(n, guid="") for n in (210, 211)]
        self.start_empty("/a.xml")
        self.publish("/a.xml", items)
        self.expect_new(2)
        for change in changes:
            self.publish("/a.xml", change(items))
        self.expect_new(2)

    def test_gone_and_back_after_thirty_days_is_nothing_new(self):
        self.start_empty("/a.xml", every="12h")
        self.feeds.set("/a.xml", rss([report(220), report(221)]))
        self.daemon.advance(14 * 3600)
        self.expect_new(2)
        self.feeds.set("/a.xml", rss([report(221)]))
        self.daemon.advance(30 * 86400)
        now = self.daemon.clock
        self.feeds.set("/a.xml", rss([report(220, published=now), report(221, published=now)]))
        self.daemon.advance(14 * 3600)
        self.expect_new(2)

    def test_an_edited_title_is_at_most_an_update(self):
        self.start_empty("/a.xml")
        item = report(230)
        self.publish("/a.xml", [item])
        self.publish("/a.xml", [dict(item, title=item["title"] + " (video)")])
        self.publish("/a.xml", [dict(item, title="Quite another headline about the border")])
        self.expect_new(1)
        self.assertEqual(len({m["data"]["alert"] for m in self.collector.messages}), 1)


class Identity(Feeds):
    def test_one_guid_for_all_items_alerts_each_once(self):
        self.start_empty("/a.xml")
        items = [report(n, guid="the-one") for n in (300, 301, 302)]
        self.publish("/a.xml", items)
        self.expect_new(3)
        items.insert(0, report(303, guid="the-one"))
        self.publish("/a.xml", items)
        self.publish("/a.xml", items[::-1])
        self.expect_new(4)

    def test_without_guid_and_link_the_content_tells_items_apart(self):
        self.start_empty("/a.xml")
        items = [report(n, guid="", link="") for n in (310, 311)]
        self.publish("/a.xml", items)
        self.expect_new(2)
        self.publish("/a.xml", [report(312, guid="", link="")] + items[::-1])
        self.publish("/a.xml", items)
        self.expect_new(3)

    def test_a_guid_that_is_used_again_for_another_story_alerts(self):
        self.start_empty("/a.xml")
        self.publish("/a.xml", [report(320, guid="slot-1")])
        self.publish("/a.xml", [report(321, guid="slot-1")])
        self.expect_new(2)

    def test_dates_that_cannot_be_are_not_believed(self):
        self.start_empty("/a.xml")
        items = [report(330, published="2041-01-01T00:00:00Z"),
                 report(331, published="1970-01-01T00:00:00Z"),
                 report(332, published="9999-12-31T23:59:59Z"), report(333, published="")]
        self.publish("/a.xml", items)
        self.expect_new(4)
        times = [m["data"]["sources"][0]["time"] for m in self.collector.messages]
        self.assertTrue(all(time.startswith("2025-08-29T08:") for time in times), times)

    def test_an_item_older_than_the_rules_age_is_archived_and_silent(self):
        self.start_empty("/a.xml")
        old = report(340, published="2025-08-20T00:00:00Z")
        self.publish("/a.xml", [old])
        self.expect_new(0)
        _, why = self.daemon.ask("GET", "/v1/why", item=old["title"])
        self.assertEqual(why["revisions"][0]["rules"][0]["reason"], "older than max_age 3d")


class NotAFeed(Feeds):
    def test_a_page_with_200_leaves_the_state_as_it_was(self):
        items = [report(400)]
        self.feeds.set("/a.xml", rss(items))
        self.start("/a.xml")
        etag = self.feeds.documents["/a.xml"]["etag"]
        self.feeds.set("/a.xml", "<!DOCTYPE html><html><head><title>Log in</title></head><body>"
                       "<p>border</p></body></html>", content_type="text/html")
        self.daemon.advance(QUARTER)
        feed = self.daemon.feed("a")
        self.assertEqual(feed["status"], "failing")
        self.assertIn("not a feed", feed["failure"])
        self.feeds.set("/a.xml", rss([report(401)] + items))
        self.daemon.advance(2 * QUARTER)
        sent = [h.get("If-None-Match") for h in self.feeds.asked("/a.xml")]
        self.assertEqual(sent[2], etag, "the page's own validators are not kept")
        self.expect_new(1)

    def test_no_items_delete_nothing_and_are_reported(self):
        items = [report(410), report(411)]
        self.feeds.set("/a.xml", rss(items))
        self.start("/a.xml")
        self.publish("/a.xml", [])
        feed = self.daemon.feed("a")
        self.assertEqual(feed["status"], "good")
        self.assertIn("no items", " ".join(feed["warnings"]))
        self.publish("/a.xml", items)
        self.expect_new(0)
        self.assertEqual(self.daemon.feed("a")["warnings"], [])

    def test_a_body_that_was_cut_is_thrown_away_and_asked_for_again(self):
        whole = rss([report(n) for n in range(420, 430)]).encode()
        cuts = {
            "/length.xml": ({"Content-Length": str(len(whole))}, whole[:len(whole) // 2]),
            "/close.xml": ({}, whole[:len(whole) // 2]),
            "/gzip.xml": ({"Content-Encoding": "gzip"}, gzip.compress(whole)[:-200]),
            "/trailer.xml": ({"Content-Encoding": "gzip"}, gzip.compress(whole[:-30])[:-8]),
        }
        self.start_empty(*cuts)
        before = {path: self.feeds.documents[path]["etag"] for path in cuts}

        def cut(headers, body):
            def answer(request):
                request.send_response(200)
                request.send_header("ETag", '"half"')
                for name, value in headers.items():
                    request.send_header(name, value)
                request.send_header("Connection", "close")
                request.end_headers()
                request.wfile.write(body)
            return answer

        for path, (headers, body) in cuts.items():
            self.feeds.script(path, cut(headers, body))
        self.daemon.advance(QUARTER)
        for path in cuts:
            with self.subTest(path):
                self.assertEqual(self.daemon.feed(path[1:-4])["status"], "failing")
                self.feeds.set(path, whole)
        self.expect_new(0)
        self.daemon.advance(2 * 3600)
        for path in cuts:
            sent = [h.get("If-None-Match") for h in self.feeds.asked(path)]
            self.assertNotIn('"half"', sent, path)
            self.assertIn(before[path], sent, path)
        self.expect_new(10, "the same ten stories in four feeds")

    def test_bodies_without_end_or_of_bombs_are_stopped_at_the_cap(self):
        bomb = gzip.compress(b"<rss>" + b" " * (40 << 20))
        self.feeds.set("/bomb.xml", bomb, headers={"Content-Encoding": "gzip"})

        def endless(request):
            request.send_response(200)
            request.send_header("Connection", "close")
            request.end_headers()
            try:
                while True:
                    request.wfile.write(b"<!-- more -->" * 5000)
            except OSError:
                pass

        self.feeds.script("/endless.xml", endless)
        self.start("/bomb.xml", "/endless.xml", settings=NETWORK + "limits: {body: 1MiB}\n")
        for name in ("bomb", "endless"):
            feed = self.daemon.feed(name)
            self.assertEqual(feed["status"], "failing", name)
            self.assertRegex(feed["failure"], "limit|cap|larger|more than")


class Attention(Feeds):
    """When feeds are asked, and what is told of those that slip away."""

    def test_documents_without_a_common_item_are_reported_as_a_gap(self):
        self.feeds.set("/a.xml", rss([report(601), report(600)]))
        self.feeds.set("/b.xml", rss([report(602)]))
        self.start("/a.xml", "/b.xml")
        self.publish("/a.xml", [report(604), report(603)])
        feed = self.daemon.feed("a")
        self.assertEqual((feed["gaps"], feed["status"]), (1, "good"))
        self.assertLessEqual(feed["last_gap"], self.daemon.clock)
        self.assertNotIn("last_gap", self.daemon.feed("b"))
        self.publish("/a.xml", [report(606), report(605)])
        self.assertEqual(self.daemon.feed("a")["gaps"], 2)
        self.daemon.log.wait_for('feed "a": gap: ')
        self.assertEqual(self.daemon.log_text().count('feed "a": gap: '), 1, "told once a day")
        self.assertEqual(self.daemon.status()["feeds_with_gaps"], 1)
        text = self.daemon.asking("feeds", "list").stdout
        self.assertRegex(text, r"2 gaps, the last 2025-08-29 .*: items were probably lost")
        self.assertIn("no feeds stale, 1 with gaps in the last day",
                      self.daemon.asking("status").stdout)
        self.daemon.stop()
        self.daemon.start()
        self.assertEqual(self.daemon.feed("a")["gaps"], 2)

    def test_a_feed_is_not_asked_in_the_hours_it_names(self):
        skipped = "".join("<hour>%d</hour>" % hour for hour in range(9, 20))
        body = rss([report(610)]).replace(
            "</title>", "</title><skipHours>%s</skipHours>" % skipped, 1)
        self.feeds.set("/a.xml", body)
        self.start("/a.xml", every="{most: 20m}")  # it is eight o'clock
        self.daemon.advance(3600)
        before = self.feeds.count("/a.xml")
        self.assertGreaterEqual(before, 3)
        self.daemon.advance(10 * 3600)
        self.assertLessEqual(self.feeds.count("/a.xml"), before + 1)
        self.daemon.advance(2 * 3600)
        self.assertGreaterEqual(self.feeds.count("/a.xml"), before + 3)

    def test_a_feed_that_falls_silent_against_its_rhythm_is_stale_until_it_is_back(self):
        items = []
        self.start_empty("/a.xml", "/b.xml", every="1h")
        for number in range(620, 650):
            items = [report(number, published=self.daemon.clock)] + items[:20]
            self.feeds.set("/a.xml", rss(items))
            self.daemon.advance(3 * 3600)
        feed = self.daemon.feed("a")
        self.assertEqual(feed["status"], "good")
        self.assertRegex(feed["rhythm"], r"about [78](\.\d)? a day")
        self.daemon.advance(4 * 86400)
        self.assertEqual(self.daemon.feed("a")["status"], "stale")
        self.assertEqual(self.daemon.status()["feeds_stale"], 1)
        listed = self.daemon.asking("feeds", "list", "--stale")
        self.assertRegex(listed.stdout, r"^a +stale .*\n.*\n    stale, noticed 2025-09-0")
        self.assertTrue(listed.stdout.endswith("1 feed: 1 stale\n"), listed.stdout)
        only = json.loads(self.daemon.asking("feeds", "list", "--stale", "--json").stdout)
        self.assertEqual([f["name"] for f in only["feeds"]], ["a"])
        self.daemon.log.wait_for('feed "a": stale')
        self.assertEqual(self.daemon.log_text().count('feed "a": stale'), 1)
        self.feeds.set("/a.xml", rss([report(650, published=self.daemon.clock)] + items[:20]))
        self.daemon.advance(2 * 3600)
        self.assertEqual(self.daemon.feed("a")["status"], "good")
        self.daemon.log.wait_for('feed "a": no longer stale')

    def test_the_budget_holds_for_all_feeds_together(self):
        paths = ["/%d.xml" % number for number in range(12)]
        for path in paths:
            self.feeds.set(path, rss([report(660)]))
        self.start(*paths, every="1m", settings=NETWORK + "polling: {per_hour: 60}\n")
        self.daemon.advance(2 * 3600)
        asked = sum(self.feeds.count(path) for path in paths)
        self.assertLessEqual(asked, 151)  # 120, and half an hour's that was saved up
        self.assertGreaterEqual(asked, 140)
        self.assertTrue(all(self.feeds.count(path) >= 5 for path in paths))


class Failures(Feeds):
    def test_410_pauses_until_the_operator_polls(self):
        self.feeds.set("/a.xml", rss([report(500)]))
        self.start("/a.xml")
        self.feeds.set("/a.xml", "", status=410, validators=False)
        self.daemon.advance(QUARTER)
        self.assertEqual(self.daemon.feed("a")["status"], "paused")
        self.daemon.log.wait_for('feed "a": the server answered 410 Gone: paused until')
        asked = self.feeds.count("/a.xml")
        self.feeds.set("/a.xml", rss([report(501), report(500)]))
        self.daemon.advance(3 * 86400)
        self.assertEqual(self.feeds.count("/a.xml"), asked, "paused is paused")
        done = self.daemon.asking("feeds", "poll", "a")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.daemon.advance(1)
        self.assertEqual(self.daemon.feed("a")["status"], "good")
        self.publish("/a.xml", [report(502, published=self.daemon.clock)])
        self.assertIn(report(502)["title"], self.collector.headlines())

    def test_a_feed_that_fails_is_asked_less_and_less_and_never_given_up(self):
        for status, path in ((404, "/missing.xml"), (503, "/down.xml")):
            self.feeds.set(path, rss([report(510)]))
        self.start("/missing.xml", "/down.xml")
        self.feeds.set("/missing.xml", "", status=404, validators=False)
        self.feeds.set("/down.xml", "", status=503, validators=False)
        self.daemon.advance(86400)
        first = {p: self.feeds.count(p) for p in ("/missing.xml", "/down.xml")}
        self.daemon.advance(5 * 86400)
        for path, before in first.items():
            later = self.feeds.count(path) - before
            self.assertGreater(before, 15, path)  # hourly on the first day
            self.assertIn(later, range(4, 3 * 24), path)  # down to once a day
        self.assertEqual(self.daemon.feed("missing")["failure"], "the server answered 404 Not Found")
        fresh = report(511, published=self.daemon.clock)
        for path in first:
            self.feeds.set(path, rss([fresh, report(510)]))
        self.daemon.advance(27 * 3600)
        self.expect_new(1)
        self.assertEqual({self.daemon.feed(n)["status"] for n in ("missing", "down")}, {"good"})
        self.daemon.log.wait_for('feed "down": answers again')

    def test_retry_after_is_kept(self):
        self.start_empty("/seconds.xml", "/date.xml", "/junk.xml")
        waits = {"/seconds.xml": "7200", "/date.xml": "Fri, 29 Aug 2025 12:00:00 GMT",
                 "/junk.xml": "soon"}
        for path, wait in waits.items():
            self.feeds.set(path, "", status=503, headers={"Retry-After": wait}, validators=False)
        self.daemon.advance(QUARTER)
        asked = {path: self.feeds.count(path) for path in waits}
        self.daemon.advance(6600)
        self.assertEqual(self.feeds.count("/seconds.xml"), asked["/seconds.xml"])
        self.assertEqual(self.feeds.count("/date.xml"), asked["/date.xml"])
        self.assertGreater(self.feeds.count("/junk.xml"), asked["/junk.xml"])
        self.daemon.advance(3 * 3600)
        self.assertGreater(self.feeds.count("/seconds.xml"), asked["/seconds.xml"])
        self.assertGreater(self.feeds.count("/date.xml"), asked["/date.xml"])

    def test_redirects_are_followed_but_not_for_ever_and_not_anywhere(self):
        targets = {"/loop.xml": "/loop.xml", "/ftp.xml": "ftp://127.0.0.1/feed.xml",
                   "/file.xml": "file:///etc/passwd", "/moved.xml": "/new.xml"}
        for path, target in targets.items():
            self.feeds.set(path, "", status=301, headers={"Location": target}, validators=False)
        self.feeds.set("/new.xml", rss([]))
        self.start(*targets)
        self.assertLessEqual(self.feeds.count("/loop.xml"), 6)
        self.assertRegex(self.daemon.feed("loop")["failure"], "redirects more than 5 times")
        for name in ("ftp", "file"):
            feed = self.daemon.feed(name)
            self.assertEqual(feed["status"], "failing")
            self.assertIn("redirects to a place that cannot be followed", feed["failure"])
        self.assertEqual(self.daemon.feed("moved")["status"], "good")
        self.publish("/new.xml", [report(530)])
        self.expect_new(1)

    def test_private_addresses_are_refused_unless_the_config_allows_them(self):
        self.feeds.set("/a.xml", rss([report(540)]))
        self.start("/a.xml", settings="")
        self.assertEqual(self.feeds.requests, [])
        feed = self.daemon.feed("a")
        self.assertEqual(feed["status"], "failing")
        self.assertRegex(feed["failure"], "127.0.0.1.*allow")
        self.daemon.rewrite(self.stage.watch("/a.xml"))
        self.assertEqual(self.daemon.asking("reload").returncode, 0)
        self.daemon.advance(2 * 3600)
        self.assertEqual(self.daemon.feed("a")["status"], "good")

    def test_a_redirect_to_another_address_is_refused_on_the_address_too(self):
        class Elsewhere(http.server.BaseHTTPRequestHandler):
            def do_GET(self):  # noqa: N802 (the base class's name)
                reached.append(self.path)
                self.send_error(500)

            def log_message(self, *_):
                pass

        reached = []
        server = http.server.HTTPServer(("127.0.0.2", 0), Elsewhere)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        self.addCleanup(server.server_close)
        self.addCleanup(server.shutdown)
        target = "http://127.0.0.2:%d/secret" % server.server_address[1]
        self.feeds.set("/a.xml", "", status=302, headers={"Location": target}, validators=False)
        self.start("/a.xml", settings="network: {allow: [127.0.0.1/32]}\n")
        self.assertEqual(reached, [])
        self.assertIn("127.0.0.2", self.daemon.feed("a")["failure"])


ATOM = """<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom"><title>Atom</title><id>urn:a</id>
<updated>2025-08-29T08:00:00Z</updated>%s</feed>"""


def atom_entry(item):
    return ("<entry><title>%(title)s</title><id>%(guid)s</id><link href='%(link)s'/>"
            "<updated>%(published)s</updated><content type='text'>%(text)s</content></entry>" % item)


class Formats(Feeds):
    def test_one_story_in_many_feeds_is_one_alert(self):
        paths = ["/f%d.xml" % n for n in range(20)]
        self.start_empty(*paths)
        for position, path in enumerate(paths):
            copy = report(600, guid="copy-%d" % position,
                          link="http://outlet%d.example/x" % position)
            self.feeds.set(path, rss([copy]))
        self.daemon.advance(QUARTER)
        self.expect_new(1)
        _, alerts = self.daemon.ask("GET", "/v1/alerts")
        self.assertEqual(len(alerts["alerts"]), 1)
        self.assertEqual(len(alerts["alerts"][0]["items"]), 20, "later reports join their alert")

    def test_atom_and_json_feed(self):
        self.feeds.set("/a.xml", ATOM % "", content_type="application/atom+xml")
        empty = {"version": "https://jsonfeed.org/version/1.1", "title": "J", "items": []}
        self.feeds.set("/j.json", json.dumps(empty), content_type="application/feed+json")
        self.start("/a.xml", "/j.json")
        one, two = report(610), report(611)
        self.feeds.set("/a.xml", ATOM % atom_entry(one), content_type="text/plain")
        entry = {"id": two["guid"], "url": two["link"], "title": two["title"],
                 "content_text": two["text"], "date_published": two["published"]}
        self.feeds.set("/j.json", json.dumps(dict(empty, items=[entry])),
                       content_type="application/feed+json")
        self.daemon.advance(QUARTER)
        self.expect_new(2)
        urls = {m["data"]["headline"]: m["data"]["url"] for m in self.collector.messages}
        self.assertEqual(urls, {one["title"]: one["link"], two["title"]: two["link"]})

    def test_arabic_in_windows_1256_alerts_with_the_right_text(self):
        title = "بغداد ودمشق تبحثان أمن الحدود المشتركة"
        text = "بحث رئيس جهاز المخابرات مع الرئيس السوري أمن الحدود ومنع التهريب بين البلدين."
        rule = "rules:\n  border: {match: الحدود, alert: desk}\n"
        self.start_empty("/a.xml", rule=rule)
        item = report(620, title=title, text=text)
        xml = rss([item]).replace('encoding="UTF-8"', 'encoding="windows-1256"')
        self.feeds.set("/a.xml", xml.encode("windows-1256"), content_type="text/xml")
        self.daemon.advance(QUARTER)
        self.expect_new(1)
        data = self.collector.messages[0]["data"]
        self.assertEqual(data["headline"], title)
        self.assertIn("منع التهريب", data["passage"])
        self.assertIn("الحدود", [data["passage"].encode()[m["start"]:m["end"]].decode()
                                 for m in data["marks"]])


if __name__ == "__main__":
    unittest.main()
