"""A mail server of its own that says what it is told: SMTP with STARTTLS, AUTH PLAIN and LOGIN."""
import base64
import email
import email.policy
import socketserver
import ssl
import threading

from harness import PATIENCE


class MailServer:
    """Keeps every message with its envelope. `answers` maps a command ("MAIL", "RCPT", "DATA",
    "END" for what comes after the message, "HELLO" for the greeting) to answers that are given
    first, one each; a function of the argument may answer RCPT. `login`: (user, password)."""

    def __init__(self, certificate=None, login=None, encrypted=False, utf8=False):
        self.messages, self.commands, self.answers, self.refused = [], [], {}, {}
        self.login, self.silent, self.utf8 = login, set(), utf8
        self.refuse = None  # a function of the message: the answer to it, None for the others
        self.changed = threading.Condition()
        self.context = None
        if certificate:
            self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self.context.load_cert_chain(*certificate)
        self.encrypted = encrypted
        outer = self

        class Handler(socketserver.BaseRequestHandler):
            def handle(self):
                _Dialogue(outer, self.request).run()

        class Server(socketserver.ThreadingTCPServer):
            daemon_threads, allow_reuse_address = True, True

            def handle_error(self, *_):
                """A client that hangs up is part of the play."""

        self.server = Server(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.05},
                         daemon=True).start()
        self.port = self.server.server_address[1]
        self.url = "%s://127.0.0.1:%d" % ("smtps" if encrypted else "smtp", self.port)

    def answer(self, command, argument, usual):
        with self.changed:
            self.commands.append((command + " " + argument).strip())
            if command == "RCPT" and argument in self.refused:
                return self.refused[argument]
            given = self.answers.get(command)
            return given.pop(0) if given else usual

    def keep(self, sender, recipients, data, encrypted, user):
        with self.changed:
            self.messages.append(Message(sender, recipients, data, encrypted, user))
            self.changed.notify_all()

    def close(self):
        self.server.shutdown()
        self.server.server_close()


class Message:
    def __init__(self, sender, recipients, data, encrypted, user):
        self.sender, self.recipients, self.data = sender, recipients, data
        self.encrypted, self.user = encrypted, user
        self.parsed = email.message_from_bytes(data, policy=email.policy.default)

    def __getitem__(self, header):
        return self.parsed[header]

    def text(self, kind="plain"):
        return self.parsed.get_body((kind,)).get_content()


class _Dialogue:
    def __init__(self, server, connection):
        self.server, self.connection = server, connection
        self.encrypted, self.user = server.encrypted, None
        connection.settimeout(PATIENCE)
        if server.encrypted:
            self.wrap()
        else:
            self.lines = connection.makefile("rb")
        self.sender, self.recipients = None, []

    def wrap(self):
        self.connection = self.server.context.wrap_socket(self.connection, server_side=True)
        self.lines = self.connection.makefile("rb")
        self.encrypted = True

    def say(self, text):
        self.connection.sendall(text.encode() + b"\r\n")

    def run(self):
        self.say(self.server.answer("HELLO", "", "220 mail.example ready"))
        while (line := self.lines.readline()):
            command, _, argument = line.decode().strip().partition(" ")
            if command.upper() in self.server.silent:
                return
            if not getattr(self, "on_" + command.lower(), self.on_other)(argument):
                return

    def on_other(self, _):
        self.say("502 5.5.2 what?")
        return True

    def on_ehlo(self, argument):
        lines = ["mail.example", "SIZE 1000000"]
        if self.server.context and not self.encrypted:
            lines.append("STARTTLS")
        if self.server.login and (self.encrypted or not self.server.context):
            lines.append("AUTH PLAIN LOGIN")
        if self.server.utf8:
            lines.append("SMTPUTF8")
        usual = "\r\n".join("250%s%s" % ("-" if line != lines[-1] else " ", line) for line in lines)
        self.say(self.server.answer("EHLO", argument, usual))
        return True

    def on_helo(self, argument):
        self.say(self.server.answer("HELO", argument, "250 mail.example"))
        return True

    def on_starttls(self, _):
        self.say(self.server.answer("STARTTLS", "", "220 go on"))
        self.wrap()
        return True

    def on_auth(self, argument):
        method, _, first = argument.partition(" ")
        if method == "PLAIN":
            if not first:
                self.say("334 ")
                first = self.lines.readline().decode().strip()
            _, user, password = base64.b64decode(first).decode().split("\0")
        else:
            given = []
            for prompt in ("VXNlcm5hbWU6", "UGFzc3dvcmQ6"):
                self.say("334 " + prompt)
                given.append(base64.b64decode(self.lines.readline()).decode())
            user, password = given
        if (user, password) == self.server.login:
            self.user = user
            self.say(self.server.answer("AUTH", method, "235 2.7.0 welcome"))
        else:
            self.say(self.server.answer("AUTH", method, "535 5.7.8 I do not know you"))
        return True

    def on_mail(self, argument):
        self.sender, self.recipients = argument.split()[0].removeprefix("FROM:").strip("<>"), []
        usual = "250 2.1.0 fine"
        if self.server.login and not self.user:
            usual = "530 5.7.0 log in first"
        self.say(self.server.answer("MAIL", argument, usual))
        return True

    def on_rcpt(self, argument):
        mailbox = argument.removeprefix("TO:").strip("<>")
        answer = self.server.answer("RCPT", mailbox, "250 2.1.5 fine")
        if answer.startswith("25"):
            self.recipients.append(mailbox)
        self.say(answer)
        return True

    def on_data(self, _):
        answer = self.server.answer("DATA", "", "354 go on")
        self.say(answer)
        if not answer.startswith("354"):
            return True
        data = []
        while (line := self.lines.readline()) and line != b".\r\n":
            data.append(line[1:] if line.startswith(b".") else line)
        if line != b".\r\n":
            return False  # cut: nothing was taken
        answer = self.server.refuse and self.server.refuse(b"".join(data))
        answer = answer or self.server.answer("END", "", "250 2.0.0 queued as 7")
        if answer.startswith("25"):
            self.server.keep(self.sender, self.recipients, b"".join(data), self.encrypted, self.user)
        if "END" in self.server.silent:
            return False
        self.say(answer)
        return True

    def on_quit(self, _):
        if "BYE" not in self.server.silent:
            self.say("221 bye")
        return False
