// Alerts as a terminal shows them.
#include <fmt/format.h>

#include "daemon/receivers/message.h"
#include "daemon/receivers/zone_clock.h"

namespace wirewatch::daemon {
namespace {

// ECMA-48 select graphic rendition, ours alone: clean_line has removed the feed's.
struct Ink {
  bool on = false;
  std::string dress(const char* code, const std::string& text) const {
    return on ? fmt::format("\x1b[{}m{}\x1b[0m", code, text) : text;
  }
};

const char* colour_of(const std::string& severity) {
  if (severity == "Critical") return "1;31";
  if (severity == "High") return "1;33";
  if (severity == "Low") return "2";
  return "1;34";
}

std::string passage_line(const Message& message, const Ink& ink) {
  std::string out;
  for (const Piece& piece : message.passage) {
    if (!piece.marked) {
      out += piece.text;
    } else {
      out += ink.on ? ink.dress("1", piece.text) : "*" + piece.text + "*";
    }
  }
  return isolated(out);
}

std::string sources_line(const Message& message, const ZoneClock& clock) {
  std::string out;
  for (const MessageSource& source : message.sources) {
    if (!out.empty()) out += ", ";
    out += source.name + " " + clock.text(source.time, message.time);
  }
  if (message.more_sources > 0) out += fmt::format(", +{}", message.more_sources);
  return out;
}

}  // namespace

std::string render_console(const AlertView& view, const DeliveryFacts& facts,
                           const ConsoleStyle& style) {
  const Message message = compose(view, facts);
  const Ink ink{style.colour};
  const ZoneClock clock(style.time_zone);
  std::string out = ink.dress(colour_of(message.severity), message.severity) + "  " +
                    ink.dress("1", isolated(message.headline)) + "\n";
  const auto line = [&](const std::string& text) {
    if (!text.empty()) out += "  " + text + "\n";
  };
  line(message.update);
  line(message.link.empty() ? message.link_text : message.link);
  line(passage_line(message, ink));
  line(sources_line(message, clock));
  for (const MessageEntry& entry : message.entries) {
    line("\u2013 " + entry.headline + (entry.link.empty() ? "" : "  " + entry.link));
  }
  if (message.more_entries > 0) line(fmt::format("+{} more", message.more_entries));
  std::string last = "rule " + message.rule;
  for (std::size_t i = 0; i < message.entities.size(); ++i) {
    last += (i == 0 ? " \u00b7 " : ", ") + message.entities[i];
  }
  if (message.more_entities > 0) last += fmt::format(", +{}", message.more_entities);
  if (!message.late.empty()) last += " \u00b7 " + message.late;
  line(ink.dress("2", last));
  line(message.story_link);
  return out;
}

std::string render_console(const AlertView& view, bool colour) {
  DeliveryFacts facts;
  facts.now = view.time;
  return render_console(view, facts, ConsoleStyle{colour, {}});
}

}  // namespace wirewatch::daemon
