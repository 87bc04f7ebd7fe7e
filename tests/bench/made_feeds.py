"""Feeds in the shapes that outlets publish, from a seeded generator: the same bytes on any machine.

Each has 20 to 200 KB. Shapes: a blog engine's RSS (HTML in CDATA, extension modules), a broadcaster's
(short CDATA, thumbnails), a magazine's with escaped HTML, Atom with escaped HTML, Atom with XHTML,
an aggregator's list, RDF 1.0, a podcast; Arabic and Cyrillic among them, in UTF-8 and in Windows'
code pages, some with faults that real ones have (a bare ampersand, `&nbsp;`, a blank first line).
"""
import datetime
import html
import json
import pathlib
import random

LATIN = ["ba", "co", "di", "fe", "gor", "han", "in", "jus", "ker", "lam", "min", "no", "or", "pre",
         "qui", "ran", "sta", "ter", "un", "ver", "wes", "yar", "za", "tion", "ment", "ing", "ly"]
ARABIC = ["ال", "بر", "تم", "جد", "حر", "خل", "در", "رس", "سي", "شر", "صو", "طر", "عا", "غر",
          "في", "قو", "كا", "لم", "من", "نا", "هو", "وا", "ية", "ات"]
CYRILLIC = ["ба", "во", "гра", "да", "же", "за", "ки", "лю", "мир", "на", "по", "ре", "сто",
            "ту", "фа", "хо", "ция", "ш", "ый", "ого"]
SHAPES = ("blog", "broadcaster", "magazine", "atom_html", "atom_xhtml", "aggregator", "rdf",
          "podcast")


class Words:
    """Text of one language with the word lengths and frequencies of prose."""

    def __init__(self, rng, syllables, full_stop=". ", comma=", "):
        self.rng = rng
        self.list = ["".join(rng.choices(syllables, k=rng.choice((1, 1, 2, 2, 2, 3, 3, 4))))
                     for _ in range(4000)]
        self.weights = [1 / (n + 3) for n in range(4000)]
        self.full_stop, self.comma = full_stop, comma

    def take(self, count):
        return self.rng.choices(self.list, self.weights, k=count)

    def title(self):
        return " ".join(word.capitalize() for word in self.take(self.rng.randint(5, 12)))

    def sentence(self):
        words = self.take(self.rng.randint(6, 28))
        words[0] = words[0].capitalize()
        if len(words) > 12:
            words[7] += self.comma.rstrip()
        return " ".join(words) + self.full_stop.rstrip()

    def paragraph(self):
        return " ".join(self.sentence() for _ in range(self.rng.randint(2, 6)))


class Feed:
    """One outlet."""

    def __init__(self, number):
        self.rng = random.Random(7000 + number)
        self.shape = SHAPES[number % len(SHAPES)]
        self.tongue = ("latin", "latin", "latin", "arabic", "cyrillic")[number // 8 % 5]
        self.words = Words(self.rng, {"latin": LATIN, "arabic": ARABIC, "cyrillic": CYRILLIC}[
            self.tongue], comma="، " if self.tongue == "arabic" else ", ")
        self.site = "https://www.outlet%d.example" % number
        self.size = int(20_000 * 10 ** self.rng.random())
        self.now = datetime.datetime(2026, 11, 20, 12, 0, 0)
        legacy = {"latin": "iso-8859-1", "arabic": "windows-1256", "cyrillic": "windows-1251"}
        self.encoding = legacy[self.tongue] if number % 11 == 5 else "utf-8"
        self.fault = number % 13

    def slug(self):
        return "-".join("".join(self.rng.choices(LATIN, k=2)) for _ in range(5))

    def when(self):
        self.now -= datetime.timedelta(minutes=self.rng.randint(3, 240))
        return self.now

    def rfc822(self):
        zone = ("+0000", "GMT", "+0300", "EST")[self.size % 4]
        return self.when().strftime("%a, %d %b %Y %H:%M:%S ") + zone

    def iso(self):
        return self.when().strftime("%Y-%m-%dT%H:%M:%S") + ("Z", "+03:00")[self.size % 2]

    def markup(self, paragraphs):
        parts = []
        for number in range(paragraphs):
            text = self.words.paragraph()
            if number % 3 == 1:
                text = '<a href="%s/%s/?utm_source=rss&amp;utm_medium=feed">%s</a> %s' % (
                    self.site, self.slug(), self.words.title(), text)
            if number % 5 == 2:
                text = "<strong>%s</strong>&#8217;s %s &#8211; %s" % (
                    self.words.take(1)[0], text, self.words.sentence())
            parts.append("<p>%s</p>\n" % text)
            if number % 4 == 0:
                parts.append('<figure class="wp-block-image"><img src="%s/img/%d.jpg?w=640&#038;'
                             'h=360" alt="%s" width="640" height="360" loading="lazy" /></figure>\n'
                             % (self.site, self.rng.randint(1, 10**6), self.words.title()))
        return "".join(parts)

    def document(self):
        """The bytes, of about `size`."""
        items, length = [], 0
        while length < self.size:
            items.append(getattr(self, self.shape)())
            length += len(items[-1].encode())
        head, tail = self.frame()
        prolog = '<?xml version="1.0" encoding="%s"?>\n' % self.encoding.upper()
        text = prolog + head + "".join(items) + tail
        if self.fault == 3:
            text = "\n" + text
        return text.encode(self.encoding, "xmlcharrefreplace")

    def frame(self):
        title = html.escape(self.words.title())
        if self.shape.startswith("atom"):
            return ('<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en">\n<title>%s</title>\n'
                    '<link rel="alternate" type="text/html" href="%s/"/>\n<link rel="self" '
                    'href="%s/feed.atom"/>\n<id>tag:outlet,2026:%s</id>\n<updated>%s</updated>\n'
                    % (title, self.site, self.site, self.site[8:], self.iso()), "</feed>\n")
        spaces = "".join(' xmlns:%s="%s"' % pair for pair in (
            ("content", "http://purl.org/rss/1.0/modules/content/"),
            ("dc", "http://purl.org/dc/elements/1.1/"),
            ("media", "http://search.yahoo.com/mrss/"), ("atom", "http://www.w3.org/2005/Atom"),
            ("sy", "http://purl.org/rss/1.0/modules/syndication/"),
            ("slash", "http://purl.org/rss/1.0/modules/slash/"),
            ("itunes", "http://www.itunes.com/dtds/podcast-1.0.dtd")))
        channel = ("<title>%s</title>\n<link>%s/</link>\n<description>%s</description>\n"
                   % (title, self.site, html.escape(self.words.sentence())))
        if self.shape == "rdf":
            return ('<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" '
                    'xmlns="http://purl.org/rss/1.0/"%s>\n<channel rdf:about="%s/">\n%s</channel>\n'
                    % (spaces, self.site, channel), "</rdf:RDF>\n")
        return ('<rss version="2.0"%s>\n<channel>\n%s<atom:link href="%s/feed/" rel="self" '
                'type="application/rss+xml" />\n<language>en</language>\n<sy:updatePeriod>hourly'
                '</sy:updatePeriod>\n' % (spaces, channel, self.site), "</channel>\n</rss>\n")

    def blog(self):
        link = "%s/2026/11/%s/" % (self.site, self.slug())
        body = self.markup(self.rng.randint(4, 10))
        return ("\t<item>\n\t\t<title>%s</title>\n\t\t<link>%s</link>\n\t\t<comments>%s#respond"
                "</comments>\n\t\t<dc:creator><![CDATA[%s]]></dc:creator>\n\t\t<pubDate>%s</pubDate>"
                "\n%s\t\t<guid isPermaLink=\"false\">%s/?p=%d</guid>\n\t\t<description><![CDATA["
                "<p>%s [&#8230;]</p>\n]]></description>\n\t\t<content:encoded><![CDATA[%s]]>"
                "</content:encoded>\n\t\t<slash:comments>0</slash:comments>\n\t</item>\n" % (
                    html.escape(self.words.title()) + (" &#8211; " if self.size % 2 else " & more"),
                    link, link, self.words.title(), self.rfc822(),
                    "".join("\t\t<category><![CDATA[%s]]></category>\n" % word
                            for word in self.words.take(self.rng.randint(2, 6))),
                    self.site, self.rng.randint(1, 10**6), self.words.paragraph(), body))

    def broadcaster(self):
        link = "%s/news/world-%d" % (self.site, self.rng.randint(10**7, 10**8))
        return ("<item><title><![CDATA[%s]]></title><description><![CDATA[%s]]></description>"
                "<link>%s?at_medium=RSS&amp;at_campaign=rss</link><guid isPermaLink=\"false\">%s#%d"
                "</guid><pubDate>%s</pubDate><media:thumbnail width=\"240\" height=\"134\" "
                "url=\"%s/240/%d.jpg\"/></item>" % (
                    self.words.title(), self.words.sentence(), link, link, self.size % 5,
                    self.rfc822(), self.site, self.rng.randint(1, 10**6)))

    def magazine(self):
        body = html.escape(self.markup(self.rng.randint(1, 4)), quote=False)
        nbsp = "&nbsp;" if self.fault == 7 else " "
        return ("<item>\n<title>%s</title>\n<link>%s/%s</link>\n<description>%s%s</description>\n"
                "%s<pubDate>%s</pubDate>\n<guid>%s/%s</guid>\n<dc:creator>%s</dc:creator>\n"
                "<media:content url=\"%s/i/%d.jpg?width=460&amp;quality=85&amp;s=%x\" width=\"460\">"
                "<media:credit scheme=\"urn:ebu\">%s</media:credit></media:content>\n</item>\n" % (
                    html.escape(self.words.title()), self.site, self.slug(), body, nbsp,
                    "".join('<category domain="%s/t/%s">%s</category>\n' % (self.site, word, word)
                            for word in self.words.take(4)),
                    self.rfc822(), self.site, self.slug(), self.words.title(), self.site,
                    self.rng.randint(1, 10**6), self.rng.getrandbits(64), self.words.title()))

    def atom(self, content):
        return ("<entry>\n<title type=\"html\">%s</title>\n<link rel=\"alternate\" type=\"text/html\""
                " href=\"%s/%s.html\"/>\n<id>%s/%d</id>\n<published>%s</published>\n<updated>%s"
                "</updated>\n<author><name>%s</name><uri>%s/about</uri></author>\n%s%s</entry>\n" % (
                    html.escape(self.words.title()), self.site, self.slug(), self.site,
                    self.rng.randint(1, 10**9), self.iso(), self.iso(), self.words.title(),
                    self.site, "".join('<category term="%s"/>' % w for w in self.words.take(3)),
                    content))

    def atom_html(self):
        body = html.escape(self.markup(self.rng.randint(2, 6)))
        return self.atom('<content type="html">%s</content>\n' % body)

    def atom_xhtml(self):
        body = self.markup(self.rng.randint(2, 6))
        return self.atom('<summary>%s</summary>\n<content type="xhtml"><div xmlns="http://www.w3.'
                         'org/1999/xhtml">%s</div></content>\n' % (self.words.sentence(), body))

    def aggregator(self):
        link = "%s/rss/articles/%x?oc=5" % (self.site, self.rng.getrandbits(300))
        rows = "".join('&lt;li&gt;&lt;a href="%s" target="_blank"&gt;%s&lt;/a&gt;&amp;nbsp;&amp;nbsp;'
                       '&lt;font color="#6f6f6f"&gt;%s&lt;/font&gt;&lt;/li&gt;' % (
                           link, self.words.title(), self.words.take(1)[0]) for _ in range(4))
        return ("<item><title>%s - %s</title><link>%s</link><guid isPermaLink=\"false\">%x</guid>"
                "<pubDate>%s</pubDate><description>&lt;ol&gt;%s&lt;/ol&gt;</description><source url="
                "\"%s\">%s</source></item>" % (
                    self.words.title(), self.words.take(1)[0], link, self.rng.getrandbits(200),
                    self.rfc822(), rows, self.site, self.words.title()))

    def rdf(self):
        link = "%s/story/%s" % (self.site, self.slug())
        return ('<item rdf:about="%s">\n<title>%s</title>\n<link>%s</link>\n<description>%s'
                "</description>\n<dc:creator>%s</dc:creator>\n<dc:date>%s</dc:date>\n<dc:subject>%s"
                "</dc:subject>\n<slash:department>%s</slash:department>\n</item>\n" % (
                    link, html.escape(self.words.title()), link,
                    html.escape(self.words.paragraph()), self.words.title(), self.iso(),
                    self.words.take(1)[0], self.slug()))

    def podcast(self):
        notes = self.markup(self.rng.randint(1, 3))
        return ("<item><title>%s</title><description><![CDATA[%s]]></description><content:encoded>"
                "<![CDATA[%s]]></content:encoded><pubDate>%s</pubDate><itunes:duration>%d"
                "</itunes:duration><itunes:author>%s</itunes:author><itunes:subtitle>%s"
                "</itunes:subtitle><itunes:keywords>%s</itunes:keywords><enclosure url=\"%s/%s.mp3\""
                " length=\"%d\" type=\"audio/mpeg\"/><guid isPermaLink=\"false\">%x</guid></item>" % (
                    html.escape(self.words.title()), notes, notes, self.rfc822(),
                    self.rng.randint(600, 7200), self.words.title(), self.words.sentence(),
                    ",".join(self.words.take(5)), self.site, self.slug(),
                    self.rng.randint(10**6, 10**8), self.rng.getrandbits(120)))

    def json_feed(self):
        """The same outlet's JSON Feed, the keys in the order in which blog engines write them."""
        items, length = [], 0
        while length < self.size:
            link = "%s/2026/11/%s/" % (self.site, self.slug())
            items.append({
                "id": link, "url": link, "title": self.words.title(),
                "content_html": self.markup(self.rng.randint(2, 8)),
                "summary": self.words.sentence(), "date_published": self.iso(),
                "authors": [{"name": self.words.title(), "url": self.site + "/about"}],
                "tags": self.words.take(4)})
            length += len(items[-1]["content_html"].encode())
        feed = {"version": "https://jsonfeed.org/version/1.1", "title": self.words.title(),
                "home_page_url": self.site, "feed_url": self.site + "/feed.json", "items": items}
        return json.dumps(feed, ensure_ascii=self.size % 2 == 0).encode()


def make(folder, count=200, write=Feed.document):
    """Writes 200 feeds as 000.xml and on; returns the folder. `write` is Feed.document or
    Feed.json_feed."""
    folder = pathlib.Path(folder)
    mark = folder / ("made-%d" % count)
    if mark.exists():
        return folder
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(count):
        (folder / ("%03d.xml" % number)).write_bytes(write(Feed(number)))
    (folder / mark.name).write_bytes(b"")  # empty: no feed
    return folder
