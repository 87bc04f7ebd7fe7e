// Alerts as a terminal shows them.
#include <fmt/format.h>
#include <unicode/calendar.h>
#include <unicode/smpdtfmt.h>
#include <unicode/timezone.h>

#include <memory>

#include "daemon/receivers/message.h"

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

// Shows instants in one zone.
class ZoneClock {
 public:
  explicit ZoneClock(const std::string& zone) {
    const auto id = icu::UnicodeString::fromUTF8(zone);
    zone_.reset(zone.empty() ? icu::TimeZone::createDefault() : icu::TimeZone::createTimeZone(id));
  }

  // "14:02", with the day before it when that is not the day of `shown_at`.
  std::string text(Instant time, Instant shown_at) const {
    const std::string day = format(time, "d MMM");
    const std::string clock = format(time, "HH:mm");
    return day == format(shown_at, "d MMM") ? clock : day + " " + clock;
  }

 private:
  std::string format(Instant time, const char* pattern) const {
    UErrorCode status = U_ZERO_ERROR;
    icu::SimpleDateFormat format(icu::UnicodeString::fromUTF8(pattern), icu::Locale::getEnglish(),
                                 status);
    if (U_FAILURE(status)) return to_iso8601(time);
    format.setTimeZone(*zone_);
    icu::UnicodeString shown;
    format.format(static_cast<UDate>(to_unix_micros(time)) / 1000.0, shown);
    std::string out;
    shown.toUTF8String(out);
    return out;
  }
  std::unique_ptr<icu::TimeZone> zone_;
};

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
  return render_console(view, DeliveryFacts{{}, 1, false, view.time}, ConsoleStyle{colour, {}});
}

}  // namespace wirewatch::daemon
