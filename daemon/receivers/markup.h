// One composition for every service that takes marked-up text; each says how it writes the parts.
#pragma once

#include <functional>
#include <string>

#include "daemon/receivers/message.h"
#include "daemon/receivers/zone_clock.h"

namespace wirewatch::daemon {

struct Markup {
  Escape escape;  // literal text, mentions taken out of action
  std::function<std::string(const std::string& escaped)> bold;
  // `link` is safe already (safe_link); `escaped` is what is shown for it.
  std::function<std::string(const std::string& link, const std::string& escaped)> link;
  std::string quote_open;
  std::string quote_close;
  std::string line = "\n";  // between lines

  // What costs nothing to read: no markup at all, links stand behind their text.
  static Markup plain();
  // The HTML subset of Telegram, Matrix and Google Chat cards; `mentions` changes what those would
  // take for a mention.
  static Markup html(Escape mentions, std::string line);
};

// The whole message in at most `limit` UTF-16 units, markup included: severity and headline with
// its link, what is new, the passage with its marks, sources, entities, rule and story; for a
// digest its entries. The passage is cut first, then entries and sources fall away from the end;
// headline and link always survive.
std::string marked_up(const Message& message, const Markup& markup, const ZoneClock& clock,
                      std::size_t limit);

// What a reply in the thread of the first message says: the update alone, with its link.
std::string follow_up(const Message& message, const Markup& markup, const ZoneClock& clock,
                      std::size_t limit);

// `&`, `<`, `>` and `"` as HTML's references.
std::string escape_html(std::string_view text);
// '@' as its full-width form, which no service takes for a mention.
std::string without_mentions(std::string_view text);

}  // namespace wirewatch::daemon
