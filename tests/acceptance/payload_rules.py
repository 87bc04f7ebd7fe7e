"""What each service takes: its published schema where there is one, else the limits that
daemon/receivers/limits.h states with their sources."""
import json
import os
import pathlib
import re
import urllib.parse

try:
    import jsonschema
except ImportError:  # scripts/packages test installs it
    jsonschema = None

SHARED = pathlib.Path(os.environ.get("WIREWATCH_SHARED",
                                     pathlib.Path(__file__).resolve().parents[3] / "shared"))
SCHEMAS = SHARED / "data/schemas"
LIMITS = pathlib.Path(__file__).resolve().parents[2] / "daemon/receivers/limits.h"


def limit(name):
    """The number of that name in the one table in code."""
    found = re.search(r"\b%s = ([\d *]+);" % name, LIMITS.read_text(encoding="utf-8"))
    number = 1
    for factor in found.group(1).split("*"):
        number *= int(factor)
    return number


def units(text):
    return len(text.encode("utf-16-le")) // 2


class Wrong(Exception):
    """What is wrong with a payload."""


def need(holds, what):
    if not holds:
        raise Wrong(what)


def keys(thing, allowed, where):
    need(isinstance(thing, dict), "%s is no object" % where)
    need(set(thing) <= set(allowed), "%s has %s" % (where, sorted(set(thing) - set(allowed))))


class JsonSchema:
    """A part of a document of schemas; its references mean places in the document."""

    def __init__(self, file, part=None, draft="Draft202012Validator"):
        document = json.loads((SCHEMAS / file).read_text(encoding="utf-8"))
        document.pop("id", None)  # or references would be fetched from there
        self.validator = getattr(jsonschema, draft)({**document, **(part or {})})

    def check(self, payload):
        for error in self.validator.iter_errors(payload):
            best = jsonschema.exceptions.best_match([error])
            raise Wrong("%s: %s" % ("/".join(map(str, best.absolute_path)), best.message[:300]))


class TelegramApi:
    """Methods and types as the Bot API's own description lists them."""

    def __init__(self):
        document = json.loads((SCHEMAS / "telegram-bot-api.json").read_text(encoding="utf-8"))
        self.methods, self.types = document["methods"], document["types"]

    def check(self, method, payload):
        need(method in self.methods, "no method %s" % method)
        self.fields(self.methods[method], payload, method)
        text = re.sub(r"<[^>]*>", "", payload["text"])
        need(1 <= units(text) <= 4096, "%d characters" % units(text))

    def fields(self, thing, payload, where):
        known = {field["name"]: field for field in thing.get("fields", [])}
        keys(payload, known, where)
        for name, field in known.items():
            need(name in payload or not field["required"], "%s lacks %s" % (where, name))
            if name in payload:
                need(any(self.is_a(kind, payload[name], where + "." + name)
                         for kind in field["types"]), "%s.%s is no %s" % (where, name, field["types"]))

    def is_a(self, kind, value, where):
        simple = {"String": str, "Integer": int, "Float": (int, float), "Boolean": bool, "True": bool}
        if kind in simple:
            return isinstance(value, simple[kind]) and (kind != "Integer" or value is not True)
        if kind.startswith("Array of "):
            return isinstance(value, list) and all(
                self.is_a(kind.removeprefix("Array of "), one, where) for one in value)
        if kind in self.types and isinstance(value, dict):
            self.fields(self.types[kind], value, where)
            return True
        return False


def slack(payload, bot):
    keys(payload, {"text", "blocks", "attachments", "unfurl_links", "unfurl_media"}
         | ({"channel", "ts", "thread_ts"} if bot else set()), "message")
    need(0 < units(payload["text"]) <= limit("slack_fallback"), "text")
    blocks = payload["blocks"]
    for part in payload.get("attachments", []):
        blocks = blocks + part.get("blocks", [])
    need(0 < len(blocks) <= limit("slack_blocks"), "%d blocks" % len(blocks))
    for block in blocks:
        texts = ([block["text"]] if block["type"] == "section" else block.get("elements", []))
        need(block["type"] in ("section", "context"), block["type"])
        need(1 <= len(texts) <= 10, "%d texts" % len(texts))
        bound = limit("slack_section" if block["type"] == "section" else "slack_context")
        for text in texts:
            need(text["type"] in ("mrkdwn", "plain_text"), text["type"])
            need(1 <= units(text["text"]) <= bound, "%d characters" % units(text["text"]))
            if text["type"] != "mrkdwn":
                continue
            bare = re.sub(r"<https?://[^|>]*\|[^<>]*>|<!date\^\d+\^[^|>]*\|[^<>]*>", "",
                          text["text"])
            need("<" not in bare and ">" not in bare.replace("\n>", "").removeprefix(">"), bare)


def mattermost(payload):
    keys(payload, {"text", "channel"}, "message")
    need(1 <= len(payload["text"]) <= 16383, "%d characters" % len(payload["text"]))
    for mention in ("@channel", "@all", "@here", "@everyone"):
        need(mention not in payload["text"], mention)


def google_chat(payload):
    keys(payload, {"cardsV2", "fallbackText", "thread", "text"}, "message")
    need(len(json.dumps(payload).encode()) <= 32000, "too long")
    card, = payload["cardsV2"]
    keys(card, {"cardId", "card"}, "card")
    for section in card["card"]["sections"]:
        for widget in section["widgets"]:
            keys(widget, {"textParagraph"}, "widget")
            text = widget["textParagraph"]["text"]
            need(0 < units(text) <= limit("google_chat_text"), "%d characters" % units(text))
            tags(text, {"b", "a", "br"})


def matrix(payload):
    keys(payload, {"msgtype", "body", "format", "formatted_body", "m.mentions", "m.relates_to",
                   "m.new_content"}, "event")
    need(payload["msgtype"] == "m.text" and payload["body"], "body")
    need(payload["format"] == "org.matrix.custom.html", "format")
    need(payload["m.mentions"] == {}, "mentions")
    need(len(json.dumps(payload, ensure_ascii=False).encode()) < 65536 - 4096, "too long")
    tags(payload["formatted_body"], {"b", "strong", "a", "br", "blockquote"})


def ntfy(payload):
    keys(payload, {"topic", "title", "message", "priority", "click", "actions", "tags"}, "message")
    need(1 <= len(payload["message"].encode()) <= limit("ntfy_bytes"), "message")
    need(1 <= units(payload["title"]) <= limit("ntfy_title"), "title")
    need(payload["priority"] in range(1, 6), "priority")
    need(len(payload.get("actions", [])) <= 3, "actions")


def tags(text, allowed):
    """Markup of ours alone, every element closed."""
    opened = []
    for close, name, attributes in re.findall(r"<(/?)([a-z0-9]+)([^<>]*)>", text):
        need(name in allowed, "<%s>" % name)
        need(re.fullmatch(r'(| href="https?://[^"]*")', attributes), attributes)
        if name == "br":
            continue
        if close:
            need(opened and opened.pop() == name, "</%s>" % name)
        else:
            opened.append(name)
    need(not opened, "%s stays open" % opened)
    rest = re.sub(r"<(/?)([a-z0-9]+)([^<>]*)>", "", text)
    need("<" not in rest and ">" not in rest, rest)


class Rules:
    """Judges a request by the path that it came to; see test_payloads.Services."""

    def __init__(self):
        self.telegram = TelegramApi()
        self.card = JsonSchema("adaptive-card-1.5.json", draft="Draft6Validator")
        self.cloud_event = JsonSchema("cloudevents.json", draft="Draft7Validator")
        hook = "#/components/schemas/IncomingWebhook%sPartial"
        self.discord = {"POST": JsonSchema("discord-openapi.json", {"$ref": hook % "Request"}),
                        "PATCH": JsonSchema("discord-openapi.json", {"$ref": hook % "UpdateRequest"})}

    def check(self, request):
        path = urllib.parse.urlsplit(request.path).path
        kind = path.split("/")[1]
        payload = json.loads(request.body)
        if kind == "telegram":
            self.telegram.check(path.rsplit("/", 1)[1], payload)
            tags(payload["text"], {"b", "a", "blockquote"})
        elif kind == "discord":
            self.discord[request.method].check(payload)
            self.discord_limits(payload)
        elif kind == "teams":
            need(len(request.body) <= limit("teams_bytes"), "%d bytes" % len(request.body))
            keys(payload, {"type", "attachments"}, "message")
            one, = payload["attachments"]
            need(one["contentType"] == "application/vnd.microsoft.card.adaptive", one["contentType"])
            need(one["content"]["version"] == "1.5", one["content"]["version"])
            self.card.check(one["content"])
        elif kind == "cloudevents":
            self.cloud_event.check(payload)
            need(request.headers["Content-Type"].startswith("application/cloudevents+json"), "type")
        else:
            {"slack": lambda: slack(payload, bot=False), "slackbot": lambda: slack(payload, bot=True),
             "mattermost": lambda: mattermost(payload), "google": lambda: google_chat(payload),
             "matrix": lambda: matrix(payload), "ntfy": lambda: ntfy(payload),
             "webhook": lambda: need(payload["type"].startswith("alert."), "type"),
             "tree": lambda: need(set(payload) == {"title", "all", "link"}, "keys")}[kind]()

    @staticmethod
    def discord_limits(payload):
        need(payload["allowed_mentions"] == {"parse": []}, "mentions")
        total = 0
        for embed in payload["embeds"]:
            parts = [(embed.get("title", ""), "discord_title"),
                     (embed.get("description", ""), "discord_description"),
                     (embed.get("footer", {}).get("text", ""), "discord_footer")]
            for text, name in parts:
                need(units(text) <= limit(name), "%s: %d" % (name, units(text)))
                total += units(text)
        need(total <= limit("discord_total"), "%d characters together" % total)
