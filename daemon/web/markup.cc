#include "daemon/web/markup.h"

#include <fmt/format.h>

#include "daemon/receivers/text.h"
#include "feeds/text/utf8.h"

namespace wirewatch::daemon {
namespace {

constexpr std::size_t most_lines_bytes = 64U << 10U;  // of one text in <pre>
constexpr std::size_t title_units = 300;

std::string escape_marks(std::string_view clean) {
  return with_references(clean, "&<>\"'");
}

}  // namespace

std::string escaped(std::string_view text) {
  return escape_marks(clean_line(text));
}

std::string escaped(std::string_view text, std::size_t units) {
  return escape_marks(cut_text(clean_line(text), units));
}

std::string escaped_lines(std::string_view text) {
  return escape_marks(feeds::unicode::tidy(text, most_lines_bytes));
}

std::string safe_href(std::string_view url) {
  const auto link = safe_link(url);
  return link ? escape_marks(*link) : std::string();
}

std::string feed_text(std::string_view text, std::size_t units) {
  return fmt::format("<span dir=\"auto\">{}</span>", escaped(text, units));
}

std::string outside_link(std::string_view url, std::string_view text) {
  const std::string href = safe_href(url);
  if (href.empty()) return feed_text(text);
  return fmt::format("<a href=\"{}\" rel=\"noreferrer noopener\" dir=\"auto\">{}</a>", href,
                     escaped(text.empty() ? url : text, title_units));
}

std::string rough_span(Span span) {
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(span).count();
  if (seconds < 90) return fmt::format("{} s", seconds < 0 ? 0 : seconds);
  if (seconds < 90 * 60) return fmt::format("{} min", (seconds + 30) / 60);
  if (seconds < 36 * 3600) return fmt::format("{} h", (seconds + 1800) / 3600);
  return fmt::format("{} days", (seconds + 43200) / 86400);
}

std::string age(Instant then, Instant now) {
  if (then == Instant{}) return "never";
  if (then > now + std::chrono::seconds(1)) return "in " + rough_span(then - now);
  if (now - then < std::chrono::seconds(5)) return "just now";
  return rough_span(now - then) + " ago";
}

std::string time_element(Instant then, Instant now) {
  if (then == Instant{}) return "never";
  const std::string iso = to_iso8601(then);
  std::string readable = iso;
  if (readable.size() == 20) {  // 2026-11-21T18:00:00Z
    readable[10] = ' ';
    readable.replace(19, 1, " UTC");
  }
  return fmt::format("<time datetime=\"{}\" title=\"{}\">{}</time>", iso, readable, age(then, now));
}

}  // namespace wirewatch::daemon
