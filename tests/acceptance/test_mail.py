"""Alerts by mail: through the real binary to a mail server of the test's own."""
import html.parser
import json
import unittest

from fake_mail import MailServer
from harness import NETWORK, Stage, report, retold, rss
from network import Authority

QUARTER = 1000


class Mail(unittest.TestCase):
    def setUp(self):
        self.stage = self.enterContext(Stage())
        self.feeds, self.items = self.stage.feeds, []

    def server(self, **options):
        server = MailServer(**options)
        self.addCleanup(server.close)
        return server

    def authority(self):
        authority = Authority(self.stage.folder)
        return authority.issue("mail"), "http: {ca_file: %s}\n" % authority.pem

    def receiver(self, server, name="desk", **keys):
        keys = {"server": server.url, "from": "Wirewatch <alerts@example.org>",
                "to": "desk@example.org", **keys}
        if not server.context:
            keys.setdefault("tls", "none")
        return "  %s: {email: %s}\n" % (name, json.dumps(keys, ensure_ascii=False))

    def start(self, receivers, names=("desk",), settings="", rule="{match: border, alert: [%s]}"):
        self.feeds.set("/a.xml", rss([]))
        self.feeds.set("/b.xml", rss([]))
        self.daemon = self.stage.daemon(
            NETWORK + settings + self.stage.feed_list(["/a.xml", "/b.xml"])
            + "rules:\n  border: %s\n" % (rule % ", ".join(names)) + "receivers:\n" + receivers)
        self.daemon.start()
        self.daemon.advance(5)

    def publish(self, number, feed="/a.xml", **more):
        item = report(number, published=self.daemon.clock, **more)
        self.items.insert(0, item)
        self.feeds.set(feed, rss(self.items))
        self.daemon.advance(QUARTER)
        return item

    def deliveries(self, **query):
        return self.daemon.ask("GET", "/v1/deliveries", **query)[1]["deliveries"]


class Messages(Mail):
    def test_an_alert_is_a_message_that_every_program_reads(self):
        server = self.server()
        self.start(self.receiver(server, to=["desk@example.org", "Nächte <night@example.org>"],
                                 reply_to="editor@example.org"))
        item = self.publish(1, text="Guards say that the border is open. " * 3 + report(1)["text"])
        message, = server.messages
        self.assertEqual((message.sender, message.recipients),
                         ("alerts@example.org", ["desk@example.org", "night@example.org"]))
        self.assertEqual(str(message["From"]), "Wirewatch <alerts@example.org>")
        self.assertEqual([a.display_name for a in message["To"].addresses], ["", "Nächte"])
        self.assertEqual(str(message["Reply-To"]), "editor@example.org")
        self.assertEqual(str(message["Subject"]), item["title"])
        self.assertEqual(message["Auto-Submitted"], "auto-generated")
        self.assertEqual(message["List-Id"], "<desk.wirewatch.example.org>")
        self.assertEqual(message["X-Priority"], "3 (Normal)")
        self.assertEqual(message.parsed.get_content_type(), "multipart/alternative")
        self.assertIn(item["link"], message.text())
        self.assertIn("*border*", message.text())
        self.assertIn('<a href="%s"' % item["link"], message.text("html"))
        self.assertIn("<b>border</b>", message.text("html"))
        self.assertNotIn("In-Reply-To", message.parsed)
        lines = message.data.split(b"\r\n")
        self.assertLessEqual(max(map(len, lines)), 78)
        self.assertNotIn(b"\n", b"".join(lines), "every line ends in CRLF")
        self.assertTrue(message.data.isascii())
        self.assertFalse(message.parsed.defects)

    def test_updates_and_corrections_stand_in_the_first_messages_thread(self):
        server = self.server()
        self.start(self.receiver(server),
                   rule="{match: border, alert: [%s], updates: new-source}")
        first = self.publish(2)
        self.feeds.set("/b.xml", rss([retold(first, 2)]))
        self.daemon.advance(QUARTER)
        one, two = server.messages
        self.assertEqual(two["In-Reply-To"], one["Message-ID"])
        self.assertEqual(two["References"], one["Message-ID"])
        self.assertNotEqual(two["Message-ID"], one["Message-ID"])
        self.assertEqual(str(two["Subject"]), "Re: " + str(one["Subject"]))
        self.assertIn("2nd source: b", two.text())

    def test_a_feed_cannot_write_headers_markup_or_lines_of_its_own(self):
        server = self.server()
        self.start(self.receiver(server))
        title = ("border\r\nBcc: all@example.org\r\n\r\n<script>alert(1)</script> =?utf-8?Q?spoofed?="
                 " \u202egnp.exe ends")
        self.publish(3, title=title, text="border \r\n.\r\nQUIT\r\n<b>loud</b>",
                     link="http://news.example/3\r\nBcc: x@example.org")
        message, = server.messages
        self.assertEqual(message.recipients, ["desk@example.org"])
        self.assertNotIn("Bcc", message.parsed)
        subject = str(message["Subject"])
        self.assertIn("Bcc: all@example.org", subject)
        self.assertIn("=?utf-8?Q?spoofed?=", subject)
        self.assertNotIn("\u202e", subject + message.text() + message.text("html"))
        self.assertNotIn("<script", message.text("html"))
        Tags.hold(self, message.text("html"))

    def test_text_from_right_to_left_says_so(self):
        server = self.server()
        self.start(self.receiver(server))
        self.publish(4, title="العراق يغلق المعبر border بعد محادثات طويلة في دمشق")
        message, = server.messages
        self.assertEqual(str(message["Subject"]),
                         "العراق يغلق المعبر border بعد محادثات طويلة في دمشق")
        self.assertIn('<h2 dir="rtl"', message.text("html"))
        self.assertTrue(message.data.isascii())

    def test_preview_and_test_receiver_print_the_exact_message(self):
        server = self.server()
        self.start(self.receiver(server))
        config = ("--config", str(self.daemon.config))
        shown = self.daemon.verb("alerts", "preview", "--receiver", "desk", *config)
        self.assertEqual(shown.returncode, 0, shown.stderr)
        head = "%s (not encrypted, no login)\nMAIL FROM:<alerts@example.org>\n" % server.url
        self.assertTrue(shown.stdout.startswith(head), shown.stdout)
        self.assertIn("RCPT TO:<desk@example.org>\nDATA\n\nDate: ", shown.stdout)
        done = self.daemon.verb("test-receiver", "desk", "--show", *config)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        message, = server.messages
        self.assertIn(message.data.decode().replace("\r\n", "\n"), done.stdout)
        self.assertTrue(done.stdout.endswith("desk: delivered (250 2.0.0 queued as 7)\n"))
        self.assertEqual(str(message["Subject"]), "Test: This is a test message of wirewatch")

    def test_an_address_in_another_script_goes_out_in_utf8(self):
        server = self.server(utf8=True)
        self.start(self.receiver(server, to=["δοκιμή@bücher.example"]))
        self.publish(5)
        message, = server.messages
        self.assertEqual(message.recipients, ["δοκιμή@xn--bcher-kva.example"])
        self.assertIn("To: δοκιμή@xn--bcher-kva.example\r\n".encode(), message.data)
        self.assertTrue(any("SMTPUTF8" in c for c in server.commands if c.startswith("MAIL")))


class Tags(html.parser.HTMLParser):
    """Only the elements and attributes that the daemon writes."""

    def handle_starttag(self, tag, attributes):
        assert tag in ("html", "head", "meta", "body", "p", "h2", "a", "b", "blockquote", "ol", "li",
                       "span"), tag
        for name, value in attributes:
            assert name in ("charset", "style", "href", "rel", "dir", "lang"), name
            assert name != "href" or value.startswith(("http://", "https://")), value

    @classmethod
    def hold(cls, case, text):
        try:
            cls().feed(text)
        except AssertionError as wrong:
            case.fail("%s in %s" % (wrong, text))


class Transport(Mail):
    def test_starttls_comes_before_the_login_and_the_login_from_files(self):
        pair, trust = self.authority()
        server = self.server(certificate=pair, login=("alerts", "pass word"))
        secret = self.stage.folder / "password"
        secret.write_text("pass word\n", encoding="utf-8")
        self.start(self.receiver(server, user="alerts", password_file=str(secret)), settings=trust)
        self.publish(10)
        message, = server.messages
        self.assertEqual((message.encrypted, message.user), (True, "alerts"))
        told = self.daemon.log_text() + json.dumps(self.daemon.status())
        self.assertNotIn("pass word", told)
        secret.write_text("wrong\n", encoding="utf-8")
        self.publish(11)
        waiting, = self.deliveries(state="pending")
        self.assertIn("535 5.7.8 I do not know you", waiting["answer"])
        secret.write_text("pass word\n", encoding="utf-8")
        self.daemon.advance(120)
        self.assertEqual(len(server.messages), 2)

    def test_smtps_is_encrypted_from_the_first_byte(self):
        pair, trust = self.authority()
        server = self.server(certificate=pair, encrypted=True)
        self.start(self.receiver(server), settings=trust)
        self.publish(12)
        self.assertTrue(server.messages[0].encrypted)

    def test_without_starttls_or_with_a_strange_certificate_nothing_is_sent(self):
        plain = self.server()
        pair, _ = self.authority()  # which the config does not name
        strange = self.server(certificate=pair)
        self.start(self.receiver(plain, "plain", tls="starttls")
                   + self.receiver(strange, "strange"), ["plain", "strange"])
        self.publish(13)
        answers = {d["receiver"]: d["answer"] for d in self.deliveries(state="pending")}
        self.assertEqual(answers["plain"],
                         "127.0.0.1 offers no STARTTLS, and nothing is sent without it")
        self.assertIn("is not signed by a known authority", answers["strange"])
        self.assertFalse([c for c in plain.commands + strange.commands if c.startswith("MAIL")])

    def test_private_addresses_are_refused_for_mail_too(self):
        server = self.server()
        self.start(self.receiver(server))
        config = self.stage.folder / "guarded.yaml"
        config.write_text("receivers:\n" + self.receiver(server), encoding="utf-8")
        done = self.daemon.verb("test-receiver", "desk", "--config", str(config))
        self.assertEqual(done.returncode, 1)
        self.assertIn("refused: 127.0.0.1 is a loopback address", done.stdout)
        self.assertEqual(server.commands, [])


class Answers(Mail):
    def test_4xx_waits_in_order_and_5xx_is_a_dead_letter(self):
        server = self.server()
        self.start(self.receiver(server))
        server.answers["RCPT"] = ["450 4.2.0 greylisted"] * 3
        first, second = self.publish(20), self.publish(21)
        self.daemon.advance(120)
        self.assertEqual([str(m["Subject"]) for m in server.messages],
                         [first["title"], second["title"]])
        self.daemon.log.wait_for("450 4.2.0 greylisted")
        server.answers["END"] = ["554 5.7.1 spam"]
        self.publish(22)
        dead, = self.deliveries(state="dead")
        self.assertEqual(dead["answer"], "554 5.7.1 spam")

    def test_a_server_that_is_down_loses_nothing(self):
        server = self.server()
        self.start(self.receiver(server))
        server.answers["HELLO"] = ["421 4.3.2 closing"] * 5
        server.silent = {"EHLO"}
        item = self.publish(23)
        self.assertEqual(server.messages, [])
        self.daemon.log.wait_for('receiver "desk" cannot be reached')
        server.silent = set()
        self.daemon.advance(3600)
        self.assertEqual([str(m["Subject"]) for m in server.messages], [item["title"]])
        self.assertEqual(self.deliveries()[0]["attempts"], 1)

    def test_one_mailbox_that_is_unknown_keeps_no_other_waiting_and_is_named(self):
        server = self.server()
        self.start(self.receiver(server, to=["desk@example.org", "gone@example.org"]))
        server.refused = {"gone@example.org": "550 5.1.1 no such user"}
        self.publish(24)
        message, = server.messages
        self.assertEqual(message.recipients, ["desk@example.org"])
        delivered, = self.deliveries()
        self.assertEqual((delivered["state"], delivered["answer"]),
                         ("delivered", "250 but not for gone@example.org (550 5.1.1 no such user)"))
        server.refused["desk@example.org"] = "550 5.1.1 no such user"
        self.publish(25)
        dead, = self.deliveries(state="dead")
        self.assertIn("desk@example.org", dead["answer"])

    def test_while_one_mailbox_may_come_back_nobody_gets_it_twice(self):
        server = self.server()
        self.start(self.receiver(server, to=["desk@example.org", "full@example.org"]))
        server.refused = {"full@example.org": "452 4.2.2 mailbox full"}
        self.publish(26)
        self.assertEqual(server.messages, [])
        server.refused = {}
        self.daemon.advance(120)
        message, = server.messages
        self.assertEqual(message.recipients, ["desk@example.org", "full@example.org"])

    def test_a_lost_answer_is_no_reason_to_send_the_mail_at_every_probe(self):
        server = self.server()
        self.start(self.receiver(server))
        server.silent = {"END"}
        self.feeds.set("/a.xml", rss([report(27, published=self.daemon.clock)]))
        for _ in range(QUARTER // 10):
            if server.messages:
                break
            self.daemon.advance(10)
        self.daemon.advance(240)
        self.assertEqual(len(server.messages), 1, "it may have arrived")
        server.silent = set()
        self.daemon.advance(120)
        self.assertEqual(len(server.messages), 2, "after five minutes and up to a tenth more")
        self.assertEqual(len({m["Message-ID"] for m in server.messages}), 1)
        delivered, = self.deliveries()
        self.assertEqual(delivered["state"], "delivered")

    def test_a_message_over_which_the_server_fails_lets_the_rest_pass_after_an_hour(self):
        server = self.server()
        self.start(self.receiver(server))
        server.refuse = lambda data: "451 4.3.0 cannot" if b"poison" in data else None
        poison = self.publish(28, title="The border of poison and more words of its own")
        good = self.publish(29)
        self.daemon.advance(3 * 3600)
        self.assertEqual([str(m["Subject"]) for m in server.messages], [good["title"]])
        waiting, = self.deliveries(state="pending")
        self.assertEqual(waiting["answer"], "451 4.3.0 cannot")
        self.assertGreater(waiting["attempts"], 1, "it follows the schedule of what is refused")
        third = self.publish(31)
        self.assertEqual(str(server.messages[-1]["Subject"]), third["title"], "and holds up no other")
        server.refuse = None
        self.daemon.advance(6 * 3600)
        self.assertEqual([str(m["Subject"]) for m in server.messages],
                         [good["title"], third["title"], poison["title"]])

    def test_a_server_that_never_answers_quit_holds_up_nobody(self):
        server = self.server()
        server.silent = {"BYE"}
        other = self.stage.another_collector()
        self.start(self.receiver(server)
                   + "  other: {webhook: {url: %s, secret_file: %s}}\n"
                   % (other.url, self.stage.folder / "secret"), ["desk", "other"])
        self.publish(30)
        self.assertEqual(len(server.messages), 1)
        self.assertEqual(len(other.tries), 1)


if __name__ == "__main__":
    unittest.main()
