#include "daemon/receivers/email_text.h"

#include <fmt/format.h>
#include <unicode/ubidi.h>
#include <unicode/unistr.h>

#include <algorithm>

#include "daemon/receivers/markup.h"

namespace wirewatch::daemon {
namespace {

// Mail programs drop style sheets: every element carries its own.
constexpr const char* grey = "color:#666;font-size:13px";

// " dir="rtl"" by the first strong character (UAX #9, P2); nothing for left to right.
std::string direction(const std::string& text) {
  const auto wide = icu::UnicodeString::fromUTF8(text);
  const auto base = ubidi_getBaseDirection(wide.getBuffer(), wide.length());
  return base == UBIDI_RTL ? " dir=\"rtl\"" : "";
}

std::string language_attribute(const std::string& language) {
  const bool plain = std::all_of(language.begin(), language.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-';
  });
  if (language.empty() || language.size() > 20 || !plain) return {};
  return " lang=\"" + language + "\"";
}

std::string linked(const std::string& link, const std::string& text) {
  const std::string shown = escape_html(text);
  if (link.empty()) return shown;
  return fmt::format("<a href=\"{}\" rel=\"noopener noreferrer\">{}</a>", escape_html(link), shown);
}

std::string block(const char* tag, const std::string& attributes, const std::string& inner) {
  return fmt::format("<{0}{1}>{2}</{0}>\n", tag, attributes, inner);
}

std::string joined(const std::vector<std::string>& parts, const char* separator) {
  std::string out;
  for (const std::string& part : parts) {
    if (part.empty()) continue;
    if (!out.empty()) out += separator;
    out += part;
  }
  return out;
}

std::string entities(const Message& message) {
  std::vector<std::string> all = message.entities;
  if (message.more_entities > 0) all.push_back(fmt::format("+{}", message.more_entities));
  return joined(all, ", ");
}

std::string plain_passage(const Message& message) {
  std::string text;
  for (const Piece& piece : message.passage) {
    text += piece.marked ? "*" + piece.text + "*" : piece.text;
  }
  return text;
}

std::string html_passage(const Message& message, const std::string& language) {
  std::string inner;
  std::string bare;
  for (const Piece& piece : message.passage) {
    const std::string text = escape_html(piece.text);
    inner += piece.marked ? "<b>" + text + "</b>" : text;
    bare += piece.text;
  }
  if (bare.empty()) return {};
  const std::string dir = direction(bare);
  const char* side = dir.empty() ? "left" : "right";
  return block("blockquote",
               fmt::format("{}{} style=\"margin:8px 0;padding:0 10px;border-{}:3px solid #bbb\"",
                           dir, language_attribute(language), side),
               inner);
}

std::string html_sources(const Message& message, const ZoneClock& clock) {
  std::vector<std::string> all;
  for (const MessageSource& source : message.sources) {
    all.push_back(linked(source.link, source.name) + " " + clock.text(source.time, message.time));
  }
  if (message.more_sources > 0) all.push_back(fmt::format("+{}", message.more_sources));
  return all.empty() ? "" : block("p", "", joined(all, ", "));
}

std::string html_entries(const Message& message, const ZoneClock& clock) {
  std::string items;
  for (const MessageEntry& entry : message.entries) {
    const std::string about = joined({entry.severity, entry.rule}, ", ");
    items +=
        block("li", "",
              fmt::format("{} <span style=\"{}\">{} {}</span>", linked(entry.link, entry.headline),
                          grey, escape_html(about), clock.text(entry.time, message.time)));
  }
  if (!items.empty()) items = block("ol", "", "\n" + items);
  if (message.more_entries > 0) {
    items +=
        block("p", "", linked(message.story_link, fmt::format("+{} more", message.more_entries)));
  }
  return items;
}

std::string html_foot(const Message& message) {
  const std::string story =
      message.story_link.empty()
          ? std::string()
          : linked(message.story_link, message.entries.empty() ? "The whole story" : "All of them");
  const std::string rule = message.rule.empty() ? "" : "rule " + escape_html(message.rule);
  const std::string line =
      joined({escape_html(entities(message)), rule, escape_html(message.late), story}, " \u00b7 ");
  return line.empty() ? "" : block("p", fmt::format(" style=\"{}\"", grey), line);
}

}  // namespace

std::string email_plain(const Message& message, const ZoneClock& clock) {
  std::string out = fmt::format("{}: {}\n", message.severity, isolated(message.headline));
  const auto line = [&](const std::string& text) {
    if (!text.empty()) out += text + "\n";
  };
  line(message.link);
  line(message.link_text);
  if (!message.update.empty()) {
    out += "\n";
    line(message.update);
    line(message.update_link);
  }
  const std::string passage = plain_passage(message);
  if (!passage.empty()) out += "\n> " + isolated(passage) + "\n";
  if (!message.entries.empty()) out += "\n";
  for (const MessageEntry& entry : message.entries) {
    out += fmt::format("- {}: {} ({}{})\n", entry.severity, entry.headline,
                       entry.rule.empty() ? "" : entry.rule + ", ",
                       clock.text(entry.time, message.time));
    if (!entry.link.empty()) out += "  " + entry.link + "\n";
  }
  if (message.more_entries > 0) out += fmt::format("+{} more\n", message.more_entries);
  if (!message.sources.empty()) out += "\n";
  for (const MessageSource& source : message.sources) {
    out +=
        fmt::format("{} {}{}\n", source.name, clock.text(source.time, message.time),
                    source.link.empty() || source.link == message.link ? "" : "  " + source.link);
  }
  if (message.more_sources > 0) out += fmt::format("+{}\n", message.more_sources);
  const std::string rule = message.rule.empty() ? "" : "rule " + message.rule;
  const std::string about = joined({entities(message), rule, message.late}, " \u00b7 ");
  if (!about.empty()) out += "\n" + about + "\n";
  line(message.story_link);
  return out;
}

std::string email_html(const Message& message, const std::string& language,
                       const ZoneClock& clock) {
  std::string out =
      "<!DOCTYPE html>\n<html><head><meta charset=\"utf-8\"></head>\n"
      "<body style=\"font-family:sans-serif;font-size:15px;line-height:1.4;"
      "overflow-wrap:break-word;word-wrap:break-word\">\n";
  out += block("p", fmt::format(" style=\"margin:0;{}\"", grey), escape_html(message.severity));
  out += block("h2",
               fmt::format("{}{} style=\"margin:0 0 8px;font-size:18px\"",
                           direction(message.headline), language_attribute(language)),
               linked(message.link, message.headline));
  if (!message.link_text.empty()) out += block("p", "", escape_html(message.link_text));
  if (!message.update.empty()) {
    out += block("p", "", "<b>" + linked(message.update_link, message.update) + "</b>");
  }
  out += html_passage(message, language);
  out += html_entries(message, clock);
  out += html_sources(message, clock);
  out += html_foot(message);
  return out + "</body></html>\n";
}

}  // namespace wirewatch::daemon
