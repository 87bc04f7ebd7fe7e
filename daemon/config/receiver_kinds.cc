// The keys of each kind of receiver.
#include <fmt/format.h>

#include <algorithm>

#include "daemon/config/draft.h"
#include "daemon/config/units.h"
#include "daemon/receivers/body_tree.h"
#include "feeds/json_writer.h"

namespace wirewatch::daemon {
namespace {

// What a kind's reader works on.
struct KindReader {
  const Context& context;
  MapReader& map;
  std::size_t offset;
  ReceiverConfig& receiver;

  void missing(const std::string& what, const std::string& hint) const {
    if (!map.is_map()) return;
    context.problems.error(Place{&context.file, offset},
                           fmt::format("receiver {} has no {}", in_quotes(receiver.name), what),
                           hint);
  }
};

// `url`, `url_file` or `url_env`; a literal one only where the kind's URLs are no secrets.
void read_url(const KindReader& reader, bool literal, const std::string& what) {
  const std::size_t before = reader.context.problems.errors();
  SecretRef& url = reader.receiver.url;
  url = read_secret_ref(reader.context, reader.map, "url", literal, what);
  if (url.from == SecretRef::From::literal) {
    const auto good = check_url(url.where);
    if (!good) {
      reader.map.error("url", "this is no URL of a webhook", good.error().text);
    } else if (url_has_password(url.where)) {
      reader.map.error(
          "url", "a URL with a user or a password is a secret and may not stand in the config",
          "put it into a file of its own and write `url_file: /etc/wirewatch/secrets/…`");
    }
  } else if (url.from == SecretRef::From::none && reader.context.problems.errors() == before) {
    reader.missing("URL", literal ? "write \"url\", \"url_file\" or \"url_env\""
                                  : "write \"url_file\" or \"url_env\"");
  }
}

void read_token(const KindReader& reader, const std::string& key, const std::string& what,
                bool needed) {
  const std::size_t before = reader.context.problems.errors();
  reader.receiver.token = read_secret_ref(reader.context, reader.map, key, false, what);
  const bool absent = reader.receiver.token.from == SecretRef::From::none;
  if (needed && absent && reader.context.problems.errors() == before) {
    reader.missing("token", fmt::format("write \"{0}_file\" or \"{0}_env\"", key));
  }
}

// One of the kind's own words. `good` says what it must be, for the message.
void read_option(const KindReader& reader, const std::string& key, bool needed,
                 bool (*valid)(const std::string&), const std::string& good) {
  const auto value = reader.map.text(key);
  if (!value) {
    if (needed && !reader.map.has(key)) reader.missing(in_quotes(key), "it is " + good);
    return;
  }
  if (!valid(*value)) {
    reader.map.error(key, fmt::format("{} is no {}", in_quotes(*value), key), good);
    return;
  }
  reader.receiver.options[key] = *value;
}

bool printable(const std::string& text) {
  return !text.empty() && text.size() <= 255 &&
         std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < 0x7f; });
}

bool slack_channel(const std::string& text) {
  return !text.empty() && text.size() <= 80 && text.find_first_of(" \t\n,") == std::string::npos;
}

bool telegram_chat(const std::string& text) {
  if (text.size() > 1 && text.front() == '@') return printable(text);
  const std::size_t digits = text.front() == '-' ? 1 : 0;
  return text.size() > digits && text.size() <= 20 &&
         std::all_of(text.begin() + static_cast<std::ptrdiff_t>(digits), text.end(),
                     [](char c) { return c >= '0' && c <= '9'; });
}

bool matrix_room(const std::string& text) {
  return printable(text) && text.front() == '!' && text.find(':') != std::string::npos;
}

bool ntfy_topic(const std::string& text) {  // https://docs.ntfy.sh/publish/: up to 64 of these
  return !text.empty() && text.size() <= 64 && valid_name(text);
}

bool server_url(const std::string& text) {
  return check_url(text).has_value() && !url_has_password(text) && text.back() != '/';
}

constexpr const char* server_hint = "http:// or https://, without a \"/\" at its end";

void read_on_update(const KindReader& reader, const std::vector<std::string>& words) {
  const auto chosen = reader.map.choice("on_update", words);
  if (!chosen) return;
  const std::string& word = words[*chosen];
  reader.receiver.on_update = word == "reply"  ? OnUpdate::reply
                              : word == "edit" ? OnUpdate::edit
                                               : OnUpdate::post;
}

void read_slack(const KindReader& reader) {
  const bool bot = reader.map.has("bot_token_file") || reader.map.has("bot_token_env") ||
                   reader.map.has("bot_token") || reader.map.has("channel");
  if (!bot) {
    read_url(reader, false, "a Slack webhook's URL");
    return;
  }
  if (reader.map.has("url_file") || reader.map.has("url_env") || reader.map.has("url")) {
    reader.map.error("url_file", "a webhook's URL and a bot are two ways to Slack",
                     "keep either \"url_file\", or \"bot_token_file\" and \"channel\"");
    return;
  }
  read_token(reader, "bot_token", "a Slack bot's token", true);
  read_option(reader, "channel", true, slack_channel, "the channel's id (C0123…) or name");
  read_option(reader, "server", false, server_url, server_hint);
  read_on_update(reader, {"reply", "edit", "post"});
}

void read_discord(const KindReader& reader) {
  read_url(reader, false, "a Discord webhook's URL");
  read_on_update(reader, {"edit", "post"});
}

void read_teams(const KindReader& reader) {
  read_url(reader, false, "a Teams workflow's URL");
}

void read_mattermost(const KindReader& reader) {
  read_url(reader, false, "a Mattermost webhook's URL");
  read_option(reader, "channel", false, slack_channel, "a channel's name or @user");
}

void read_telegram(const KindReader& reader) {
  read_token(reader, "bot_token", "a Telegram bot's token", true);
  read_option(reader, "chat", true, telegram_chat,
              "the chat's number (\"-1001234567890\") or \"@channel\"");
  read_option(reader, "server", false, server_url, server_hint);
  read_on_update(reader, {"reply", "edit", "post"});
}

void read_google_chat(const KindReader& reader) {
  read_url(reader, false, "a Google Chat webhook's URL");
  read_on_update(reader, {"reply", "post"});
}

void read_matrix(const KindReader& reader) {
  read_option(reader, "server", true, server_url, server_hint);
  read_token(reader, "token", "a Matrix access token", true);
  read_option(reader, "room", true, matrix_room, "the room's id, like \"!abc:example.org\"");
  read_on_update(reader, {"reply", "edit", "post"});
}

void read_ntfy(const KindReader& reader) {
  reader.receiver.options["server"] = "https://ntfy.sh";
  read_option(reader, "server", false, server_url, server_hint);
  read_option(reader, "topic", true, ntfy_topic, "up to 64 letters, digits, '-' and '_'");
  read_token(reader, "token", "an ntfy access token", false);
}

void read_signing_keys(const KindReader& reader) {
  const Context& context = reader.context;
  const std::string what = "a key that signs";
  const SecretRef first = read_secret_ref(context, reader.map, "secret", false, what);
  if (first.from != SecretRef::From::none) reader.receiver.secrets.push_back(first);
  const std::vector<Located> files = reader.map.texts("secret_files");
  if (!files.empty() && first.from != SecretRef::From::none) {
    reader.map.error("secret_files", fmt::format("{} is given more than once", what),
                     "list all files in \"secret_files\", the newest first");
    return;
  }
  for (const Located& file : files) {
    const auto path = expand_path(context, file.offset, file.text);
    if (path) reader.receiver.secrets.push_back(SecretRef{SecretRef::From::file, *path});
  }
}

// A tree of YAML as JSON, its texts checked for their {fields}. Whole numbers, true, false and
// null written plainly stay what they are.
void write_tree(const Context& context, const Value& value, JsonWriter& json) {
  if (value.kind == Value::Kind::map) {
    json.begin_object();
    for (const KeyValue& pair : value.pairs) {
      json.key(pair.key);
      write_tree(context, *pair.value, json);
    }
    json.end_object();
    return;
  }
  if (value.kind == Value::Kind::list) {
    json.begin_array();
    for (const ValuePtr& item : value.items) write_tree(context, *item, json);
    json.end_array();
    return;
  }
  if (value.kind == Value::Kind::null) {
    json.null();
    return;
  }
  const std::string& source = context.file.text();
  const bool quoted = value.offset < source.size() &&
                      std::string("\"'|>").find(source[value.offset]) != std::string::npos;
  const bool number = !value.text.empty() && value.text.size() <= 15 &&
                      (value.text.size() == 1 || value.text.front() != '0') &&
                      std::all_of(value.text.begin(), value.text.end(),
                                  [](char c) { return c >= '0' && c <= '9'; });
  if (!quoted && (number || value.text == "true" || value.text == "false")) {
    json.raw(value.text);
    return;
  }
  const auto good = check_body_text(value.text);
  if (!good) {
    std::string names;
    for (const std::string& name : body_fields()) names += (names.empty() ? "" : ", ") + name;
    context.problems.error(context.at(value), good.error().text, "the fields are: " + names);
  }
  json.value(value.text);
}

void read_body(const KindReader& reader) {
  const ValuePtr body = reader.map.find("body");
  if (!body) return;
  if (body->kind != Value::Kind::map && body->kind != Value::Kind::list) {
    reader.map.error("body", fmt::format("\"body\" must be a map, not {}", kind_of(*body)),
                     "write what the JSON should be, with {headline}, {url} … in its texts");
    return;
  }
  if (reader.receiver.options.count("format") > 0) {
    reader.map.error("body", "a webhook has either \"format\" or \"body\"");
  }
  JsonWriter json;
  write_tree(reader.context, *body, json);
  reader.receiver.options["body"] = json.take();
}

void read_webhook(const KindReader& reader) {
  read_url(reader, true, "the URL of a webhook");
  read_signing_keys(reader);
  read_headers(reader.context, reader.map, reader.receiver.headers, nullptr);
  const std::vector<std::string> formats = {"standard", "cloudevents"};
  const auto format = reader.map.choice("format", formats);
  if (format && *format > 0) reader.receiver.options["format"] = formats[*format];
  read_body(reader);
}

struct Kind {
  const char* name;
  void (*read)(const KindReader&);
};
constexpr Kind kinds[] = {
    {"slack", read_slack},           {"discord", read_discord},   {"teams", read_teams},
    {"mattermost", read_mattermost}, {"telegram", read_telegram}, {"google_chat", read_google_chat},
    {"matrix", read_matrix},         {"ntfy", read_ntfy},         {"webhook", read_webhook},
};

}  // namespace

void read_receiver_kind(const Context& context, MapReader& map, std::size_t offset,
                        ReceiverConfig& receiver) {
  for (const Kind& kind : kinds) {
    if (receiver.kind != kind.name) continue;
    kind.read(KindReader{context, map, offset, receiver});
    receiver.allow = read_networks(context, map, "allow");
  }
}

}  // namespace wirewatch::daemon
