"""What becomes of items between a document and a decision, through the real daemon: republished
archives are held, publishers are learned, and one story is one alert. Rows are those of the faults.
"""
import unittest

from harness import Stage, report, rss

QUARTER = 1000
DAY = 86400
OLD_RULE = "rules:\n  border: {match: border, alert: desk, max_age: none}\n"


class Items(unittest.TestCase):
    def setUp(self):
        stage = Stage()
        self.stage = self.enterContext(stage)
        self.feeds, self.collector = stage.feeds, stage.collector

    def start(self, items, *, rule=OLD_RULE, every="15m", paths=("/a.xml",)):
        for path in paths:
            self.feeds.set(path, rss(items))
        self.daemon = self.stage.daemon(
            self.stage.watch(*paths, rule=rule, every=every)).start()
        self.daemon.advance(1)
        return self.daemon

    def publish(self, items, path="/a.xml", seconds=QUARTER):
        self.feeds.set(path, rss(items))
        self.daemon.advance(seconds)

    def expect_new(self, count, why=None):
        self.assertEqual(self.collector.kinds().count("new"), count,
                         "%s\n%s" % (why or "", self.daemon.log_text()))

    def held(self, name="a"):
        return self.daemon.feed(name)["held"]

    def notices(self):
        return self.daemon.status()["notices"]


def hourly(numbers, day=28):
    """Reports an hour apart, the newest first."""
    return [report(n, published="2025-08-%02dT%02d:00:00Z" % (day, 23 - i % 24))
            for i, n in enumerate(numbers)]


def moved(items, number=0):
    """Another CMS: new guids and links."""
    return [dict(i, guid="cms2-%d-%d" % (number, n), link="https://new.example/p/%d-%d" % (number, n))
            for n, i in enumerate(items)]


class Republished(Items):
    """Row 49."""

    def test_known_texts_under_new_ids_alert_nothing_with_one_notice_and_a_new_text_passes(self):
        known = hourly(range(1, 21))
        self.start(known)
        fresh = report(50, published="2025-08-29T08:10:00Z")
        self.publish([fresh] + moved(known))
        self.publish([fresh] + moved(known))
        self.expect_new(1)
        self.assertEqual(self.collector.headlines(), [fresh["title"]])
        self.assertEqual([n["kind"] for n in self.notices()], ["feed republished"])
        self.assertIn("shows 20 known texts under new ids and links", self.notices()[0]["text"])
        self.daemon.log.wait_for("known texts under new ids")
        self.assertEqual(self.daemon.log_text().count("known texts under new ids"), 1)

    def test_nearly_known_texts_and_an_old_archive_are_held_until_they_are_released(self):
        known = hourly(range(1, 21))
        self.start(known)
        retold = [dict(i, text=i["text"] + " Read more about it in our archive.")
                  for i in moved(known)]
        archive = moved([report(n, published="2019-03-%02dT10:00:00Z" % (n - 99))
                         for n in range(100, 120)], 1)
        fresh = report(50, published="2025-08-29T08:10:00Z")
        self.publish([fresh] + retold + archive)
        self.expect_new(1)
        self.assertEqual(self.held(), 40)
        notices = self.notices()
        self.assertEqual([n["kind"] for n in notices], ["items held"])
        self.assertIn('feed "a": 40 new items look republished', notices[0]["text"])
        status = self.daemon.asking("status").stdout
        self.assertIn('40 items of feed "a"', status)
        self.assertIn("40 held items since", self.daemon.asking("feeds", "list").stdout)
        why = self.daemon.asking("why", archive[0]["title"]).stdout
        self.assertIn("waits for the operator", why)
        self.assertIn("older than what the feed had shown before", why)

        self.daemon.kill()
        self.daemon.start()
        self.daemon.advance(4 * QUARTER)
        self.assertEqual(self.held(), 40)
        self.expect_new(1)
        released = self.daemon.asking("feeds", "release", "a")
        self.assertEqual((released.returncode, released.stdout),
                         (0, '40 held items of "a" released\n'))
        self.daemon.advance(1)
        # Those of the archive; the retold ones join the stories of what they retell, whose
        # baseline told nobody: the first of each alerts.
        self.assertEqual(self.held(), 0)
        self.assertGreaterEqual(self.collector.kinds().count("new"), 21)
        headlines = self.collector.headlines()
        dated = [h for h in headlines if h in [a["title"] for a in archive]]
        self.assertEqual(dated, [a["title"] for a in archive], "in the order in which they came")
        self.assertIn("held as republished, then released by the operator",
                      self.daemon.asking("why", archive[0]["title"]).stdout)
        again = self.daemon.asking("feeds", "release", "a")
        self.assertEqual(again.stdout, 'nothing of "a" is held\n')

    def test_what_is_dropped_is_archived_and_never_heard_of(self):
        known = hourly(range(1, 21))
        self.start(known)
        archive = moved([report(n, published="2019-03-%02dT10:00:00Z" % (n - 99))
                         for n in range(100, 120)], 1)
        self.publish(known[:5] + archive)
        self.assertEqual(self.held(), 20)
        _, dropped = self.daemon.ask("POST", "/v1/feeds/release", name="a", drop="1")
        self.assertEqual(dropped, {"dropped": 20})
        self.publish(known[:4] + archive)
        self.publish(archive + known[:3])
        self.expect_new(0)
        self.assertEqual(self.held(), 0)
        self.assertIn("then dropped by the operator",
                      self.daemon.asking("why", archive[0]["title"]).stdout)

    def test_what_is_held_of_a_feed_that_left_the_config_is_told_and_released(self):
        known = hourly(range(1, 21))
        self.start(known)
        archive = moved([report(n, published="2019-03-%02dT10:00:00Z" % (n - 99))
                         for n in range(100, 120)], 1)
        self.publish(known[:5] + archive)
        self.daemon.rewrite(self.stage.watch(rule=OLD_RULE).replace("feeds:\n", "feeds: []\n"))
        self.assertEqual(self.daemon.asking("reload").returncode, 0)
        url = self.feeds.url("/a.xml")
        held, = self.daemon.status()["held_items"]
        self.assertEqual((held["feed"], held["count"]), (url, 20))
        self.assertIn('20 items of feed "%s" that look republished' % url,
                      self.daemon.asking("status").stdout)
        self.assertIn('20 items of <span dir="auto">%s</span> look republished' % url,
                      self.daemon.ask("GET", "/")[1])
        released = self.daemon.asking("feeds", "release", url)
        self.assertEqual(released.stdout, '20 held items of "%s" released\n' % url)
        self.daemon.advance(1)
        self.expect_new(20)
        self.assertEqual(self.daemon.status()["held_items"], [])

    def test_an_edit_of_what_is_held_stays_held(self):
        known = hourly(range(1, 21))
        self.start(known)
        archive = moved([report(n, published="2019-03-%02dT10:00:00Z" % (n - 99))
                         for n in range(100, 112)], 1)
        self.publish(known[:5] + archive)
        archive[0]["text"] += " Corrected."
        self.publish(known[:5] + archive)
        self.assertEqual(self.held(), 12)
        self.expect_new(0)

    def test_a_burst_of_news_and_what_an_outage_kept_back_are_no_republication(self):
        known = hourly(range(1, 21))
        self.start(known)
        burst = [report(n, published="2025-08-29T08:%02d:00Z" % (n - 200)) for n in range(200, 215)]
        self.publish(burst[::-1] + known[:10])
        self.expect_new(15)
        self.feeds.set("/a.xml", "gone", status=503)
        self.daemon.advance(2 * DAY)
        kept_back = [report(n, published="2025-08-30T%02d:00:00Z" % (n - 300))
                     for n in range(300, 324)]
        self.publish(kept_back[::-1], seconds=DAY + 6 * 3600)  # failures wait a day at most
        self.daemon.advance(600)  # what an outage kept back is gathered before it is told
        self.expect_new(15)
        self.assertEqual(self.collector.kinds().count("digest"), 1)
        self.assertEqual(self.collector.messages[-1]["data"]["entries_count"], 24)
        self.assertEqual(self.notices(), [])

    def test_without_dates_far_more_than_the_feed_ever_brought_is_held(self):
        known = [report(n, published="") for n in range(1, 11)]
        self.start(known)
        for n in range(20, 26):  # its pace: one a quarter of an hour
            known.insert(0, report(n, published=""))
            self.publish(known[:10])
        self.expect_new(6)
        self.publish([report(n, published="") for n in range(100, 140)])
        self.expect_new(6)
        self.assertEqual(self.held(), 40)

    def test_only_root_and_the_daemons_user_release_and_a_wrong_name_is_told(self):
        self.start(hourly(range(1, 4)))
        wrong = self.daemon.asking("feeds", "release", "nosuch")
        self.assertEqual((wrong.returncode, wrong.stderr),
                         (1, 'wirewatch feeds: there is no feed "nosuch"; known here: a\n'))
        self.assertEqual(self.daemon.asking("feeds", "release").returncode, 2)
        status, _ = self.daemon.ask("POST", "/v1/feeds/release", name="a", drop="yes")
        self.assertEqual(status, 400)


class Learned(Items):
    def test_a_guid_good_one_day_and_bad_the_next_does_not_flip_flop(self):
        """Row 48."""
        self.start([])
        items, number = [], 0
        for day in range(6):
            for _ in range(3):
                items.insert(0, report(number, published=self.daemon.clock))
                number += 1
            shared = day % 2 == 1
            document = [dict(i, guid="the-one") if shared else i for i in items]
            self.publish(document)
            self.expect_new(number, "day %d" % day)

    def test_dates_that_move_with_each_fetch_are_not_believed_after_a_while(self):
        """Row 54."""
        self.start([])
        items = []
        for n in range(8):
            items.insert(0, report(n))
            stamp = "2025-08-27T%02d:%02d:00Z"
            self.publish([dict(i, published=stamp % (8 + n, k)) for k, i in enumerate(items)])
        self.expect_new(8)
        last = self.collector.messages[-1]["data"]["sources"][0]["time"]
        self.assertTrue(last.startswith("2025-08-29T"), last)
        first = self.collector.messages[0]["data"]["sources"][0]["time"]
        self.assertTrue(first.startswith("2025-08-27T08"), first)
        self.assertIn("this feed's dates lie", self.daemon.asking("why", items[0]["title"]).stdout)


class Stories(Items):
    def test_the_same_story_in_many_feeds_is_one_alert_a_rule(self):
        """Row 56."""
        paths = ["/f%d.xml" % n for n in range(8)]
        rules = ("rules:\n  border: {match: border, alert: desk}\n"
                 "  also: {match: 'title:border', alert: desk}\n")
        self.start([], rule=rules, paths=paths)
        item = report(1)
        for n, path in enumerate(paths):
            self.feeds.set(path, rss([dict(item, guid="g%d" % n, link="https://f%d.example/x" % n)]))
        self.daemon.advance(QUARTER)
        self.daemon.advance(4 * QUARTER)
        self.expect_new(2)
        self.assertEqual({m["data"]["rule"] for m in self.collector.messages}, {"border", "also"})


if __name__ == "__main__":
    unittest.main()
