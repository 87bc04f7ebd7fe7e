"""What a machine does to a daemon: full disks, damaged files, clocks that jump, signals, hostile
text on its way to a terminal."""
import ctypes
import http.client
import json
import os
import re
import resource
import select
import shutil
import signal
import subprocess
import threading
import time
import unittest

from harness import NETWORK, PATIENCE, SOURCE, Stage, report, rss

QUARTER = 1000
HOSTILE = "border\x1b[31m red\x07 <script>alert(1)</script> \u202egnp.exe\u202c \x9b2J end"


class Machine(unittest.TestCase):
    def setUp(self):
        self.stage = self.enterContext(Stage())
        self.feeds, self.collector = self.stage.feeds, self.stage.collector

    def start(self, **options):
        self.feeds.set("/a.xml", rss([]))
        self.daemon = self.stage.daemon(self.stage.watch("/a.xml"), **options).start()
        self.daemon.advance(1)
        return self.daemon

    def publish(self, *items):
        self.feeds.set("/a.xml", rss(items))
        self.daemon.advance(QUARTER)

    def expect_new(self, count):
        self.assertEqual(self.collector.kinds().count("new"), count, self.daemon.log_text())


class State(Machine):
    def test_a_damaged_database_is_refused_with_a_way_back(self):
        self.start()
        self.publish(report(1))
        self.daemon.stop()
        database = self.daemon.state / "wirewatch.db"
        whole = database.read_bytes()
        damages = {"its beginning": b"\xee" * 4096 + whole[4096:],
                   "all but its beginning": whole[:4096] + b"\xee" * (len(whole) - 4096),
                   "cut": whole[:len(whole) // 2], "another file": b"hello\n" * 1000}
        for name, bytes_now in damages.items():
            with self.subTest(name):
                database.write_bytes(bytes_now)
                before = len(self.daemon.log_text())
                said = self.daemon.runs_into(1)[before:]
                self.assertRegex(said, r'database ".*wirewatch\.db" is damaged')
                self.assertIn("put a backup in the first one's place", said)
                self.assertEqual(database.read_bytes(), bytes_now, "nothing is overwritten")
        database.write_bytes(whole)  # the backup
        self.daemon.start()
        self.daemon.advance(QUARTER)
        self.expect_new(1)

    def test_a_second_daemon_is_refused_and_the_first_runs_on(self):
        self.start()
        done = subprocess.run(
            [*self.daemon.process.args[:6], "--listen", "off"], capture_output=True, text=True,
            timeout=PATIENCE, check=False)
        self.assertEqual(done.returncode, 1)
        self.assertIn('is in use by process %d' % self.daemon.process.pid, done.stderr)
        self.publish(report(2))
        self.expect_new(1)

    def test_a_folder_that_was_there_keeps_its_mode_and_only_its_owner_reads_the_files(self):
        shared = self.stage.folder / "shared"
        shared.mkdir()
        shared.chmod(0o755)
        self.start(state=shared)
        self.publish(report(3))
        self.assertEqual(shared.stat().st_mode & 0o777, 0o755)
        files = list(shared.iterdir())
        self.assertIn("wirewatch.db-wal", [path.name for path in files])
        self.assertEqual([path.name for path in files if path.stat().st_mode & 0o077], [])

    @unittest.skipUnless(os.geteuid() == 0, "needs root")
    def test_root_in_the_folder_of_another_user_is_told_whom_to_run_it_as(self):
        theirs = self.stage.folder / "theirs"
        theirs.mkdir()
        os.chown(theirs, 65534, 65534)
        self.start(state=theirs)
        self.daemon.log.wait_for("is another user's (uid 65534), who cannot read what root writes")

    def test_a_clock_that_stepped_back_a_year_floods_nobody_and_stops_nothing(self):
        self.start()
        items = [report(n) for n in range(10, 15)]
        self.publish(*items)
        self.expect_new(5)
        self.daemon.stop()
        self.daemon.clock = "2024-08-29T08:00:00Z"
        self.daemon.start()
        asked = self.feeds.count("/a.xml")
        self.daemon.advance(3600)
        self.assertGreater(self.feeds.count("/a.xml"), asked, "it is polled all the same")
        self.publish(*items[::-1])
        self.expect_new(5)
        self.publish(report(15, published=self.daemon.clock), *items)
        self.expect_new(6)
        self.daemon.stop()
        self.daemon.clock = "2026-02-28T08:00:00Z"  # and then ahead
        self.daemon.start()
        self.daemon.advance(3600)
        self.expect_new(6)
        self.publish(report(16, published=self.daemon.clock), *items)
        self.expect_new(7)

    def test_dead_documents_leave_by_age_and_stay_known(self):
        self.feeds.set("/a.xml", rss([]))
        self.daemon = self.stage.daemon(self.stage.watch(
            "/a.xml", every="6h", settings=NETWORK + "archive: {max_age: 2d}\n")).start()
        self.daemon.advance(1)
        self.feeds.set("/a.xml", rss([report(20)]))
        self.daemon.advance(7 * 3600)
        self.expect_new(1)
        self.assertEqual(self.daemon.ask("GET", "/v1/why", item=report(20)["title"])[0], 200)
        self.daemon.advance(4 * 86400)
        self.assertEqual(self.daemon.ask("GET", "/v1/why", item=report(20)["title"])[0], 404)
        self.feeds.set("/a.xml", rss([report(20, link="http://news.example/again")]))
        self.daemon.advance(7 * 3600)
        self.expect_new(1)


class Signals(Machine):
    def test_a_stop_is_quick_and_orderly(self):
        for how in (signal.SIGTERM, signal.SIGINT):
            self.start() if how == signal.SIGTERM else self.daemon.start()
            began = time.monotonic()
            self.daemon.process.send_signal(how)
            self.assertEqual(self.daemon.process.wait(PATIENCE), 0)
            self.assertLess(time.monotonic() - began, 2.0)
            self.daemon.kill()
        self.assertFalse((self.daemon.state / "wirewatch.db-wal").exists(), "the log is taken in")

    def hang(self):
        """A feed server's answer that never comes, until the test ends."""
        over = threading.Event()
        self.addCleanup(over.set)
        return lambda request: over.wait(PATIENCE)

    def test_a_stop_meets_its_deadline_while_a_feed_hangs(self):
        self.feeds.script("/hang.xml", self.hang())
        config = self.stage.watch("/hang.xml", settings=NETWORK + "stop_within: 1s\n")
        daemon = self.stage.daemon(config).start()
        self.feeds.wait_asked("/hang.xml")
        began = time.monotonic()
        daemon.stop(expect=0)
        self.assertLess(time.monotonic() - began, 1.0 + 2.0 + 1.0)
        self.assertNotIn("did not stop in time", daemon.log_text())

    def test_a_feed_that_hangs_is_given_up_and_delays_no_other(self):
        self.feeds.script("/hang.xml", self.hang())
        self.feeds.set("/a.xml", rss([]))
        self.daemon = self.stage.daemon(self.stage.watch(
            "/a.xml", "/hang.xml", settings=NETWORK + "http: {timeout: 1s}\n")).start()
        self.daemon.advance(1)  # waits for the second that the hanging one has
        self.assertEqual(self.daemon.feed("a")["status"], "good")
        self.assertEqual(self.daemon.feed("hang")["status"], "failing")
        self.assertRegex(self.daemon.feed("hang")["failure"], "127.0.0.1.* (in|within|after) ")


class Hostile(Machine):
    def start_hostile(self):
        self.feeds.set("/j.json", json.dumps(self.json_feed([])))
        config = (NETWORK + self.stage.feed_list(["/j.json", "/label.xml"])
                  + "rules:\n  border: {match: border, alert: screen}\n"
                  + "receivers:\n  screen: {console: {}}\n")

        def label(request):
            request.send_response(200)
            request.send_header("Content-Encoding", "\x1b[31m<script>\x9b\u00a0x")
            request.send_header("Content-Length", "4")
            request.end_headers()
            request.wfile.write(b"body")

        self.feeds.script("/label.xml", label)
        self.daemon = self.stage.daemon(config).start()
        self.daemon.advance(1)
        self.feeds.set("/j.json", json.dumps(self.json_feed([report(30)])))
        self.daemon.advance(QUARTER)

    def json_feed(self, items):
        return {"version": "https://jsonfeed.org/version/1.1", "title": HOSTILE,
                "items": [{"id": i["guid"], "url": "javascript:alert(1)", "title": HOSTILE,
                           "content_text": HOSTILE + "\n" + i["text"]} for i in items]}

    def check(self, text, what):
        found = re.findall("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e]", text)
        self.assertEqual(found, [], "%s: %r" % (what, text))

    def test_text_from_feeds_steers_no_terminal(self):
        self.start_hostile()
        self.daemon.out.wait_for("gnp.exe")
        shown = self.daemon.output()
        self.check(shown, "the console receiver")
        self.assertIn("rule border", shown)
        self.check(self.daemon.log_text(), "the log")
        _, items = self.daemon.ask("GET", "/v1/items", text="gnp.exe")
        item, = items["items"]
        for arguments in (["why", item["id"]], ["story", item["story"]], ["alerts", "list"],
                          ["alerts", "show", self.alert()], ["feeds", "list"], ["status"]):
            done = self.daemon.asking(*arguments)
            self.assertEqual(done.returncode, 0, done.stderr)
            self.check(done.stdout + done.stderr, " ".join(arguments))

    def alert(self):
        return self.daemon.ask("GET", "/v1/alerts")[1]["alerts"][0]["id"]

    def test_one_cause_cannot_fill_the_log(self):
        paths = ["/gone%d.xml" % n for n in range(300)]  # all answer 404
        self.daemon = self.stage.daemon(self.stage.watch(*paths)).start()
        self.daemon.advance(120)
        self.assertEqual(self.daemon.status()["feeds_failing"], 300)
        lines = [l for l in self.daemon.log_text().splitlines() if "404 Not Found" in l]
        self.assertIn(len(lines), range(1, 121), "60 a minute, and a minute may have ended")


@unittest.skipUnless(os.geteuid() == 0 and shutil.which("mount"),
                     "a disk of its own needs root and mount")
class FullDisk(Machine):
    def setUp(self):
        super().setUp()
        self.disk = self.stage.folder / "disk"
        self.disk.mkdir()
        done = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=96m", "wirewatch-test",
                               str(self.disk)], capture_output=True, text=True, check=False)
        if done.returncode != 0:
            self.skipTest("no disk of its own: " + done.stderr.strip())
        self.addCleanup(subprocess.run, ["umount", "-l", str(self.disk)], check=False)

    def fill(self, leave=0):
        """Takes the disk's free space but for `leave` bytes, and the room that the log has made
        itself for the next commits."""
        log = self.disk / "state" / "wirewatch.db-wal"
        used = len(log.read_bytes().rstrip(b"\0"))
        head, page = 32, 24 + 4096
        os.truncate(log, head + -(-(used - head) // page) * page)
        with open(self.disk / "filler", "wb", buffering=0) as filler:
            free = os.statvfs(self.disk).f_bavail * os.statvfs(self.disk).f_frsize
            os.posix_fallocate(filler.fileno(), 0, max(free - leave, 1))

    def empty(self):
        (self.disk / "filler").unlink()

    def test_polling_stops_at_low_water_and_goes_on_by_itself(self):
        self.start(state=self.disk / "state")
        self.publish(report(40))
        self.fill(leave=32 << 20)
        self.daemon.advance(60)
        asked = self.feeds.count("/a.xml")
        self.publish(report(41), report(40))
        self.daemon.advance(4 * QUARTER)
        self.assertEqual(self.feeds.count("/a.xml"), asked)
        self.assertTrue(self.daemon.status()["held_by_disk"])
        self.assertIn("NOT POLLING", self.daemon.asking("status").stdout)
        self.assertEqual(self.daemon.ask("GET", "/readyz")[0], 503)
        self.expect_new(1)
        self.empty()
        self.daemon.advance(60)
        self.assertFalse(self.daemon.status()["held_by_disk"])
        self.assertEqual(self.daemon.ask("GET", "/readyz")[0], 200)
        self.expect_new(2)

    def test_sending_pauses_while_what_was_sent_cannot_be_noted(self):
        self.collector.always = 503
        self.start(state=self.disk / "state")
        self.publish(report(50), report(51), report(52))
        (self.daemon.state / "ballast").unlink()
        self.fill()
        self.collector.always = 200
        self.daemon.advance(300)
        self.assertEqual(len(self.collector.messages), 1, "not even one of the others")
        self.daemon.log.wait_for("sending pauses, because what was sent cannot be noted")
        self.empty()
        self.daemon.advance(300)
        self.assertEqual(len(self.collector.messages), 3)
        self.assertEqual(len({m["id"] for m in self.collector.messages}), 3, "none came twice")
        self.daemon.log.wait_for("sending goes on")
        self.daemon.stop()
        self.daemon.start()
        self.daemon.advance(2 * QUARTER)
        self.assertEqual(len(self.collector.messages), 3)

    def test_a_full_disk_takes_the_ballast_before_it_loses_a_decision(self):
        self.start(state=self.disk / "state")
        self.assertTrue((self.daemon.state / "ballast").exists())
        self.collector.always = 503
        self.publish(report(60))
        self.fill()
        self.collector.always = 200
        self.daemon.advance(300)
        self.expect_new(1)
        self.assertFalse((self.daemon.state / "ballast").exists())
        self.assertEqual(self.daemon.status()["deliveries"]["delivered"], 1)
        self.empty()
        self.publish(report(61, published=self.daemon.clock), report(60))
        self.expect_new(2)
        self.assertTrue((self.daemon.state / "ballast").exists(), "and it is put by again")


class Process(Machine):
    def test_a_limit_on_the_size_of_files_is_told_like_a_full_disk_and_loses_nothing(self):
        self.start()
        self.publish(report(95))
        self.expect_new(1)
        pid = self.daemon.process.pid
        _, hard = resource.prlimit(pid, resource.RLIMIT_FSIZE)
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (4096, hard))
        self.publish(report(96), report(95))
        self.daemon.log.wait_for("is full: a file may not grow further (ulimit -f, LimitFSIZE=)")
        self.expect_new(1)
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (hard, hard))
        self.daemon.advance(300)
        self.expect_new(2)

    def test_row_78_out_of_memory_loses_nothing_over_the_restart(self):
        self.start()
        items = [report(n, published=self.daemon.clock) for n in range(70, 90)]
        self.publish(*items[:5])
        used = int(re.search(r"VmData:\s+(\d+)", self.proc("status")).group(1)) << 10
        resource.prlimit(self.daemon.process.pid, resource.RLIMIT_DATA, (used, used))
        big = [dict(item, text="%s\n%s" % (item["text"], "a word and another one " * 40000))
               for item in items]
        self.feeds.set("/a.xml", rss(big))
        try:
            self.daemon.advance(QUARTER)
        except (OSError, http.client.HTTPException, AssertionError):
            pass  # it had no memory left for the answer, or has ended
        self.daemon.kill()  # where the kernel has not already
        self.feeds.set("/a.xml", rss(items))
        self.daemon.start()
        self.daemon.advance(4 * QUARTER)
        self.assertEqual({m["data"]["headline"] for m in self.collector.messages},
                         {item["title"] for item in items})
        self.assertEqual(len({m["id"] for m in self.collector.messages}), len(items),
                         "what came twice came under its own id")

    def proc(self, name):
        with open("/proc/%d/%s" % (self.daemon.process.pid, name), encoding="utf-8") as file:
            return file.read()

    def told(self, within):
        """Is the watchdog fed within so many seconds?"""
        end = time.monotonic() + within
        while (left := end - time.monotonic()) > 0:
            if not select.select([self.daemon.listener], [], [], left)[0]:
                break
            if b"WATCHDOG=1" in self.daemon.listener.recv(4096):
                return True
        return False

    def test_row_81_a_stuck_loop_feeds_no_watchdog_and_loses_nothing_over_the_restart(self):
        unit = (SOURCE / "systemd/wirewatch.service.in").read_text(encoding="utf-8")
        self.assertIn("\nWatchdogSec=30s\n", unit)
        self.assertIn("\nRestart=on-failure\n", unit)  # which the watchdog is
        self.feeds.set("/a.xml", rss([]))
        self.daemon = self.stage.daemon(self.stage.watch("/a.xml", every="1s"), clock=None,
                                        environment={"WATCHDOG_USEC": "30000000"}).start()
        self.assertTrue(self.told(15), "fed while the loop turns")
        libc = ctypes.CDLL(None, use_errno=True)
        attach, detach, loop = 16, 17, self.daemon.process.pid  # ptrace(2); the loop's thread alone
        if libc.ptrace(attach, loop, 0, 0) != 0:
            self.skipTest("this machine lets nobody stop a thread: ptrace is refused")
        os.waitpid(loop, 0x40000000)  # __WALL
        self.daemon.drain()
        now = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
        self.feeds.set("/a.xml", rss([report(n, published=now) for n in (95, 96)]))
        self.assertFalse(self.told(15), "and not when it is stuck, whatever the other threads do")
        libc.ptrace(detach, loop, 0, 0)
        self.daemon.process.send_signal(signal.SIGABRT)  # as systemd does
        self.daemon.process.wait(PATIENCE)
        self.daemon._closed()
        self.daemon.start()
        self.assertTrue(self.collector.wait_for(2))
        self.assertEqual(len({m["id"] for m in self.collector.messages}), 2)


if __name__ == "__main__":
    unittest.main()
