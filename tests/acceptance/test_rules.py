"""Rules tried on the archive, counted, exported and newly written: through the real binary."""
import json
import os
import re
import unittest

from harness import SOURCE, Stage, report, rss, verb

WIDER = ("rules:\n  border: {match: border, alert: desk}\n"
         "  first: {match: 'border AND NOT $none-of-it', alert: desk}\n"
         "  none-of-it: {match: zzz, alert: none}\n")
NARROWER = "rules:\n  border: {match: 'border AND length > 5000', alert: desk}\n"


class Rules(unittest.TestCase):
    """Three reports in the archive, two of them after the baseline."""

    def setUp(self):
        self.stage = self.enterContext(Stage())
        stage = self.stage
        stage.feeds.set("/a.xml", rss([report(1)]))
        self.text = stage.watch("/a.xml") + "state: state\n"
        self.daemon = stage.daemon(self.text).start()
        self.daemon.advance(1)
        stage.feeds.set("/a.xml", rss([report(3), report(2), report(1)]))
        self.daemon.advance(1000)
        self.config = str(self.daemon.config)

    def other(self, name, rules):
        path = self.stage.folder / name
        head, tail = self.text.split("rules:\n")
        path.write_text(head + rules + "receivers:" + tail.split("receivers:")[1])
        return str(path)

    def good(self, *arguments, stdin=None):
        done = verb(*arguments, stdin=stdin)
        self.assertEqual(done.returncode, 0, "%s: %s" % (arguments, done.stderr))
        return done.stdout

    def backtest(self, *arguments):
        return self.good("backtest", "--since", "2025-08-01", *arguments)

    def test_backtest_tells_what_the_daemon_told(self):
        for _ in ("beside the daemon", "without it"):
            answer = json.loads(self.backtest("--config", self.config, "--json"))
            told = sorted(m["data"]["headline"] for m in self.stage.collector.messages)
            self.assertEqual(sorted(a["headline"] for a in answer["alerts"]), told)
            self.assertEqual(answer["documents"], 3)
            self.assertEqual(answer["new"], {"alerts": 2, "updates": 0})
            if self.daemon.process is not None:
                self.daemon.stop()

    def test_backtest_tells_the_difference_and_each_alert_of_it(self):
        wider = self.other("wider.yaml", WIDER)
        shown = self.backtest("--config", wider, "--against", self.config)
        self.assertIn("+2 −0 alerts in the time since 2025-08-01 (3 documents; 4 instead of 2)", shown)
        self.assertIn("first: " + report(2)["title"], shown)
        narrower = self.other("narrower.yaml", NARROWER)
        answer = json.loads(self.backtest("--config", narrower, "--against", self.config, "--json"))
        self.assertEqual((len(answer["added"]), len(answer["removed"])), (0, 2))
        self.assertEqual(set(answer["removed"][0]),
                         set("rule story sequence item headline source url severity reason "
                             "time".split()))

    def test_backtest_goes_on_without_a_rule_that_is_broken(self):
        broken = self.other("broken.yaml", WIDER.replace("'border AND NOT", "'border guard NOT"))
        done = verb("backtest", "--since", "2025-08-01", "--config", broken)
        self.assertEqual(done.stderr, 'wirewatch backtest: rule "first" is left out; `wirewatch check '
                         "--config %s` says why\n" % broken)
        self.assertEqual(done.returncode, 0)
        self.assertIn("2 alerts and no updates", done.stdout)
        wider = self.other("wider.yaml", WIDER)
        for one, other in ((broken, wider), (wider, broken)):
            done = verb("backtest", "--since", "2025-08-01", "--config", one, "--against", other)
            self.assertIn("+0 −0 alerts in the time since 2025-08-01 (3 documents; 2 instead of 2)",
                          done.stdout)

    def test_a_broken_rule_is_one_line_before_other_answers_and_whole_in_check(self):
        broken = self.other("broken.yaml", WIDER.replace("'border AND NOT", "'border guard NOT"))
        done = verb("rules", "list", "--config", broken)
        self.assertEqual((done.returncode, done.stderr.count("\n")), (0, 1), done.stderr)
        self.assertIn("    border\n", done.stdout)
        self.assertIn("no operator before 'guard'", verb("check", "--config", broken).stderr)

    def test_the_rules_on_the_page_are_a_good_config(self):
        page = (SOURCE / "docs" / "rules.md").read_text(encoding="utf-8")
        entities = (SOURCE / "docs" / "entities.md").read_text(encoding="utf-8")
        blocks = re.findall("```yaml\\n(.*?)```", page, re.S)
        rules = "".join(block.removeprefix("rules:\n") for block in blocks)
        (shown,) = re.findall("```yaml\\n(.*?)```", entities, re.S)
        named = re.findall("^    (entities: .*)$", page, re.M)
        self.assertEqual((len(blocks), len(named)), (2, 1))
        for name, start in (("pack", "entities: [%s]\n" % (SOURCE / "rules/packs/iraq-syria.yaml")),
                            ("map", named[0] + "\n")):
            config = self.stage.folder / (name + ".yaml")
            used = rules if name == "pack" else "  one: {match: '@karim'}\n"
            config.write_text(start + "rules:\n" + used + "receivers: {desk: {console: {}}}\n",
                              encoding="utf-8")
            done = verb("check", "--config", str(config))
            self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assertIn(" 1 entity,", done.stdout)
        own = self.stage.folder / "entities.yaml"
        own.write_text(shown.replace("[al-bukamal]", "[]").replace(", rabia]", "]")
                       .replace('  part_of: ["@iraqi-intelligence-service"]\n', ""), encoding="utf-8")
        config.write_text("entities: [entities.yaml]\nrules: {one: {match: '@country:IQ'}}\n"
                          "receivers: {desk: {console: {}}}\n", encoding="utf-8")
        self.assertIn(": good: no feeds, 1 rule, 4 entities, 1 receiver.",
                      self.good("check", "--config", str(config)))

    def test_a_renamed_rule_makes_no_difference(self):
        renamed = self.other("renamed.yaml", "rules:\n  frontier: {match: border, was: border}\n")
        self.assertIn("+0 −0", self.backtest("--config", renamed, "--against", self.config))

    def test_stats_count_what_was_decided(self):
        answer = json.loads(self.good("rules", "stats", "--since", "2025-08-01", "--json",
                                      "--config", self.config))
        self.assertEqual(answer["documents"], 3)
        rule = answer["rules"][0]
        self.assertEqual((rule["rule"], rule["matched"], rule["alerts"]), ("border", 3, 2))
        self.assertIn("last_alert", rule)
        shown = self.good("rules", "stats", "--since", "2025-08-01", "--config", self.config)
        self.assertRegex(shown, r"border +3 +100\.0% +2 +0 +0 +0  2025-08-29")

    def test_list_shows_each_rule_in_canonical_form(self):
        shown = self.good("rules", "list", "--config", self.other("wider.yaml", WIDER))
        self.assertRegex(shown, r"none-of-it +normal +named by other rules only\n    zzz\n")
        self.assertIn("    border AND NOT $none-of-it\n", shown)

    def test_new_writes_a_rule_that_counts_and_overwrites_nothing(self):
        new = ("rules", "new", "smuggling", "--config", self.config, "--match", "smuggl* AND border~",
               "--severity", "high", "--alert", "desk", "--example", "Smugglers crossed the border",
               "--no-example", "A border")
        self.assertIn("includes it: `include: [rules.d]`\n", self.good(*new))
        self.daemon.config.write_text(self.text + "include: [rules.d]\n")
        self.assertIn("2 rules", self.good("check", "--config", self.config))
        self.assertIn("smuggl* AND border~", self.good("rules", "list", "--config", self.config))
        again = verb(*new)
        self.assertEqual(again.returncode, 1)
        self.assertIn("there are two rules named 'smuggling'", again.stderr)

    def test_new_makes_the_folder_that_the_config_includes_already(self):
        self.daemon.config.write_text(self.text + "include: [feeds.d, rules.d]\n")
        self.assertIn("1 rule", self.good("check", "--config", self.config))
        shown = self.good("rules", "new", "smuggling", "--config", self.config, "--match", "smuggl*",
                          stdin="")
        self.assertNotIn("counts once", shown)
        self.assertIn("2 rules", self.good("check", "--config", self.config))
        self.assertFalse((self.stage.folder / "feeds.d").exists())

    def test_new_refuses_what_check_would(self):
        done = verb("rules", "new", "bad", "--config", self.config, "--match", "border guard",
                    stdin="")
        self.assertEqual(done.returncode, 1)
        self.assertIn("no operator before 'guard'", done.stderr)
        done = verb("rules", "new", "bad", "--config", self.config, "--match", "border",
                    "--example", "A crossing", stdin="")
        self.assertIn("the example 'A crossing' must match, but it does not", done.stderr)
        self.assertFalse(os.path.exists(self.stage.folder / "rules.d" / "bad.yaml"))
        done = verb("rules", "new", "bad", "--config", self.config, stdin="")
        self.assertEqual(done.returncode, 2)

    def test_what_is_exported_is_a_config_by_itself(self):
        (self.stage.folder / "places.yaml").write_text(
            "# places\nrabia:\n  kind: crossing  # on the border\n  names: [Rabia]\n"
            "  part_of: [iraq]\niraq:\n  kind: country\n\n  names: [Iraq]\nother: {names: [Other]}\n")
        rules = ("entities: [places.yaml]\nrules:\n"
                 "  crossings: {match: '@rabia AND NOT $sport', alert: desk, severity: high,\n"
                 "    examples: {match: [At Rabia], no_match: [{title: Rabia, text: football}]}}\n"
                 "  sport: {any: [football, tennis], alert: none}\n")
        config = self.other("full.yaml", rules)
        text = self.good("rules", "export", "crossings", "--config", config)
        self.assertIn("    kind: crossing  # on the border\n", text)
        self.assertNotIn("Other", text)
        path = self.stage.folder / "colleague.yaml"
        path.write_text(text)
        answer = json.loads(self.good("check", "--config", str(path), "--json"))
        self.assertEqual((answer["rules"], answer["entities"]), (2, 2))
        self.assertLess(text.index("crossings:"), text.index("rabia:"), "the rule comes first")
        done = verb("rules", "export", "crosings", "--config", config)
        self.assertEqual(done.returncode, 1)
        self.assertIn('did you mean "crossings"?', done.stderr)

    def test_an_export_holds_what_the_rule_names_and_no_country_s_every_town(self):
        pack = SOURCE / "rules" / "packs" / "iraq-syria.yaml"
        installed = self.stage.folder / "share" / "wirewatch" / "packs" / "iraq-syria.yaml"
        installed.parent.mkdir(parents=True)
        installed.write_bytes(pack.read_bytes())
        rule = "rules:\n  iraq: {match: '@country:IQ AND @al-qaim'}\n"
        for path, lines in ((pack, 45), (installed, 12)):
            config = self.other("own.yaml", "entities: [%s]\n%s" % (path, rule))
            text = self.good("rules", "export", "iraq", "--config", config)
            self.assertLess(text.count("\n"), lines, text)
            copy = self.stage.folder / "copy.yaml"
            copy.write_text(text)
            self.good("check", "--config", str(copy))
            named = "entities: [%s]" % installed
            self.assertEqual(named in text, path == installed, text)
            self.assertEqual("more entities that count as @country:IQ" in text, path == pack)


if __name__ == "__main__":
    unittest.main()
