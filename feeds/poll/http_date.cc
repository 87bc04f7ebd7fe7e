#include "feeds/poll/http_date.h"

#include <array>
#include <charconv>

namespace wirewatch::feeds {
namespace {

using namespace std::chrono;

// The three forms differ in order and separators only: a month's name, a time with colons, and
// two numbers, of which the day comes before the year.
struct DateParts {
  int day = -1;
  int month = -1;
  int year = -1;
  std::optional<seconds> time;
};

std::optional<int> number(std::string_view text) {
  int value = 0;
  if (text.empty() || text.size() > 4) return std::nullopt;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || value < 0) return std::nullopt;
  return value;
}

int month_of(std::string_view word) {
  constexpr std::array<std::string_view, 12> kMonths = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                        "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  for (std::size_t i = 0; i < kMonths.size(); ++i) {
    if (word == kMonths[i]) return static_cast<int>(i) + 1;
  }
  return -1;
}

std::optional<seconds> time_of(std::string_view word) {
  if (word.size() != 8 || word[2] != ':' || word[5] != ':') return std::nullopt;
  const auto h = number(word.substr(0, 2));
  const auto m = number(word.substr(3, 2));
  const auto s = number(word.substr(6, 2));
  if (!h || !m || !s || *h > 23 || *m > 59 || *s > 60) return std::nullopt;
  return hours(*h) + minutes(*m) + seconds(*s);
}

bool take_word(DateParts& parts, std::string_view word) {
  if (word.find(':') != std::string_view::npos) {
    if (parts.time) return false;
    parts.time = time_of(word);
    return parts.time.has_value();
  }
  if (const auto value = number(word)) {
    if (parts.day < 0) {
      parts.day = *value;
    } else if (parts.year < 0) {
      parts.year = word.size() == 2 ? *value + (*value < 70 ? 2000 : 1900) : *value;
    } else {
      return false;
    }
    return true;
  }
  if (const int month = month_of(word); month > 0 && parts.month < 0) parts.month = month;
  return true;  // the weekday and "GMT"
}

}  // namespace

std::optional<Instant> parse_http_date(std::string_view text) {
  if (text.size() > 64) return std::nullopt;
  DateParts parts;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find_first_of(" ,-"), text.size());
    if (end > 0 && !take_word(parts, text.substr(0, end))) return std::nullopt;
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  if (parts.month < 0 || parts.year < 0 || !parts.time) return std::nullopt;
  if (parts.day < 1 || parts.day > 31) return std::nullopt;  // std::chrono keeps it in a byte
  const year_month_day date{year(parts.year), month(static_cast<unsigned>(parts.month)),
                            day(static_cast<unsigned>(parts.day))};
  if (!date.ok()) return std::nullopt;
  return Instant(sys_days(date)) + *parts.time;
}

}  // namespace wirewatch::feeds
