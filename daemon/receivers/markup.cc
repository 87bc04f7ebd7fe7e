#include "daemon/receivers/markup.h"

#include <fmt/format.h>

#include <algorithm>

namespace wirewatch::daemon {
namespace {

// Appends parts as long as they fit.
class Room {
 public:
  explicit Room(std::size_t limit) : limit_(limit) {}

  bool add(const std::string& text) {
    const std::size_t length = utf16_length(text);
    if (used_ + length > limit_) return false;
    out_ += text;
    used_ += length;
    return true;
  }
  std::size_t left() const { return limit_ - used_; }
  bool empty() const { return out_.empty(); }
  std::string take() { return std::move(out_); }

 private:
  std::size_t limit_;
  std::size_t used_ = 0;
  std::string out_;
};

std::string linked(const Markup& markup, const std::string& link, const std::string& escaped) {
  return link.empty() ? escaped : markup.link(link, escaped);
}

// The headline gives way to its link: a headline can be cut, a link cannot.
std::string head(const Message& message, const Markup& markup, std::size_t limit) {
  const std::string label = markup.bold(markup.escape(message.severity)) + " \u00b7 ";
  const std::size_t frame = utf16_length(label + linked(markup, message.link, "")) + 2;
  const std::size_t room = limit > frame ? limit - frame : 0;
  const std::string headline = cut_text(message.headline, room, markup.escape);
  std::string out =
      label + markup.bold(linked(markup, message.link, isolated(markup.escape(headline))));
  if (!message.link_text.empty()) out += markup.line + markup.escape(message.link_text);
  return out;
}

std::string passage(const Message& message, const Markup& markup, std::size_t room) {
  const std::size_t marks = utf16_length(markup.bold("")) * message.passage.size() + 2;
  std::string quoted;
  for (const Piece& piece :
       cut_pieces(message.passage, room > marks ? room - marks : 0, markup.escape)) {
    const std::string text = markup.escape(piece.text);
    quoted += piece.marked ? markup.bold(text) : text;
  }
  return quoted.empty() ? quoted : markup.quote_open + isolated(quoted) + markup.quote_close;
}

std::string sources(const Message& message, const Markup& markup, const ZoneClock& clock,
                    std::size_t limit) {
  Room room(limit);
  std::string separator;
  for (const MessageSource& source : message.sources) {
    const std::string name = markup.escape(source.name);
    const std::string time = " " + clock.text(source.time, message.time);
    if (!room.add(separator + linked(markup, source.link, name) + time)) {
      room.add(separator + name + time);
    }
    separator = ", ";
  }
  if (message.more_sources > 0) room.add(fmt::format("{}+{}", separator, message.more_sources));
  return room.take();
}

std::string about(const Message& message, const Markup& markup, std::size_t limit) {
  Room room(limit);
  std::string separator;
  for (const std::string& entity : message.entities) {
    room.add(separator + markup.escape(entity));
    separator = ", ";
  }
  if (message.more_entities > 0) room.add(fmt::format("{}+{}", separator, message.more_entities));
  const std::string between = room.empty() ? "" : " \u00b7 ";
  if (!message.rule.empty()) room.add(between + "rule " + markup.escape(message.rule));
  if (!message.late.empty()) room.add(" \u00b7 " + markup.bold(markup.escape(message.late)));
  if (!message.story_link.empty()) {
    room.add(" \u00b7 " +
             markup.link(message.story_link, message.entries.empty() ? "story" : "all"));
  }
  return room.take();
}

void add_entries(const Message& message, const Markup& markup, Room& room) {
  std::size_t left = message.entries.size();
  for (const MessageEntry& entry : message.entries) {
    const std::string text = markup.line + "\u2022 " + markup.escape(entry.severity) + ": " +
                             linked(markup, entry.link, markup.escape(entry.headline)) +
                             (entry.rule.empty() ? "" : " (" + markup.escape(entry.rule) + ")");
    if (!room.add(text)) break;
    --left;
  }
  const std::size_t more = message.more_entries + left;
  if (more > 0) room.add(fmt::format("{}+{} more", markup.line, more));
}

}  // namespace

std::string escape_html(std::string_view text) {
  return with_references(text, "&<>\"");
}

std::string without_mentions(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '@') {
      out += "\uff20";
    } else {
      out.push_back(c);
    }
  }
  return out;
}

Markup Markup::plain() {
  Markup markup;
  markup.escape = [](std::string_view text) { return std::string(text); };
  markup.bold = [](const std::string& text) { return text; };
  markup.link = [](const std::string& address, const std::string& text) {
    return text + " (" + address + ")";
  };
  return markup;
}

Markup Markup::html(Escape mentions, std::string line) {
  Markup markup;
  markup.escape = [mentions = std::move(mentions)](std::string_view text) {
    return escape_html(mentions ? mentions(text) : std::string(text));
  };
  markup.bold = [](const std::string& text) { return "<b>" + text + "</b>"; };
  markup.link = [](const std::string& address, const std::string& text) {
    return "<a href=\"" + escape_html(address) + "\">" + text + "</a>";
  };
  markup.line = std::move(line);
  return markup;
}

std::string marked_up(const Message& message, const Markup& markup, const ZoneClock& clock,
                      std::size_t limit) {
  Room room(limit);
  room.add(head(message, markup, limit));
  if (!message.update.empty()) {
    const std::string update = linked(markup, message.update_link, markup.escape(message.update));
    if (!room.add(markup.line + markup.bold(update))) {
      const std::string cut = cut_text(message.update, room.left() / 2, markup.escape);
      room.add(markup.line + markup.escape(cut));
    }
  }
  const std::size_t foot = room.left() / 2;
  std::string tail = sources(message, markup, clock, foot / 2);
  const std::string last = about(message, markup, foot / 2);
  if (!tail.empty() && !last.empty()) tail += markup.line;
  tail += last;
  const std::size_t line = utf16_length(markup.line);
  const std::size_t spent =
      utf16_length(tail) + 2 * line + utf16_length(markup.quote_open + markup.quote_close);
  const std::string quoted =
      passage(message, markup, room.left() > spent ? room.left() - spent : 0);
  if (!quoted.empty()) room.add(markup.line + quoted);
  if (!message.entries.empty()) {
    Room entries(room.left() > spent ? room.left() - spent : 0);
    add_entries(message, markup, entries);
    room.add(entries.take());
  }
  if (!tail.empty()) room.add(markup.line + tail);
  return room.take();
}

std::string follow_up(const Message& message, const Markup& markup, const ZoneClock& clock,
                      std::size_t limit) {
  Room room(limit);
  const std::string what = message.update.empty() ? message.headline : message.update;
  const std::size_t frame = utf16_length(markup.bold(linked(markup, message.update_link, "")));
  const std::string text =
      markup.escape(cut_text(what, limit > frame ? limit - frame : 0, markup.escape));
  room.add(markup.bold(linked(markup, message.update_link, text)));
  const std::string told = sources(message, markup, clock, room.left() / 2);
  if (!told.empty()) room.add(markup.line + told);
  if (!message.late.empty()) room.add(" \u00b7 " + markup.escape(message.late));
  return room.take();
}

}  // namespace wirewatch::daemon
