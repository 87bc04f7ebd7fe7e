"""Once per story: the five seeds in every order, and what a story shows of its reports."""
import itertools
import json
import random
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
        for badge in ('plain">first report<', 'wait">copy<', 'good">same story<'):
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

        for name in (younger["story"], younger["alert"][:12]):
            muted = self.daemon.asking("alerts", "mute", name)
            self.assertEqual(muted.returncode, 0, muted.stderr)
        _, answer = self.daemon.ask("GET", "/v1/silences")
        self.assertEqual({one["story"] for one in answer["silences"]}, {older["story"]})

    def test_two_stories_of_a_digest_that_become_one_are_one_entry(self):
        config = self.daemon.config.read_text(encoding="utf-8")
        self.daemon.rewrite(config + '    digest: {at: "20:00"}\ntime_zone: UTC\n')
        self.assertEqual(self.daemon.asking("reload").returncode, 0)
        self.publish("a", MISSING, "2025-08-29T08:01:00Z")
        self.daemon.advance(4 * 3600)
        self.publish("b", HIDDEN, "2025-08-29T12:20:00Z")
        self.publish("c", BETWEEN, "2025-08-29T10:10:00Z")
        self.daemon.advance(10 * 3600)
        (digest,) = [message["data"] for message in self.stage.collector.messages]
        self.assertEqual([one["headline"] for one in digest["entries"]], [MISSING["title"]])
        self.assertRegex(digest["headline"], "^1 alert since 08:1[0-9]$")

    def test_who_muted_a_story_does_not_hear_that_it_joined_another(self):
        self.publish("a", MISSING, "2025-08-29T08:01:00Z")
        self.daemon.advance(4 * 3600)
        self.publish("b", HIDDEN, "2025-08-29T12:20:00Z")
        younger = self.stage.collector.messages[1]["data"]["story"]
        self.assertEqual(self.daemon.asking("alerts", "mute", younger).returncode, 0)
        self.publish("c", BETWEEN, "2025-08-29T10:10:00Z")
        self.assertEqual(self.stage.collector.kinds(), ["new", "new"])
        deliveries = self.daemon.ask("GET", "/v1/deliveries")[1]["deliveries"]
        self.assertIn("muted", deliveries[-1]["answer"])


def two_events():
    """Reports of two events of a kind in made-up words: {"a1": item, …}. They share a dozen words
    of their kind and a name; a first report of the second is taken for one of the first event."""
    words = random.Random(1)

    def word():
        return "".join(words.choice("bdfgklmnprstvz") + words.choice("aeiou") for _ in range(3))

    kind = [word() for _ in range(12)]
    events = {event: [word() for _ in range(24)] for event in "ab"}
    name = word().capitalize()
    reports = {}
    for event, count in (("a", 4), ("b", 5)):
        for number in range(1, count + 1):
            said = words.sample(kind, 9) + words.sample(events[event], 18)
            said += [word() for _ in range(20)]
            words.shuffle(said)
            lines = [" ".join(said[at:at + 9]).capitalize() + "." for at in range(0, len(said), 9)]
            title = " ".join([name, *words.sample(kind, 2), *words.sample(events[event], 2)])
            text = " ".join([*lines, "It is near the border of", name + "."])
            key = event + str(number)
            reports[key] = {"title": title, "text": text + (" Harbour." if event == "b" else ""),
                            "guid": key, "link": "https://%s.example/1" % key}
    return reports


class Splits(unittest.TestCase):
    def setUp(self):
        self.reports = two_events()
        self.stage = self.enterContext(Stage())
        paths = ["/%s.xml" % name for name in self.reports]
        for path in paths:
            self.stage.feeds.set(path, rss([]))
        rules = ("rules:\n"
                 "  border: {match: border, alert: [desk], updates: none}\n"
                 "  harbour: {match: harbour, alert: [desk], updates: none}\n")
        self.daemon = self.stage.daemon(NETWORK + self.stage.feed_list(paths) + rules +
                                        self.stage.receivers()).start()
        self.daemon.advance(60)

    def publish(self, *names):
        for name in names:
            self.stage.feeds.set("/%s.xml" % name,
                                 rss([dict(self.reports[name], published=self.daemon.clock)]))
            self.daemon.advance(2000)

    def told(self):
        messages = [message["data"] for message in self.stage.collector.messages]
        return [(data["rule"], data["revision"], data["headline"]) for data in messages]

    def story_of(self, name):
        return self.daemon.ask("GET", "/v1/why", item=self.reports[name]["link"])[1]["revisions"][0]["story"]

    def test_the_second_event_is_told_once_and_keeps_what_was_told_of_it(self):
        title = {name: report["title"] for name, report in self.reports.items()}
        self.publish("a1", "a2", "a3", "b1", "b2")
        first = [("border", 1, title["a1"]), ("harbour", 1, title["b1"])]
        self.assertEqual(self.told(), first)
        old = self.story_of("b1")
        self.assertEqual(old, self.story_of("a1"))

        self.publish("b3")
        new = self.story_of("b3")
        self.assertEqual({self.story_of(name) for name in ("b1", "b2")}, {new})
        self.assertEqual({self.story_of(name) for name in ("a1", "a2", "a3")}, {old})
        self.assertNotEqual(new, old)
        told = first + [("border", 1, title["b3"])]  # harbour told of the second event before
        self.assertEqual(self.told(), told)

        self.daemon.kill()
        self.daemon.start()
        self.publish("b4", "a4")
        self.assertEqual(self.told(), told)
        self.assertEqual((self.story_of("b4"), self.story_of("a4")), (new, old))
        for story, of_it, others in ((old, "a", "b"), (new, "b", "a")):
            page = self.daemon.ask("GET", "/stories/" + story)[1]
            printed = self.daemon.asking("story", story).stdout
            for name in title:
                shown = name[0] == of_it and name != "b5"
                self.assertEqual(title[name] in page, shown, name)
                self.assertEqual(title[name] in printed, shown, name)
            self.assertIn("4 reports", page)
        alerts = self.daemon.ask("GET", "/v1/alerts")[1]["alerts"]
        self.assertEqual(sorted((alert["rule"], alert["story"]) for alert in alerts),
                         sorted([("border", old), ("border", new), ("harbour", new)]))
        why = self.daemon.asking("why", title["b3"]).stdout
        self.assertIn("another event than story %s: leaves it with 2 earlier reports" % old, why)

    def test_stories_says_on_a_line_of_its_own_what_left(self):
        lines = "".join(json.dumps(dict(self.reports[name], id=name)) + "\n"
                        for name in ("a1", "a2", "a3", "b1", "b2", "b3", "b4", "a4", "b5"))
        printed = verb("stories", "-", stdin=lines).stdout
        self.assertIn("3 documents of story a1 turn out to be story b3\n", printed)
        rows = [json.loads(line) for line in verb("stories", "-", "--json", "--final",
                                                  stdin=lines).stdout.splitlines()]
        self.assertEqual({row["id"]: row["story"] for row in rows},
                         {name: "a1" if name[0] == "a" else "b3" for name in self.reports})


if __name__ == "__main__":
    unittest.main()
