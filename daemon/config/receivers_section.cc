#include <fmt/format.h>

#include "daemon/config/draft.h"
#include "daemon/config/units.h"

namespace wirewatch::daemon {
namespace {

const std::vector<std::string> kKinds = {"slack", "discord", "webhook", "console"};

void read_secrets(const Context& context, MapReader& map, ReceiverConfig& receiver) {
  const std::string what = "a key that signs";
  const SecretRef first = read_secret_ref(context, map, "secret", false, what);
  if (first.from != SecretRef::From::none) receiver.secrets.push_back(first);
  const std::vector<Located> files = map.texts("secret_files");
  if (!files.empty() && first.from != SecretRef::From::none) {
    map.error("secret_files", fmt::format("{} is given more than once", what),
              "list all files in \"secret_files\", the newest first");
    return;
  }
  for (const Located& file : files) {
    const auto path = expand_path(context, file.offset, file.text);
    if (path) receiver.secrets.push_back(SecretRef{SecretRef::From::file, *path});
  }
}

void read_destination(const Context& context, MapReader& map, std::size_t offset,
                      ReceiverConfig& receiver) {
  const bool webhook = receiver.kind == "webhook";
  const std::string what = receiver.kind == "slack"     ? "a Slack webhook's URL"
                           : receiver.kind == "discord" ? "a Discord webhook's URL"
                                                        : "the URL of a webhook";
  const std::size_t before = context.problems.errors();
  receiver.url = read_secret_ref(context, map, "url", webhook, what);
  if (receiver.url.from == SecretRef::From::literal) {
    const auto good = check_url(receiver.url.where);
    if (!good) {
      map.error("url", "this is no URL of a webhook", good.error().text);
    } else if (url_has_password(receiver.url.where)) {
      map.error("url",
                "a URL with a user or a password is a secret and may not stand in the config",
                "put it into a file of its own and write `url_file: /etc/wirewatch/secrets/…`");
    }
  } else if (receiver.url.from == SecretRef::From::none && map.is_map() &&
             context.problems.errors() == before) {
    context.problems.error(Place{&context.file, offset},
                           fmt::format("receiver {} has no URL", in_quotes(receiver.name)),
                           webhook ? "write \"url\", \"url_file\" or \"url_env\""
                                   : "write \"url_file\" or \"url_env\"");
  }
  receiver.allow = read_networks(context, map, "allow");
  if (!webhook) return;
  read_secrets(context, map, receiver);
  read_headers(context, map, receiver.headers, nullptr);
}

void read_receiver(const Context& context, const KeyValue& pair, Draft& draft) {
  ReceiverDraft receiver;
  receiver.place = Place{&context.file, pair.key_offset};
  receiver.config.name = pair.key;
  if (!valid_name(pair.key)) {
    context.problems.error(receiver.place,
                           fmt::format("{} is no name of a receiver", in_quotes(pair.key)),
                           "1 to 64 letters, digits, '-' and '_'");
    return;
  }
  const std::string what = fmt::format("receiver {}", in_quotes(pair.key));
  MapReader map(context, *pair.value, what);
  if (!map.is_map()) return;
  ValuePtr body;
  std::size_t body_offset = pair.key_offset;
  for (const std::string& kind : kKinds) {
    const ValuePtr found = map.find(kind);
    if (!found) continue;
    if (body) {
      map.error(kind, fmt::format("{} has two kinds", what), "one receiver, one kind");
      return;
    }
    body = found;
    body_offset = map.key_offset(kind);
    receiver.config.kind = kind;
  }
  map.finish();
  if (!body) {
    if (pair.value->pairs.empty()) {
      context.problems.error(receiver.place, fmt::format("{} says nothing", what),
                             "write its kind: `slack: {url_file: …}`, `discord: …`, "
                             "`webhook: …` or `console: {}`");
    }
    return;
  }
  MapReader inner(context, *body, fmt::format("\"{}\" of {}", receiver.config.kind, what));
  if (receiver.config.kind != "console") {
    read_destination(context, inner, body_offset, receiver.config);
  }
  inner.finish();
  draft.receivers.push_back(std::move(receiver));
}

}  // namespace

void read_receivers(const Context& context, const Value& map, Draft& draft) {
  if (map.kind == Value::Kind::null) return;
  const MapReader check(context, map, "\"receivers\"");
  if (!check.is_map()) return;
  for (const KeyValue& pair : map.pairs) {
    if (draft.receivers.size() >= kMaxReceivers) {
      context.problems.error(Place{&context.file, pair.key_offset},
                             fmt::format("more than {} receivers", kMaxReceivers));
      return;
    }
    read_receiver(context, pair, draft);
  }
}

}  // namespace wirewatch::daemon
