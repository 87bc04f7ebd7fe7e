"""Edited files go live within a second, broken ones never do, and nothing is repeated."""
import http.client
import os
import pathlib
import signal
import unittest
import urllib.parse

from harness import NETWORK, PATIENCE, Stage, report, retold, rss, verb

QUARTER = 1000


class Reload(unittest.TestCase):
    def setUp(self):
        self.stage = self.enterContext(Stage())
        self.feeds, self.collector = self.stage.feeds, self.stage.collector
        self.items = []

    def config(self, rules="  border: {match: border, alert: desk}\n", feeds=("/a.xml",), more=""):
        return (NETWORK + more + self.stage.feed_list(feeds) + "rules:\n" + rules
                + self.stage.receivers())

    def start(self, config=None):
        self.feeds.set("/a.xml", rss([]))
        self.daemon = self.stage.daemon(config or self.config()).start()
        self.daemon.advance(1)
        return self.daemon

    def publish(self, *items):
        self.items[:0] = items
        self.feeds.set("/a.xml", rss(self.items))
        self.daemon.advance(QUARTER)

    def edit(self, config, wait="is live"):
        """Writes the config and returns how long it took until the daemon said `wait`, in s."""
        start = self.daemon.log.count()
        written = self.daemon.rewrite(config)
        said, _ = self.daemon.log.wait_for(wait, start)
        return said - written

    def rules_of_alerts(self):
        return [m["data"]["rule"] for m in self.collector.messages if m["type"] == "alert.new"]


class Edits(Reload):
    def test_an_edited_rule_is_live_within_a_second_and_repeats_nothing(self):
        self.start()
        self.publish(report(1), report(2, title="Harvest figures", text="Wheat and barley."))
        self.assertEqual(self.rules_of_alerts(), ["border"])
        took = self.edit(self.config("  border: {match: border OR wheat, alert: desk}\n"))
        self.assertLess(took, 1.0)
        self.assertEqual(self.daemon.status()["generation"], 2)
        self.daemon.advance(3 * QUARTER)
        self.assertEqual(self.rules_of_alerts(), ["border"], "an edited rule starts from now")
        self.publish(report(3, title="Wheat prices fall again", text="By a tenth since spring."))
        self.assertEqual(self.rules_of_alerts(), ["border", "border"])
        self.assertEqual(self.collector.bad, [])

    def test_a_file_written_in_place_and_a_file_moved_away_and_back_are_seen(self):
        self.start()
        wider = self.config("  border: {match: border, alert: desk}\n  b: {match: wall}\n")
        start = self.daemon.log.count()
        self.daemon.config.write_text(wider, encoding="utf-8")
        self.daemon.log.wait_for("generation 2 is live", start)
        self.assertEqual(self.daemon.status()["rules"], 2)
        os.rename(self.daemon.config, self.daemon.folder / "config.yaml~")  # as vim does it
        self.daemon.config.write_text(self.config(), encoding="utf-8")
        self.daemon.log.wait_for("generation 3 is live", start)
        self.assertEqual(self.daemon.status()["rules"], 1)

    def test_many_files_written_together_are_a_few_generations(self):
        folder = self.stage.folder / "rules.d"
        folder.mkdir()

        def write(word):
            for number in range(40):
                fresh = folder / ("r%d.tmp" % number)
                fresh.write_text("rules:\n  r%d: {match: %s%d, alert: desk}\n"
                                 % (number, word, number), encoding="utf-8")
                os.replace(fresh, folder / ("r%d.yaml" % number))

        write("first")
        self.start(self.config(more="include: [rules.d]\n"))
        self.assertEqual(self.daemon.status()["rules"], 41)
        start = self.daemon.log.count()
        write("second")
        (folder / "r40.yaml").write_text("rules:\n  r40: {match: second40, alert: desk}\n")
        self.daemon.log.wait_for("is live", start)
        self.daemon.asking("reload")  # whatever was still to come has come before its answer
        status = self.daemon.status()
        self.assertEqual(status["rules"], 42)
        self.assertLessEqual(status["generation"], 5)
        self.publish(report(4, title="Second39 and second40", text="Two new rules."))
        self.assertEqual(sorted(self.rules_of_alerts()), ["r39", "r40"])

    def test_a_broken_edit_is_refused_with_its_place_and_the_old_rules_go_on(self):
        self.start()
        self.edit(self.config("  border: {match: border, alrt: desk}\n"), wait="refused")
        self.daemon.log.wait_for("files changed: refused, generation 1 runs on")
        self.daemon.log.wait_for('did you mean "alert"?')
        log = self.daemon.log_text()
        self.assertRegex(log, r'config\.yaml:5:27: unknown key "alrt" in rule "border"')
        self.assertIn('did you mean "alert"?', log)
        self.assertIn("files changed: refused, generation 1 runs on", log)
        self.assertEqual(self.daemon.status()["generation"], 1)
        self.assertIn('unknown key "alrt"', " ".join(self.daemon.status()["problems"]))
        self.publish(report(5))
        self.assertEqual(self.rules_of_alerts(), ["border"])
        self.edit(self.config())
        self.assertEqual(self.daemon.status()["problems"], [])

    def test_what_only_a_refused_edit_names_is_mended_where_it_is_wrong(self):
        self.start()
        more = self.daemon.folder / "more.yaml"
        more.write_text("rules: {wheat: {mach: wheat}}\n", encoding="utf-8")
        self.edit("include: [more.yaml]\n" + self.config(), "refused, generation 1 runs on")
        start = self.daemon.log.count()
        more.write_text("rules: {wheat: {match: wheat}}\n", encoding="utf-8")
        self.daemon.log.wait_for("generation 2 is live", start)
        self.assertEqual(self.daemon.status()["rules"], 2)
        self.edit("include: [later.yaml]\n" + self.config(), "refused, generation 2 runs on")
        start = self.daemon.log.count()
        (self.daemon.folder / "later.yaml").write_text("rules: {}\n", encoding="utf-8")
        self.daemon.log.wait_for("generation 3 is live", start)

    def test_a_rule_that_fails_its_example_is_held_back_while_others_go_live(self):
        good = ("  border: {match: border, alert: desk, examples: {match: [a border]}}\n"
                "  wheat: {match: wheat, alert: desk}\n")
        self.start(self.config(good))
        bad = ("  border: {match: frontier, alert: desk, examples: {match: [a border]}}\n"
               "  wheat: {match: wheat OR barley, alert: desk}\n")
        self.edit(self.config(bad))
        self.assertEqual(self.daemon.status()["held_back"], ["border"])
        done = self.daemon.asking("reload")
        self.assertEqual(done.returncode, 1)
        self.assertIn("the example 'a border' must match, but it does not", done.stderr)
        self.assertRegex(done.stdout, "^accepted but for the rules above; generation [0-9]+ is live")
        self.publish(report(6), report(7, title="Barley prices", text="They fall."))
        self.assertEqual(sorted(self.rules_of_alerts()), ["border", "wheat"])
        shown = self.daemon.asking("status")
        self.assertIn("rules running in their last good version: border", shown.stdout)

    def test_a_renamed_rule_keeps_its_alerts(self):
        self.start()
        self.publish(report(8))
        self.edit(self.config("  frontier: {match: border, alert: desk, was: [border]}\n"))
        again = report(8, guid="another", link="http://second.example/8")
        self.feeds.set("/a.xml", rss([again] + self.items))
        self.daemon.advance(QUARTER)
        self.assertEqual(self.rules_of_alerts(), ["border"])


class Asked(Reload):
    def test_the_verb_waits_for_the_outcome_and_tells_it(self):
        self.start()
        done = self.daemon.asking("reload")
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assertEqual(done.stdout, "accepted; generation 2 is live\n")
        self.daemon.config.write_text("rules: [", encoding="utf-8")
        done = self.daemon.asking("reload")
        self.assertEqual(done.returncode, 1)
        self.assertRegex(done.stdout, "^refused; generation 2 is live\n$")
        self.assertRegex(done.stderr, r"config\.yaml:1:\d+: error: ")
        answer = self.daemon.asking("reload", "--json")
        self.assertEqual(answer.returncode, 1)
        self.assertIn('"accepted":false', answer.stdout)
        self.daemon.stop()
        done = verb("reload", "--state", str(self.daemon.state))
        self.assertEqual(done.returncode, 1)
        self.assertIn("no daemon answers", done.stderr)

    def test_sighup_reloads_and_systemd_hears_of_it(self):
        self.start()
        self.daemon.listener.settimeout(PATIENCE)
        self.daemon.process.send_signal(signal.SIGHUP)
        heard = b""
        while b"READY=1" not in heard:
            heard += self.daemon.listener.recv(4096) + b"\n"
        self.assertLess(heard.index(b"RELOADING=1"), heard.index(b"READY=1"))
        self.assertIn(b"MONOTONIC_USEC=", heard)
        self.daemon.log.wait_for("SIGHUP: generation 2 is live")

    def test_a_storm_of_sighups_is_a_few_reloads(self):
        self.start(self.config("".join("  r%d: {match: word%d, alert: desk}\n" % (n, n)
                                       for n in range(1000))))
        signals = pathlib.Path("/proc/%d/status" % self.daemon.process.pid)
        for _ in range(100):
            self.daemon.process.send_signal(signal.SIGHUP)
            while "ShdPnd:\t0000000000000000" not in signals.read_text():
                pass  # the kernel would make one of those that wait
            self.daemon.drain()
        done = self.daemon.asking("reload")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn(self.daemon.status()["generation"], range(3, 20))

    def test_what_only_a_restart_takes_up_is_said_until_then(self):
        daemon = self.start()
        said = 'what is new under "pool" counts from the next start'
        daemon.rewrite(self.config(more="pool: 3\n"))
        done = daemon.asking("reload")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn(said, done.stderr)
        self.assertIn(said, daemon.asking("status").stdout)
        daemon.rewrite(self.config(more="pool: 3\nfedes: []\n"))
        self.assertEqual(daemon.asking("reload").returncode, 1)
        self.assertIn(said, daemon.asking("status").stdout)
        daemon.rewrite(self.config())
        self.assertNotIn(said, daemon.asking("reload").stderr)

    def test_the_host_of_a_new_public_url_is_answered_at_once(self):
        daemon = self.start()
        page = urllib.parse.urlsplit(daemon.status()["page"])

        def asked_as(host):
            connection = http.client.HTTPConnection(page.hostname, page.port, timeout=30)
            connection.request("GET", "/", headers={"Host": host})
            try:
                return connection.getresponse().status
            finally:
                connection.close()

        self.assertEqual(asked_as("wire.example"), 421)
        daemon.rewrite(self.config(more="public_url: https://wire.example\n"))
        self.assertEqual(daemon.asking("reload").returncode, 0)
        self.assertEqual((asked_as("wire.example"), asked_as("www.wire.example")), (200, 200))

    def test_feeds_come_and_go(self):
        self.start()
        self.feeds.set("/b.xml", rss([report(20)]))
        self.edit(self.config(feeds=("/a.xml", "/b.xml")))
        self.daemon.advance(QUARTER)
        self.assertEqual(self.rules_of_alerts(), [], "a feed's first fetch is a baseline")
        self.feeds.set("/b.xml", rss([report(21), report(20)]))
        self.daemon.advance(QUARTER)
        self.assertEqual(self.rules_of_alerts(), ["border"])
        self.edit(self.config(feeds=("/b.xml",)))
        asked = self.feeds.count("/a.xml")
        self.daemon.advance(4 * QUARTER)
        self.assertEqual(self.feeds.count("/a.xml"), asked)
        self.feeds.set("/a.xml", rss([report(22)]))
        self.edit(self.config(feeds=("/a.xml", "/b.xml")))
        self.daemon.advance(QUARTER)
        self.assertEqual(self.rules_of_alerts(), ["border"] * 2, "it is known from before")

    def test_a_feed_that_gets_an_id_and_another_address_misses_and_repeats_nothing(self):
        plain = self.stage.watch("/a.xml")
        self.start(plain)
        titles = []
        steps = (plain, plain.replace("name: a,", "name: a, id: the-id,"),
                 plain.replace("name: a,", "name: a, id: the-id,").replace("/a.xml", "/b.xml"))
        for number, config in enumerate(steps):
            item = report(700 + number, published=self.daemon.clock)
            titles.append(item["title"])
            self.items.insert(0, item)
            for path in ("/a.xml", "/b.xml"):
                self.feeds.set(path, rss(self.items))
            if number > 0:  # what came since the last poll is not there yet when the edit comes
                self.edit(config)
            self.daemon.kill()
            self.daemon.start()
            self.daemon.advance(QUARTER)
            # The new address is asked at once, so the kill may come between a message and its mark:
            # then it comes again under its webhook-id, which is the one repeat there may be.
            told = {}
            for message in self.collector.messages:
                first = told.setdefault(message["id"], message)
                self.assertEqual(message["data"], first["data"])
            self.assertEqual([message["data"]["headline"] for message in told.values()], titles)
        self.assertEqual(len(self.daemon.ask("GET", "/v1/feeds")[1]["feeds"]), 1)

    def test_a_receiver_that_was_added_gets_what_comes_from_then_on(self):
        feeds = ("/a.xml", "/b.xml")
        self.feeds.set("/b.xml", rss([]))
        self.start(self.config(feeds=feeds))
        self.publish(report(30))
        second = self.stage.another_collector()
        config = self.config("  border: {match: border, alert: [desk, second]}\n", feeds) + (
            "  second: {webhook: {url: %s, secret_file: %s}}\n"
            % (second.url, self.stage.folder / "secret"))
        self.edit(config)
        self.publish(report(31))
        self.assertEqual(second.headlines(), [report(31)["title"]])
        self.assertEqual(len(self.collector.headlines()), 2)
        self.feeds.set("/b.xml", rss([retold(report(30), 5)]))
        self.daemon.advance(QUARTER)  # an update to one, news to the other
        self.assertEqual(second.headlines(), [report(31)["title"], report(30)["title"]])
        self.assertEqual(second.kinds(), ["new", "new"])
        self.assertEqual(self.collector.kinds(), ["new", "new", "updated"])
        self.assertEqual(second.messages[1]["data"]["sources_count"], 2)

    def test_a_secret_rotated_in_its_file_is_used_without_a_restart(self):
        self.start()
        self.publish(report(32))
        (self.stage.folder / "secret").write_bytes(b"the second secret\n")
        self.collector.secrets = [b"the second secret"]
        self.publish(report(33))
        self.assertEqual(len(self.collector.headlines()), 2)
        self.assertEqual(self.collector.bad, [])


class BrokenAtStart(Reload):
    def test_the_last_good_generation_runs_loudly_until_the_files_are_mended(self):
        self.start()
        self.publish(report(40))
        self.daemon.stop()
        self.daemon.config.write_text(self.config("  border: {mach: border}\n"), encoding="utf-8")
        self.daemon.start()
        self.daemon.log.wait_for('unknown key "mach"')
        self.daemon.log.wait_for("config.yaml is broken: running on the last good generation")
        self.assertTrue(self.daemon.status()["on_last_good"])
        self.assertIn("the last good one: the files are broken",
                      self.daemon.asking("status").stdout)
        self.publish(report(41))
        self.assertEqual(self.rules_of_alerts(), ["border"] * 2)
        self.edit(self.config("  border: {match: border, alert: desk}\n  w: {match: wheat}\n"))
        status = self.daemon.status()
        self.assertEqual((status["on_last_good"], status["rules"], status["problems"]),
                         (False, 2, []))

    def test_a_start_on_the_last_good_generation_sees_an_included_file_mended(self):
        self.start()
        self.daemon.stop()
        more = self.daemon.folder / "more.yaml"
        more.write_text("rules: {wheat: {mach: wheat}}\n", encoding="utf-8")
        self.daemon.config.write_text("include: [more.yaml]\n" + self.config(), encoding="utf-8")
        self.daemon.start()
        self.assertTrue(self.daemon.status()["on_last_good"])
        start = self.daemon.log.count()
        more.write_text("rules: {wheat: {match: wheat}}\n", encoding="utf-8")
        self.daemon.log.wait_for("is live", start)
        self.assertEqual(self.daemon.status()["rules"], 2)

    def test_a_file_that_is_gone_counts_as_broken(self):
        self.start()
        self.daemon.stop()
        self.daemon.config.unlink()
        self.daemon.start()
        self.assertTrue(self.daemon.status()["on_last_good"])
        self.publish(report(42))
        self.assertEqual(self.rules_of_alerts(), ["border"])

    def test_a_folder_of_rules_that_vanishes_takes_no_rule_with_it(self):
        folder = self.stage.folder / "rules.d"
        folder.mkdir()
        (folder / "r.yaml").write_text("rules:\n  border: {match: border, alert: desk}\n")
        wall = self.config("  wall: {match: wall, alert: desk}\n", more="include: [rules.d]\n")
        self.start(wall)
        start = self.daemon.log.count()
        os.rename(folder, self.stage.folder / "away")
        self.daemon.log.wait_for("files changed: refused", start)
        self.assertIn('rules.d" is gone, and what its files said stays live',
                      self.daemon.asking("status").stdout)
        self.publish(report(1))
        self.assertEqual(self.rules_of_alerts(), ["border"])
        self.daemon.stop()
        self.daemon.start()
        self.assertTrue(self.daemon.status()["on_last_good"])
        self.publish(report(2))
        self.assertEqual(self.rules_of_alerts(), ["border", "border"])
        start = self.daemon.log.count()
        os.rename(self.stage.folder / "away", folder)
        self.daemon.log.wait_for("is live", start)
        self.assertFalse(self.daemon.status()["on_last_good"])
        self.assertEqual(self.daemon.status()["rules"], 2)
        (folder / "r.yaml").unlink()
        folder.rmdir()
        folder.mkdir()
        self.assertEqual(self.daemon.asking("reload").returncode, 0)
        self.assertEqual(self.daemon.status()["rules"], 1)

    def test_a_mistyped_name_does_not_start_what_another_config_said(self):
        self.start()
        self.daemon.stop()
        self.daemon.config = self.daemon.config.with_name("confg.yaml")
        log = self.daemon.runs_into(1)
        self.assertIn("confg.yaml: error: cannot read", log)

    def test_without_an_earlier_generation_it_does_not_start(self):
        daemon = self.stage.daemon(self.config("  border: {mach: border}\n"))
        said = daemon.runs_into(1)
        self.assertIn('unknown key "mach"', said)
        self.assertIn("keeps no earlier generation to run on; mend what is named above", said)


if __name__ == "__main__":
    unittest.main()
