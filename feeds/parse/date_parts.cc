#include "feeds/parse/date_parts.h"

#include <unicode/timezone.h>

#include <memory>

namespace wirewatch::feeds {
namespace {

struct ZoneRow {
  std::string_view name;
  int minutes;
};

// RFC 822 section 5.1, RFC 2822 section 4.3, and the abbreviations of the tz database that feeds
// use; the bare North American letters are standard time. Some name several zones: AST is read as
// Atlantic, not Arabia (+3), IST as India, not Israel or Ireland, BST as Britain, not Bangladesh,
// CST as North America, not China. What then lies in the future is no document's time
// (document_input).
constexpr ZoneRow kZones[] = {
    {"z", 0},      {"ut", 0},     {"utc", 0},     {"gmt", 0},     {"wet", 0},    {"west", 60},
    {"bst", 60},   {"cet", 60},   {"cest", 120},  {"met", 60},    {"mest", 120}, {"mez", 60},
    {"mesz", 120}, {"eet", 120},  {"eest", 180},  {"msk", 180},   {"trt", 180},  {"ast", -240},
    {"adt", -180}, {"at", -240},  {"est", -300},  {"edt", -240},  {"et", -300},  {"cst", -360},
    {"cdt", -300}, {"ct", -360},  {"mst", -420},  {"mdt", -360},  {"mt", -420},  {"pst", -480},
    {"pdt", -420}, {"pt", -480},  {"akst", -540}, {"akdt", -480}, {"hst", -600}, {"nst", -210},
    {"ndt", -150}, {"jst", 540},  {"kst", 540},   {"hkt", 480},   {"sgt", 480},  {"ist", 330},
    {"pkt", 300},  {"irst", 210}, {"aest", 600},  {"aedt", 660},  {"acst", 570}, {"acdt", 630},
    {"awst", 480}, {"nzst", 720}, {"nzdt", 780},  {"brt", -180},  {"art", -180}, {"cat", 120},
    {"eat", 180},  {"wat", 60},   {"sast", 120},  {"wib", 420},   {"ict", 420},
};

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

}  // namespace

std::optional<Instant> assemble(const DateParts& parts) {
  using std::chrono::day;
  using std::chrono::hours;
  using std::chrono::minutes;
  using std::chrono::month;
  using std::chrono::seconds;
  using std::chrono::year;
  if (parts.year < 1 || parts.year > 9999) return std::nullopt;
  // Before they are narrowed: std::chrono keeps a day in a byte.
  if (parts.month < 1 || parts.month > 12 || parts.day < 1 || parts.day > 31) return std::nullopt;
  // A year of the Hijri or Jalali calendar; nothing was on the wire in the fourteenth century.
  if (parts.year >= 1300 && parts.year <= 1500) return std::nullopt;
  const std::chrono::year_month_day date(year(parts.year),
                                         month(static_cast<unsigned>(parts.month)),
                                         day(static_cast<unsigned>(parts.day)));
  const bool midnight = parts.hour == 24 && parts.minute == 0 && parts.second == 0;
  if (!date.ok() || parts.hour < 0 || (parts.hour > 23 && !midnight)) return std::nullopt;
  if (parts.minute < 0 || parts.minute > 59 || parts.second < 0 || parts.second > 60) {
    return std::nullopt;
  }
  if (parts.offset_minutes > 16 * 60 || parts.offset_minutes < -16 * 60) return std::nullopt;
  const int second = parts.second == 60 ? 59 : parts.second;
  Instant local =
      std::chrono::sys_days(date) + hours(parts.hour) + minutes(parts.minute) + seconds(second);
  if (parts.zone.empty()) return local - minutes(parts.offset_minutes);
  const std::unique_ptr<icu::TimeZone> zone(
      icu::TimeZone::createTimeZone(icu::UnicodeString::fromUTF8(parts.zone)));
  if (!zone || *zone == icu::TimeZone::getUnknown()) return std::nullopt;
  std::int32_t raw = 0;
  std::int32_t daylight = 0;
  UErrorCode status = U_ZERO_ERROR;
  const auto millis = static_cast<double>(to_unix_micros(local) / 1000);
  zone->getOffset(millis, /*local=*/true, raw, daylight, status);
  if (U_FAILURE(status)) return std::nullopt;
  return local - std::chrono::milliseconds(raw + daylight);
}

int full_year(int two_digits) {
  return two_digits < 50 ? 2000 + two_digits : 1900 + two_digits;
}

std::optional<int> named_zone(std::string_view word) {
  for (const ZoneRow& row : kZones) {
    if (word == row.name) return row.minutes;
  }
  return std::nullopt;
}

std::optional<int> read_offset(std::string_view text, std::size_t& at) {
  if (at >= text.size()) return std::nullopt;
  if (text[at] == 'Z' || text[at] == 'z') {
    ++at;
    return 0;
  }
  if (text[at] != '+' && text[at] != '-') return std::nullopt;
  std::string digits;
  std::size_t i = at + 1;
  for (; i < text.size() && digits.size() < 4; ++i) {
    const bool colon = text[i] == ':' && (digits.size() == 2 || digits.size() == 1);
    if (!is_digit(text[i]) && !colon) break;
    if (is_digit(text[i])) digits += text[i];
  }
  if (digits.size() == 1 || digits.size() == 3) digits.insert(digits.begin(), '0');
  if (digits.size() != 2 && digits.size() != 4) return std::nullopt;
  if (text[i - 1] == ':') return std::nullopt;
  const int hours = (digits[0] - '0') * 10 + (digits[1] - '0');
  const int minutes = digits.size() == 4 ? (digits[2] - '0') * 10 + (digits[3] - '0') : 0;
  if (minutes > 59 || hours > 16) return std::nullopt;
  const int sign = text[at] == '-' ? -1 : 1;
  at = i;
  return sign * (hours * 60 + minutes);
}

}  // namespace wirewatch::feeds
