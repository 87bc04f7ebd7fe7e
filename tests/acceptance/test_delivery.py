"""Receivers that fail, in every way they do: nothing is lost, in order, and others never wait."""
import json
import unittest

from harness import NETWORK, Stage, report, rss

QUARTER = 1000


class Delivery(unittest.TestCase):
    def setUp(self):
        self.stage = self.enterContext(Stage())
        self.feeds, self.collector = self.stage.feeds, self.stage.collector
        self.items = []

    def secret(self, name, value):
        path = self.stage.folder / name
        path.write_text(value, encoding="utf-8")
        return path

    def webhook(self, name, collector, more=""):
        return ("  %s: {webhook: {url: %s, secret_file: %s%s}}\n"
                % (name, collector.url, self.stage.folder / "secret", more))

    def start(self, receivers, names, settings=NETWORK, feeds=None):
        self.feeds.set("/a.xml", rss([]))
        self.config = (settings + (feeds or self.stage.feed_list(["/a.xml"]))
                       + "rules:\n  border: {match: border, alert: [%s]}\n" % ", ".join(names)
                       + "receivers:\n" + receivers)
        self.daemon = self.stage.daemon(self.config).start()
        self.daemon.advance(1)
        return self.daemon

    def publish(self, *items):
        self.items[:0] = items
        self.feeds.set("/a.xml", rss(self.items))
        self.daemon.advance(QUARTER)

    def story(self, number, **more):
        return report(number, published=self.daemon.clock, **more)

    def deliveries(self, **query):
        return self.daemon.ask("GET", "/v1/deliveries", **query)[1]["deliveries"]


class Outages(Delivery):
    def test_three_hours_down_lose_nothing_keep_the_order_and_delay_nobody_else(self):
        other = self.stage.another_collector()
        self.start(self.webhook("desk", self.collector) + self.webhook("other", other),
                   ["desk", "other"])
        self.collector.always = 503
        titles = []
        for number in range(11):  # a little over three hours
            item = self.story(number)
            titles.append(item["title"])
            self.publish(item)
            self.assertEqual(len(other.headlines()), number + 1, "the other is as fast as ever")
        self.assertEqual(self.collector.messages, [])
        self.daemon.log.wait_for('receiver "desk" cannot be reached: 503')
        desk = next(r for r in self.daemon.status()["receivers"] if r["name"] == "desk")
        self.assertIn("down_since", desk)
        self.assertIn("DOWN since", self.daemon.asking("status").stdout)
        self.assertLess(len(self.collector.tries), 400)
        self.collector.always = 200
        self.daemon.advance(120)
        self.assertEqual(self.collector.headlines(), titles)
        self.assertEqual(other.headlines(), titles)
        late = [m["data"]["late"] for m in self.collector.messages]
        self.assertTrue(late[0], "what is hours old says so")
        self.assertEqual({m["data"]["late"] for m in other.messages}, {False})
        counts = self.daemon.status()["deliveries"]
        self.assertEqual((counts["pending"], counts["dead"]), (0, 0))
        self.assertEqual(self.collector.bad + other.bad, [])
        self.daemon.log.wait_for('receiver "desk" answers again')

    def test_three_days_down_lose_nothing_keep_the_order_and_delay_nobody_else(self):
        other = self.stage.another_collector()
        self.start(self.webhook("desk", self.collector) + self.webhook("other", other),
                   ["desk", "other"])
        self.collector.always = 503
        titles = []
        for number in range(300, 312):  # one in six hours
            item = self.story(number)
            titles.append(item["title"])
            self.publish(item)
            self.assertEqual(len(other.headlines()), len(titles))
            self.daemon.advance(6 * 3600 - QUARTER)
        self.assertEqual(self.collector.messages, [])
        self.collector.always = 200
        self.daemon.advance(120)
        self.assertEqual(self.collector.headlines(), titles)
        self.assertEqual({m["data"]["late"] for m in self.collector.messages[:-1]}, {True})
        self.assertEqual({m["data"]["late"] for m in other.messages}, {False})
        counts = self.daemon.status()["deliveries"]
        self.assertEqual((counts["pending"], counts["dead"]), (0, 0))

    def test_a_restart_in_the_middle_of_an_outage_loses_nothing(self):
        self.start(self.webhook("desk", self.collector), ["desk"])
        self.collector.always = 503
        titles = [self.story(n)["title"] for n in (20, 21, 22)]
        for number in (20, 21, 22):
            self.publish(self.story(number))
        self.daemon.stop()
        self.collector.always = 200
        self.daemon.start()
        self.daemon.advance(120)
        self.assertEqual(self.collector.headlines(), titles)

    def test_one_message_that_breaks_the_receiver_does_not_hold_up_the_rest_for_ever(self):
        self.start(self.webhook("desk", self.collector), ["desk"])
        poison, good = self.story(30), self.story(31)
        self.collector.refuse = lambda body: 500 if poison["title"].encode() in body else None
        self.publish(poison)
        self.publish(good)
        self.daemon.advance(3 * 3600)
        self.assertEqual(self.collector.headlines(), [good["title"]])
        self.assertEqual([d["state"] for d in self.deliveries()], ["pending", "delivered"])
        self.collector.refuse = None
        self.daemon.advance(6 * 3600)
        self.assertEqual(self.collector.headlines(), [good["title"], poison["title"]])

    def test_429_paces_the_receiver_and_uses_no_attempt_up(self):
        self.start(self.webhook("desk", self.collector), ["desk"])
        self.collector.answers = [(429, {"Retry-After": "3600"}, b"slow down")]
        self.publish(self.story(40))  # at most 1000 s of the 3600
        self.daemon.advance(2400)
        self.assertEqual(len(self.collector.tries), 1)
        self.assertEqual(self.deliveries()[0]["attempts"], 0)
        self.daemon.advance(1500)
        self.assertEqual(len(self.collector.headlines()), 1)
        self.assertEqual(self.deliveries()[0]["attempts"], 1)

    def test_a_refusal_that_may_pass_is_tried_again_by_the_schedule(self):
        self.start(self.webhook("desk", self.collector), ["desk"])
        self.collector.answers = [404, 404, 404]
        self.publish(self.story(50))
        self.daemon.advance(3600)
        self.assertEqual(len(self.collector.headlines()), 1)
        self.assertEqual(self.deliveries()[0]["attempts"], 4)
        self.assertEqual(len({i for i, _ in self.collector.tries}), 1, "always the same webhook-id")

    def test_a_redirect_is_a_failure_and_is_not_followed(self):
        other = self.stage.another_collector()
        self.start(self.webhook("desk", self.collector), ["desk"])
        self.collector.answers = [(307, {"Location": other.url}, b"")]
        self.publish(self.story(60))
        self.assertEqual(other.tries, [])
        self.daemon.advance(600)
        self.assertEqual(len(self.collector.headlines()), 1)


class DeadLetters(Delivery):
    def test_410_is_a_dead_letter_that_a_replay_delivers_under_its_id(self):
        self.start(self.webhook("desk", self.collector), ["desk"])
        self.collector.answers = [410]
        self.publish(self.story(70))
        self.publish(self.story(71))
        self.assertEqual(self.collector.headlines(), [report(71)["title"]])
        self.assertEqual(self.daemon.status()["deliveries"]["dead"], 1)
        self.daemon.log.wait_for('receiver "desk": 1 dead letter(s)')
        dead, = self.deliveries(state="dead")
        self.assertIn("410", dead["answer"])
        shown = self.daemon.asking("alerts", "show", dead["alert"][:10])
        self.assertRegex(shown.stdout, r"revision 1 to desk +dead, ")
        done = self.daemon.asking("alerts", "replay", "--receiver", "desk")
        self.assertEqual((done.returncode, done.stdout),
                         (0, "1 message is in the queue again\n"))
        self.daemon.advance(1)
        self.assertEqual(self.collector.messages[-1]["data"]["headline"], report(70)["title"])
        self.assertEqual(self.collector.messages[-1]["id"], self.collector.tries[0][0])
        self.assertEqual(self.daemon.status()["deliveries"]["dead"], 0)
        again = self.daemon.asking("alerts", "replay", "--receiver", "desk")
        self.assertEqual(again.returncode, 1)
        self.assertIn("no delivery fits that", again.stderr)

    def test_an_alert_by_its_id_is_sent_again_whatever_its_state(self):
        self.start(self.webhook("desk", self.collector), ["desk"])
        self.publish(self.story(72))
        alert = self.collector.messages[0]["data"]["alert"]
        self.assertEqual(self.daemon.asking("alerts", "replay", alert[:12]).returncode, 0)
        self.daemon.advance(1)
        self.assertEqual(len(self.collector.messages), 2)
        self.assertEqual(len({m["id"] for m in self.collector.messages}), 1)


    def test_what_is_stored_for_a_receiver_is_counted_after_a_restart(self):
        self.start(self.webhook("desk", self.collector), ["desk"])
        self.publish(self.story(60))
        self.collector.answers = [(410, {}, b"no longer here")]
        self.publish(self.story(61))
        self.collector.always = 503
        self.publish(self.story(62))
        self.daemon.stop()
        self.collector.refuse = lambda body: (503, {}, b"")
        self.daemon.start()
        desk = self.daemon.status()["receivers"][0]
        self.assertEqual((desk["delivered"], desk["dead"]), (0, 0), "since the start")
        self.assertEqual((desk["pending"], desk["dead_letters"]), (1, 1), "stored")
        self.assertIn("503", desk["last_answer"])
        self.assertIn("1 pending, 1 dead letter;", self.daemon.asking("status").stdout)


class Kinds(Delivery):
    def test_every_secret_signs_while_keys_are_rotated(self):
        old, new = self.secret("old", "the old secret"), self.secret("new", "the new secret")
        self.start("  desk: {webhook: {url: %s, secret_files: [%s, %s]}}\n"
                   % (self.collector.url, new, old), ["desk"])
        self.collector.secrets = [b"the old secret"]
        self.publish(self.story(80))
        self.collector.secrets = [b"the new secret"]
        self.publish(self.story(81))
        self.assertEqual(len(self.collector.headlines()), 2)
        self.assertEqual(self.collector.bad, [])
        self.assertEqual(len(self.collector.messages[0]["signature"].split()), 2)

    def test_slack_takes_ok_alone_for_success_and_404_for_the_end(self):
        path = "/services/T0/B0/secretpart"
        url = self.collector.url.replace("/in", path)
        self.start("  chat: {slack: {url_file: %s}}\n" % self.secret("slack", url + "\n"), ["chat"])
        self.collector.answers = [(200, {}, b"<html>proxy</html>"), (200, {}, b"ok"),
                                  (404, {}, b"no_service")]
        title = "The border &lt;!channel&gt; &amp; &lt;@U1&gt; @everyone *bold*"
        self.publish(self.story(90, title=title))
        self.daemon.advance(600)
        delivered, = self.deliveries()
        self.assertEqual((delivered["state"], delivered["attempts"]), ("delivered", 2))
        self.assertEqual({p for _, p in self.collector.tries}, {path})
        text = json.dumps(self.collector.chats[-1][1], ensure_ascii=False)
        self.assertIn("&lt;!channel&gt; &amp; &lt;@U1&gt;", text)
        self.assertNotIn("<!channel>", text)
        self.assertIn(report(90)["link"], text)
        self.publish(self.story(91))
        dead, = self.deliveries(state="dead")
        self.assertIn("no_service", dead["answer"])
        told = json.dumps(self.daemon.status()) + self.daemon.log_text() + json.dumps(dead)
        self.assertNotIn("secretpart", told, "the address is a secret")

    def test_discord_gets_a_message_that_mentions_nobody(self):
        url = self.collector.url.replace("/in", "/api/webhooks/1/token")
        self.start("  chat: {discord: {url_file: %s}}\n" % self.secret("discord", url), ["chat"])
        self.collector.always = 204
        self.publish(self.story(92, title="The border @everyone **loud** [x](http://evil.example)"))
        delivered, = self.deliveries()
        self.assertEqual(delivered["state"], "delivered")
        path, body = self.collector.chats[0]
        self.assertEqual(path.split("?")[0], "/api/webhooks/1/token")
        self.assertEqual(body["allowed_mentions"], {"parse": []})
        self.assertIn("The border", json.dumps(body))

    def test_a_receivers_own_allow_opens_its_network_and_no_other(self):
        lines = [dict(id="x1", source="Wire", url="http://news.example/1", after=1,
                      **{k: report(93)[k] for k in ("title", "text")})]
        sample = self.stage.folder / "sample.jsonl"
        sample.write_text("".join(json.dumps(line) + "\n" for line in lines))
        other = self.stage.another_collector()
        self.start(self.webhook("desk", self.collector, ", allow: [127.0.0.0/8]")
                   + self.webhook("other", other), ["desk", "other"], settings="",
                   feeds="feeds:\n  - {replay: %s, name: sample}\n" % sample)
        self.daemon.advance(60)
        self.assertEqual(self.collector.headlines(), [report(93)["title"]])
        self.assertEqual(other.tries, [])
        waiting, = self.deliveries(receiver="other")
        self.assertEqual(waiting["state"], "pending")
        self.assertRegex(waiting["answer"], "127.0.0.1.*allow")

    def test_the_console_shows_alerts_on_standard_output(self):
        self.start("  screen: {console: {}}\n", ["screen"])
        self.publish(self.story(94))
        self.daemon.out.wait_for(report(94)["title"])
        self.assertIn(report(94)["link"], self.daemon.output())

    def test_the_test_message_reaches_one_receiver(self):
        self.start(self.webhook("desk", self.collector), ["desk"])
        done = self.daemon.verb("test-receiver", "desk", "--config", str(self.daemon.config))
        self.assertEqual((done.returncode, done.stdout), (0, "desk: delivered (200)\n"), done.stderr)
        self.assertEqual(self.collector.kinds(), ["test"])
        self.assertEqual(self.collector.bad, [])
        self.collector.always = 410
        done = self.daemon.verb("test-receiver", "desk", "--config", str(self.daemon.config))
        self.assertEqual(done.returncode, 1)
        self.assertRegex(done.stdout, "^desk: not delivered .410")


if __name__ == "__main__":
    unittest.main()
