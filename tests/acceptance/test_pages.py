"""`wirewatch extract` and `wirewatch feeds discover` on pages as a server gives them."""
import json
import pathlib
import tempfile
import unittest

from harness import NETWORK, FeedServer, rss, verb

PARAGRAPHS = [
    "A dam burst above the town of Halden on Monday, sending water through two villages, and "
    "forcing hundreds from their homes, officials said.",
    "No deaths were reported, but rescue crews were still searching three houses, the county "
    "governor said in a statement, and asked people to stay away.",
]
PAGE = """<!doctype html><html lang="en"><head>
<title>Dam bursts near Halden | The Fjord Post</title><link rel="canonical" href="/news/dam">
<meta property="og:site_name" content="The Fjord Post"><meta name="author" content="Ingrid Aas">
<meta property="article:published_time" content="2026-03-02T10:00:00+01:00">%s</head>
<body><nav><a href="/">Home</a></nav><main><h1>Dam bursts near Halden</h1>
<div>Click to listen</div><p>%s</p><p>%s</p></main><footer>Kai 1, Halden</footer></body></html>"""
FEED_LINKS = """<link rel="alternate" type="application/rss+xml" title="Comments" href="/comments">
<link rel="alternate" type="application/rss+xml" title="Gone" href="/gone">
<link rel="alternate" type="application/rss+xml" title="News" href="/news.xml">"""


def page(head=""):
    return PAGE % (head, *PARAGRAPHS)


class Pages(unittest.TestCase):
    def setUp(self):
        self.server = FeedServer()
        self.addCleanup(self.server.close)
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.config = self.folder / "wirewatch.yaml"
        self.config.write_text(NETWORK + "feeds: [http://127.0.0.1:1/feed]\nrules: "
                               "{r: {match: border, alert: s}}\nreceivers: {s: {console: {}}}\n")

    def html(self, path, text):
        self.server.set(path, text, content_type="text/html; charset=utf-8")

    def good(self, *arguments, stdin=None):
        done = verb(*arguments, stdin=stdin)
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stdout

    def fails(self, code, text, *arguments, stdin=None):
        done = verb(*arguments, stdin=stdin)
        self.assertEqual(done.returncode, code, done.stdout + done.stderr)
        self.assertIn(text, done.stderr)

    def test_an_article_is_read_from_an_address(self):
        self.html("/a?ref=feed", page())
        found = json.loads(self.good("extract", self.server.url("/a?ref=feed"), "--json",
                                     "--config", str(self.config)))
        self.assertEqual(found, {
            "title": "Dam bursts near Halden", "byline": "Ingrid Aas",
            "published": "2026-03-02T09:00:00Z", "language": "en", "site": "The Fjord Post",
            "canonical": self.server.url("/news/dam"), "text": "\n\n".join(PARAGRAPHS)})

    def test_people_get_text_from_a_file_or_standard_input(self):
        file = self.folder / "page.html"
        file.write_text(page())
        shown = self.good("extract", str(file), "--url", "https://example.org/x")
        self.assertEqual(shown, self.good("extract", "-", "--url", "https://example.org/x",
                                          stdin=page()))
        self.assertTrue(shown.startswith("title      Dam bursts near Halden\n"), shown)
        self.assertIn("canonical  https://example.org/news/dam\n", shown)
        self.assertTrue(shown.endswith("\n\n" + "\n\n".join(PARAGRAPHS) + "\n"), shown)

    def test_what_is_no_article_is_said(self):
        self.fails(1, "wirewatch extract: -: the page holds no text", "extract", "-",
                   stdin="<script>x</script>")
        self.fails(1, 'cannot read "nowhere.html"', "extract", "nowhere.html")
        self.fails(1, "the server answers 404", "extract", self.server.url("/none"),
                   "--config", str(self.config))
        self.fails(2, "there is no option --jso", "extract", "-", "--jso")

    def test_private_addresses_are_not_asked_unless_allowed(self):
        self.html("/a", page(FEED_LINKS))
        for arguments in (("extract",), ("feeds", "discover")):
            self.fails(1, "127.0.0.1", *arguments, self.server.url("/a"))
        self.assertEqual(self.server.count("/a"), 0)

    def test_discovery_shows_stated_feeds_that_really_are_feeds(self):
        self.html("/", page(FEED_LINKS))
        self.html("/gone", page())
        self.server.set("/comments", rss([]))
        self.server.set("/news.xml", rss([
            dict(title="One", guid="1", published="2026-03-02T09:00:00Z"),
            dict(title="Two", guid="2", published="2026-03-03T09:00:00Z")], title="Fjord"))
        arguments = ("feeds", "discover", self.server.url("/"), "--config", str(self.config))
        found = json.loads(self.good(*arguments, "--json"))
        news, comments = found["feeds"]
        self.assertFalse(found["is_feed"])
        self.assertEqual((news["url"], news["title"], news["format"], news["items_count"]),
                         (self.server.url("/news.xml"), "Fjord", "RSS", 2))
        self.assertEqual(news["newest"], "2026-03-03T09:00:00Z")
        self.assertEqual((comments["comments"], comments["items_count"]), (True, 0))
        self.assertIn("  - %s\n" % self.server.url("/news.xml"), self.good(*arguments))
        self.assertEqual(self.server.count("/feed"), 0, "nothing is guessed when links are stated")

    def test_discovery_of_a_feed_says_so(self):
        self.server.set("/rss", rss([dict(title="One", guid="1")], title="Fjord"))
        arguments = ("feeds", "discover", self.server.url("/rss"), "--config", str(self.config))
        self.assertIn("is a feed itself", self.good(*arguments))
        self.assertTrue(json.loads(self.good(*arguments, "--json"))["is_feed"])

    def test_discovery_guesses_where_nothing_is_stated_and_not_without_end(self):
        self.html("/blog", page())
        self.server.set("/feed.xml", rss([dict(title="One", guid="1")], title="Fjord"))
        arguments = ("feeds", "discover", self.server.url("/blog"), "--config", str(self.config))
        found = json.loads(self.good(*arguments, "--json"))
        self.assertEqual([feed["url"] for feed in found["feeds"]], [self.server.url("/feed.xml")])
        self.html("/feed.xml", page())
        before = len(self.server.requests)
        self.fails(1, "no feed was found on the page, nor where sites usually keep one", *arguments)
        self.assertLessEqual(len(self.server.requests) - before, 33)

    def test_discovery_is_misused(self):
        self.fails(2, "discover where? feeds discover URL", "feeds", "discover")
        self.fails(2, '"ftp://example.org" is no http or https address', "feeds", "discover",
                   "ftp://example.org")


if __name__ == "__main__":
    unittest.main()
