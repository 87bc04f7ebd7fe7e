#include "daemon/receivers/slack_message.h"

#include <fmt/format.h>

#include <array>

#include "daemon/receivers/limits.h"
#include "daemon/receivers/message.h"
#include "daemon/receivers/zone_clock.h"

namespace wirewatch::daemon {
namespace {

// Literal text in mrkdwn: `&`, `<` and `>` as entities, which is all that Slack can escape and ends
// mentions and links. What opens bold, italic, strike, code and emoji has no escape there, so these
// characters give way to their look-alikes.
// https://docs.slack.dev/messaging/formatting-message-text
std::string escape(std::string_view text) {
  constexpr std::string_view opening = "*_~`";
  constexpr std::array<std::string_view, opening.size()> alike = {"\u2217", "\uff3f", "\u223c",
                                                                  "\u02cb"};
  std::string out;
  for (const char c : with_references(text, "&<>")) {
    const std::size_t which = opening.find(c);
    if (which == std::string_view::npos) {
      out += c;
    } else {
      out += alike[which];
    }
  }
  return out;
}

// `:smile:` becomes a picture: the first colon of such a word gives way as well. Times do not
// match.
std::string escape_line(std::string_view text) {
  const auto is_word = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '+' ||
           c == '-' || c == '_' || c == '\'';
  };
  std::string safe;
  for (std::size_t i = 0; i < text.size(); ++i) {
    bool letters = false;
    std::size_t end = i + 1;
    if (text[i] == ':') {
      while (end < text.size() && is_word(text[end])) {
        letters = letters || (text[end] < '0' || text[end] > '9');
        ++end;
      }
    }
    const bool picture = text[i] == ':' && letters && end < text.size() && text[end] == ':';
    if (picture) {
      safe += "\ua789";
    } else {
      safe.push_back(text[i]);
    }
  }
  return escape(safe);
}

std::string escape_link(std::string_view url) {
  std::string out;
  for (const char c : url) {
    if (c == '&') {
      out += "&amp;";
    } else {
      out.push_back(c);  // safe_link has encoded what else could end a link
    }
  }
  return out;
}

std::string linked(const std::string& link, const std::string& escaped_text) {
  return link.empty() ? escaped_text : "<" + escape_link(link) + "|" + escaped_text + ">";
}

// Bold needs a word's edge on both sides; where scripts have none, an invisible space makes one.
std::string bold(const std::string& escaped) {
  return "\u200b*" + escaped + "*\u200b";
}

std::string headline_text(const Message& message) {
  const std::string label = "*" + message.severity + "* \u00b7 ";
  const std::size_t spent = utf16_length(label) + utf16_length(escape_link(message.link)) + 8;
  const bool link_fits = spent + 300 <= limits::slack_section;
  const std::size_t room = limits::slack_section - (link_fits ? spent : utf16_length(label) + 8);
  const std::string text = isolated(escape_line(cut_text(message.headline, room, escape)));
  const std::string shown = linked(link_fits ? message.link : std::string(), text);
  if (message.link_text.empty()) return label + "*" + shown + "*";
  return label + "*" + shown + "*\n" + escape_line(message.link_text);
}

std::string body_text(const Message& message) {
  std::string out;
  if (!message.update.empty()) out = "*" + escape_line(message.update) + "*";
  if (message.passage.empty()) return out;
  if (!out.empty()) out += '\n';
  out += ">";  // our own quote; a ">" of the feed's is escaped
  // Every mark costs four units beyond its text, and the isolates two.
  const std::size_t extra = utf16_length(out) + 4 * message.passage.size() + 2;
  const std::size_t room = limits::slack_section > extra ? limits::slack_section - extra : 0;
  std::string quoted;
  for (const Piece& piece : cut_pieces(message.passage, room, escape)) {
    const std::string text = escape_line(piece.text);
    quoted += piece.marked ? bold(text) : text;
  }
  return out + isolated(quoted);
}

// Slack shows the time in its reader's zone, which only Slack knows; whether the day is named
// follows the config's. The text after the bar stands where it cannot, in UTC.
// https://docs.slack.dev/messaging/formatting-message-text#date-formatting
std::string time_text(const ZoneClock& clock, Instant time, Instant shown_at) {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(time).time_since_epoch().count();
  const std::string iso = to_iso8601(time);
  const std::string day = iso.substr(0, 10);
  return fmt::format("<!date^{}^{}|{}{} UTC>", seconds,
                     clock.same_day(time, shown_at) ? "{time}" : "{date_short} {time}",
                     to_iso8601(shown_at).starts_with(day) ? "" : day + " ", iso.substr(11, 5));
}

std::string context_text(const Message& message, const ZoneClock& clock) {
  std::string out = "Rule " + escape_line(message.rule);
  const auto add = [&](const std::string& separator, const std::string& text) {
    if (utf16_length(out) + utf16_length(separator) + utf16_length(text) > limits::slack_context) {
      return false;
    }
    out += separator + text;
    return true;
  };
  if (!message.late.empty()) add(" \u00b7 ", "*" + message.late + "*");
  std::string separator = " \u00b7 ";
  for (const std::string& entity : message.entities) {
    add(separator, escape_line(entity));
    separator = ", ";
  }
  if (message.more_entities > 0) add(", ", fmt::format("+{}", message.more_entities));
  separator = " \u00b7 ";
  for (const MessageSource& source : message.sources) {
    const std::string name = escape_line(source.name);
    const std::string time = " " + time_text(clock, source.time, message.time);
    if (!add(separator, linked(source.link, name) + time)) add(separator, name + time);
    separator = ", ";
  }
  if (message.more_sources > 0) add(", ", fmt::format("+{}", message.more_sources));
  if (!message.story_link.empty()) add(" \u00b7 ", linked(message.story_link, "story"));
  return out;
}

void write_text(JsonWriter& json, const std::string& text) {
  // verbatim: nothing in plain text becomes a link or a mention by itself.
  json.begin_object().member("type", "mrkdwn").member("text", text);
  json.member("verbatim", true).end_object();
}

void write_section(JsonWriter& json, const std::string& text) {
  json.begin_object().member("type", "section").key("text");
  write_text(json, text);
  json.end_object();
}

std::string entries_text(const Message& message) {
  std::string out;
  std::size_t left = message.entries.size();
  for (const MessageEntry& entry : message.entries) {
    const std::string line =
        "\u2022 " + entry.severity + ": " + linked(entry.link, escape_line(entry.headline)) +
        (entry.rule.empty() ? "" : " (" + escape_line(entry.rule) + ")") + "\n";
    if (utf16_length(out) + utf16_length(line) + 32 > limits::slack_section) break;
    out += line;
    --left;
  }
  const std::size_t more = message.more_entries + left;
  return more > 0 ? out + fmt::format("+{} more", more) : out;
}

}  // namespace

void write_slack_message(JsonWriter& json, const AlertView& view, const DeliveryFacts& facts) {
  const Message message = compose(view, facts);
  const std::string body = body_text(message);
  std::string fallback = message.severity + ": ";
  if (!message.update.empty()) fallback += message.update + ": ";
  fallback += isolated(message.headline);
  fallback = escape_line(cut_text(fallback, limits::slack_fallback, escape));
  json.member("text", fallback);
  json.key("blocks").begin_array();
  write_section(json, headline_text(message));
  if (!body.empty()) write_section(json, body);
  if (!message.entries.empty()) write_section(json, entries_text(message));
  json.begin_object().member("type", "context").key("elements").begin_array();
  write_text(json, context_text(message, ZoneClock(facts.time_zone)));
  json.end_array().end_object();
  json.end_array();
  json.member("unfurl_links", false).member("unfurl_media", false);
}

}  // namespace wirewatch::daemon
