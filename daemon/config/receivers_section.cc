#include <fmt/format.h>

#include "daemon/config/draft.h"
#include "daemon/config/units.h"

namespace wirewatch::daemon {
namespace {

// Reports what is wrong and leaves the rest as it is.
void read_body(const Context& context, const KeyValue& pair, ReceiverDraft& receiver) {
  const std::string what = fmt::format("receiver {}", in_quotes(pair.key));
  MapReader map(context, *pair.value, what);
  if (!map.is_map()) return;
  ValuePtr body;
  std::size_t body_offset = pair.key_offset;
  for (const std::string& kind : receiver_kinds()) {
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
  const std::size_t before = context.problems.errors();
  read_send_policy(context, map, receiver.config.send);
  map.finish();
  if (!body) {
    if (context.problems.errors() > before) return;  // a kind that is misspelt, most likely
    const char* lacks = pair.value->pairs.empty() ? "says nothing" : "has no kind";
    context.problems.error(receiver.place, fmt::format("{} {}", what, lacks),
                           "write its kind: `slack: {url_file: …}`, `discord: …`, "
                           "`webhook: …` or `console: {}`");
    return;
  }
  MapReader inner(context, *body, fmt::format("\"{}\" of {}", receiver.config.kind, what));
  read_receiver_kind(context, inner, body_offset, receiver.config);
  inner.finish();
}

void read_receiver(const Context& context, const KeyValue& pair, Draft& draft) {
  ReceiverDraft receiver;
  receiver.place = Place{&context.file, pair.key_offset};
  receiver.config.name = pair.key;
  if (valid_name(pair.key)) {
    read_body(context, pair, receiver);
  } else {
    context.problems.error(receiver.place,
                           fmt::format("{} is no name of a receiver", in_quotes(pair.key)),
                           "1 to 64 letters, digits, '-' and '_'");
  }
  // Also one with a mistake is there: the rules that name it are not at fault.
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
