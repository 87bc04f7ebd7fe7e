// ISO 8601:1988 with its shortened forms, and W3CDTF (www.w3.org/TR/NOTE-datetime).
#include <algorithm>

#include "feeds/parse/date_parts.h"

namespace wirewatch::feeds {
namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

class IsoReader {
 public:
  explicit IsoReader(std::string_view text) : text_(text) {}
  std::optional<Instant> read();

 private:
  std::string_view digits() const;
  int take(std::size_t count);
  bool skip(char c);
  bool read_date();
  bool read_compact_date(std::string_view run);
  bool read_time();
  bool set_day_of_year(int day);

  std::string_view text_;
  std::size_t at_ = 0;
  DateParts parts_;
};

std::string_view IsoReader::digits() const {
  std::size_t end = at_;
  while (end < text_.size() && is_digit(text_[end])) ++end;
  return text_.substr(at_, end - at_);
}

// The caller has seen that so many digits stand here, and they are few.
int IsoReader::take(std::size_t count) {
  int value = 0;
  for (std::size_t i = 0; i < count; ++i) value = value * 10 + (text_[at_++] - '0');
  return value;
}

bool IsoReader::skip(char c) {
  if (at_ >= text_.size() || text_[at_] != c) return false;
  ++at_;
  return true;
}

bool IsoReader::set_day_of_year(int day) {
  if (day < 1 || day > 366) return false;
  const auto date = std::chrono::year_month_day(
      std::chrono::sys_days(std::chrono::year(parts_.year) / 1 / 1) + std::chrono::days(day - 1));
  if (static_cast<int>(date.year()) != parts_.year) return false;
  parts_.month = static_cast<int>(static_cast<unsigned>(date.month()));
  parts_.day = static_cast<int>(static_cast<unsigned>(date.day()));
  return true;
}

// Digits without separators: YYYYMMDD, YYYYMM, YYYYDDD, YYMMDD, YYDDD.
bool IsoReader::read_compact_date(std::string_view run) {
  const std::size_t length = run.size();
  // Numbers have no leading zero: without one, five digits are a number of something.
  if (length == 5 && run[0] != '0') return false;
  if (length == 8 || length == 7) {
    parts_.year = take(4);
  } else {
    parts_.year = full_year(take(2));
  }
  if (length == 7 || length == 5) return set_day_of_year(take(3));
  parts_.month = take(2);
  parts_.day = take(2);
  return true;
}

bool IsoReader::read_date() {
  const bool short_year = skip('-');  // "-03-12", "-0312": a year of this century
  const std::string_view run = digits();
  if (short_year) {
    if (run.size() != 4 && run.size() != 2) return false;
    parts_.year = full_year(take(2));
    if (run.size() == 2 && !skip('-')) return false;
    if (digits().size() != 2) return false;
    parts_.month = take(2);
    return true;
  }
  if (run.size() >= 5 && run.size() <= 8) return read_compact_date(run);
  if (run.size() != 4 && run.size() != 2) return false;
  parts_.year = run.size() == 4 ? take(4) : full_year(take(2));
  if (!skip('-')) return run.size() == 4;
  const std::string_view month = digits();
  if (month.size() == 3 && month[0] != '0') return set_day_of_year(take(3));
  if (month.empty() || month.size() > 3) return false;
  parts_.month = take(month.size());
  if (!skip('-')) return run.size() == 4;
  const std::string_view day = digits();
  if (day.empty() || day.size() > 2) return false;
  parts_.day = take(day.size());
  return true;
}

bool IsoReader::read_time() {
  const std::string_view run = digits();
  if (run.size() == 4 || run.size() == 6) {  // "T1014", "T101455"
    parts_.hour = take(2);
    parts_.minute = take(2);
    if (run.size() == 6) parts_.second = take(2);
  } else {
    if (run.empty() || run.size() > 2) return false;
    parts_.hour = take(run.size());
    if (skip(':')) {
      const std::size_t minute = digits().size();
      if (minute == 0 || minute > 2) return false;
      parts_.minute = take(minute);
      if (skip(':')) {
        const std::size_t second = digits().size();
        if (second == 0 || second > 2) return false;
        parts_.second = take(second);
      }
    }
  }
  if (skip('.') || skip(',')) at_ += digits().size();
  while (skip(' ')) {
  }
  if (at_ == text_.size()) return true;
  const auto offset = read_offset(text_, at_);
  if (!offset) return false;
  parts_.offset_minutes = *offset;
  return true;
}

std::optional<Instant> IsoReader::read() {
  if (!read_date()) return std::nullopt;
  if (at_ < text_.size()) {
    if (!skip('T') && !skip('t') && !skip(' ')) {
      const auto offset = read_offset(text_, at_);  // "2003-12-31Z"
      if (!offset || at_ == text_.size() - 1) return std::nullopt;
      if (text_[at_ - 1] != 'Z' && text_[at_ - 1] != 'z') return std::nullopt;
    } else {
      while (skip(' ')) {
      }
      if (!read_time()) return std::nullopt;
      skip('Z');  // "-05:00Z" is seen in the wild
    }
  }
  if (at_ != text_.size()) return std::nullopt;
  return assemble(parts_);
}

}  // namespace

std::optional<Instant> parse_iso_date(std::string_view text) {
  return IsoReader(text).read();
}

}  // namespace wirewatch::feeds
