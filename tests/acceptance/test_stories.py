"""Once per story: the five seeds in every order, and what a story shows of its reports."""
import itertools
import json
import re
import unittest

from five import shared_folder
from harness import NETWORK, Stage, rss, verb

FIRST = {"title": "Ferry Maristella sinks off Osthavn border", "guid": "1",
         "link": "https://post.no/1",
         "text": "The ferry Maristella went down in a storm off Osthavn on Monday, according to the "
                 "Velm News Agency. Captain Runa Aske and forty passengers are missing."}
PRINTED_AGAIN = dict(FIRST, guid="2", link="https://times.co.uk/2")
SECOND = {"title": "Osthavn border: divers search the Maristella", "guid": "3",
          "link": "https://third.de/3",
          "text": "Divers of the Velm coastguard searched the wreck of the ferry Maristella off "
                  "Osthavn. Runa Aske, its captain, was found in a lifeboat with nine passengers."}


class Seeds(unittest.TestCase):
    def test_are_two_stories_in_all_120_orders_and_the_rewrite_is_a_copy(self):
        path = shared_folder() / "seeds/stories.jsonl"
        if not path.exists():
            self.skipTest("the five seeds are not here (%s)" % path)
        rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
        for order in itertools.permutations(rows):
            ids = [row["id"] for row in order]
            with self.subTest(order=ids):
                lines = "\n".join(map(json.dumps, order)) + "\n"
                done = verb("stories", "-", "--json", stdin=lines)
                self.assertEqual(done.returncode, 0, done.stderr)
                placed = {row["id"]: row for row in map(json.loads, done.stdout.splitlines())
                          if "id" in row}
                story = {key: row["story"] for key, row in placed.items()}
                self.assertEqual(len(set(story.values())), 2)
                self.assertEqual(story["000"], story["001"])
                self.assertEqual(story["000"], story["002"])
                self.assertEqual(story["003"], story["004"])
                earlier, later = sorted(("000", "001"), key=ids.index)
                self.assertEqual(placed[later]["relation"], "copy")
                self.assertEqual(placed[later]["copy_group"], placed[earlier]["copy_group"])


class Timeline(unittest.TestCase):
    def setUp(self):
        self.stage = self.enterContext(Stage())
        feeds = self.stage.feeds
        for name in "abc":
            feeds.set("/%s.xml" % name, rss([]))
        config = ("%s%srules:\n  border: {match: border, alert: [desk]}\n%s" %
                  (NETWORK, self.stage.feed_list(["/a.xml", "/b.xml", "/c.xml"]),
                   self.stage.receivers()))
        self.daemon = self.stage.daemon(config).start()
        self.daemon.advance(60)
        for name, item in (("a", FIRST), ("b", PRINTED_AGAIN)):
            self.publish(name, item)

    def publish(self, name, item):
        self.stage.feeds.set("/%s.xml" % name,
                             rss([dict(item, published=self.daemon.clock)]))
        self.daemon.advance(1000)

    def story(self):
        (alert,) = self.daemon.ask("GET", "/v1/alerts")[1]["alerts"]
        return alert["story"]

    def test_tells_a_text_printed_twice_from_two_reports(self):
        facts = self.daemon.ask("GET", "/v1/stories/" + self.story())[1]["independence"]
        self.assertEqual((facts["texts"], len(facts["sources"])), (1, 2))
        self.publish("c", SECOND)
        answer = self.daemon.ask("GET", "/v1/stories/" + self.story())[1]
        facts = answer["independence"]
        self.assertEqual((facts["texts"], len(facts["sources"])), (2, 3))
        self.assertEqual(facts["countries"], ["NO", "GB", "DE"])
        self.assertEqual(facts["origins"], ["Velm News Agency"])
        self.assertEqual(facts["first"], answer["documents"][0]["id"])
        self.assertEqual([d["relation"] for d in answer["documents"]],
                         ["new", "copy", "same-story"])
        self.assertIn("divers", [word.lower() for word in answer["documents"][2]["added"]])
        printed = self.daemon.asking("story", self.story())
        self.assertIn("2 independent texts", printed.stdout)
        self.assertIn("names as its origin: Velm News Agency", printed.stdout)
        why = json.loads(self.daemon.asking("why", SECOND["title"], "--json").stdout)
        self.assertIn("Maristella", why["revisions"][0]["why"])

    def test_is_continued_after_a_restart(self):
        story = self.story()
        self.daemon.stop()
        self.daemon.start()
        self.publish("c", SECOND)
        self.assertEqual(self.story(), story)
        self.assertEqual(self.stage.collector.kinds().count("new"), 1)

    def test_its_page_shows_who_was_independent_and_what_each_added(self):
        self.publish("c", SECOND)
        status, page = self.daemon.ask("GET", "/stories/" + self.story())
        self.assertEqual(status, 200)
        words = re.sub("<[^>]+>", "", page)
        self.assertIn("3 reports, in order of arrival.", words)
        self.assertIn("2 independent texts from 3 sources in NO, GB, DE; first a. "
                      "Origins named: Velm News Agency.", words)
        self.assertEqual(words.count("names as its origin: Velm News Agency"), 2)
        self.assertIn("new in it: divers, coastguard, wreck", words)
        for badge in (">first report<", ">copy<", ">same story<"):
            self.assertEqual(page.count(badge), 1, badge)


# Two stories further apart than the window, so that they were never compared, and a report between
# them that came late.
MISSING = {"title": "Ferry Maristella missing off Osthavn border", "guid": "1",
           "link": "https://post.no/1",
           "text": "The ferry Maristella went missing in a storm off Osthavn on Monday. Captain "
                   "Runa Aske and forty passengers were aboard, the coastguard of Velm said."}
HIDDEN = {"title": "Osthavn border: storm hides the ferry Maristella", "guid": "2",
          "link": "https://times.co.uk/2",
          "text": "In a storm off Osthavn the coastguard of Velm looks for the ferry Maristella. "
                  "Forty passengers are with its captain, Runa Aske."}
BETWEEN = {"title": "Border storm: Maristella of Osthavn still missing", "guid": "3",
           "link": "https://third.de/3",
           "text": "Forty passengers and Runa Aske, captain of the Maristella, are still missing. "
                   "Velm sent its coastguard to Osthavn, where the ferry met the storm."}


class Merges(unittest.TestCase):
    def setUp(self):
        self.stage = self.enterContext(Stage())
        for name in "abc":
            self.stage.feeds.set("/%s.xml" % name, rss([]))
        config = ("%sstories: {window: 3h}\n%srules:\n  border: {match: border, alert: [desk]}\n%s" %
                  (NETWORK, self.stage.feed_list(["/a.xml", "/b.xml", "/c.xml"]),
                   self.stage.receivers()))
        self.daemon = self.stage.daemon(config, clock="2025-08-29T08:00:00Z").start()
        self.daemon.advance(60)

    def publish(self, name, item, published):
        self.stage.feeds.set("/%s.xml" % name, rss([dict(item, published=published)]))
        self.daemon.advance(1000)

    def test_a_late_report_makes_two_stories_one_and_the_second_alert_says_so(self):
        self.publish("a", MISSING, "2025-08-29T08:01:00Z")
        self.daemon.advance(4 * 3600)
        self.publish("b", HIDDEN, "2025-08-29T12:20:00Z")
        collector = self.stage.collector
        self.assertTrue(collector.wait_for(2))
        self.assertEqual(collector.kinds(), ["new", "new"])
        older, younger = [message["data"] for message in collector.messages]
        self.assertNotEqual(older["story"], younger["story"])

        self.publish("c", BETWEEN, "2025-08-29T10:10:00Z")
        self.assertIn("merged", collector.kinds())
        (merged,) = [m["data"] for m in collector.messages if m["type"] == "alert.merged"]
        self.assertEqual(merged["alert"], younger["alert"])
        self.assertEqual(merged["revision"], 2)
        self.assertEqual(merged["story"], older["story"])
        self.assertIn(MISSING["title"], json.dumps(merged, ensure_ascii=False))

        for asked in (older["story"], younger["story"]):
            printed = self.daemon.asking("story", asked).stdout
            self.assertIn("story " + older["story"], printed)
            self.assertIn("3 independent texts", printed)
            self.assertIn("alert %s under border" % older["alert"][:12], printed)
            status, page = self.daemon.ask("GET", "/stories/" + asked)
            self.assertEqual(status, 200)
            for shown in (MISSING["title"], HIDDEN["title"], BETWEEN["title"], "3 reports",
                          "3 independent texts", "Alerts about it"):
                self.assertIn(shown, page)


if __name__ == "__main__":
    unittest.main()
