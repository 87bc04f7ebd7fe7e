// RFC 2822 section 3.3 as nearly every RSS feed writes it: "Fri, 20 Nov 2026 08:09:00 +0300". The
// reader of loose dates understands it as well; this one is fifty times as fast.
#include <algorithm>
#include <array>

#include "feeds/parse/date_parts.h"
#include "feeds/parse/xml_text.h"

namespace wirewatch::feeds {
namespace {

constexpr std::array<std::string_view, 7> kDays = {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};
constexpr std::array<std::string_view, 12> kMonths = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                      "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

// A cursor that is `good` as long as all that was asked for stood there.
struct Strict {
  std::string_view text;
  std::size_t at = 0;
  bool good = true;

  bool next_is(char c) const { return at < text.size() && text[at] == c; }
  void skip(char c) {
    good = good && next_is(c);
    ++at;
  }
  int number(std::size_t least, std::size_t most) {
    int value = 0;
    std::size_t count = 0;
    for (; count < most && at < text.size() && text[at] >= '0' && text[at] <= '9'; ++count) {
      value = value * 10 + (text[at++] - '0');
    }
    good = good && count >= least;
    return value;
  }
  // Counts from 1; 0 where none of the words stands here.
  template <std::size_t count>
  int one_of(const std::array<std::string_view, count>& words) {
    const std::string_view word = text.substr(std::min(at, text.size()), 3);
    at += 3;
    for (std::size_t i = 0; i < count; ++i) {
      if (words[i] == word) return static_cast<int>(i) + 1;
    }
    good = false;
    return 0;
  }
};

std::optional<int> zone_minutes(std::string_view text, std::size_t at) {
  const std::string_view zone = text.substr(at);
  if (zone.starts_with('+') || zone.starts_with('-')) {
    const auto offset = read_offset(text, at);
    return offset && at == text.size() ? offset : std::nullopt;
  }
  if (zone.size() < 2 || zone.size() > 4) return std::nullopt;
  for (const char c : zone) {
    if (c < 'A' || c > 'Z') return std::nullopt;
  }
  return named_zone(lower(zone));
}

}  // namespace

std::optional<Instant> parse_mail_date(std::string_view text) {
  Strict read{text};
  DateParts parts;
  read.one_of(kDays);
  read.skip(',');
  read.skip(' ');
  if (!read.good) return std::nullopt;
  parts.day = read.number(1, 2);
  read.skip(' ');
  parts.month = read.one_of(kMonths);
  read.skip(' ');
  parts.year = read.number(4, 4);
  read.skip(' ');
  parts.hour = read.number(2, 2);
  read.skip(':');
  parts.minute = read.number(2, 2);
  if (read.next_is(':')) {
    read.skip(':');
    parts.second = read.number(2, 2);
  }
  read.skip(' ');
  if (!read.good) return std::nullopt;
  const auto offset = zone_minutes(text, read.at);
  if (!offset) return std::nullopt;
  parts.offset_minutes = *offset;
  return assemble(parts);
}

}  // namespace wirewatch::feeds
