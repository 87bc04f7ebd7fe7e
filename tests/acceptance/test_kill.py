"""SIGKILL at random moments of the five-article run: nothing lost, nothing new twice."""
import os
import random
import threading
import unittest

import five
from harness import Stage
from test_five import Run, config

KILLS = int(os.environ.get("WIREWATCH_KILLS", "200"))
KILLS_A_RUN = 10
SEED = int(os.environ.get("WIREWATCH_SEED", "20241226"))


class Killed(Exception):
    pass


class SigKill(unittest.TestCase):
    def step(self, daemon, seconds):
        try:
            daemon.advance(seconds)
        except (OSError, ValueError, AssertionError) as error:
            raise Killed from error

    def run_with_kills(self, documents, order, dice):
        with Stage() as stage:
            run = Run(stage, documents, order)
            daemon = stage.daemon(config(stage))
            kills, position = 0, -1
            while kills < KILLS_A_RUN:
                daemon.start(wait=False)
                # A random moment between the start and well into the work.
                timer = threading.Timer(dice.uniform(0.0, 0.25), daemon.process.kill)
                timer.start()
                try:
                    try:
                        daemon.wait_ready()
                    except AssertionError as error:
                        raise Killed from error
                    self.step(daemon, 60)
                    while position < 4:
                        position += 1
                        run.publish(position)
                        self.step(daemon, 1200)
                    self.step(daemon, 1200)
                except Killed:
                    pass
                timer.join()
                daemon.kill()
                kills += 1
            daemon.start()  # and now undisturbed
            daemon.advance(60)
            while position < 4:
                position += 1
                run.publish(position)
                daemon.advance(1200)
            daemon.advance(4 * 3600)
            _, counts = daemon.ask("GET", "/v1/status")
            self.assertEqual(counts["deliveries"]["pending"], 0, daemon.log_text())
            _, rows = daemon.ask("GET", "/v1/deliveries")
            daemon.stop()
            self.check(stage, rows["deliveries"])
        return kills

    def check(self, stage, deliveries):
        messages = stage.collector.messages
        sent = {m["id"] for m in messages}
        self.assertEqual({d["id"] for d in deliveries}, sent, "what was committed has arrived")
        by_id = {}
        for message in messages:
            first = by_id.setdefault(message["id"], message)
            self.assertEqual(first["data"], message["data"], "a repeat is the same message")
        new = {m["data"]["alert"] for m in messages if m["type"] == "alert.new"}
        self.assertEqual(len(new), 2, "one alert a story, whatever was killed")
        self.assertEqual(len({m["id"] for m in messages if m["type"] == "alert.new"}), 2)
        self.assertEqual(stage.collector.bad, [])

    def test_nothing_is_lost_and_repeats_carry_the_same_id(self):
        dice = random.Random(SEED)
        documents = five.sets()[-1][1]
        kills = 0
        for order in five.orders(max(1, KILLS // KILLS_A_RUN), seed=SEED):
            with self.subTest(order=order):
                kills += self.run_with_kills(documents, order, dice)
        print("killed %d times (seed %d)" % (kills, SEED))


if __name__ == "__main__":
    unittest.main()
