"""What each service's answer does to a message, through the real binary: faults 60 to 65, 71, 72."""
import json
import unittest

from fake_services import Services
from harness import NETWORK, Stage, report, rss

QUARTER = 1000
HOUR = 3600


class Answers(unittest.TestCase):
    def setUp(self):
        self.stage = self.enterContext(Stage())
        self.services = Services()
        self.addCleanup(self.services.close)
        self.items = []

    def secret(self, name, value):
        path = self.stage.folder / name
        path.write_text(value, encoding="utf-8")
        return str(path)

    def receiver(self, kind, name=None):
        """The config of a receiver of that kind at the fake services."""
        name, base = name or kind, self.services.address
        token = self.secret("token", "t0ken")
        if kind == "slackbot":
            body = {"slack": {"bot_token_file": token, "channel": "C1", "server": base + "/slackbot"}}
        elif kind == "telegram":
            body = {"telegram": {"bot_token_file": token, "chat": "-1001",
                                 "server": base + "/telegram"}}
        elif kind == "matrix":
            body = {"matrix": {"server": base + "/matrix", "token_file": token, "room": "!a:b.example"}}
        elif kind == "ntfy":
            body = {"ntfy": {"server": base + "/ntfy", "topic": "desk"}}
        elif kind == "webhook":
            body = {"webhook": {"url": "%s/%s/in" % (base, name)}}
        else:
            real = "google_chat" if kind == "google" else kind
            body = {real: {"url_file": self.secret(name, "%s/%s/x" % (base, name))}}
        return "  %s: %s\n" % (name, json.dumps(body))

    def start(self, *kinds, config=None):
        self.stage.feeds.set("/a.xml", rss([]))
        names = list(kinds)
        self.daemon = self.stage.daemon(
            NETWORK + self.stage.feed_list(["/a.xml"]) + "rules:\n  border: {match: border}\n"
            + "receivers:\n" + (config or "".join(map(self.receiver, names))))
        self.daemon.start()
        self.daemon.advance(5)

    def publish(self, number):
        item = report(number, published=self.daemon.clock)
        self.items.insert(0, item)
        self.stage.feeds.set("/a.xml", rss(self.items[:50]))
        self.daemon.advance(QUARTER)
        return item

    def deliveries(self, **query):
        return self.daemon.ask("GET", "/v1/deliveries", **query)[1]["deliveries"]

    def headlines(self, name):
        return [r.json["data"]["headline"] for r in self.services.of(name)]


class Final(Answers):
    CASES = {
        "slack": [(400, b"invalid_payload"), (403, b"action_prohibited"), (404, b"no_service"),
                  (410, b"channel_is_archived")],
        "slackbot": [(200, b'{"ok": false, "error": "channel_not_found"}'),
                     (200, b'{"ok": false, "error": "is_archived"}')],
        "discord": [(404, b'{"code": 10015, "message": "Unknown Webhook"}'),
                    (400, b'{"code": 50035, "message": "Invalid Form Body"}')],
        "telegram": [(403, b'{"ok": false, "error_code": 403, "description": "Forbidden: kicked"}'),
                     (400, b'{"ok": false, "error_code": 400, "description": "chat not found"}')],
        "teams": [(404, b"gone"), (413, b"too large")],
        "mattermost": [(404, b'{"message": "no such hook"}'), (400, b'{"message": "no channel"}')],
        "google": [(403, b"no"), (404, b"no")],
        "matrix": [(403, b'{"errcode": "M_FORBIDDEN", "error": "not in the room"}')],
        "ntfy": [(400, b'{"error": "bad topic"}')],
        "webhook": [(400, b"no"), (410, b"gone"), (422, b"no")],
    }

    def test_final_answers_are_dead_letters_and_nobody_else_notices(self):
        self.start(*self.CASES)
        rounds = max(map(len, self.CASES.values()))
        for number in range(rounds):
            self.services.answers = {kind: [cases[number]] if number < len(cases) else []
                                     for kind, cases in self.CASES.items()}
            self.publish(number)
        dead = self.deliveries(state="dead", limit=100)
        counted = {kind: sum(d["receiver"] == kind for d in dead) for kind in self.CASES}
        self.assertEqual(counted, {kind: len(cases) for kind, cases in self.CASES.items()})
        counts = self.daemon.status()["deliveries"]
        self.assertEqual(counts["dead"] + counts["delivered"], rounds * len(self.CASES))
        self.assertTrue(any("50035" in d["answer"] for d in dead))
        for kind in self.CASES:
            self.daemon.log.wait_for('receiver "%s": ' % kind)

MOVED = (b'{"ok": false, "error_code": 400, "description": "group chat was upgraded",'
         b' "parameters": {"migrate_to_chat_id": -100777}}')


class ByTheWords(Answers):
    def test_an_error_under_a_status_of_success_is_a_failure(self):
        self.start("teams", "slack", "slackbot", "google", "telegram", "matrix", "ntfy")
        said = b"Webhook message delivery failed with error: Microsoft Teams endpoint returned HTTP "
        self.services.answers = {
            "teams": [(200, said + b"error 400"), (202, said + b"error 429")],
            "slack": [(200, b"<html>a login page</html>")],
            "slackbot": [(200, b"{}")], "google": [(200, b"{}")], "telegram": [(200, b"{}")],
            "matrix": [(200, b"{}")], "ntfy": [(200, b"<html>")]}
        self.publish(1)
        before = self.daemon.status()["deliveries"]
        self.assertEqual(before["dead"], 0)
        self.daemon.advance(2 * HOUR)
        for kind in ("teams", "slack", "slackbot", "google", "telegram", "matrix", "ntfy"):
            self.assertGreaterEqual(len(self.services.of(kind)), 2, kind)
        self.assertEqual(self.daemon.status()["deliveries"]["delivered"], 7)

    def test_a_test_message_follows_a_telegram_group_that_moved(self):
        self.start("telegram")
        self.services.answers["telegram"] = [(400, MOVED)]
        done = self.daemon.verb("test-receiver", "telegram", "--config", str(self.daemon.config))
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertEqual([one.json["chat_id"] for one in self.services.of("telegram")],
                         ["-1001", "-100777"])

    def test_a_telegram_group_that_moved_is_followed_over_a_restart(self):
        self.start("telegram")
        self.services.answers["telegram"] = [(400, MOVED)]
        self.publish(1)
        first, second = self.services.of("telegram")
        self.assertEqual((first.json["chat_id"], second.json["chat_id"]), ("-1001", "-100777"))
        delivered, = self.deliveries()
        self.assertEqual((delivered["state"], delivered["attempts"]), ("delivered", 1))
        self.daemon.stop()
        self.daemon.start()
        self.daemon.advance(5)
        self.publish(2)
        self.assertEqual(self.services.of("telegram")[-1].json["chat_id"], "-100777")
        self.assertEqual(len(self.services.of("telegram")), 3)

    def test_every_services_own_pace_is_kept_and_no_attempt_used_up(self):
        paces = {"slack": (429, b"", {"Retry-After": "7200"}),
                 "discord": (429, b'{"retry_after": 7200.5, "message": "limited"}'),
                 "telegram": (429, b'{"ok": false, "parameters": {"retry_after": 7200}}'),
                 "matrix": (429, b'{"errcode": "M_LIMIT_EXCEEDED", "retry_after_ms": 7200000}'),
                 "ntfy": (429, b"{}", {"Retry-After": "7200"}),
                 "webhook": (503, b"", {"Retry-After": "7200"})}
        self.start(*paces)
        self.services.answers = {kind: [answer] for kind, answer in paces.items()}
        self.publish(1)
        self.daemon.advance(5400)
        for kind in paces:
            self.assertEqual(len(self.services.of(kind)), 1, kind)
        self.assertEqual({d["attempts"] for d in self.deliveries()}, {0})
        self.daemon.advance(2400)
        for kind in paces:
            self.assertEqual(len(self.services.of(kind)), 2, kind)
        self.assertEqual({(d["state"], d["attempts"]) for d in self.deliveries()}, {("delivered", 1)})

    def test_retry_after_counts_up_to_a_day(self):
        self.start("webhook")
        self.services.answers["webhook"] = [(429, b"", {"Retry-After": "999999"})]
        self.publish(1)
        self.daemon.advance(22 * HOUR)
        self.assertEqual(len(self.services.of("webhook")), 1)
        self.daemon.advance(2 * HOUR)
        self.assertEqual(len(self.services.of("webhook")), 2)


class Outages(Answers):
    def test_5xx_and_silence_probe_with_the_oldest_and_keep_the_order(self):
        self.start("webhook")
        self.services.always["webhook"] = None  # hangs up without an answer
        titles = [self.publish(n)["title"] for n in range(3)]
        self.services.always["webhook"] = (502, b"bad gateway")
        titles += [self.publish(n)["title"] for n in range(3, 6)]
        self.assertEqual(set(self.headlines("webhook")), {titles[0]})
        del self.services.always["webhook"]
        before = len(self.services.of("webhook"))
        self.daemon.advance(120)
        self.assertEqual(self.headlines("webhook")[before:], titles)
        self.assertEqual({d["attempts"] for d in self.deliveries()}, {1}, "probes are no attempts")
        late = [r.json["data"]["late"] for r in self.services.of("webhook")[before:]]
        self.assertTrue(late[0])

    def test_seventy_two_hours_down_lose_nothing_and_drain_in_order_within_two_minutes(self):
        self.start(config=self.receiver("webhook", "desk") + self.receiver("webhook", "other"))
        self.services.always["desk"] = (503, b"")
        titles = []
        for number in range(24):
            titles.append(self.publish(number)["title"])
            self.daemon.advance(3 * HOUR - QUARTER)
        self.assertEqual(self.headlines("other"), titles)
        self.assertEqual({r.json["data"]["late"] for r in self.services.of("other")}, {False})
        del self.services.always["desk"]
        before = len(self.services.of("desk"))
        self.assertLess(before, 72 * 60 * 2)
        self.daemon.advance(120)
        drained = self.services.of("desk")[before:]
        self.assertEqual([r.json["data"]["headline"] for r in drained], titles)
        self.assertEqual({r.json["data"]["late"] for r in drained}, {True})
        counts = self.daemon.status()["deliveries"]
        self.assertEqual((counts["pending"], counts["dead"]), (0, 0))

    def test_dead_letters_are_replayed_by_id_by_range_and_by_receiver(self):
        self.start(config=self.receiver("webhook", "desk") + self.receiver("webhook", "other"))
        self.services.always = {"desk": (410, b""), "other": (410, b"")}
        self.publish(1)
        self.daemon.advance(5 * HOUR)
        middle = self.daemon.clock
        self.publish(2)
        self.daemon.advance(5 * HOUR)
        end = self.daemon.clock
        self.publish(3)
        self.assertEqual(self.daemon.status()["deliveries"]["dead"], 6)
        self.services.always = {}
        sent = {name: len(self.services.of(name)) for name in ("desk", "other")}

        def replay(*words):
            done = self.daemon.asking("alerts", "replay", *words)
            self.assertEqual(done.returncode, 0, done.stderr)
            self.daemon.advance(1)
            fresh = {name: self.headlines(name)[sent[name]:] for name in sent}
            for name in sent:
                sent[name] = len(self.services.of(name))
            return fresh

        titles = [report(n)["title"] for n in (1, 2, 3)]
        self.assertEqual(replay("--receiver", "desk", "--since", middle, "--until", end),
                         {"desk": [titles[1]], "other": []})
        one = next(d for d in self.deliveries(state="dead", receiver="other"))
        self.assertEqual(sum(map(len, replay("--delivery", one["id"]).values())), 1)
        self.assertEqual(replay("--receiver", "desk")["desk"], [titles[0], titles[2]])
        self.assertEqual(len(replay("--receiver", "other")["other"]), 2)
        self.assertEqual(self.daemon.status()["deliveries"]["dead"], 0)

    def test_one_dead_receiver_beside_nine_live_ones_delays_none(self):
        names = ["live%d" % n for n in range(9)]
        self.start(config="".join(self.receiver("webhook", n) for n in [*names, "dead"]))

        def burst(first):
            items = [report(first + n, published=self.daemon.clock) for n in range(20)]
            self.items[:0] = items
            self.stage.feeds.set("/a.xml", rss(self.items[:50]))
            self.daemon.advance(QUARTER)

        burst(0)
        self.services.always["dead"] = None
        burst(100)
        for name in names:
            self.assertEqual(len(self.services.of(name)), 40, name)
        others = [d for d in self.deliveries(limit=1000) if d["receiver"] != "dead"]
        self.assertEqual({(d["state"], d["attempts"]) for d in others}, {("delivered", 1)})
        late = {r.json["data"]["late"] for n in names for r in self.services.of(n)}
        self.assertEqual(late, {False})
        self.assertEqual(len({r.json["data"]["headline"] for r in self.services.of("dead")}), 21)


if __name__ == "__main__":
    unittest.main()
