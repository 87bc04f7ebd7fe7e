"""Every request that a receiver makes, for alerts as unpleasant as feeds can make them, against
the services' own schemas and limits, and its signature against two other implementations."""
import base64
import hashlib
import hmac
import json
import pathlib
import re
import shutil
import subprocess
import tempfile
import time
import unittest

import payload_rules
from fake_services import Request, Services
from harness import NETWORK, PATIENCE, Stage, report, retold, rss

QUARTER = 1000
KEYS = ["whsec_" + base64.b64encode(b"the first key of the tests").decode(),
        "whsec_" + base64.b64encode(b"the second key of the tests").decode()]

LONG = "border " + "\U0001f468\u200d\U0001f469\u200d\U0001f467 \U0001f1ee\U0001f1f6e\u0301 \u4e2d\u6587 " * 400
NASTY = {
    "long": dict(title=LONG, text=LONG),
    "right to left": dict(
        title="قوات الحدود border تغلق المعبر \u202e\u2066بعد (الهجوم) 123",
        text="أعلنت وزارة الداخلية border إغلاق المعبر. " * 30),
    "markup": dict(
        title="border *b* _i_ ~s~ `c` [x](http://evil.example) <b>&amp;</b> \"q\" \\ | > # ```\n> q",
        text="border </a></b><blockquote><script>alert(1)</script> **x** ||y|| &lt;b&gt; {{x}} {title}"),
    "mentions": dict(
        title="border @everyone @here <!channel> <@U123> <#C1> @channel @all <users/all> @room #x /who",
        text="border <at>Anna</at> @anna:matrix.example tg://user?id=1 <@&1> @desk"),
    "control": dict(
        title="border \u0007\u001b[31mred\u001b[0m \u200e\u202dspoof\u202c \ufeff\u2028 line",
        text="border \u0000 \u009b31m \ud7ff\ufffe\ufffd end"),
    "no text": dict(title="border alone", text=""),
    "no title": dict(title=""),
    "no link": dict(link="", guid="urn:nolink"),
    "script link": dict(link="javascript:alert(document.cookie)"),
    "long link": dict(link="http://news.example/" + "a" * 3000),
    "odd link": dict(link="http://user:pw@news.example/a b|c>d\"e'f)g]h<i`j*k_l~"),
}
ENTITIES = "".join(
    "entity-%d:\n  kind: person\n  names: [%s]\n" % (n, json.dumps(name, ensure_ascii=False))
    for n, name in enumerate(["Karelo Mitosa", "<!channel> Zubaly", "كاريلو ميتوسا", "A*b_c~ Wexoqua"]))


class Everywhere(unittest.TestCase):
    """A daemon with a receiver of every kind and in every way it follows up."""

    def setUp(self):
        self.stage = self.enterContext(Stage())
        self.services = Services()
        self.addCleanup(self.services.close)

    def secret(self, name, value):
        path = self.stage.folder / name
        path.write_text(value, encoding="utf-8")
        return str(path)

    def receivers(self):
        def url(path):
            return self.secret(path.replace("/", "-"), self.services.address + "/" + path)

        token = self.secret("token", "t0ken")
        base = self.services.address
        kinds = {
            "slack": {"slack": {"url_file": url("slack/T0/B0/x")}},
            "slackbot": {"slack": {"bot_token_file": token, "channel": "C1",
                                   "server": base + "/slackbot"}},
            "slackedit": {"slack": {"bot_token_file": token, "channel": "C1",
                                    "server": base + "/slackbot", "on_update": "edit"}},
            "discord": {"discord": {"url_file": url("discord/1/x")}},
            "discordpost": {"discord": {"url_file": url("discord/2/x"), "on_update": "post"}},
            "teams": {"teams": {"url_file": url("teams/x")}},
            "mattermost": {"mattermost": {"url_file": url("mattermost/x"), "channel": "desk"}},
            "telegram": {"telegram": {"bot_token_file": token, "chat": "-1001",
                                      "server": base + "/telegram"}},
            "telegramedit": {"telegram": {"bot_token_file": token, "chat": "@desk",
                                          "server": base + "/telegram", "on_update": "edit"}},
            "google": {"google_chat": {"url_file": url("google/x?key=1")}},
            "matrix": {"matrix": {"server": base + "/matrix", "token_file": token,
                                  "room": "!abc:example.org"}},
            "matrixedit": {"matrix": {"server": base + "/matrix", "token_file": token,
                                      "room": "!abc:example.org", "on_update": "edit"}},
            "ntfy": {"ntfy": {"server": base + "/ntfy", "topic": "desk"}},
            "webhook": {"webhook": {"url": base + "/webhook/in", "secret_files": self.keys()}},
            "events": {"webhook": {"url": base + "/cloudevents/in", "format": "cloudevents"}},
            "tree": {"webhook": {"url": base + "/tree/in", "body": {
                "title": "{severity}: {headline}", "all": "{sources}", "link": "{url} {passage}"}}},
        }
        return kinds

    def keys(self):
        return [self.secret("key%d" % n, key) for n, key in enumerate(KEYS)]

    def start(self, paths, rule, clock="2025-08-29T08:00:00Z", more=""):
        for path in paths:
            self.stage.feeds.set(path, rss([]))
        (self.stage.folder / "entities.yaml").write_text(ENTITIES, encoding="utf-8")
        self.kinds = self.receivers()
        config = (NETWORK + "time_zone: Asia/Baghdad\n" + more
                  + self.stage.feed_list(paths) + "entities: [entities.yaml]\n" + rule
                  + "receivers: " + json.dumps(self.kinds, ensure_ascii=False) + "\n")
        self.daemon = self.stage.daemon(config, clock=clock)
        self.daemon.start()
        self.daemon.advance(max(5, len(paths) / 5))
        return self.daemon


class Payloads(Everywhere):
    @classmethod
    def setUpClass(cls):
        if payload_rules.jsonschema is None:
            raise unittest.SkipTest("no JSON Schema validator: python3-jsonschema is not installed")
        if not payload_rules.SCHEMAS.is_dir():
            raise unittest.SkipTest("no schemas at %s" % payload_rules.SCHEMAS)
        cls.rules = payload_rules.Rules()

    def judge(self, requests):
        self.assertTrue(requests)
        for request in requests:
            with self.subTest(kind=request.kind, path=request.path):
                try:
                    self.rules.check(request)
                except payload_rules.Wrong as wrong:
                    self.fail("%s %s: %s\n%s" % (request.method, request.path, wrong,
                                                 request.body.decode()[:3000]))
                self.clean(request.body.decode())

    def clean(self, text):
        """Nothing that steers a terminal or turns text round, escaped or not."""
        self.assertNotRegex(text, "[\\u0000-\\u0008\\u000b-\\u001f\\u007f-\\u009f\\u202a-\\u202e]")
        self.assertNotRegex(text, r"\\u00(0[0-8bcef]|1[0-9a-f]|7f|[89][0-9a-f])|\\u202[a-e]")
        for kind in ("javascript:alert(document.cookie)\"",):
            self.assertNotIn('href=\\"' + kind, text)

    def test_nasty_alerts_fit_every_service(self):
        self.start(["/a.xml"], "rules:\n  border: {match: 'border OR @entity-0', severity: critical,\n"
                   "           once_per: article}\n",
                   more="public_url: https://alerts.example.org\n")
        items = []
        for number, (name, nasty) in enumerate(NASTY.items()):
            item = report(number, published=self.daemon.clock)
            item["text"] = ("Karelo Mitosa, <!channel> Zubaly, كاريلو ميتوسا and A*b_c~ Wexoqua. "
                            + item["text"])
            item.update(nasty)
            items.insert(0, item)
            before = len(self.services.requests)
            self.stage.feeds.set("/a.xml", re.sub("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe]", "",
                                                  rss(items)))
            self.daemon.advance(QUARTER)
            got = {r.kind for r in self.services.requests[before:]}
            with self.subTest(name=name):
                self.assertEqual(got, {"slack", "slackbot", "discord", "teams", "mattermost",
                                       "telegram", "google", "matrix", "ntfy", "webhook",
                                       "cloudevents", "tree"})
                self.judge(self.services.requests[before:])
        self.assertEqual(self.daemon.status()["deliveries"]["dead"], 0)

    def test_a_digest_of_nasty_alerts_fits_every_service(self):
        self.start(["/a.xml"], "rules:\n  border: {match: 'border OR @entity-0', once_per: article,\n"
                   "           digest: {every: 6h}}\n",
                   more="public_url: https://alerts.example.org\n")
        items = []
        for number, nasty in enumerate(NASTY.values()):
            item = report(number, published=self.daemon.clock)
            item["text"] = "Karelo Mitosa and <!channel> Zubaly. " + item["text"]
            items.append(dict(item, **nasty))
        self.stage.feeds.set("/a.xml", re.sub("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe]", "", rss(items)))
        self.daemon.advance(7 * 3600)
        got = [r.kind for r in self.services.requests]
        self.assertEqual(set(got), {"slack", "slackbot", "discord", "teams", "mattermost",
                                    "telegram", "google", "matrix", "ntfy", "webhook",
                                    "cloudevents", "tree"})
        self.assertEqual(got.count("slack"), 1)
        self.judge(self.services.requests)
        self.assertEqual(self.daemon.status()["deliveries"]["dead"], 0)

    def test_updates_edits_and_replies_with_thirty_sources_fit_every_service(self):
        paths = ["/s%d.xml" % n for n in range(31)]
        self.start(paths, "rules:\n  border: {match: border, updates: new-source}\n")
        first = report(50, published=self.daemon.clock)
        for number, path in enumerate(paths):
            item = retold(first, number) if number else first
            if number % 2:
                item = dict(item, title=first["title"] + " <b>@here</b>")
            self.stage.feeds.set(path, rss([item]))
            self.daemon.advance(QUARTER)
        self.judge(self.services.requests)
        methods = {(r.kind, r.method) for r in self.services.requests}
        self.assertIn(("discord", "PATCH"), methods)
        told = [json.loads(r.body) for r in self.services.requests if r.kind == "webhook"]
        self.assertEqual(max(m["data"]["sources_count"] for m in told), 31)
        self.assertTrue(any("/editMessageText" in r.path for r in self.services.requests))
        self.assertTrue(any(r.path.endswith("/chat.update") for r in self.services.requests))

    def test_test_messages_and_previews_fit_every_service(self):
        self.start(["/a.xml"], "rules:\n  border: {match: border}\n")
        config = ("--config", str(self.daemon.config))
        for name in self.kinds:
            done = self.daemon.verb("test-receiver", name, *config)
            self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
            shown = self.daemon.verb("alerts", "preview", "--receiver", name, *config)
            self.assertEqual(shown.returncode, 0, shown.stderr)
            head, _, body = shown.stdout.partition("\n\n")
            method = head.split(" ")[0]
            sent = self.services.requests[-1]
            types = re.search("Content-Type: (.*)", head)
            self.judge([Request(method, sent.path, {"Content-Type": types.group(1)}, body.encode())])
        self.judge(self.services.requests)


class Signatures(Everywhere):
    """Standard Webhooks: https://www.standardwebhooks.com"""

    def messages(self):
        # The library takes timestamps of five minutes ago and ahead.
        now = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() - QUARTER))
        self.start(["/a.xml"], "rules:\n  border: {match: border, alert: webhook}\n", clock=now)
        nasty = dict(report(90, published=now), **NASTY["right to left"])
        self.stage.feeds.set("/a.xml", rss([report(91, published=now), nasty]))
        self.daemon.advance(QUARTER)
        done = self.daemon.verb("test-receiver", "webhook", "--config", str(self.daemon.config))
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        found = [r for r in self.services.requests if r.kind == "webhook"]
        self.assertEqual(len(found), 3)
        return found

    def test_every_key_signs_and_python_agrees(self):
        for request in self.messages():
            headers = {k.lower(): v for k, v in request.headers.items()}
            signed = ("%s.%s." % (headers["webhook-id"], headers["webhook-timestamp"])).encode()
            expected = []
            for key in KEYS:
                secret = base64.b64decode(key.removeprefix("whsec_"))
                mac = hmac.new(secret, signed + request.body, hashlib.sha256).digest()
                expected.append("v1," + base64.b64encode(mac).decode())
            self.assertEqual(headers["webhook-signature"].split(" "), expected)

    def test_the_package_standardwebhooks_verifies_each_key_and_refuses_others(self):
        if not shutil.which("node") or not shutil.which("npm"):
            self.skipTest("no node and npm")
        place = pathlib.Path(self.enterContext(tempfile.TemporaryDirectory(prefix="ww-node-")))
        try:
            done = subprocess.run(["npm", "install", "--silent", "--no-audit", "--no-fund",
                                   "--fetch-retries=1", "--fetch-timeout=20000",
                                   "--prefix", str(place), "standardwebhooks"],
                                  capture_output=True, text=True, timeout=120, check=False)
        except subprocess.TimeoutExpired:
            self.skipTest("the package standardwebhooks cannot be had in time")
        if done.returncode != 0:
            self.skipTest("the package standardwebhooks cannot be had: " + done.stderr[-200:])
        cases = []
        for request in self.messages():
            headers = {k.lower(): v for k, v in request.headers.items() if k.startswith("webhook")}
            body = request.body.decode()
            cases += [[key, headers, body, True] for key in KEYS]
            cases += [[KEYS[0], headers, body + " ", False],
                      ["whsec_" + base64.b64encode(b"another key altogether").decode(), headers,
                       body, False]]
        (place / "verify.js").write_text(
            'const {Webhook} = require("standardwebhooks");\n'
            'const cases = JSON.parse(require("fs").readFileSync(0, "utf8"));\n'
            "for (const [key, headers, body, good] of cases) {\n"
            "  let held = true;\n"
            "  try { new Webhook(key).verify(body, headers); } catch (error) { held = false; }\n"
            '  if (held !== good) { console.log("verified " + held + ": " + body); process.exit(1); }\n'
            "}\n", encoding="utf-8")
        judged = subprocess.run(["node", "verify.js"], cwd=place, input=json.dumps(cases), text=True,
                                capture_output=True, timeout=PATIENCE, check=False)
        self.assertEqual((judged.returncode, judged.stdout), (0, ""), judged.stderr)


if __name__ == "__main__":
    unittest.main()
