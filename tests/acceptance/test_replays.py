"""Replay sources through the real binary: what is wrong with their files, and their end."""
import json
import unittest

from harness import BORDER, Stage, report, verb


def line(item):
    return json.dumps({"id": item["guid"], "title": item["title"], "text": item["text"],
                       "url": item["link"]})


class Replays(unittest.TestCase):
    def setUp(self):
        self.stage = self.enterContext(Stage())
        self.file = self.stage.folder / "sample.jsonl"

    def config(self):
        return ("network: {allow: [127.0.0.0/8]}\nfeeds:\n  - {replay: sample.jsonl}\n" + BORDER
                + self.stage.receivers())

    def start(self, *lines):
        self.file.write_text("\n".join(lines) + "\n", encoding="utf-8")
        self.daemon = self.stage.daemon(self.config()).start()
        self.daemon.advance(30)

    def headlines(self):
        return self.stage.collector.headlines()

    def check(self):
        path = self.stage.folder / "config.yaml"
        path.write_text(self.config(), encoding="utf-8")
        return verb("check", "--config", str(path))

    def test_a_bad_line_is_left_out_and_named_and_the_others_come(self):
        self.start(line(report(1)), "not json", line(report(3)))
        self.assertEqual(self.headlines(), [report(1)["title"], report(3)["title"]])
        said = "%s:2: not a JSON object; the line is left out" % self.file
        self.assertEqual(self.daemon.log_text().count(said), 1)
        self.assertEqual(self.daemon.feed("sample")["warnings"], [said])
        self.assertIn(said, self.daemon.asking("feeds").stdout)

    def test_a_line_that_was_mended_comes_when_the_feed_is_asked(self):
        self.start(line(report(1)), "not json", line(report(3)))
        self.file.write_text("\n".join(map(line, (report(1), report(2), report(3)))) + "\n",
                             encoding="utf-8")
        self.daemon.asking("feeds", "poll", "sample")
        self.daemon.advance(30)
        self.assertEqual(self.headlines(), [report(n)["title"] for n in (1, 3, 2)])
        self.assertEqual(self.daemon.feed("sample")["warnings"], [])

    def test_one_whose_items_are_all_out_is_finished(self):
        self.start(line(report(1)))
        feed = self.daemon.feed("sample")
        self.assertEqual((feed["finished"], feed.get("next_poll")), (True, None))
        self.assertRegex(self.daemon.asking("feeds").stdout, r"(?m)^sample +good +finished +last ")
        self.assertIn("<td>finished</td>", self.daemon.ask("GET", "/feeds")[1])
        self.daemon.stop()
        self.assertRegex(self.daemon.asking("feeds").stdout, r"(?m)^sample +good +finished +last ")

    def test_check_reads_the_file(self):
        missing = self.check()
        self.assertEqual(missing.returncode, 1)
        self.assertIn('config.yaml:3:6: error: cannot read "%s"' % self.file, missing.stderr)
        self.file.write_text("%s\nnot json\n{}\n" % line(report(1)), encoding="utf-8")
        bad = self.check()
        self.assertEqual(bad.returncode, 1)
        self.assertIn("sample.jsonl:2:1: error: not a JSON object; the line is left out\n  not json",
                      bad.stderr)
        self.assertIn('sample.jsonl:3:1: error: has neither "title" nor "text"', bad.stderr)
        self.file.write_text(line(report(1)), encoding="utf-8")
        good = self.check()
        self.assertEqual((good.returncode, good.stderr), (0, ""))


if __name__ == "__main__":
    unittest.main()
