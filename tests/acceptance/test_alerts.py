"""When people are told: gates, digests, budgets, quiet hours, silences, corrections, the operator."""
import json
import signal
import unittest

from harness import NETWORK, Stage, report, rss


# Three outlets on one event, each in its own words.
VISIT = [
    ("Iraqi intelligence chief in Damascus for talks on border security",
     "The head of Iraq's National Intelligence Service, Hamid al-Shatri, met Syrian leader Ahmed "
     "al-Sharaa in Damascus on Thursday to discuss how the two countries can secure their long "
     "border against smugglers and remaining armed groups in the desert. The delegation stayed for "
     "several hours before it returned to Baghdad, a government spokesman said."),
    ("Iraq's intelligence chief al-Shatri visits Damascus to discuss border with al-Sharaa",
     "Hamid al-Shatri, who leads Iraqi intelligence, arrived in Damascus on Thursday at the head of "
     "an Iraqi delegation for a meeting with Ahmed al-Sharaa about the border between Iraq and "
     "Syria, sources in Baghdad told reporters. It is the first such visit since the change of "
     "government, and smugglers and the desert were on the agenda."),
    ("Syria's al-Sharaa receives Iraqi intelligence chief Hamid al-Shatri, border on agenda",
     "Syrian leader Ahmed al-Sharaa received the Iraqi intelligence chief Hamid al-Shatri in "
     "Damascus on Thursday. State media showed pictures of the delegation. Both sides want to keep "
     "armed groups and smugglers away from the border, the Syrian presidency wrote, and to keep "
     "crossings in the desert open for trade."),
]


def visit(number, **more):
    title, text = VISIT[number]
    return {**report(900 + number, title=title, text=text), **more}


class Alerts(unittest.TestCase):
    EMPTY = rss([])

    def setUp(self):
        self.stage = Stage()
        self.stage.__enter__()
        self.addCleanup(self.stage.__exit__, None, None, None)
        self.collector = self.stage.collector
        self.shown = {}

    def webhook(self, name, collector, more=""):
        return ("  %s:\n    webhook:\n      url: %s\n      secret_file: %s\n%s"
                % (name, collector.url, self.stage.folder / "secret", more))

    def start(self, rule, receiver="", feeds=("/a.rss",), top="", more_receivers=""):
        for path in feeds:
            self.shown[path] = []
            self.stage.feeds.set(path, self.EMPTY)
        config = (NETWORK + "time_zone: UTC\n" + top + self.stage.feed_list(feeds)
                  + "rules:\n  border:\n    match: border\n    alert: desk\n    max_age: none\n" + rule
                  + "receivers:\n" + self.webhook("desk", self.collector, receiver)
                  + more_receivers)
        self.daemon = self.stage.daemon(config).start()
        self.daemon.advance(5)
        return self.daemon

    def publish(self, *items, path="/a.rss"):
        self.shown[path] = list(items) + self.shown[path]
        self.stage.feeds.set(path, rss(self.shown[path]))
        self.daemon.advance(1000)

    def deliveries(self, **query):
        return self.daemon.ask("GET", "/v1/deliveries", **query)[1]["deliveries"]


class Gates(Alerts):
    def test_two_independent_texts_are_waited_for_over_a_restart(self):
        self.start("    min_sources: 2\n", feeds=("/a.rss", "/b.rss", "/c.rss"))
        first = visit(0)
        self.publish(first)
        copy = dict(first, guid="copy", link="http://b.example/copy")
        self.publish(copy, path="/b.rss")
        self.assertEqual(self.collector.kinds(), [], "a copy is no second text")
        self.assertEqual(self.daemon.ask("GET", "/v1/alerts")[1]["alerts"], [])
        self.daemon.stop()
        self.daemon.start()
        self.publish(visit(1), path="/c.rss")
        self.assertEqual(self.collector.kinds(), ["new"])
        self.assertEqual(self.collector.messages[0]["data"]["reason"], "2 independent texts")
        self.assertEqual(self.collector.messages[0]["data"]["sources_count"], 3)

    def test_once_per_article_tells_copies_as_well(self):
        self.start("    once_per: article\n", feeds=("/a.rss", "/b.rss"))
        first = report(3)
        self.publish(first)
        self.publish(dict(first, guid="copy", link="http://b.example/copy"), path="/b.rss")
        self.assertEqual(self.collector.kinds(), ["new", "new"])

    def test_a_corrected_headline_is_told_as_a_correction(self):
        self.start("")
        first = report(4)
        self.publish(first)
        self.shown["/a.rss"] = []
        self.publish(dict(first, title="Border " + first["title"]))
        self.assertEqual(self.collector.kinds(), ["new", "corrected"])
        self.assertIn("the headline was: ", self.collector.messages[1]["data"]["reason"])

    def test_a_report_that_matches_no_longer_is_corrected_as_well(self):
        self.start("")
        first = report(5)
        self.publish(first)
        self.shown["/a.rss"] = []
        self.publish(dict(first, title=first["title"].replace("border", "frontier")))
        self.assertEqual(self.collector.kinds(), ["new", "corrected"])
        self.assertIn("matches no longer", self.collector.messages[1]["data"]["reason"])
        why = self.daemon.asking("why", first["guid"]).stdout or self.daemon.asking(
            "why", first["link"]).stdout
        self.assertIn("the report matches no longer", why)

    def test_edits_of_a_rule_neither_repeat_nor_flood(self):
        self.start("")
        self.publish(report(6), report(7))
        self.assertEqual(self.collector.kinds(), ["new", "new"])
        config = self.daemon.config.read_text(encoding="utf-8")
        for old, new in (("match: border", "match: border AND NOT football"),
                         ("max_age: none", "max_age: none\n    severity: critical"),
                         ("  border:\n", "  frontier:\n    was: border\n")):
            config = config.replace(old, new)
            self.daemon.rewrite(config)
            done = self.daemon.asking("reload")
            self.assertEqual(done.returncode, 0, done.stderr)
            self.daemon.advance(2000)
        self.assertEqual(self.collector.kinds(), ["new", "new"])
        self.publish(report(8))
        self.assertEqual(self.collector.messages[-1]["data"]["rule"], "frontier")
        self.assertEqual(len(self.collector.messages), 3)


class WhenToSend(Alerts):
    # The clock begins at 08:00 UTC on a Friday.
    def test_quiet_hours_hold_and_what_is_critical_is_told_all_the_same(self):
        self.start("    severity: high\n",
                   "    quiet: {from: \"07:00\", to: \"12:00\", except: critical}\n")
        self.publish(report(10))
        self.publish(report(11))
        self.assertEqual(self.collector.kinds(), [])
        self.assertEqual([d["state"] for d in self.deliveries()], ["held", "held"])
        self.assertIn("quiet hours until 12:00", self.deliveries()[0]["answer"])
        self.daemon.advance(4 * 3600)
        self.assertEqual(self.collector.headlines(), [report(10)["title"], report(11)["title"]])

    def test_what_is_held_follows_quiet_hours_that_are_moved(self):
        quiet = '    quiet: {from: "22:00", to: "07:00"}\n'
        self.start("", receiver=quiet)
        self.daemon.advance(15 * 3600)
        self.publish(report(12))
        config = self.daemon.config.read_text(encoding="utf-8")

        def edit(instead):
            self.daemon.rewrite(config.replace(quiet, instead))
            done = self.daemon.asking("reload")
            self.assertEqual(done.returncode, 0, done.stderr)
            self.daemon.advance(60)

        edit(quiet.replace("07:00", "09:00"))
        self.assertEqual([(row["due"], row["answer"]) for row in self.deliveries()],
                         [("2025-08-30T09:00:00Z", "quiet hours until 09:00")])
        self.daemon.advance(9 * 3600)
        self.assertEqual(self.collector.kinds(), [])  # it is past eight
        edit("")
        self.assertEqual(self.collector.kinds(), ["new"])

    def test_a_digest_at_its_time_is_one_message_and_a_lone_alert_is_itself(self):
        self.start("    digest: {at: \"12:00\"}\n")
        for number in range(20, 33):
            self.publish(report(number))
        self.assertEqual(self.collector.kinds(), [])
        self.daemon.advance(2 * 3600)
        self.assertEqual(self.collector.kinds(), ["digest"])
        data = self.collector.messages[0]["data"]
        self.assertEqual(data["entries_count"], 13)
        self.assertEqual(len(data["entries"]), 10)
        self.assertEqual({d["state"] for d in self.deliveries()}, {"absorbed", "delivered"})
        self.publish(report(40))
        self.daemon.advance(24 * 3600)
        self.assertEqual(self.collector.kinds(), ["digest", "new"])

    def test_a_burst_of_a_thousand_goes_out_as_the_budget_allows_and_one_digest(self):
        self.start("    updates: none\n", "    budget: 20/1h\n",
                   top="public_url: https://wire.example\n")
        self.publish(*[report(1000 + number) for number in range(1000)])
        self.assertEqual(self.collector.kinds(), ["new"] * 20)
        self.daemon.advance(3600)
        self.assertEqual(self.collector.kinds(), ["new"] * 20 + ["digest"])
        data = self.collector.messages[-1]["data"]
        self.assertEqual(data["entries_count"], 980)
        self.assertEqual(len(data["entries"]), 10)
        self.assertEqual(self.daemon.status()["deliveries"]["pending"], 0)
        base, path = data["story_url"][:20], data["story_url"][20:]
        self.assertEqual(base, "https://wire.example")
        status, page = self.daemon.ask("GET", path)
        self.assertEqual(status, 200)
        self.assertEqual(page.count('<a href="/alerts/'), 980)

    def test_a_restart_forgets_neither_the_budget_nor_what_is_held(self):
        self.start("", "    budget: 2/3h\n")
        for number in (50, 51, 52, 53):
            self.publish(report(number))
        self.assertEqual(len(self.collector.messages), 2)
        self.daemon.stop()
        self.daemon.start()
        self.publish(report(54))
        self.assertEqual(len(self.collector.messages), 2)
        self.daemon.advance(3 * 3600)
        self.assertEqual(self.collector.kinds()[2], "digest")

    def test_a_digest_of_every_hour_waits_for_quiet_hours_to_end(self):
        self.start("    digest: {every: 1h}\n",
                   "    quiet: {from: \"09:00\", to: \"12:00\"}\n")
        for number in (55, 56):
            self.publish(report(number))  # at 08:16 and 08:33
        why = self.daemon.asking("why", report(55)["title"]).stdout
        self.assertIn("kept for a digest until 2025-08-29 12:00:00Z: digest every 1h, after the "
                      "quiet hours until 12:00", why)
        self.assertIn("2 held for a digest or quiet hours", self.daemon.asking("status").stdout)
        self.daemon.advance(3 * 3600)
        self.assertEqual(self.collector.kinds(), [])
        self.daemon.advance(3600)
        self.assertEqual(self.collector.kinds(), ["digest"])
        self.assertEqual(self.collector.messages[0]["data"]["entries_count"], 2)

    def test_many_dead_letters_are_replayed_as_one_digest(self):
        self.start("")
        self.collector.always = 410
        self.publish(*[report(number) for number in range(60, 90)])
        self.assertEqual(self.daemon.status()["deliveries"]["dead"], 30)
        self.collector.always = 200
        done = self.daemon.asking("alerts", "replay", "--receiver", "desk")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.daemon.advance(5)
        self.assertEqual(self.collector.kinds(), ["digest"])
        self.assertEqual(self.collector.messages[0]["data"]["entries_count"], 30)


class ByHand(Alerts):
    def test_a_silence_holds_until_it_ends(self):
        self.start("")
        made = self.daemon.asking("alerts", "silence", "--rule", "border", "--for", "2h",
                                  "--comment", "drill")
        self.assertEqual(made.returncode, 0, made.stderr)
        self.publish(report(100))
        self.assertEqual(self.collector.kinds(), [])
        why = self.daemon.asking("why", report(100)["title"]).stdout
        self.assertIn("silenced until 2025-08-29T10:", why)
        self.assertIn("drill", self.daemon.asking("alerts", "silences").stdout)
        self.daemon.stop()
        self.daemon.start()
        self.publish(report(101))
        self.assertEqual(self.collector.kinds(), [], "a restart does not end it")
        self.daemon.advance(2 * 3600)
        self.publish(report(102))
        self.assertEqual(self.collector.headlines(), [report(102)["title"]])
        self.assertEqual(self.daemon.asking("alerts", "silences").stdout, "no silences\n")

    def test_what_waits_for_its_time_is_not_sent_once_it_is_silenced(self):
        self.start("    digest: {every: 6h}\n")
        self.publish(visit(0))
        self.publish(report(23))
        self.publish(report(24))
        story = self.daemon.ask("GET", "/v1/alerts")[1]["alerts"][0]["story"]
        muted = self.daemon.asking("alerts", "mute", story)
        self.assertEqual(muted.returncode, 0, muted.stderr)
        self.daemon.advance(6 * 3600)
        (digest,) = [message["data"] for message in self.collector.messages]
        self.assertEqual(digest["entries_count"], 2)
        self.assertNotIn(report(24)["title"], [one["headline"] for one in digest["entries"]])
        (left_out,) = [row for row in self.deliveries() if "muted" in row.get("answer", "")]
        self.assertEqual(left_out["state"], "absorbed")

        self.publish(report(25))
        done = self.daemon.asking("alerts", "silence", "--rule", "border", "--for", "12h")
        self.assertRegex(done.stdout, "silence ([0-9a-f]+) holds; `wirewatch alerts unsilence .1`"
                         .replace(".1", r"\1"))
        self.daemon.advance(6 * 3600)
        self.assertEqual(len(self.collector.messages), 1)

    def test_an_update_that_waits_is_not_sent_once_its_outlet_is_silenced(self):
        self.start("    digest: {every: 6h}\n", feeds=("/a.rss", "/b.rss"))
        self.publish(visit(0))
        self.publish(visit(1), path="/b.rss")
        self.assertEqual(len(self.deliveries()), 2)
        made = self.daemon.asking("alerts", "silence", "--feed", "b", "--for", "12h")
        self.assertEqual(made.returncode, 0, made.stderr)
        self.daemon.advance(6 * 3600)
        self.assertEqual(self.collector.kinds(), ["new"])

    def test_a_silenced_feed_that_waits_holds_no_other_feeds_alert_back(self):
        self.start("", feeds=("/a.rss", "/b.rss"))
        self.daemon.asking("alerts", "silence", "--feed", "a", "--for", "12h")
        self.publish(visit(0))
        self.collector.always = 503
        self.publish(visit(1), path="/b.rss")
        self.collector.always = 200
        self.daemon.stop()
        self.daemon.start()
        self.daemon.advance(300)
        self.assertEqual(self.collector.kinds(), ["new"])

    def test_reports_without_links_and_corrections_wait_as_their_feeds(self):
        self.start("    digest: {every: 6h}\n", feeds=("/a.rss", "/b.rss"))
        first = report(35)
        self.publish(first)
        self.daemon.advance(6 * 3600)
        self.assertEqual(self.collector.kinds(), ["new"])
        self.publish(report(36, link=""))
        self.shown["/a.rss"].remove(first)
        self.publish(dict(first, title="Border " + first["title"]))
        self.publish(report(37, link=""), path="/b.rss")
        made = self.daemon.asking("alerts", "silence", "--feed", "a", "--for", "12h")
        self.assertEqual(made.returncode, 0, made.stderr)
        self.daemon.advance(6 * 3600)
        self.assertEqual(self.collector.headlines()[1:], [report(37)["title"]])

    def test_the_update_of_what_was_kept_back_is_the_first_message(self):
        self.start("", feeds=("/a.rss", "/b.rss"))
        made = self.daemon.asking("alerts", "silence", "--receiver", "desk", "--for", "2h")
        self.assertEqual(made.returncode, 0, made.stderr)
        first = visit(0)
        self.publish(first)
        self.daemon.advance(2 * 3600)
        self.shown["/a.rss"] = []
        self.publish(dict(first, title="Border " + first["title"]))
        self.assertEqual(self.collector.kinds(), [])
        self.assertIn("this receiver was not told of what it is about",
                      [row.get("answer", "") for row in self.deliveries()][-1])
        self.publish(visit(1), path="/b.rss")
        self.assertEqual(self.collector.kinds(), ["new"])
        self.assertEqual(self.collector.messages[0]["data"]["sources_count"], 2)
        sent = [row for row in self.deliveries() if row["state"] == "delivered"][-1]
        self.daemon.asking("alerts", "replay", sent["alert"], "--delivery", sent["id"])
        self.daemon.advance(5)
        self.assertEqual(self.collector.kinds(), ["new", "new"], "it is kept as it was told")

    def test_what_waits_for_a_receiver_that_is_down_is_not_sent_once_it_is_muted(self):
        self.start("")
        self.collector.always = 503
        self.publish(report(28))
        self.publish(report(29))
        self.publish(report(30))
        alerts = self.daemon.ask("GET", "/v1/alerts")[1]["alerts"]
        muted, = [one for one in alerts if one["headline"] == report(29)["title"]]
        done = self.daemon.asking("alerts", "mute", muted["story"])
        self.assertEqual(done.returncode, 0, done.stderr)
        self.daemon.advance(120)
        self.assertRegex(self.daemon.asking("alerts", "show", muted["id"]).stdout,
                         r"revision 1 to desk +not sent by itself: silenced until .*: muted")
        self.assertEqual(self.daemon.status()["deliveries"]["pending"], 2, "the others wait on")
        self.collector.always = 200
        self.daemon.advance(120)
        self.assertEqual(self.collector.headlines(), [report(28)["title"], report(30)["title"]])

    def test_a_rule_that_is_silenced_while_its_receiver_is_down_tells_nothing_after_a_restart(self):
        self.start("")
        self.collector.always = 503
        self.publish(report(28))
        config = self.daemon.config.read_text(encoding="utf-8")
        self.daemon.rewrite(config.replace("  border:\n", "  frontier:\n    was: border\n"))
        self.assertEqual(self.daemon.asking("reload").returncode, 0)
        done = self.daemon.asking("alerts", "silence", "--rule", "frontier", "--for", "12h")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.daemon.kill()
        self.daemon.start()
        self.collector.always = 200
        self.daemon.advance(120)
        self.assertEqual(self.collector.messages, [])
        kept_back, = self.deliveries()
        self.assertEqual(kept_back["state"], "absorbed")
        self.collector.always = 503
        replayed = self.daemon.asking("alerts", "replay", kept_back["alert"])
        self.assertEqual(replayed.returncode, 0, replayed.stderr)
        self.daemon.advance(60)
        self.assertEqual(self.deliveries()[0]["answer"], "replayed by hand; 503")
        self.collector.always = 200
        self.daemon.advance(120)
        self.assertEqual(self.collector.kinds(), ["new"], "by hand it goes out all the same")

    def test_a_silence_goes_on_for_a_rule_that_gets_another_name(self):
        self.start("")
        self.daemon.asking("alerts", "silence", "--rule", "border", "--for", "12h")
        config = self.daemon.config.read_text(encoding="utf-8")
        self.daemon.rewrite(config.replace("  border:\n", "  frontier:\n    was: border\n"))
        self.assertEqual(self.daemon.asking("reload").returncode, 0)
        self.publish(report(26))
        self.assertEqual(self.collector.kinds(), [])

    def test_a_rule_that_left_the_config_still_lists_its_alerts(self):
        self.start("")
        self.publish(report(27))
        config = self.daemon.config.read_text(encoding="utf-8")
        self.daemon.rewrite(config.replace("  border:\n", "  frontier:\n"))
        self.assertEqual(self.daemon.asking("reload").returncode, 0)
        self.assertIn(report(27)["title"],
                      self.daemon.asking("alerts", "list", "--rule", "border").stdout)
        self.assertEqual(self.daemon.asking("alerts", "list", "--rule", "frontier").stdout,
                         "no alerts\n")
        wrong = self.daemon.asking("alerts", "list", "--rule", "frontir")
        self.assertEqual((wrong.returncode, wrong.stdout), (1, ""))
        self.assertIn('there is no rule "frontir"; did you mean "frontier"?', wrong.stderr)

    def test_alerts_of_a_rule_are_listed_under_each_of_its_names(self):
        self.start("")
        self.publish(report(38))
        config = self.daemon.config.read_text(encoding="utf-8")
        self.daemon.rewrite(config.replace("  border:\n", "  frontier:\n    was: border\n"))
        self.assertEqual(self.daemon.asking("reload").returncode, 0)
        self.publish(report(39))
        titles = [report(38)["title"], report(39)["title"]]
        for rule in ("frontier", "border"):
            listed = self.daemon.asking("alerts", "list", "--rule", rule).stdout
            self.assertTrue(all(title in listed for title in titles), listed)
        status, page = self.daemon.ask("GET", "/alerts", rule="frontier")
        self.assertEqual((status, [title in page for title in titles]), (200, [True, True]))
        self.daemon.stop()
        listed = self.daemon.verb("alerts", "list", "--rule", "frontier", "--state",
                                  str(self.daemon.state), "--config", str(self.daemon.config))
        self.assertTrue(all(title in listed.stdout for title in titles), listed)
        stats = self.daemon.verb("rules", "stats", "--since", "2025-08-01", "--json", "--state",
                                 str(self.daemon.state), "--config", str(self.daemon.config))
        self.assertEqual([(rule["rule"], rule["matched"], rule["alerts"])
                          for rule in json.loads(stats.stdout)["rules"]], [("frontier", 2, 2)])

    def test_what_has_no_link_is_shown_without_an_empty_line(self):
        self.start("")
        item = report(40, link="")
        self.publish(item)
        alert = self.collector.messages[0]["data"]["alert"]
        for words in (("why", item["title"]), ("alerts", "show", alert)):
            shown = self.daemon.asking(*words).stdout
            self.assertTrue(shown.startswith(item["title"] + "\n"), shown)
            self.assertNotRegex(shown, r"\n\n|[ ]\n")

    def test_a_silenced_feed_is_called_as_in_the_config(self):
        self.start("")
        made = self.daemon.asking("alerts", "silence", "--feed", "a", "--for", "2h")
        self.assertEqual(made.returncode, 0, made.stderr)
        self.assertIn("  feed: a  who: ", self.daemon.asking("alerts", "silences").stdout)
        silence, = self.daemon.ask("GET", "/v1/silences")[1]["silences"]
        self.assertEqual((silence["feed_name"], silence["feed"]),
                         ("a", self.stage.feeds.url("/a.rss")))
        self.assertIn("<li>feed a up to high", self.daemon.ask("GET", "/")[1])

    def test_a_receiver_that_left_the_config_is_known_while_it_has_messages(self):
        self.start("")
        self.publish(report(33))
        config = self.daemon.config.read_text(encoding="utf-8")
        self.daemon.rewrite(config.replace("alert: desk", "alert: board")
                            .replace("  desk:\n", "  board:\n"))
        self.assertEqual(self.daemon.asking("reload").returncode, 0)
        for name, said in (("desk", "no delivery fits that"),
                           ("bord", 'there is no receiver "bord"; did you mean "board"?')):
            done = self.daemon.asking("alerts", "replay", "--receiver", name)
            self.assertEqual((done.returncode, done.stderr), (1, "wirewatch alerts: %s\n" % said))

    def test_one_message_for_a_receiver_that_left_the_config_is_told_of_as_one(self):
        self.start("")
        self.collector.always = 503
        self.publish(report(41))
        config = self.daemon.config.read_text(encoding="utf-8")
        self.daemon.rewrite(config.replace("alert: desk", "alert: board")
                            .replace("  desk:\n", "  board:\n"))
        self.assertEqual(self.daemon.asking("reload").returncode, 0)
        self.daemon.log.wait_for('1 delivery waits for receiver "desk", which the config does not have')

    def test_a_silence_needs_something_that_exists(self):
        self.start("")
        for words, said in (
                (["--rule", "bordr", "--for", "2h"],
                 'there is no rule "bordr"; did you mean "border"?'),
                (["--for", "2h"], "say what to silence"),
                (["--rule", "border"], "say for how long"),
                (["--rule", "border", "--for", "2h", "--up-to", "huge"], '"huge" is none of')):
            refused = self.daemon.asking("alerts", "silence", *words)
            self.assertEqual(refused.returncode, 1, words)
            self.assertIn(said, refused.stderr)

    def test_a_muted_story_is_quiet_and_a_followed_one_tells_all(self):
        self.start("    updates: none\n", feeds=("/a.rss", "/b.rss", "/c.rss"))
        self.publish(visit(0))
        alert = self.collector.messages[0]["data"]["alert"]
        self.assertEqual(self.daemon.asking("alerts", "follow", alert[:12]).returncode, 0)
        self.assertIn("is followed since 2025-08-29", self.daemon.asking("alerts", "silences").stdout)
        self.publish(visit(1), path="/b.rss")
        self.assertEqual(self.collector.kinds(), ["new", "updated"])
        self.assertEqual(self.daemon.asking("alerts", "unfollow", alert[:12]).returncode, 0)
        self.assertEqual(self.daemon.asking("alerts", "mute", alert[:12]).returncode, 0)
        self.publish(visit(2), path="/c.rss")
        self.assertEqual(self.collector.kinds(), ["new", "updated"])

    def test_a_verdict_is_kept(self):
        self.start("")
        self.publish(report(120))
        alert = self.collector.messages[0]["data"]["alert"]
        done = self.daemon.asking("alerts", "wrong", alert[:12], "--note", "football")
        self.assertEqual((done.returncode, done.stdout), (0, "noted: alert %s was wrong\n" % alert))
        again = self.daemon.asking("alerts", "right", alert[:12], "--who", "Layla")
        self.assertEqual(again.returncode, 0, again.stderr)
        shown = self.daemon.asking("alerts", "show", alert[:12]).stdout
        self.assertRegex(shown, r"wrong 2025-08-29 .*football")
        self.assertRegex(shown, r"right 2025-08-29 .*Layla")
        status, page = self.daemon.ask("GET", "/alerts/" + alert)
        self.assertEqual(status, 200)
        self.assertIn("football", page)
        stats = self.daemon.verb("rules", "stats", "--state", str(self.daemon.state), "--config",
                                 str(self.daemon.config), "--since", "3650d", "--json")
        counted, = [r for r in json.loads(stats.stdout)["rules"] if r["rule"] == "border"]
        self.assertEqual((counted["right"], counted["wrong"]), (1, 1))
        table = self.daemon.verb("rules", "stats", "--state", str(self.daemon.state), "--config",
                                 str(self.daemon.config), "--since", "3650d").stdout
        self.assertIn("football", table)
        self.assertIn("Layla", table)

    def test_what_waits_or_is_silenced_is_listed_with_its_reason(self):
        self.start("    min_sources: 2\n")
        self.publish(report(121))
        self.assertEqual(self.daemon.asking("alerts", "list").stdout, "no alerts\n")
        self.assertIn("nobody was told: waits: 1 of 2 independent texts",
                      self.daemon.asking("alerts", "list", "--waiting").stdout)

    def test_a_story_is_muted_by_the_beginning_of_its_id_as_it_is_shown(self):
        self.start("    updates: new-source\n", feeds=("/a.rss", "/b.rss"))
        self.publish(visit(0))
        story = self.collector.messages[0]["data"]["story"]
        wrong = self.daemon.asking("alerts", "mute", "zz")
        self.assertEqual(wrong.returncode, 1)
        self.assertIn('no alert and no story is known by "zz": write the id of one', wrong.stderr)
        done = self.daemon.asking("alerts", "mute", story[:8])
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("story: " + story, self.daemon.asking("alerts", "silences").stdout)
        self.publish(visit(1), path="/b.rss")
        self.assertEqual(self.collector.kinds(), ["new"])

    def test_of_two_silences_whose_ids_begin_alike_none_is_ended_by_chance(self):
        self.start("")
        for number in range(17):  # of 17 hexadecimal ids two begin alike
            self.daemon.ask("POST", "/v1/silences", rule="border", until="2025-08-30T%02d:00:00Z"
                            % number)
            self.daemon.advance(1)
        ids = [s["id"] for s in self.daemon.ask("GET", "/v1/silences")[1]["silences"]]
        self.assertEqual(len(ids), 17)
        twice = next(i[0] for i in ids if [j[0] for j in ids].count(i[0]) > 1)
        refused = self.daemon.asking("alerts", "unsilence", twice)
        self.assertEqual(refused.returncode, 1)
        self.assertIn("several silences have ids that begin so", refused.stderr)
        self.assertEqual(self.daemon.asking("alerts", "unsilence", ids[0]).returncode, 0)
        self.assertEqual(len(self.daemon.ask("GET", "/v1/silences")[1]["silences"]), 16)

    def test_a_higher_severity_breaks_a_silence(self):
        self.start("    severity: critical\n")
        made = self.daemon.asking("alerts", "silence", "--feed", "a", "--for", "2h")
        self.assertEqual(made.returncode, 0, made.stderr)
        self.publish(report(122))
        self.assertEqual(self.collector.kinds(), ["new"])
        made = self.daemon.asking("alerts", "silence", "--receiver", "desk", "--for", "2h",
                                  "--up-to", "critical")
        self.assertEqual(made.returncode, 0, made.stderr)
        self.publish(report(123))
        self.assertEqual(self.collector.kinds(), ["new"])
        self.assertIn("not sent by itself: silenced until",
                      self.daemon.asking("why", report(123)["title"]).stdout)

    def test_preview_prints_the_request_without_its_secrets(self):
        self.start("")
        self.publish(report(130))
        shown = self.daemon.verb("alerts", "preview", "--config", str(self.daemon.config), "--state",
                                 str(self.daemon.state), "--receiver", "desk", "--rule", "border")
        self.assertEqual(shown.returncode, 0, shown.stderr)
        self.assertIn("webhook-signature: …", shown.stdout)
        body = json.loads(shown.stdout.split("\n\n", 1)[1])
        self.assertEqual(body["data"]["headline"], report(130)["title"])


class Operator(Alerts):
    def test_a_receiver_that_is_down_and_a_refused_edit_are_told_to_the_operator(self):
        ops = self.stage.another_collector()
        self.start("", top="operator: ops\n", more_receivers=self.webhook("ops", ops))
        self.collector.always = 503
        self.publish(report(140))
        self.daemon.advance(600)
        self.assertIn("notice", ops.kinds())
        self.assertIn('receiver "desk" has not answered since',
                      ops.messages[0]["data"]["passage"])
        count = len(ops.messages)
        self.daemon.advance(3600)
        self.assertEqual(len(ops.messages), count, "once in six hours")
        self.daemon.rewrite("rules: {border: {mtach: border}}\n")
        self.daemon.process.send_signal(signal.SIGHUP)
        self.daemon.log.wait_for("refused, generation 1 runs on")
        self.daemon.advance(60)
        self.assertIn("an edit of the config was refused", ops.messages[-1]["data"]["passage"])
        self.assertIn("rule \"border\" has no \"match\"", ops.messages[-1]["data"]["passage"])

    def test_dead_letters_are_told_to_the_operator(self):
        ops = self.stage.another_collector()
        self.start("", top="operator: ops\n", more_receivers=self.webhook("ops", ops))
        self.collector.always = 410
        self.publish(report(141))
        self.daemon.advance(120)
        self.assertIn('receiver "desk" refused 1 message', ops.messages[0]["data"]["passage"])

    def test_a_receiver_that_answers_and_takes_nothing_is_told_to_the_operator(self):
        ops = self.stage.another_collector()
        self.start("", top="operator: ops\n", more_receivers=self.webhook("ops", ops))
        self.collector.always = (401, {}, b"who are you")
        self.publish(report(142))
        self.assertEqual(ops.messages, [], "not at the first refusal")
        self.daemon.advance(600)
        told = [m["data"] for m in ops.messages]
        self.assertEqual([data["headline"] for data in told], ["wirewatch: receiver takes no messages"])
        self.assertIn('receiver "desk" answers and has taken no message since 2025-08-29T08:',
                      told[0]["passage"])
        self.assertIn("401 who are you", told[0]["passage"])
        self.assertIn("TAKES NOTHING since", self.daemon.asking("status").stdout)

    def test_a_receiver_that_sets_the_pace_is_no_news_until_an_hour_of_it(self):
        ops = self.stage.another_collector()
        self.start("", top="operator: ops\n", more_receivers=self.webhook("ops", ops))
        self.collector.always = (429, {"Retry-After": "600"}, b"slow down")
        self.publish(report(143))
        self.daemon.advance(2000)
        self.assertGreater(len(self.collector.tries), 2)
        self.assertEqual(ops.messages, [])
        self.assertNotIn("TAKES NOTHING", self.daemon.asking("status").stdout)
        self.daemon.advance(3600)
        self.assertEqual([m["data"]["headline"] for m in ops.messages],
                         ["wirewatch: receiver takes no messages"])

    def test_restarts_repeat_no_notice_within_six_hours(self):
        ops = self.stage.another_collector()
        self.start("", top="operator: ops\n", more_receivers=self.webhook("ops", ops))
        self.collector.always = 503
        self.publish(report(144))
        self.daemon.advance(600)
        self.assertEqual(len(ops.messages), 1)
        for ended in (self.daemon.stop, self.daemon.kill):
            ended()
            self.daemon.start()
            self.daemon.advance(1800)
            self.assertIn("DOWN since", self.daemon.asking("status").stdout)
            self.assertEqual(len(ops.messages), 1)
        self.daemon.advance(6 * 3600)
        self.assertEqual(len(ops.messages), 2, "it is still down: once more after six hours")

    def test_a_feed_that_fails_for_an_hour_is_told_once(self):
        ops = self.stage.another_collector()
        self.start("", top="operator: ops\n", more_receivers=self.webhook("ops", ops))
        self.stage.feeds.set("/a.rss", "gone", status=500)
        self.daemon.advance(3 * 3600)
        told = [m["data"]["passage"] for m in ops.messages if "feed" in m["data"]["headline"]]
        self.assertEqual(len(told), 1)
        self.assertIn('feed "a" has failed', told[0])

    def test_the_heartbeat_is_asked_for_while_the_daemon_works(self):
        self.stage.feeds.set("/beat", "ok", content_type="text/plain")
        self.start("", top="heartbeat: {url: %s, every: 5m}\n" % self.stage.feeds.url("/beat"))
        self.daemon.advance(3600)
        self.assertGreaterEqual(self.stage.feeds.count("/beat"), 10)


class CatchUp(Alerts):
    def test_a_day_of_absence_arrives_as_one_digest(self):
        self.start("")
        self.daemon.stop()
        items = [report(number, published="2025-08-29T20:00:00Z") for number in range(150, 162)]
        self.stage.feeds.set("/a.rss", rss(items))
        self.daemon.clock = "2025-08-30T10:00:00Z"
        self.daemon.start()
        self.daemon.advance(600)
        self.assertEqual(self.collector.kinds(), ["digest"])
        self.assertEqual(self.collector.messages[0]["data"]["entries_count"], 12)
        self.assertIn("caught up", self.collector.messages[0]["data"]["reason"])

    def test_a_new_rule_tells_its_last_day_as_one_digest_once(self):
        self.start("", feeds=("/a.rss", "/b.rss"))
        words = [report(number)["title"].split()[0] for number in (170, 171, 172)]
        for number in (170, 171, 172):
            self.publish(report(number, title=report(number)["title"].replace("border", "line")))
        self.assertEqual(self.collector.kinds(), [])
        config = self.daemon.config.read_text(encoding="utf-8")
        more = ("  lines:\n    match: %s\n    alert: desk\n    catch_up: 24h\n" % " OR ".join(words))
        self.daemon.rewrite(config.replace("rules:\n", "rules:\n" + more))
        self.assertEqual(self.daemon.asking("reload").returncode, 0)
        self.daemon.advance(60)
        self.assertEqual(self.collector.kinds(), ["digest"])
        data = self.collector.messages[0]["data"]
        self.assertEqual(data["entries_count"], 3)
        self.assertIn("the last 24 h of the new rule", data["reason"])
        self.assertIn("rule lines held", self.daemon.asking("why", words[0]).stdout)
        self.daemon.stop()
        self.daemon.start()
        self.daemon.advance(3600)
        self.assertEqual(len(self.collector.messages), 1, "it is told once")

    def test_a_rule_that_holds_too_often_is_named_on_the_page_and_in_status(self):
        self.start("    updates: none\n", "    digest: {every: 24h}\n")
        self.publish(*[report(number) for number in range(200, 320)])
        self.assertIn("rule border held for 120 of the past week's 120 documents",
                      self.daemon.asking("status").stdout)
        _, page = self.daemon.ask("GET", "/")
        self.assertIn("The rule border held for 120 of the past week", page)


if __name__ == "__main__":
    unittest.main()
