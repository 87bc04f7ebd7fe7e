"""Every verb as people and scripts use it: texts, JSON shapes, exit codes."""
import fcntl
import json
import os
import shutil
import socket
import subprocess
import tempfile
import threading
import time
import unittest
import unittest.mock

import five
from harness import BINARY, NETWORK, PATIENCE, SOURCE, Stage, report, rss, verb

DOCUMENTS = SOURCE / "tests" / "data" / "five" / "stories.jsonl"
VERBS = ("run check reload status feeds alerts story why parse extract match explain backtest rules "
         "stories entities "
         "test-receiver").split()

# Keys of docs/operations.md; those after "?" may be absent.
STATUS = ("version started now config generation on_last_good ready held_by_disk state feeds "
          "feeds_failing feeds_stale feeds_with_gaps held_items notices rules held_back too_frequent "
          "problems items stories alerts deliveries receivers ? page")
RECEIVER = ("name kind delivered failed dead waiting pending dead_letters ? last_answer down_since "
            "refusing_since")
FEED = ("name url status failures rhythm rhythm_seconds interval_seconds gaps polls items "
        "would_alert warnings ? title failure last_poll last_success last_change next_poll finished "
        "moved_to last_gap stale_since held held_since websub")
ALERT = ("id rule story severity headline revision reason created updated sources items ? url")
DELIVERY = "id alert revision receiver state attempts created ? next_attempt due finished answer"
ITEM = "id title source time first_seen story relation ? link baseline"
PLACEMENT = "story copy_group relation similarity why ? of"
WHY = ("id title source time first_seen feed identified revision last_seen revisions sent "
       "? link baseline feed_known_by")


class Cli(unittest.TestCase):
    def shape(self, found, keys):
        needed, _, optional = keys.partition("?")
        needed, known = set(needed.split()), set(keys.replace("?", " ").split())
        self.assertLessEqual(needed, set(found))
        self.assertLessEqual(set(found), known)

    def both(self, one, two):
        return one.replace("?", " %s ?" % two.partition("?")[0]) + two.partition("?")[2]

    def good(self, *arguments, stdin=None):
        done = verb(*arguments, stdin=stdin)
        self.assertEqual(done.returncode, 0, "%s: %s" % (arguments, done.stderr))
        return done.stdout

    def fails(self, code, text, *arguments, stdin=None):
        done = verb(*arguments, stdin=stdin)
        self.assertEqual(done.returncode, code, "%s: %s" % (arguments, done.stderr))
        self.assertIn(text, done.stderr)
        return done


class Silent(Cli):
    def test_what_changes_something_is_asked_once_of_a_daemon_that_does_not_answer(self):
        state = self.enterContext(tempfile.TemporaryDirectory())
        asked = []
        with socket.socket(socket.AF_UNIX) as listening:
            listening.bind(os.path.join(state, "control.sock"))
            listening.listen()

            def hang_up():
                while True:
                    try:
                        one, _ = listening.accept()
                    except OSError:
                        return
                    asked.append(one.recv(65536).split(b"\r\n")[0])
                    one.close()
            thread = threading.Thread(target=hang_up, daemon=True)
            thread.start()
            self.fails(1, "the daemon ended the connection before it answered",
                       "reload", "--state", state)
            listening.shutdown(socket.SHUT_RDWR)
            thread.join()
        self.assertEqual(asked, [b"POST /v1/reload HTTP/1.1"])


    def test_of_a_daemon_that_hangs_it_is_said_soon_that_it_is_there_and_what_to_do(self):
        state = self.enterContext(tempfile.TemporaryDirectory())
        with socket.socket(socket.AF_UNIX) as listening:
            listening.bind(os.path.join(state, "control.sock"))
            listening.listen()  # the kernel accepts for it, as for a process that is stuck
            begun = time.monotonic()
            done = self.fails(1, "the daemon is there but does not answer", "status",
                              "--state", state)
            self.assertLess(time.monotonic() - begun, 20)  # mostly eight
        self.assertIn("systemctl restart wirewatch", done.stderr)

    def test_a_service_that_hangs_is_not_taken_for_one_that_does_not_run(self):
        state = self.enterContext(tempfile.TemporaryDirectory())
        runtime = self.enterContext(tempfile.TemporaryDirectory())
        self.enterContext(unittest.mock.patch.dict(os.environ, {"RUNTIME_DIRECTORY": runtime}))
        with socket.socket(socket.AF_UNIX) as listening, \
                open(os.path.join(state, "lock"), "w", encoding="ascii") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            listening.bind(os.path.join(runtime, "control.sock"))
            listening.listen()
            self.fails(1, "the daemon is there but does not answer", "status", "--state", state)


class Words(Cli):
    def test_help_lists_every_verb_and_explains_each(self):
        overview = self.good("--help")
        self.assertEqual(overview, self.good("help"))
        for name in VERBS:
            self.assertRegex(overview, r"\n  %s +[a-z]" % name)
            shown = self.good(name, "--help")
            self.assertTrue(shown.startswith("wirewatch " + name), name)
            self.assertIn("\nOptions:\n", shown)
        self.assertEqual(len([l for l in overview.splitlines() if l.startswith("  ") and
                              l.split()[0] in VERBS]), len(VERBS))
        self.assertRegex(self.good("--version"), r"^wirewatch \d+\.\d+\.\d+\n$")

    def test_misuse_is_named_and_exits_with_2(self):
        cases = [
            ((), ""),
            (("stauts",), 'there is no verb "stauts"; did you mean "status"?'),
            (("status", "--jsn"), "there is no option --jsn; did you mean --json?"),
            (("status", "--json=1"), "--json takes no value"),
            (("check", "--config"), "--config needs FILE"),
            (("check", "my.yaml"), '"my.yaml" is too much; a config is named with --config my.yaml; '
                                   "usage: wirewatch check"),
            (("match", "a", "b"), '"b" is too much; usage: wirewatch match'),
            (("alerts", "frob"), '"frob" is none of list, show, replay'),
            (("alerts", "show"), "show which? alerts show ID"),
            (("alerts", "list", "--limit", "many"), '--limit takes a number, not "many"'),
            (("alerts", "list", "--limit", "0"), "--limit takes a number above 0"),
            (("alerts", "list", "--since", "0d"), '--since takes a span such as 24h or 7d, or a date, '
                                                  'not "0d"'),
            (("alerts", "list", "--since", "lately"), "--since takes a span such as 24h or 7d, or a "
                                                        "date"),
            (("alerts", "replay", "--receiver", "a", "--since", "noon"), "--since takes a span"),
            (("alerts", "list", "--receiver", "desk"), "list takes no --receiver; it takes --rule, "
                                                       "--since, --limit, --waiting"),
            (("alerts", "show", "a", "--note", "b"), "show takes no --note\n"),
            (("feeds", "export", "--failing"), "export takes no --failing; it takes --opml"),
            (("feeds", "frob"), '"frob" is none of list, poll, discover'),
            (("feeds", "poll"), "poll which? feeds poll NAME"),
            (("rules", "frob"), '"frob" is none of list, stats, export, new'),
            (("rules", "export"), "export which? rules export NAME"),
            (("backtest", "--since", "lately"), '--since takes a span such as 24h or 7d, or a date, not "lately"'),
            (("why",), "which item?"),
            (("story",), "which story? its id, or the link or words"),
            (("story", ""), "which story? its id, or the link or words"),
            (("why", ""), "which item? its id, link or words of its title"),
            (("explain",), "which rule? --rule NAME"),
            (("test-receiver",), "which? wirewatch test-receiver NAME"),
            (("run", "--config", "x", "--manual-clock", "noon"), "--manual-clock takes an instant"),
            (("run", "--config", "x", "--log", "loud"), '--log takes one of trace, debug, info, '
             'warn, error, not "loud"'),
        ]
        for arguments, text in cases:
            with self.subTest(arguments):
                self.fails(2, text, *arguments)

    def test_without_a_config_the_verbs_say_how_to_name_one(self):
        environment = {k: v for k, v in os.environ.items() if k != "WIREWATCH_CONFIG"}
        if os.path.exists("/etc/wirewatch/config.yaml"):
            self.skipTest("there is a config of the machine's")
        with Stage() as stage:
            for name in ("run", "check"):
                done = subprocess.run([BINARY, name], cwd=stage.folder, env=environment, check=False,
                                      capture_output=True, text=True, timeout=PATIENCE)
                self.assertEqual(done.returncode, 2)
                self.assertIn("no config: name one with --config FILE", done.stderr)

    def test_without_a_daemon_and_a_database_the_verbs_say_so(self):
        with Stage() as stage:
            state = ("--state", str(stage.folder / "nothing"))
            for arguments in (("status",), ("reload",), ("feeds", "poll", "a"),
                              ("alerts", "replay", "--receiver", "desk")):
                self.fails(1, "no daemon answers; start one with `wirewatch run`", *arguments, *state)
            for arguments in (("alerts",), ("alerts", "show", "a"), ("feeds",), ("why", "a"),
                              ("story", "a")):
                self.fails(1, "there is no database", *arguments, *state)


    @unittest.skipUnless(os.geteuid() == 0 and shutil.which("setpriv"), "needs another user")
    def test_a_state_folder_of_somebody_else_is_not_taken_for_an_empty_one(self):
        with Stage() as stage:
            stage.folder.chmod(0o755)
            state = stage.folder / "state"
            state.mkdir(0o700)
            for arguments in (["status"], ["alerts"], ["why", "a"], ["rules", "stats"], ["reload"]):
                done = subprocess.run(
                    ["setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups", BINARY,
                     *arguments, "--state", str(state)],
                    capture_output=True, text=True, timeout=PATIENCE, check=False)
                self.assertEqual(done.returncode, 1)
                self.assertIn('the state folder "%s" cannot be looked into: Permission denied; ask '
                              "as its owner, or with sudo" % state, done.stderr)


class Offline(Cli):
    def setUp(self):
        self.stage = self.enterContext(Stage())

    def config(self, text, name="config.yaml"):
        path = self.stage.folder / name
        path.write_text(text, encoding="utf-8")
        return ("--config", str(path))

    def five(self):
        return self.config("entities: [%s]\n" % (SOURCE / "rules/packs/iraq-syria.yaml")
                           + five.BORDER_RULE + "  wheat: {match: wheat, alert: desk}\n"
                           + "receivers: {desk: {console: {}}}\n")

    def test_check_tells_what_is_good(self):
        config = self.five()
        self.assertRegex(self.good("check", *config),
                         r": good: no feeds, 2 rules, \d+ entities, 1 receiver\.\n$")
        shown = self.good("check", "--print", *config)
        self.assertIn("wheat:\n  wheat\n", shown)
        answer = json.loads(self.good("check", "--json", *config))
        self.shape(answer, "ok feeds rules entities receivers messages")
        self.assertEqual((answer["ok"], answer["rules"], answer["messages"]), (True, 2, []))
        none = self.config("rules: {}\nreceivers: {desk: {console: {}}}\n", "none.yaml")
        self.assertEqual(self.good("entities", "list", *none), "no entities\n")
        self.assertEqual(self.good("entities", "list", "--json", *none), "")

    def test_check_opens_no_secret(self):
        config = self.config("rules: {}\nfeeds:\n  - {url: https://a.example/feed, name: A, headers: "
                             "{Cookie: {file: cookie}}}\nreceivers:\n  desk: {slack: {url_file: url}}\n"
                             "  bot: {slack: {bot_token_file: '${CREDENTIALS_DIRECTORY}/x', channel: C1}}\n"
                             "  room: {discord: {url_env: WIREWATCH_TEST_NOT_SET}}\n")
        folder = self.stage.folder
        self.good("check", *config)
        done = verb("check", *config)
        for whose, file in (('receiver "desk"', "url"), ('feed "A"', "cookie")):
            self.assertIn('config.yaml: warning: %s: there is no secret file "%s" yet\n'
                          % (whose, folder / file), done.stderr)
        unset = ('config.yaml: warning: receiver "room": the variable "WIREWATCH_TEST_NOT_SET", which '
                 "holds a secret, is not set here\n")
        self.assertIn(unset, done.stderr)
        self.assertEqual(done.stderr.count("warning"), 3, done.stderr)
        (folder / "url").touch()
        (folder / "cookie").touch()
        again = verb("check", *config).stderr
        self.assertEqual(again.count("warning"), 1, "what is in them is not looked at: " + again)

    def test_check_names_every_error_with_its_place(self):
        config = self.config('feeds:\n  - {url: "ftp://a.example/x"}\n  - {ulr: "http://b.example"}\n'
                             "rules:\n  one: {match: border AND, alert: dsk}\n"
                             "receivers: {desk: {console: {}}}\n")
        done = self.fails(1, "config.yaml:2:", "check", *config)
        for text in ('config.yaml:3:6: error: unknown key "ulr"', 'did you mean "url"?',
                     'rule "one" alerts "dsk", which is no receiver', 'did you mean "desk"?'):
            self.assertIn(text, done.stderr)
        done = verb("check", "--json", *config)
        self.assertEqual((done.returncode, done.stderr), (1, ""))
        answer = json.loads(done.stdout)
        self.assertFalse(answer["ok"])
        self.assertGreaterEqual(len(answer["messages"]), 3)
        for message in answer["messages"]:
            self.shape(message, "severity file line column text ? hint rule")

    def test_check_on_files_that_are_none(self):
        for name, text in (("open.yaml", "rules: ["), ("list.yaml", "- a\n- b\n"),
                           ("tabs.yaml", "rules:\n\tone: {match: a}\n"),
                           ("bombs.yaml", "a: &a [x, x]\nrules: [*a, *a]\n"),
                           ("twice.yaml", "rules: {}\nrules: {}\n")):
            with self.subTest(name):
                done = self.fails(1, name + ":", "check", *self.config(text, name))
                self.assertRegex(done.stderr, name + r":\d+:\d+: error: ")
        self.fails(1, "/nowhere.yaml", "check", "--config", "/nowhere.yaml")

    def test_check_does_not_echo_what_is_no_text(self):
        path = self.stage.folder / "binary.yaml"
        path.write_bytes(b"rules: {one: {match: " + bytes(range(128, 256)) * 4 + b"}}\n")
        done = self.fails(1, "binary.yaml:1:22: error: byte 0x80 is not UTF-8\n  hint: ", "check",
                          "--config", str(path))
        self.assertEqual(done.stderr.count("\n"), 3, done.stderr)

    def test_check_runs_the_examples(self):
        config = self.config("rules:\n  one:\n    match: border\n    examples:\n      match:\n"
                             "        - nothing of it\n      no_match:\n        - a border post\n")
        done = self.fails(1, "the example 'nothing of it' must match, but it does not", "check",
                          *config)
        self.assertIn("config.yaml:6:11: error", done.stderr)
        self.assertIn("config.yaml:8:11: error", done.stderr)

    def test_feeds_are_added_to_a_folder_that_the_config_reads_and_nothing_is_made_otherwise(self):
        add = ("feeds", "add", "https://news.example/rss", "--name", "News")
        opml = self.stage.folder / "list.opml"
        opml.write_text('<opml version="2.0"><body><outline type="rss" text="One" '
                        'xmlUrl="https://one.example/rss"/></body></opml>', encoding="utf-8")
        folder = self.stage.folder / "feeds.d"
        config = self.config("rules: {one: {match: border}}\n")
        for words in (add, ("feeds", "import", str(opml))):
            self.fails(1, "does not read", *words, *config)
            self.assertFalse(folder.exists())
        config = self.config("rules: {one: {match: border}}\ninclude: [feeds.d, rules.d]\n")
        self.assertIn("added in %s/News.yaml" % folder, self.good(*add, *config))
        self.assertIn("1 new in", self.good("feeds", "import", str(opml), *config))
        self.assertIn("good: 2 feeds", self.good("check", *config))

    def test_match_finds_the_border_in_all_five_and_points_at_the_words(self):
        config = self.five()
        documents = {d["id"]: d for d in map(json.loads, DOCUMENTS.read_text().splitlines())}
        lines = self.good("match", "--json", *config, str(DOCUMENTS)).splitlines()
        self.assertEqual([json.loads(l)["id"] for l in lines], list(documents))
        for line in map(json.loads, lines):
            self.shape(line, "id rules")
            rule, = line["rules"]
            self.shape(rule, "rule spans entities")
            self.assertEqual(rule["rule"], "iraq-syria-border-security")
            words = set()
            for span in rule["spans"]:
                self.shape(span, "field start end clause")
                field = documents[line["id"]][span["field"]].encode()
                words.add(field[span["start"]:span["end"]].decode().lower())
            self.assertTrue(all(w[0].isalnum() and w[-1].isalnum() for w in words), words)
            self.assertFalse(any("click" in w or "share" in w for w in words), words)
            self.assertTrue(words & {"border", "borders", "frontier"}, words)
            self.assertIn("country:IQ", rule["entities"])
        text = self.good("match", *config, "-", stdin=DOCUMENTS.read_text())
        self.assertEqual(text.count("    iraq-syria-border-security: "), 5)

    def test_match_on_lines_that_are_no_documents_goes_on_and_exits_with_1(self):
        config = self.config("rules: {one: {match: border}}\n")
        lines = ('{"id":"a","title":"The border","text":"x","source":"s"}\n{"id":\n\n'
                 '{"id":"b","title":"Another","text":"y","source":"s"}\n')
        done = self.fails(1, "-:2: ", "match", "--json", *config, "-", stdin=lines)
        found = [json.loads(line) for line in done.stdout.splitlines()]
        self.assertEqual([(f["id"], len(f["rules"])) for f in found], [("a", 1), ("b", 0)])
        self.fails(1, "/nowhere.jsonl", "match", *config, "/nowhere.jsonl")

    def test_explain_shows_each_clause(self):
        config = self.five()
        rule = ("--rule", "iraq-syria-border-security")
        shown = self.good("explain", *config, *rule, "--item", str(DOCUMENTS))
        self.assertEqual(shown.count("iraq-syria-border-security holds\n"), 5)
        tree = json.loads(self.good("explain", "--json", *config, *rule, "--item", "-",
                                    stdin="Baghdad notes\nNothing else about Iraq."))
        self.shape(tree, "clause kind holds parts ? spans")
        self.assertFalse(tree["holds"])
        self.assertEqual([p["holds"] for p in tree["parts"]][:2], [True, False])
        self.assertEqual(self.good("explain", *config, *rule, str(DOCUMENTS)), shown)
        self.fails(2, "name the document once", "explain", *config, *rule, "--item", "a", "b")
        self.fails(1, 'there is no rule "wheet"; did you mean "wheat"?', "explain", *config,
                   "--rule", "wheet")

    def test_a_rule_that_is_left_out_is_not_said_to_be_missing(self):
        config = self.config("rules: {bad: {match: 'border AND ('}, good: {match: border}}\n")
        for words in (("explain", *config, "--rule", "bad"), ("rules", "export", "bad", *config)):
            said = self.fails(1, 'rule "bad" is left out; `wirewatch check', *words, stdin="a").stderr
            self.assertEqual(said.count("\n"), 1, said)

    def test_explain_reads_what_examples_are_written_as(self):
        config = self.config("rules: {one: {match: 'title:border OR lead:trade OR tag:wire'}}\n")

        def explained(text):
            shown = self.good("explain", *config, "--rule", "one", stdin=text)
            return [line.removeprefix("one ") for line in shown.splitlines()
                    if line.startswith("one ")]

        self.assertEqual(explained("Border trade\n"), ["holds"])
        self.assertEqual(explained("A border\n"), ["does not hold"])
        self.assertEqual(explained("A border\nText.\n"), ["holds"])
        self.assertEqual(explained('{"title": "A border", "text": "x"}\n'
                                   '{"text": "A border"}\n\n{"text": "x", "tags": ["wire"]}\n'),
                         ["holds", "does not hold", "holds"])
        self.fails(1, '-:2: "text" must be a text; write {"title": "…", "text": "…"}, one object a '
                   "line, or plain text", "explain", *config, "--rule", "one",
                   stdin='{"text": "x"}\n{"text": 1}\n')

    def test_entities_are_shown_imported_resolved_and_compared(self):
        pairs = "al-Shatri\tالشطري\nAhmed al-Sharaa\tMaher al-Sharaa\n"
        verdicts = [line.split("\t")[3] for line in
                    self.good("entities", "compare", stdin=pairs).splitlines()]
        self.assertEqual(verdicts, ["same", "different"])
        self.fails(1, "line 1: no tab between two names", "entities", "compare", stdin="one\n")
        self.assertRegex(self.good("entities", "compare", "al-Shatri", "الشطري"), "\tsame\n$")
        self.fails(2, "compare it with what? entities compare NAME NAME", "entities", "compare", "a")
        self.fails(2, '"c" is too much', "entities", "show", "a", "c")
        names = self.stage.folder / "names.jsonl"
        names.write_text('{"id":"s","name":"SHATRI, Hamid","aliases":[]}\n'
                         '{"id":"k","name":"Karim Jaber"}\n', encoding="utf-8")
        best = json.loads(self.good("entities", "resolve", str(names), "--json",
                                    stdin="حميد الشطري\n"))
        self.assertEqual(best["name"], "حميد الشطري")
        self.assertEqual([b["id"] for b in best["best"]], ["s"])
        self.shape(best["best"][0], "id score way verdict name")
        entities = self.good("entities", "import", str(names))
        (self.stage.folder / "e.yaml").write_text(entities, encoding="utf-8")
        config = self.config("entities: [e.yaml]\nrules: {one: {match: border}}\n")
        self.assertIn("Hamid SHATRI", self.good("entities", "list", *config))
        shown = json.loads(self.good("entities", "show", "s", "--json", *config))
        self.shape(shown, "id kind exact names near not part_of twin roles counts_as_it")
        self.assertIn("and other spellings", self.good("entities", "show", "@s", *config))
        self.fails(1, 'there is no entity "karin"', "entities", "show", "karin", *config)
        self.fails(2, '"shw" is none of list, show', "entities", "shw")

    def test_stories_puts_the_five_into_two(self):
        gold = dict(line.split("\t") for line in
                    DOCUMENTS.with_name("stories.gold.tsv").read_text().splitlines())
        for more in ((), self.five()):
            lines = [json.loads(line) for line in
                     self.good("stories", "--json", str(DOCUMENTS), *more).splitlines()]
            stories = {}
            for line in lines:
                self.shape(line, "id story copy_group relation of similarity why")
                self.assertIn(line["relation"], ("new", "copy", "same-story"))
                stories.setdefault(line["story"], set()).add(gold[line["id"]])
            self.assertEqual(sorted(map(len, stories.values())), [1, 1], "two stories, two events")
        self.assertEqual(self.good("stories", str(DOCUMENTS)).count("  new story"), 2)

    def test_parse_reads_a_feed_from_a_file_or_standard_input(self):
        feed = rss([report(1), report(2)], title="A <feed>")
        path = self.stage.folder / "feed.xml"
        path.write_text(feed, encoding="utf-8")
        answer = json.loads(self.good("parse", "--json", str(path)))
        self.assertEqual(answer, json.loads(self.good("parse", "--json", stdin=feed)))
        self.shape(answer, "format feed items items_count warnings")
        self.assertEqual((answer["format"], answer["items_count"]), ("rss", 2))
        self.shape(answer["items"][0], "title link id published summary ? content")
        self.assertEqual(answer["items"][0]["published"], "2025-08-29T08:00:00Z")
        self.assertIn(report(2)["title"], self.good("parse", str(path)))
        one = self.good("parse", stdin=rss([dict(title="Bare", guid="1")]))
        self.assertEqual(one, "A feed  (1 item)\nno date               Bare\n")
        self.fails(1, "not a feed", "parse", "-", stdin="<html><body>Log in</body></html>")
        self.fails(1, 'cannot read "/nowhere.xml"', "parse", "/nowhere.xml")

    def test_parse_takes_links_from_the_address_of_the_document(self):
        feed = rss([report(3, link="/articles/3", guid="")])
        answer = json.loads(self.good("parse", "--json", "--url", "https://example.org/a/feed.xml",
                                      "-", stdin=feed))
        self.assertEqual(answer["items"][0]["link"], "https://example.org/articles/3")


class Running(Cli):
    """One daemon's worth of state, asked while it runs and after it stopped."""

    def setUp(self):
        self.stage = self.enterContext(Stage())
        stage = self.stage
        stage.feeds.set("/b.xml", rss([], title="Second"))
        stage.feeds.set("/a.xml", rss([report(1)], title="First"))
        config = stage.watch("/b.xml", "/a.xml", "/gone.xml") + "state: state\n"
        self.daemon = stage.daemon(config).start()
        self.daemon.advance(1)
        copy = dict(report(3), guid="copy", link="http://second.example/3")
        stage.feeds.set("/a.xml", rss([report(3), report(2), report(1)], title="First"))
        self.daemon.advance(1000)
        stage.feeds.set("/b.xml", rss([copy], title="Second"))
        self.daemon.advance(1000)
        self.story = next(m["data"]["story"] for m in stage.collector.messages
                          if m["data"]["headline"] == report(3)["title"])

    def ask(self, *arguments):
        return self.good(*arguments, "--config", str(self.daemon.config))

    def json(self, *arguments):
        return json.loads(self.ask(*arguments, "--json"))

    def test_the_answers_have_the_documented_shapes(self):
        status = self.json("status")
        self.shape(status, STATUS)
        self.shape(status["deliveries"], "pending delivered dead held")
        self.shape(status["receivers"][0], RECEIVER)
        self.assertEqual((status["feeds"], status["feeds_failing"], status["items"],
                          status["alerts"]), (3, 1, 4, 2))
        feeds = self.json("feeds", "list")["feeds"]
        self.assertEqual([f["name"] for f in feeds], ["b", "a", "gone"])
        for feed in feeds:
            self.shape(feed, FEED)
        alerts = self.json("alerts")["alerts"]
        self.assertEqual([a["headline"] for a in alerts], [report(2)["title"], report(3)["title"]]
                         if alerts[0]["headline"] == report(2)["title"] else
                         [report(3)["title"], report(2)["title"]])
        for alert in alerts:
            self.shape(alert, ALERT)
            one = self.json("alerts", "show", alert["id"][:12])
            self.shape(one, self.both(ALERT, "message deliveries verdicts"))
            self.shape(one["deliveries"][0], DELIVERY)
        story = self.json("story", self.story)
        self.shape(story, "story documents independence alerts")
        self.shape(story["independence"], "texts sources countries origins first")
        self.assertEqual(story["independence"]["sources"], ["a", "b"])
        self.assertEqual(story["independence"]["first"], story["documents"][0]["id"])
        self.assertEqual([d["source"] for d in story["documents"]], ["a", "b"])
        for document in story["documents"]:
            self.shape(document, self.both(ITEM.replace("story relation ", ""),
                                           PLACEMENT + " added origins country"))
        why = self.json("why", report(3)["title"])
        self.shape(why, WHY)
        self.shape(why["revisions"][0], self.both(PLACEMENT, "revision decided entities rules notes"))
        self.shape(why["sent"][0], self.both(DELIVERY, "rule"))
        self.assertEqual(why["revisions"][0]["rules"][0]["rule"], "border")
        baseline = self.json("why", report(1)["title"])
        self.assertTrue(baseline["baseline"])
        self.assertEqual(baseline["sent"], [])
        self.assertEqual(baseline["revisions"][0]["rules"][0]["reason"],
                         "baseline: first fetch of this feed")

    QUESTIONS = (("alerts",), ("alerts", "list", "--limit", "1"),
                 ("alerts", "list", "--rule", "border"), ("alerts", "list", "--rule", "none"),
                 ("alerts", "list", "--since", "2025-08-30"))

    def test_without_the_daemon_the_database_gives_the_same_answers(self):
        alert = self.json("alerts")["alerts"][0]["id"]
        questions = [*self.QUESTIONS, ("alerts", "show", alert[:10]), ("story", self.story),
                     ("why", report(1)["title"]), ("why", "http://news.example/articles/3"),
                     ("story", self.story[:10])]
        running = {}
        for question in questions:
            for form in ((), ("--json",)):
                running[question + form] = verb(*question, *form, "--config",
                                                str(self.daemon.config))
        feeds = self.json("feeds")["feeds"]
        self.daemon.stop()
        for question, before in running.items():
            with self.subTest(question):
                after = verb(*question, "--config", str(self.daemon.config))
                self.assertEqual((after.returncode, after.stdout),
                                 (before.returncode, before.stdout))
        stored = {f["name"]: f for f in self.json("feeds")["feeds"]}
        counted = ("polls", "items", "would_alert", "warnings")  # since the daemon's start
        for feed in feeds:
            for key in set(feed) - set(counted):
                self.assertEqual(stored[feed["name"]].get(key), feed[key], key)
        self.assertEqual(verb("status", "--config", str(self.daemon.config)).returncode, 1)

    def test_texts_name_what_matters(self):
        status = self.ask("status")
        self.assertRegex(status, r"3 feeds, 1 failing; 1 rule; 4 items; \d stories; 2 alerts")
        self.assertRegex(status, r"deliveries: 0 pending, \d delivered, 0 dead letters")
        feeds = self.ask("feeds")
        self.assertRegex(feeds, r"gone +failing ")
        self.assertRegex(feeds, r"failed \d times in a row: the server answered 404 Not Found")
        self.assertIn("border: " + report(2)["title"], self.ask("alerts"))
        why = self.ask("why", report(3)["link"])
        self.assertIn("rule border held: border", why)
        self.assertIn("→ alert: first report", why)
        self.assertRegex(why, r"sent to desk \(revision 1\): delivered, 1 attempt")
        story = self.ask("story", self.story)
        for name in (self.story[:12], report(3)["link"], report(3)["title"]):
            self.assertEqual(self.ask("story", name), story)
        self.assertRegex(story, r"copy +b ")

    def test_what_is_not_there_exits_with_1(self):
        config = ("--config", str(self.daemon.config))
        for running in (True, False):
            if not running:
                self.daemon.stop()
            self.fails(1, "no alert", "alerts", "show", "zzz", *config)
            self.fails(1, 'wirewatch why: no item is known by "no such words": write its id or the '
                       "beginning of it, its link, or words of its title\n", "why",
                       "no such words", *config)
            self.fails(1, 'wirewatch story: no story is known by "no such/": write its id or the '
                       "beginning of it, or of one of its reports the link or words of the title\n",
                       "story", "no such/", *config)
            self.fails(1, 'wirewatch alerts: there is no rule "bordr"; did you mean "border"?\n',
                       "alerts", "list", "--rule", "bordr", *config)
            self.fails(1, 'there is no rule "none"; known here: border\n', "alerts", "list",
                       "--rule", "none", *config)
        self.assertEqual(self.good("alerts", "list", "--rule", "bordr", "--state",
                                   str(self.daemon.state)), "no alerts\n", "nobody knows its rules")

    def test_requests_that_make_no_sense_are_refused_and_change_nothing(self):
        config = ("--config", str(self.daemon.config))
        self.fails(1, 'there is no feed "gon"; did you mean "gone"?', "feeds", "poll", "gon", *config)
        self.fails(1, 'there is no feed "gon"; did you mean "gone"?', "feeds", "release", "gon",
                   *config)
        self.fails(1, 'there is no receiver "dask"; did you mean "desk"?', "alerts", "replay",
                   "--receiver", "dask", *config)
        self.fails(1, 'there is no receiver "dask"; did you mean "desk"?', "alerts", "silence",
                   "--receiver", "dask", "--for", "2h", *config)
        self.fails(1, 'there is no receiver "dask"; did you mean "desk"?', "test-receiver", "dask",
                   *config)
        self.fails(1, 'there is no rule "bordr"; did you mean "border"?', "alerts", "preview",
                   "--receiver", "desk", "--rule", "bordr", *config)
        self.fails(1, "say which deliveries", "alerts", "replay", *config)
        self.fails(1, "no delivery fits that", "alerts", "replay", "zzz", *config)
        self.fails(2, "--since takes a span", "alerts", "replay", "--receiver", "desk", "--since",
                   "lately", *config)
        for method, path in (("GET", "/v1/nothing"), ("POST", "/v1/status"), ("POST", "/v1/why")):
            code, answer = self.daemon.ask(method, path)
            self.assertIn(code, (404, 405), path)
            self.assertEqual(list(answer), ["error"])
        for limit in ("many", "-1", ""):
            code, answer = self.daemon.ask("GET", "/v1/alerts", limit=limit or "x")
            self.assertEqual((code, list(answer)), (400, ["error"]))
        self.assertEqual(self.daemon.status()["deliveries"]["pending"], 0)

    def test_a_test_message_takes_the_config_of_the_daemon_whose_state_is_named(self):
        shown = self.good("test-receiver", "desk", "--state", str(self.daemon.state))
        self.assertIn("desk: delivered", shown)
        self.daemon.stop()
        self.fails(1, "no daemon answers", "test-receiver", "desk", "--state",
                   str(self.daemon.state))

    def test_a_state_folder_alone_names_the_config_of_the_daemon_there(self):
        state = ("--state", str(self.daemon.state))
        for asked in (("explain", "--rule", "border", "--item", report(2)["title"][:20]),
                      ("alerts", "preview", "--receiver", "desk"), ("backtest", "--since", "2020-01-01")):
            self.good(*asked, *state)

    def test_feeds_poll_answers_in_json(self):
        answer = self.good("feeds", "poll", "a", "--json", "--config", str(self.daemon.config))
        self.assertEqual(json.loads(answer), {"polling": True})

    def test_a_country_needs_no_rule_to_be_shown(self):
        shown = self.good("entities", "show", "country:PT", "--config", str(self.daemon.config))
        self.assertIn("Portugal", shown)

    def test_explain_takes_an_item_of_the_archive(self):
        shown = self.good("explain", "--rule", "border", "--item", report(2)["title"][:20],
                          "--config", str(self.daemon.config))
        self.assertIn("border holds", shown)

    def test_the_clock_of_a_real_daemon_is_not_to_be_stepped(self):
        self.daemon.stop()
        self.daemon.clock = None
        self.daemon.start()
        code, answer = self.daemon.ask("POST", "/v1/clock", by="1s")
        self.assertEqual(code, 409)
        self.assertIn("--manual-clock", answer["error"])


if __name__ == "__main__":
    unittest.main()
