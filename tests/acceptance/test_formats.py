"""Feeds of every kind through the real daemon, and lists of feeds in and out."""
import json
import pathlib
import subprocess
import unittest
import xml.etree.ElementTree as ElementTree

from harness import BINARY, BORDER, NETWORK, Stage, report, rss

QUARTER = 1000  # seconds: one poll of a feed with `every: 15m`, jitter included


def api(reports):
    return json.dumps({"data": {"total": len(reports), "articles": [
        {"headline": one["title"], "body": {"parts": [one["text"]]}, "url": "/news/%d" % number,
         "id": number, "date": 1756454400000 + number} for number, one in enumerate(reports)]}})


def sitemap(reports):
    urls = "".join("<url><loc>https://example.org/%d</loc><news:news><news:publication_date>"
                   "2025-08-29T08:00:00Z</news:publication_date><news:title>%s</news:title>"
                   "</news:news></url>" % (number, one["title"])
                   for number, one in enumerate(reports))
    return ("<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9' "
            "xmlns:news='http://www.google.com/schemas/sitemap-news/0.9'>%s</urlset>" % urls)


class Formats(unittest.TestCase):
    def setUp(self):
        stage = Stage()
        self.stage = self.enterContext(stage)
        self.feeds, self.collector = stage.feeds, stage.collector

    def watch(self, path, more=""):
        config = self.stage.watch(path).replace("every: 15m}", "every: 15m%s}" % more)
        self.daemon = self.stage.daemon(config).start()
        self.daemon.advance(1)

    def expect_one_alert(self):
        self.daemon.advance(QUARTER)
        self.collector.wait_for(1)
        self.assertEqual(self.collector.kinds(), ["new"], self.daemon.log_text())

    def test_a_publishers_api_is_a_feed_by_its_field_map(self):
        self.feeds.set("/api.json", api([]), content_type="application/json")
        self.watch("/api.json", ", json: {items: /data/articles, title: /headline, link: /url, "
                   "id: /id, content: /body/parts, published: /date}")
        self.assertEqual(self.daemon.feed("api")["status"], "good", self.daemon.log_text())
        self.feeds.set("/api.json", api([report(1)]), content_type="application/json")
        self.expect_one_alert()
        self.assertIn(self.feeds.url("/news/0"), json.dumps(self.collector.messages[-1]))

    def test_an_api_whose_map_no_longer_fits_says_what_is_there(self):
        self.feeds.set("/api.json", json.dumps({"data": {"posts": []}}))
        self.watch("/api.json", ", json: {items: /data/articles, title: /headline}")
        self.assertIn('no items at "/data/articles"; at "/data" there are "posts"',
                      self.daemon.feed("api")["failure"])

    def test_a_news_sitemap_is_a_feed(self):
        self.feeds.set("/news.xml", sitemap([]), content_type="text/xml")
        self.watch("/news.xml")
        self.feeds.set("/news.xml", sitemap([report(1)]), content_type="text/xml")
        self.daemon.advance(QUARTER)
        self.assertEqual(self.daemon.feed("news")["status"], "good", self.daemon.log_text())
        self.assertEqual(self.daemon.feed("news")["items"], 1)


class Lists(unittest.TestCase):
    OPML = """<opml version="2.0"><body><outline text="Wires">
        <outline type="rss" text="One &amp; two" xmlUrl="%s"/>
        <outline type="rss" text="Files" xmlUrl="file:///etc/passwd"/></outline></body></opml>"""

    def setUp(self):
        self.stage = self.enterContext(Stage())
        self.config = self.stage.folder / "lists.yaml"
        self.config.write_text("include: [feeds.d]\n" + NETWORK + BORDER + self.stage.receivers())

    def verb(self, *arguments, code=0):
        done = subprocess.run([BINARY, "feeds", *arguments, "--config", str(self.config)],
                              capture_output=True, text=True, timeout=60, check=False)
        self.assertEqual(done.returncode, code, done.stdout + done.stderr)
        return done.stdout if code == 0 else done.stderr

    def opml(self, url="https://one.example.org/feed"):
        path = self.stage.folder / "my list.opml"
        path.write_text(self.OPML % url)
        return str(path)

    def test_an_opml_file_becomes_a_file_of_its_own_and_only_once(self):
        said = self.verb("import", self.opml())
        made = self.stage.folder / "feeds.d" / "my-list.yaml"
        self.assertIn("1 new in %s" % made, said)
        self.assertIn('"file:///etc/passwd" is left out', said)
        self.assertIn('tags: ["Wires"]', made.read_text())
        before = made.read_text()
        self.assertIn("nothing new\n1 there already", self.verb("import", self.opml()))
        again = json.loads(self.verb("import", self.opml("https://two.example.org/"), "--json"))
        self.assertEqual(again["new"], ["https://two.example.org/"])
        self.assertEqual(pathlib.Path(again["file"]).name, "my-list-2.yaml")
        self.assertEqual(made.read_text(), before)

    def test_feeds_are_the_same_by_their_addresses_and_not_by_what_links_mean(self):
        self.verb("import", self.opml("https://one.example.org/rss?utm_source=paris&amp;b=1"))
        for other in ("https://one.example.org/rss?utm_source=london&amp;b=1",
                      "https://one.example.org/rss", "http://one.example.org:8080/rss",
                      "https://one.example.org:8080/rss"):
            self.assertIn("1 new in", self.verb("import", self.opml(other)), other)
        for same in ("http://www.one.example.org:80/rss/", "https://ONE.example.org/rss#top"):
            self.assertIn("nothing new", self.verb("import", self.opml(same)), same)

    def test_what_is_exported_is_opml_that_imports_as_the_same(self):
        self.verb("import", self.opml(), "--tag", "desk")
        out = self.verb("export")
        outline = ElementTree.fromstring(out).find("body/outline/outline")
        self.assertEqual(outline.get("xmlUrl"), "https://one.example.org/feed")
        self.assertEqual(outline.get("text"), "One & two")
        self.assertEqual(outline.get("category"), "/desk,/Wires")
        path = self.stage.folder / "out.opml"
        path.write_text(out)
        self.assertIn("nothing new", self.verb("import", str(path)))

    def test_what_is_exported_as_json_is_json_and_has_what_opml_has_no_place_for(self):
        self.verb("import", self.opml(), "--tag", "desk")
        self.config.write_text(self.config.read_text() + "feeds:\n  - {url: https://api.example.org"
                               "/v1, id: api, json: {items: /posts, title: /headline}}\n")
        feeds = {feed["name"]: feed for feed in json.loads(self.verb("export", "--json"))["feeds"]}
        self.assertEqual(feeds["One & two"], {"name": "One & two", "tags": ["desk", "Wires"],
                                              "url": "https://one.example.org/feed"})
        self.assertEqual(feeds["api.example.org"], {"name": "api.example.org", "id": "api", "tags": [],
                                                    "url": "https://api.example.org/v1"})
        self.assertIn("either --opml or --json", self.verb("export", "--json", "--opml", code=2))

    def test_a_config_that_does_not_read_the_folder_is_told_what_to_write(self):
        self.config.write_text(self.config.read_text().replace("include: [feeds.d]\n", ""))
        said = self.verb("import", self.opml(), code=1)
        self.assertIn('write "include: [feeds.d]" into %s' % self.config, said)
        self.assertFalse((self.stage.folder / "feeds.d").exists())

    def test_hostile_opml_is_refused_or_bounded(self):
        bomb = self.stage.folder / "bomb.opml"
        bomb.write_text('<!DOCTYPE opml [<!ENTITY a "%s"><!ENTITY b "%s">]><opml><body>'
                        '<outline text="&b;" xmlUrl="https://x.example.org/&b;"/></body></opml>'
                        % ("x" * 1000, "&a;" * 1000))
        said = json.loads(self.verb("import", str(bomb), "--json"))
        self.assertLess(len(json.dumps(said)), 2000)
        deep = self.stage.folder / "deep.opml"
        deep.write_text("<opml><body>%s<outline xmlUrl='https://y.example.org/'/>%s</body></opml>"
                        % ("<outline text='a'>" * 5000, "</outline>" * 5000))
        self.assertIn("outlines nest deeper than 64", self.verb("import", str(deep)))

    def test_an_added_feed_is_live_in_the_running_daemon(self):
        self.stage.feeds.set("/new.xml", rss([]))
        self.config.write_text(self.config.read_text())
        (self.stage.folder / "feeds.d").mkdir(exist_ok=True)
        daemon = self.stage.daemon(self.config.read_text()).start()
        self.config = pathlib.Path(daemon.config)
        self.verb("add", self.stage.feeds.url("/new.xml"), "--name", "New one", "--tag", "a, b")
        self.stage.feeds.wait_asked("/new.xml")
        self.assertIn("it is there already", self.verb("add", self.stage.feeds.url("/new.xml")))
        self.assertIn("this is no URL of a feed", self.verb("add", "ftp://example.org/", code=1))


if __name__ == "__main__":
    unittest.main()
