"""Five reports of two events over three feeds, in any order: two stories, two alerts."""
import unittest

import five
from harness import NETWORK, SOURCE, Stage, rss

ORDERS = 24


def config(stage):
    feeds = "".join("  - {url: %s, name: Outlet %s, every: 15m}\n" % (stage.feeds.url("/%s.xml" % f), f)
                    for f in "abc")
    return ("%sfeeds:\n%sentities: [%s]\n%s%s" %
            (NETWORK, feeds, SOURCE / "rules/packs/iraq-syria.yaml", five.BORDER_RULE,
             stage.receivers()))


def item_of(document):
    return {"title": document["title"], "text": document["text"], "guid": document["id"],
            "link": "https://news.example/%s" % document["id"], "published": document["published"]}


class Run:
    """One order, published article by article; feeds are /a.xml, /b.xml and /c.xml."""

    def __init__(self, stage, documents, order):
        self.stage, self.documents, self.order = stage, documents, order
        self.published = {"a": [], "b": [], "c": []}
        for feed in self.published:
            stage.feeds.set("/%s.xml" % feed, rss([]))

    def publish(self, position):
        feed = "abc"[position % 3]
        self.published[feed].insert(0, item_of(self.documents[self.order[position]]))
        self.stage.feeds.set("/%s.xml" % feed, rss(self.published[feed]), gzipped=position % 2 == 0)


class FiveArticles(unittest.TestCase):
    def check_order(self, documents, order):
        with Stage() as stage:
            run = Run(stage, documents, order)
            daemon = stage.daemon(config(stage)).start()
            daemon.advance(60)  # the baselines, empty
            for position in range(5):
                run.publish(position)
                daemon.advance(1200)
            _, items = daemon.ask("GET", "/v1/items")
            stories = {}
            for item in items["items"]:
                stories.setdefault(item["story"], set()).add(item["link"].rsplit("/", 1)[1])
            expected = {}
            for document in documents:
                expected.setdefault(document["event"], set()).add(document["id"])
            self.assertEqual(sorted(map(sorted, stories.values())),
                             sorted(map(sorted, expected.values())))
            self.assertEqual(stage.collector.kinds().count("new"), 2, daemon.log_text())
            self.assertEqual(stage.collector.bad, [])
            alerts = {m["data"]["alert"] for m in stage.collector.messages}
            self.assertEqual(len(alerts), 2, "later reports join their story's alert")
            daemon.stop()
            before = len(stage.collector.messages)
            daemon.start()  # the same state again
            daemon.advance(7200)
            self.assertEqual(len(stage.collector.messages), before, "a restart repeats nothing")
            daemon.stop()

    def test_two_stories_and_two_alerts_in_any_order(self):
        for name, documents in five.sets():
            for order in five.orders(ORDERS, seed=5):
                with self.subTest(name, order=order):
                    self.check_order(documents, order)


if __name__ == "__main__":
    unittest.main()
