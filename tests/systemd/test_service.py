"""The binary as the unit runs it: what it tells systemd, and what reload answers."""
import os
import re
import resource
import select
import shlex
import signal
import subprocess
import time
import unittest

import installed
from harness import BINARY, PATIENCE, Stage

GOOD = """receivers: {screen: {console: {}}}
rules:
  border:
    match: |
      border AND security
"""
BROKEN = GOOD.replace("security", "(security")


class Service(unittest.TestCase):
    def setUp(self):
        self.root = installed.Root()
        self.root.install()
        self.stage = Stage().__enter__()
        self.runtime = self.stage.folder / "run"
        self.runtime.mkdir()

    def tearDown(self):
        self.stage.__exit__(None)
        self.root.__exit__()

    def environment(self, **more):
        return dict(RUNTIME_DIRECTORY=str(self.runtime),
                    STATE_DIRECTORY=str(self.stage.folder / "state"), **more)

    def start(self, config=GOOD, **more):
        daemon = self.stage.daemon(config, clock=None, environment=self.environment(**more))
        return daemon.start()

    def told(self, daemon, wanted, count=1):
        """The messages to systemd up to the count-th that holds `wanted`."""
        messages, end = [], time.monotonic() + PATIENCE
        while sum(wanted in message for message in messages) < count:
            ready, _, _ = select.select([daemon.listener], [], [], end - time.monotonic())
            self.assertTrue(ready, "no %r among %r" % (wanted, messages))
            messages.append(daemon.listener.recv(4096).decode())
        return messages

    def reload(self, daemon):
        """ExecReload= of the installed unit, with the places of this test."""
        command = shlex.split(self.root.setting("ExecReload"))
        self.assertEqual(command[0], "/usr/bin/wirewatch")
        self.assertIn("/etc/wirewatch/config.yaml", command)
        command = [BINARY] + [str(daemon.config) if word == "/etc/wirewatch/config.yaml" else word
                              for word in command[1:]]
        return subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE, check=False,
                              env=dict(os.environ, **self.environment()))

    def test_a_reload_is_announced_and_done(self):
        daemon = self.start()
        done = self.reload(daemon)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        begun, finished = self.told(daemon, "READY=1")
        self.assertRegex(begun, r"^RELOADING=1\nMONOTONIC_USEC=[1-9][0-9]*$")
        self.assertLessEqual(int(begun.split("=")[-1]), time.monotonic_ns() // 1000)
        self.assertEqual(finished, "READY=1\nSTATUS=watching no feeds with 1 rule")
        daemon.stop()

    def test_a_refused_reload_fails_and_says_where(self):
        daemon = self.start()
        daemon.config.write_text(GOOD + "no-such-key: 1\n", encoding="utf-8")
        done = self.reload(daemon)
        self.assertEqual(done.returncode, 1, done.stdout + done.stderr)
        self.assertRegex(done.stderr, re.escape(str(daemon.config)) + r":6:1: .*no-such-key")
        self.assertIn("refused", done.stdout)
        self.told(daemon, "READY=1")  # the old config goes on, and systemd knows
        daemon.config.write_text(GOOD, encoding="utf-8")
        self.assertEqual(self.reload(daemon).returncode, 0)
        daemon.stop()

    def test_a_rule_that_does_not_compile_fails_the_reload(self):
        daemon = self.start()
        daemon.config.write_text(BROKEN, encoding="utf-8")
        done = self.reload(daemon)
        self.assertEqual(done.returncode, 1, done.stdout + done.stderr)
        self.assertRegex(done.stderr, re.escape(str(daemon.config)) + r":5:18: ")
        # The changed file may have been taken up by itself already.
        self.assertRegex(done.stdout, r"^accepted but for the rules above; generation [23] is live$")
        daemon.stop()

    def test_a_reload_without_a_daemon_fails(self):
        daemon = self.start()
        daemon.stop()
        done = self.reload(daemon)
        self.assertEqual(done.returncode, 1)
        self.assertIn("no daemon answers", done.stderr)

    def test_another_daemons_answer_is_never_taken_for_the_named_ones(self):
        daemon = self.start()
        mine, other = str(daemon.config), str(self.stage.folder / "other.yaml")
        (self.stage.folder / "other.yaml").write_text(GOOD, encoding="utf-8")
        cases = [([], 0), (["--config", mine], 0), (["--state", str(daemon.state)], 0),
                 (["--config", other], 1), (["--state", str(self.stage.folder / "elsewhere")], 1),
                 (["--config", mine, "--state", str(self.stage.folder / "elsewhere")], 1)]
        home = dict(os.environ, RUNTIME_DIRECTORY=str(self.runtime), HOME=str(self.stage.folder))
        for options, code in cases:
            with self.subTest(options):
                done = subprocess.run([BINARY, "status", *options], capture_output=True, text=True,
                                      timeout=PATIENCE, check=False, env=home)
                self.assertEqual(done.returncode, code, done.stdout + done.stderr)
                self.assertEqual("no daemon answers" in done.stderr, code == 1)
        daemon.stop()

    def test_the_watchdog_is_fed_again_and_again(self):
        daemon = self.start(WATCHDOG_USEC="1000000")
        self.told(daemon, "WATCHDOG=1", count=2)
        daemon.stop()

    def test_without_a_watchdog_none_is_fed(self):
        daemon = self.start()
        daemon.process.send_signal(signal.SIGTERM)
        messages = self.told(daemon, "STOPPING=1")
        self.assertFalse([message for message in messages if "WATCHDOG" in message])
        self.assertEqual(daemon.process.wait(PATIENCE), 0)

    def test_it_says_how_long_stopping_may_take_and_stops_at_once_when_idle(self):
        daemon = self.start("stop_within: 5m\n" + GOOD)  # more than anybody's patience
        daemon.process.send_signal(signal.SIGTERM)
        stopping = self.told(daemon, "STOPPING=1")[-1]
        self.assertIn("\nEXTEND_TIMEOUT_USEC=309000000\n", stopping)
        self.assertEqual(daemon.process.wait(PATIENCE), 0)

    def test_the_units_time_to_stop_covers_the_default_one(self):
        daemon = self.start()
        daemon.process.send_signal(signal.SIGTERM)
        stopping = self.told(daemon, "STOPPING=1")[-1]
        takes = int(re.search(r"EXTEND_TIMEOUT_USEC=(\d+)", stopping).group(1)) / 1e6
        self.assertGreaterEqual(float(self.root.setting("TimeoutStopSec").removesuffix("s")), takes)
        self.assertEqual(daemon.process.wait(PATIENCE), 0)

    def test_it_takes_the_descriptors_that_it_may_have(self):
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (min(256, hard), hard))  # the child inherits it
        try:
            daemon = self.start()
        finally:
            resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
        got = resource.prlimit(daemon.process.pid, resource.RLIMIT_NOFILE)
        self.assertEqual(got, (hard if hard < 65536 else 65536, hard))
        daemon.stop()

    def test_the_units_descriptors_are_what_the_daemon_asks_for(self):
        self.assertEqual(self.root.setting("LimitNOFILE"), "65536")


if __name__ == "__main__":
    unittest.main(verbosity=2)
