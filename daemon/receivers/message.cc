#include "daemon/receivers/message.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

#include "daemon/receivers/limits.h"

namespace wirewatch::daemon {
namespace {

std::string one_line(std::string_view text, std::size_t limit) {
  return cut_text(clean_line(text), limit);
}

std::string severity_label(const std::string& severity) {
  if (severity == "critical") return "Critical";
  if (severity == "high") return "High";
  if (severity == "low") return "Low";
  return "Normal";
}

// What changed, in the first words of a message that is not the first of its alert.
std::string update_line(const AlertView& view) {
  if (view.kind == "test") return "Test message: nothing has happened";
  if (view.kind == "corrected") {
    constexpr std::string_view said = "corrected: ";  // the reason begins so
    const std::string_view reason = view.reason;
    return "Corrected: " +
           one_line(reason.substr(reason.starts_with(said) ? said.size() : 0), limits::reason);
  }
  if (view.kind == "merged")
    return "Joined another story: " + one_line(view.reason, limits::reason);
  if (view.kind != "updated") return {};
  if (view.sources.size() < 2) return "Update: " + one_line(view.reason, limits::reason);
  const AlertSource& latest = view.sources.back();
  std::string line =
      ordinal(view.sources.size()) + " source: " + isolated(one_line(latest.name, limits::name));
  const std::string title = one_line(latest.title, limits::reason);
  if (!title.empty() && title != one_line(view.headline, limits::reason)) {
    line += " \u2013 " + isolated(title);
  }
  return line;
}

void add_sources(const AlertView& view, Message& message) {
  const std::size_t all = view.sources.size();
  const std::size_t shown = all <= limits::sources_in_full ? all : limits::sources_in_full - 1;
  for (std::size_t i = 0; i < shown; ++i) {
    const AlertSource& source = view.sources[i];
    std::string name = one_line(source.name, limits::name);
    if (name.empty()) name = "unnamed source";
    message.sources.push_back(
        {isolated(name), safe_link(source.url).value_or(std::string()), source.time});
  }
  message.more_sources = all - shown;
}

void add_entries(const AlertView& view, Message& message) {
  for (const DigestEntry& entry : view.entries) {
    if (message.entries.size() == limits::digest_entries) break;
    std::string headline = one_line(entry.headline, limits::entry);
    if (headline.empty()) headline = "(no headline)";
    headline = isolated(headline);
    const std::string note = one_line(entry.note, limits::entry);
    if (!note.empty()) headline += " (" + isolated(note) + ")";
    std::string link = safe_link(entry.url).value_or(std::string());
    if (link.empty()) link = safe_link(entry.story_url).value_or(std::string());
    message.entries.push_back({severity_label(entry.severity), std::move(headline),
                               one_line(entry.rule, limits::name), std::move(link), entry.time});
  }
  const std::size_t all = std::max(view.entries_count, message.entries.size());
  message.more_entries = all - message.entries.size();
}

void add_entities(const AlertView& view, Message& message) {
  for (const std::string& entity : view.entities) {
    const std::string name = one_line(entity, limits::name);
    if (name.empty()) continue;
    if (message.entities.size() == limits::entities) {
      ++message.more_entities;
    } else {
      message.entities.push_back(isolated(name));
    }
  }
}

bool is_boundary(const std::string& text, std::size_t at) {
  return at == text.size() || (static_cast<unsigned char>(text[at]) & 0xc0U) != 0x80U;
}

}  // namespace

std::string ordinal(std::size_t number) {
  const std::size_t tens = number % 100;
  const bool teen = tens >= 11 && tens <= 13;
  const std::size_t ones = teen ? 0 : number % 10;
  const char* ending = ones == 1 ? "st" : ones == 2 ? "nd" : ones == 3 ? "rd" : "th";
  return fmt::format("{}{}", number, ending);
}

std::string readable_span(Span span) {
  using std::chrono::duration_cast;
  const auto seconds = duration_cast<std::chrono::seconds>(span).count();
  if (seconds < 90) return fmt::format("{} s", seconds);
  if (seconds < 90 * 60) return fmt::format("{} min", seconds / 60);
  if (seconds < 48 * 3600) return fmt::format("{} h", seconds / 3600);
  return fmt::format("{} d", seconds / 86400);
}

std::vector<Piece> passage_pieces(const AlertView& view) {
  const std::string& passage = view.passage;
  std::vector<Piece> pieces;
  std::size_t at = 0;
  for (const PassageMark& mark : view.marks) {
    const bool in_order = mark.start >= at && mark.start < mark.end && mark.end <= passage.size();
    if (!in_order || !is_boundary(passage, mark.start) || !is_boundary(passage, mark.end)) continue;
    if (mark.start > at) pieces.push_back({passage.substr(at, mark.start - at), false});
    pieces.push_back({passage.substr(mark.start, mark.end - mark.start), true});
    at = mark.end;
  }
  if (at < passage.size()) pieces.push_back({passage.substr(at), false});
  return pieces;
}

Message compose(const AlertView& view, const DeliveryFacts& facts) {
  Message message;
  message.severity = severity_label(view.severity);
  message.headline = one_line(view.headline, limits::headline);
  if (message.headline.empty()) message.headline = "(no headline)";
  if (auto link = safe_link(view.url)) {
    message.link = std::move(*link);
  } else {
    message.link_text = one_line(view.url, limits::reason);
  }
  message.update = update_line(view);
  if (view.kind == "updated" && view.sources.size() > 1) {
    message.update_link = safe_link(view.sources.back().url).value_or(std::string());
  }
  message.passage = cut_pieces(clean_pieces(passage_pieces(view)), limits::passage);
  message.rule = one_line(view.rule, limits::name);
  add_entities(view, message);
  add_sources(view, message);
  add_entries(view, message);
  message.story_link = safe_link(view.story_url).value_or(std::string());
  message.time = view.time;
  if (facts.late) {
    message.late = "late by " + readable_span(std::max(facts.now - view.time, Span::zero()));
  }
  return message;
}

}  // namespace wirewatch::daemon
