"""Pages of items (`fetch_article`), through the real daemon: the article counts where there is one,
the feed's own text where there is none, and nothing is lost or told twice in between."""
import json
import threading
import unittest

from harness import BORDER, NETWORK, Stage, report, rss

QUARTER = 1000
TEASER = "Read the whole report on our site."


def page(item, text, title=None):
    return ("<!DOCTYPE html><html><head><title>%s</title></head><body><article><h1>%s</h1>%s"
            "</article></body></html>" % (title or item["title"], title or item["title"],
                                          "".join("<p>%s</p>" % p for p in text.split("\n"))))


class Articles(unittest.TestCase):
    def setUp(self):
        stage = Stage()
        self.stage = self.enterContext(stage)
        self.feeds, self.collector = stage.feeds, stage.collector

    def config(self, mode="always", article="", path="/a.xml", more="",
               rule="rules:\n  border: {match: smugglers, alert: desk}\n"):
        feeds = ("feeds:\n  - {url: %s, name: a, every: 15m, fetch_article: %s}\n%s"
                 % (json.dumps(self.feeds.url(path)), mode, more))
        return NETWORK + article + feeds + rule + self.stage.receivers()

    def start(self, config=None):
        self.feeds.set("/a.xml", rss([]))
        self.daemon = self.stage.daemon(config or self.config()).start()
        self.daemon.advance(1)
        return self.daemon

    def teaser(self, number, **more):
        item = report(number, text=TEASER, **more)
        item["link"] = self.feeds.url("/page/%d" % number)
        return item

    def body(self, number, extra="The smugglers crossed at night."):
        return report(number)["text"] + "\n" + extra

    def publish(self, *items):
        self.feeds.set("/a.xml", rss(list(items)))
        self.daemon.advance(QUARTER)

    def why(self, item):
        return self.daemon.ask("GET", "/v1/why", item=item["title"])[1]

    def notes(self, item):
        return " ".join(self.why(item)["revisions"][-1]["notes"])

    def expect_new(self, count, why=None):
        self.assertEqual(self.collector.kinds().count("new"), count,
                         "%s\n%s" % (why or "", self.daemon.log_text()))


class Chosen(Articles):
    def test_the_article_is_what_is_matched_and_why_says_so(self):
        self.start()
        item = self.teaser(1)
        self.feeds.set("/page/1", page(item, self.body(1)), content_type="text/html")
        self.publish(item)
        self.expect_new(1)
        self.assertRegex(self.notes(item), r"article: \d+ words of the page, where the feed has 7")
        self.assertIn("article: ", self.daemon.asking("why", item["title"]).stdout)
        sent = self.feeds.asked("/page/1")
        self.assertEqual(len(sent), 1)
        self.assertIn("text/html", sent[0]["Accept"])

    def test_of_the_wrong_kind_the_feeds_own_text_counts_with_the_reason(self):
        self.start()
        kinds = {
            10: (dict(body=b"%PDF-1.7 smugglers", content_type="application/pdf"),
                 "the page is application/pdf, not HTML"),
            11: (dict(body="<html>smugglers</html>", content_type="text/html", status=404),
                 "the server answered 404 Not Found"),
            12: (dict(body="<html><body><p>%s smugglers</p><input type=\"password\"></body></html>"
                      % " ".join(["please"] * 300), content_type="text/html"),
                 "the page asks for a login"),
            13: (dict(body=page(report(13), "smugglers"), content_type="text/html"),
                 "the feed's own text"),
            14: (dict(body="<html><body><p>%s</p></body></html>" % ("smugglers news " * 200),
                      content_type="text/html"), "speaks of something else"),
        }
        items = []
        for number, (answer, _) in kinds.items():
            items.append(self.teaser(number))
            if number == 13:
                items[-1]["text"] = "The border guards say that " + "word " * 80
            self.feeds.set("/page/%d" % number, **answer)
        self.publish(*items)
        self.expect_new(0)
        for item, (number, (_, reason)) in zip(items, kinds.items()):
            with self.subTest(number):
                self.assertIn(reason, self.notes(item))

    def test_when_short_asks_only_for_pages_of_short_texts_and_teasers(self):
        self.start(self.config("when-short", "article: {short: 40}\n"))
        short, long = self.teaser(20), self.teaser(21)
        long["text"] = "The border guards say that " + "word " * 60
        cut = dict(self.teaser(22), text=long["text"] + " and then …")
        for number in (20, 21, 22):
            self.feeds.set("/page/%d" % number, page(report(number), self.body(number)),
                           content_type="text/html")
        self.publish(short, long, cut)
        self.assertEqual([self.feeds.count("/page/%d" % n) for n in (20, 21, 22)], [1, 0, 1])

    def test_never_and_in_a_baseline_no_page_is_asked_for(self):
        item = self.teaser(30)
        self.feeds.set("/page/30", page(item, self.body(30)), content_type="text/html")
        self.feeds.set("/a.xml", rss([item]))
        self.daemon = self.stage.daemon(self.config()).start()
        self.daemon.advance(1)
        self.assertEqual(self.feeds.count("/page/30"), 0)
        self.assertIn("the feed's first fetch", self.notes(item))

    def test_an_edited_entry_fetches_its_page_anew_and_an_unchanged_one_does_not(self):
        self.start()
        item = self.teaser(40)
        self.feeds.set("/page/40", page(item, self.body(40)), content_type="text/html")
        self.publish(item)
        self.publish(item, report(41, link=""))
        self.assertEqual(self.feeds.count("/page/40"), 1)
        self.publish(dict(item, text=TEASER + " It was corrected since."))
        self.assertEqual(self.feeds.count("/page/40"), 2)
        self.expect_new(1)

    def test_a_page_at_an_address_that_may_not_be_reached_is_not(self):
        self.start()
        item = dict(self.teaser(50), link="http://169.254.169.254/latest/meta-data")
        self.publish(item)
        self.assertRegex(self.notes(item), "article not used: .*169.254.169.254|link-local")

    def test_a_page_beyond_the_cap_is_not_read(self):
        self.start(self.config(article="article: {body: 2KiB}\n"))
        item = self.teaser(55)
        self.feeds.set("/page/55", page(item, self.body(55) + " filler" * 1000),
                       content_type="text/html")
        self.publish(item)
        self.expect_new(0)
        self.assertIn("article not used", self.notes(item))

    def test_opml_feeds_take_it_from_beside_the_file_and_a_wrong_word_is_refused(self):
        (self.stage.folder / "list.opml").write_text(
            '<opml version="2.0"><body><outline text="a" xmlUrl="%s"/></body></opml>'
            % self.feeds.url("/a.xml"))
        config = self.config().split("feeds:")[0] + (
            "feeds:\n  - {opml: list.opml, every: 15m, fetch_article: always}\n"
            "rules:\n  border: {match: smugglers, alert: desk}\n" + self.stage.receivers())
        self.start(config)
        item = self.teaser(60)
        self.feeds.set("/page/60", page(item, self.body(60)), content_type="text/html")
        self.publish(item)
        self.expect_new(1)
        wrong = self.stage.folder / "wrong.yaml"
        wrong.write_text(config.replace("always", "sometimes"))
        refused = self.daemon.verb("check", "--config", str(wrong))
        self.assertEqual(refused.returncode, 1)
        self.assertIn("sometimes", refused.stdout + refused.stderr)


class Slow(Articles):
    def hang(self, path):
        """A page that does not come until it is let go."""
        go = threading.Event()
        self.addCleanup(go.set)

        def answer(request):
            go.wait(60)
            try:
                request.send_response(503)
                request.send_header("Content-Length", "0")
                request.end_headers()
            except OSError:
                pass

        self.feeds.script(path, answer)
        return go

    def test_what_does_not_come_in_time_is_decided_with_the_feeds_own_text(self):
        self.start(self.config(article="article: {timeout: 1s}\n", rule=BORDER))
        item = self.teaser(100)
        self.hang("/page/100")
        self.publish(item)
        self.expect_new(1)
        self.assertIn("article not used: ", self.notes(item))

    def test_a_slow_page_delays_no_other_feed(self):
        self.feeds.set("/b.xml", rss([]))
        other = ("  - {url: %s, name: b, every: 15m}\n" % json.dumps(self.feeds.url("/b.xml")))
        self.start(self.config(more=other, rule=BORDER))
        item = self.teaser(110)
        go = self.hang("/page/110")
        self.feeds.set("/a.xml", rss([item]))
        self.feeds.set("/b.xml", rss([report(111)]))
        stepping = threading.Thread(target=self.daemon.advance, args=(QUARTER,))
        stepping.start()
        self.feeds.wait_asked("/page/110")
        self.daemon.ask("POST", "/v1/feeds/poll", name="b")  # the clock stands until the page came
        self.assertTrue(self.collector.wait_for(1))
        self.assertEqual(self.collector.headlines(), [report(111)["title"]])
        self.assertIn("its page", self.daemon.asking("why", item["title"]).stdout)
        go.set()
        stepping.join(60)
        self.expect_new(2)

    def test_one_host_is_asked_for_few_pages_at_once(self):
        self.start(self.config(article="article: {per_host: 2}\n", rule=BORDER))
        lock, now, most = threading.Lock(), [0], [0]
        both = threading.Barrier(2, timeout=30)

        def answer(request):
            with lock:
                now[0] += 1
                most[0] = max(most[0], now[0])
            both.wait()  # two at once, again and again: no more would come here unseen
            with lock:
                now[0] -= 1
            request.send_response(404)
            request.send_header("Content-Length", "0")
            request.end_headers()

        items = [self.teaser(number) for number in range(120, 128)]
        for number in range(120, 128):
            self.feeds.script("/page/%d" % number, answer)
        self.publish(*items)
        self.expect_new(8)
        self.assertEqual(most[0], 2)

    def test_a_kill_between_the_two_transactions_loses_nothing_and_repeats_nothing(self):
        self.start()
        item = self.teaser(130)
        self.hang("/page/130")
        self.feeds.set("/a.xml", rss([item]))
        stepping = threading.Thread(target=self.swallow, args=(QUARTER,))
        stepping.start()
        self.feeds.wait_asked("/page/130")
        self.daemon.kill()
        stepping.join(60)
        self.expect_new(0)
        self.feeds.set("/page/130", page(item, self.body(130)), content_type="text/html")
        self.daemon.start()
        self.daemon.advance(1)
        self.expect_new(1)
        self.daemon.advance(4 * QUARTER)
        self.daemon.kill()
        self.daemon.start()
        self.daemon.advance(4 * QUARTER)
        self.expect_new(1)
        self.assertEqual(self.feeds.count("/page/130"), 2)

    def swallow(self, seconds):
        try:
            self.daemon.advance(seconds)
        except (OSError, AssertionError, ValueError):
            pass  # it was killed meanwhile
        except Exception:  # noqa: BLE001 (http.client's own)
            pass

    def test_a_stop_does_not_wait_for_pages(self):
        self.start()
        self.hang("/page/140")
        self.feeds.set("/a.xml", rss([self.teaser(140)]))
        stepping = threading.Thread(target=self.swallow, args=(QUARTER,))
        stepping.start()
        self.feeds.wait_asked("/page/140")
        self.daemon.stop()
        stepping.join(60)
        self.assertNotIn("did not stop in time", self.daemon.log_text())


if __name__ == "__main__":
    unittest.main()
