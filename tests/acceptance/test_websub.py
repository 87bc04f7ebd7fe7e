"""WebSub through the real daemon: a hub that behaves, one that lies, and one that falls silent."""
import http.client
import unittest
import urllib.parse

from fake_hub import PUBLIC, FakeHub, push, through_the_proxy, verify
from harness import NETWORK, Stage, report, rss

WEBSUB = NETWORK + "websub: {callback_url: %s}\n" % PUBLIC
DAY = 86400


class WebSub(unittest.TestCase):
    def setUp(self):
        self.stage = self.enterContext(Stage())
        self.feeds, self.collector = self.stage.feeds, self.stage.collector
        self.hub = FakeHub()
        self.addCleanup(self.hub.close)

    def config(self, settings=WEBSUB, more="", every=""):
        entry = "feeds:\n  - {url: %s, name: a%s%s}\n" % (self.feeds.url("/a.xml"), every, more)
        return settings + entry + "rules:\n  border: {match: border, alert: desk}\n" \
            + self.stage.receivers()

    def publish(self, items, **headers):
        link = '<%s>; rel="hub", <%s>; rel=self' % (self.hub.url, self.feeds.url("/topic"))
        self.feeds.set("/a.xml", rss(items), headers={"Link": link, **headers})

    def start(self, **options):
        self.publish([])
        self.daemon = self.stage.daemon(self.config(**options)).start()
        self.daemon.advance(1)
        return self.daemon

    def subscribe(self, lease=DAY, **options):
        """A daemon whose subscription the hub has verified."""
        self.start(**options)
        form = self.hub.wait_asked("subscribe")
        self.daemon.advance(0)
        self.assertEqual(verify(self.daemon, form, lease), (200, "riddle & more"))
        return form

    def expect_new(self, count):
        self.daemon.advance(1)
        self.assertEqual(self.collector.kinds().count("new"), count, self.daemon.log_text())

    def state(self):
        return self.daemon.feed("a").get("websub", "")

    def test_what_a_hub_brings_alerts_before_any_poll(self):
        form = self.subscribe()
        self.assertEqual(form["hub.topic"], self.feeds.url("/topic"))
        self.assertGreater(int(form["hub.lease_seconds"]), 3600)
        self.assertIn("subscribed until 2025-08-30T08:00:01Z", self.state())
        polls = self.feeds.count("/a.xml")
        for number, method in enumerate(("sha1", "sha256", "sha384", "sha512")):
            status, _ = push(self.daemon, form, rss([report(number)]), method)
            self.assertEqual(status, 200, method)
        self.expect_new(4)
        self.assertEqual(self.feeds.count("/a.xml"), polls)
        self.assertIn("delivers", self.state())

    def test_without_a_public_address_no_hub_is_asked(self):
        self.start(settings=NETWORK)
        self.daemon.advance(3600)
        self.assertEqual(self.hub.requests, [])
        self.assertEqual(self.state(), "")

    def test_a_feed_may_stay_away_from_its_hub(self):
        self.start(more=", websub: never")
        self.daemon.advance(3600)
        self.assertEqual(self.hub.requests, [])

    def test_only_what_was_asked_for_is_confirmed(self):
        self.start()
        form = self.hub.wait_asked("subscribe")
        self.daemon.advance(0)
        for changed in ({"hub.topic": "http://other.example/feed"}, {"hub.mode": "unsubscribe"},
                        {"hub.mode": "publish"}, {"hub.challenge": ""},
                        {"hub.challenge": "x" * 5000}):
            with self.subTest(changed):
                self.assertEqual(verify(self.daemon, form, **changed)[0], 404)
        other = dict(form, **{"hub.callback": PUBLIC + "/0123456789abcdef"})
        self.assertEqual(verify(self.daemon, other)[0], 404)
        self.assertEqual(push(self.daemon, other, rss([report(1)]))[0], 410)
        self.assertEqual(verify(self.daemon, form)[0], 200)
        self.assertEqual(verify(self.daemon, form)[0], 404, "nothing is awaited any more")

    def test_content_with_a_wrong_signature_is_ignored(self):
        form = self.subscribe()
        body = rss([report(20)])
        self.assertEqual(push(self.daemon, form, body, secret="guessed")[0], 200)
        for signature in ("", "sha256=00", "md5=" + "0" * 32, "sha256"):
            status, _ = through_the_proxy(self.daemon, "POST", form["hub.callback"], body=body,
                                          headers={"X-Hub-Signature": signature})
            self.assertEqual(status, 200)
        self.expect_new(0)
        self.daemon.log.wait_for("without the right signature")
        self.assertEqual(push(self.daemon, form, body)[0], 200)
        self.expect_new(1)

    def test_row_57_an_item_by_push_and_by_poll_is_one_alert(self):
        form = self.subscribe()
        items = [report(30)]
        push(self.daemon, form, rss(items))
        self.publish(items)
        self.daemon.advance(2 * 3600)
        self.expect_new(1)
        items.insert(0, report(31))
        self.publish(items)
        self.daemon.advance(2 * 3600)
        push(self.daemon, form, rss(items))
        self.expect_new(2)
        self.assertEqual(len({m["data"]["alert"] for m in self.collector.messages}), 2)

    def test_a_push_leaves_the_validators_of_polls_alone(self):
        form = self.subscribe()
        etag = self.feeds.documents["/a.xml"]["etag"]
        push(self.daemon, form, rss([report(40)]))
        self.daemon.advance(3 * 3600)
        sent = [h.get("If-None-Match") for h in self.feeds.asked("/a.xml")]
        self.assertGreaterEqual(len(sent), 2)
        self.assertEqual(set(sent[1:]), {etag})

    def test_leases_are_renewed_before_they_end_and_survive_a_restart(self):
        form = self.subscribe(lease=10 * 3600)
        self.daemon.stop()
        self.daemon.start()
        self.assertIn("subscribed until", self.state())
        self.assertEqual(push(self.daemon, form, rss([report(50)]))[0], 200)
        self.expect_new(1)
        self.assertEqual(len(self.hub.asked("subscribe")), 1, "a restart asks for nothing")
        self.daemon.advance(8 * 3600 + 60)
        again = self.hub.wait_asked("subscribe", 2)
        self.assertEqual((again["hub.callback"], again["hub.secret"]),
                         (form["hub.callback"], form["hub.secret"]))
        self.daemon.advance(0)
        self.assertEqual(verify(self.daemon, again, 10 * 3600)[0], 200)
        self.daemon.advance(3 * 3600)
        self.assertIn("delivers", self.state(), "past the end of the first lease")

    def test_a_hub_that_never_renews_leaves_the_feed_to_polls(self):
        form = self.subscribe(lease=2 * 3600)
        push(self.daemon, form, rss([report(60)]))
        self.hub.answer = 503
        self.daemon.advance(3 * 3600)
        self.assertRegex(self.state(), "^not subscribed: the hub did not take the request: .*503")
        self.publish([report(61, published=self.daemon.clock), report(60)])
        self.daemon.advance(3600)
        self.expect_new(2)

    def test_a_hub_that_delivers_makes_polls_seldom_and_one_that_misses_items_does_not(self):
        form = self.subscribe(lease=30 * DAY)

        def polls_in(hours):
            before = self.feeds.count("/a.xml")
            self.daemon.advance(hours * 3600)
            return self.feeds.count("/a.xml") - before

        normal = polls_in(10)
        push(self.daemon, form, rss([report(70)]))
        polls_in(2)
        beside = polls_in(10)
        self.assertLess(beside, normal / 1.5, (beside, normal))
        self.assertGreaterEqual(beside, normal // 4, "no more than four times as rare")
        self.publish([report(71, published=self.daemon.clock), report(70)])
        self.assertGreater(polls_in(6), 0)
        self.expect_new(2)
        self.daemon.log.wait_for("did not bring 1 new items")
        self.assertIn("has yet to deliver", self.state())

    def test_a_denial_is_told_and_asked_again_after_a_day(self):
        self.start()
        form = self.hub.wait_asked("subscribe")
        status, _ = verify(self.daemon, form, **{"hub.mode": "denied", "hub.reason": "no room"})
        self.assertEqual(status, 200)
        self.assertEqual(self.state(), "denied: the hub refuses: no room")
        self.daemon.advance(23 * 3600)
        self.assertEqual(len(self.hub.asked("subscribe")), 1)
        self.daemon.advance(2 * 3600)
        self.hub.wait_asked("subscribe", 2)

    def test_a_feed_that_is_taken_out_ends_its_subscription(self):
        form = self.subscribe()
        self.daemon.rewrite(self.config(more=", websub: never"))
        self.assertEqual(self.daemon.asking("reload").returncode, 0)
        self.daemon.advance(1)
        end = self.hub.wait_asked("unsubscribe")
        self.assertEqual((end["hub.callback"], end["hub.topic"]),
                         (form["hub.callback"], form["hub.topic"]))
        self.daemon.advance(0)
        self.assertEqual(push(self.daemon, form, rss([report(80)]))[0], 410)
        self.assertEqual(verify(self.daemon, end), (200, "riddle & more"))
        self.assertEqual(verify(self.daemon, end)[0], 404)
        self.expect_new(0)

    def test_a_feed_that_gets_an_id_keeps_its_subscription(self):
        form = self.subscribe(lease=30 * DAY)
        self.daemon.rewrite(self.config(more=", id: news"))
        self.assertEqual(self.daemon.asking("reload").returncode, 0)
        self.assertIn("subscribed until", self.state())
        self.assertEqual(push(self.daemon, form, rss([report(81)]))[0], 200)
        self.expect_new(1)
        self.daemon.stop()
        self.daemon.config.write_text(self.config(more=", id: other"), encoding="utf-8")
        self.daemon.start()
        self.assertEqual(push(self.daemon, form, rss([report(82), report(81)]))[0], 200)
        self.expect_new(2)
        self.assertEqual((len(self.hub.asked("subscribe")), self.hub.asked("unsubscribe")), (1, []))

    def test_the_pages_take_nothing_but_pushes_and_those_within_bounds(self):
        form = self.subscribe(settings=WEBSUB + "limits: {body: 2MiB}\n")
        page = urllib.parse.urlsplit(self.daemon.status()["page"])

        def post(path, size, host="127.0.0.1"):
            connection = http.client.HTTPConnection(page.hostname, page.port, timeout=30)
            connection.request("POST", path, body=b"x" * size, headers={"Host": host})
            try:
                return connection.getresponse().status
            finally:
                connection.close()

        token = "/websub/" + form["hub.callback"].rsplit("/", 1)[1]
        self.assertEqual(post("/feeds", 1), 405)
        self.assertEqual(post("/websub", 1), 405)
        self.assertEqual(post("/feeds", 1, "ww.example"), 421)
        self.assertEqual(post(token, 3 << 19), 200, "read, and ignored for its signature")
        self.assertEqual(post(token, 3 << 20), 413)
        self.assertEqual(post("/websub/guess", 3 << 19), 413)

    def test_a_push_without_items_has_the_feed_asked(self):
        form = self.subscribe()
        self.publish([report(90)])
        self.daemon.advance(61)
        polls = self.feeds.count("/a.xml")
        self.assertEqual(push(self.daemon, form, "there is news")[0], 200)
        self.daemon.advance(1)
        self.assertEqual(self.feeds.count("/a.xml"), polls + 1)
        self.expect_new(1)


if __name__ == "__main__":
    unittest.main()
