#include "feeds/parse/dates.h"

#include <unicode/locid.h>
#include <unicode/unistr.h>

#include <algorithm>
#include <iterator>
#include <vector>

#include "feeds/parse/date_parts.h"
#include "feeds/parse/xml_text.h"

namespace wirewatch::feeds {
namespace {

constexpr std::size_t kLongestDate = 120;

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || static_cast<unsigned char>(c) >= 0x80;
}

std::string unicode_lower(std::string_view text) {
  icu::UnicodeString wide = icu::UnicodeString::fromUTF8(
      icu::StringPiece(text.data(), static_cast<std::int32_t>(text.size())));
  wide.toLower(icu::Locale::getRoot());
  std::string out;
  wide.toUTF8String(out);
  return out;
}

struct Number {
  int value = 0;
  std::size_t digits = 0;
  char after = 0;  // the separator behind it
};

// Reads words and numbers in any order that people put them in.
class LooseReader {
 public:
  explicit LooseReader(std::string_view text) : text_(text) {}
  std::optional<Instant> read();

 private:
  bool read_number();
  bool read_time(int hour);
  bool read_word();
  std::string take_word();
  bool read_month(const std::string& word);
  std::size_t hour_mark() const;
  bool read_zone_word(std::string_view spelled, const std::string& word);
  bool set_half_of_day(std::string_view word);
  bool settle_date();
  bool settle_numeric_date();
  std::size_t digit_run(std::size_t at) const;
  bool at_offset() const;

  std::string_view text_;
  std::size_t at_ = 0;
  std::vector<Number> numbers_;
  DateParts parts_;
  int month_ = 0;
  bool month_led_ = false;  // the month's word stood first: it may have been a weekday's
  bool has_time_ = false;
  bool has_zone_ = false;
  bool korean_ = false;
  bool afternoon_ = false;
  bool forenoon_ = false;
};

std::size_t LooseReader::digit_run(std::size_t at) const {
  std::size_t end = at;
  while (end < text_.size() && is_digit(text_[end])) ++end;
  return end - at;
}

bool LooseReader::read_time(int hour) {
  if (has_time_) return false;
  has_time_ = true;
  parts_.hour = hour;
  int* const fields[] = {&parts_.minute, &parts_.second};
  for (int* field : fields) {
    if (at_ >= text_.size() || text_[at_] != ':') break;
    const std::size_t run = digit_run(at_ + 1);
    if (run == 0 || run > 2) return false;
    *field = 0;
    for (std::size_t i = 0; i < run; ++i) *field = *field * 10 + (text_[at_ + 1 + i] - '0');
    at_ += 1 + run;
  }
  if (at_ < text_.size() && text_[at_] == ':') return false;
  if (at_ < text_.size() && text_[at_] == '.') at_ += 1 + digit_run(at_ + 1);
  return true;
}

// How many bytes a word for "o'clock" between hour and minute takes: "14h30", "9時30分"; 0 for
// none.
std::size_t LooseReader::hour_mark() const {
  const std::string_view rest = text_.substr(at_, 4);
  for (const std::string_view mark : {"時", "时", "点", "시"}) {
    if (rest.starts_with(mark)) return mark.size();
  }
  const bool latin = rest.starts_with('h') || rest.starts_with('H');
  return latin && (rest.size() == 1 || !is_letter(rest[1])) ? 1 : 0;
}

bool LooseReader::read_number() {
  const std::size_t run = digit_run(at_);
  if (run > 4) return false;
  int value = 0;
  for (std::size_t i = 0; i < run; ++i) value = value * 10 + (text_[at_++] - '0');
  if (at_ < text_.size() && text_[at_] == ':') return run <= 2 && read_time(value);
  if (const std::size_t mark = hour_mark(); mark > 0 && run <= 2 && !has_time_) {
    has_time_ = true;
    parts_.hour = value;
    at_ += mark;
    while (at_ < text_.size() && text_[at_] == ' ') ++at_;
    const std::size_t minutes = digit_run(at_);
    if (minutes == 0 || minutes > 2) return true;
    while (digit_run(at_) > 0) parts_.minute = parts_.minute * 10 + (text_[at_++] - '0');
    return true;
  }
  const char after = at_ < text_.size() ? text_[at_] : '\0';
  numbers_.push_back({value, run, after});
  return numbers_.size() <= 3;
}

bool LooseReader::set_half_of_day(std::string_view word) {
  constexpr std::string_view kAfter[] = {"pm",   "p.m",  "오후",  "下午",
                                         "午後", "مساء", "مساءا", "ظهرا"};
  constexpr std::string_view kBefore[] = {"am", "a.m", "오전", "上午", "午前", "صباحا", "ص"};
  const auto is_one = [&](std::string_view known) { return known == word; };
  const bool after = std::any_of(std::begin(kAfter), std::end(kAfter), is_one) ||
                     (word == "م" && has_time_);  // elsewhere it marks the common era
  const bool before = std::any_of(std::begin(kBefore), std::end(kBefore), is_one);
  if (word == "오후" || word == "오전") korean_ = true;
  afternoon_ = afternoon_ || after;
  forenoon_ = forenoon_ || before;
  return after || before;
}

// `word` is `spelled` in small letters, which may take more bytes or fewer.
bool LooseReader::read_zone_word(std::string_view spelled, const std::string& word) {
  if (word.find('/') != std::string::npos) {
    parts_.zone = std::string(spelled);
    has_zone_ = true;
    return true;
  }
  const auto minutes = named_zone(word);
  if (minutes) {
    // "GMT+0000": the offset says it.
    if (!has_zone_) parts_.offset_minutes = *minutes;
    has_zone_ = true;
    return true;
  }
  // Zones nobody knows are UTC, as long as they look like one.
  const char last = spelled.back();
  return spelled.size() >= 3 && spelled.size() <= 5 && lower(spelled) == word && last >= 'A' &&
         last <= 'Z';
}

std::string LooseReader::take_word() {
  const std::size_t begin = at_;
  while (at_ < text_.size() &&
         (is_letter(text_[at_]) || (has_time_ && (text_[at_] == '/' || text_[at_] == '_')) ||
          (text_[at_] == '.' && at_ + 1 < text_.size() && is_letter(text_[at_ + 1])))) {
    ++at_;
  }
  return unicode_lower(text_.substr(begin, at_ - begin));
}

bool LooseReader::read_month(const std::string& word) {
  int month = month_of(word);
  if (month == 0 && static_cast<unsigned char>(word[0]) >= 0x80) {
    const std::size_t here = at_;
    while (at_ < text_.size() && text_[at_] == ' ') ++at_;
    month = month_of_pair(word, take_word());
    if (month == 0) at_ = here;
  }
  if (month == 0 || (month_ != 0 && !month_led_)) return false;
  month_led_ = month_ == 0 && numbers_.empty();
  month_ = month;
  return true;
}

// Words between the parts of a date that say nothing: prepositions, "o'clock", "year".
bool is_filler(std::string_view word) {
  constexpr std::string_view kFillers[] = {
      "de",      "del", "of",   "um",  "t",    "on", "the", "a",   "as",  "alle", "ore", "ora",
      "uhr",     "kl",  "klo",  "den", "le",   "el", "la",  "las", "los", "saat", "г",   "год",
      "года",    "р",   "року", "r",   "roku", "ev", "م",   "من",  "في",  "عام",  "سنة", "الساعة",
      "الموافق", "و",   "سنه",  "年",  "月",   "日", "号",  "分",  "秒",  "분",   "초"};
  return std::find(std::begin(kFillers), std::end(kFillers), word) != std::end(kFillers);
}

bool LooseReader::read_word() {
  const std::size_t begin = at_;
  const std::string word = take_word();
  if (set_half_of_day(word)) return true;
  if (word == "년" || word == "월" || word == "일") {
    korean_ = true;
    return true;
  }
  if (word == "at" && !has_time_) return true;
  const bool ordinal = word == "st" || word == "nd" || word == "rd" || word == "th" ||
                       word == "er" || word == "º" || word == "ª";
  if (ordinal && begin > 0 && is_digit(text_[begin - 1])) return true;
  const std::string_view spelled = text_.substr(begin, at_ - begin);
  if (has_time_ && named_zone(word)) return read_zone_word(spelled, word);
  if (is_filler(word) || read_month(word)) return true;
  if (has_time_) return read_zone_word(spelled, word) || numbers_.empty();
  if (named_zone(word) == 0 && !numbers_.empty()) return true;  // "26 Sep 2022 GMT"
  return numbers_.empty() && month_ == 0;                       // a weekday in some language
}

bool LooseReader::at_offset() const {
  const char c = text_[at_];
  return has_time_ && (c == '+' || c == '-') && at_ + 1 < text_.size() && text_[at_ + 1] != ' ';
}

// Without a month's name the separator tells: 2006/09/15, 09/15/2014, 26/06/2020, 30.10.23.
bool LooseReader::settle_numeric_date() {
  if (numbers_.size() != 3) return false;
  const Number& a = numbers_[0];
  const Number& b = numbers_[1];
  const Number& c = numbers_[2];
  if (a.digits == 4) {
    parts_.year = a.value;
    parts_.month = b.value;
    parts_.day = c.value;
    return true;
  }
  parts_.year = c.digits == 4 ? c.value : full_year(c.value);
  const bool month_first = a.after == '/' && a.value <= 12;
  parts_.month = month_first ? a.value : b.value;
  parts_.day = month_first ? b.value : a.value;
  return c.digits == 4 || c.digits == 2;
}

bool LooseReader::settle_date() {
  if (month_ == 0 || (month_led_ && numbers_.size() == 3)) return settle_numeric_date();
  parts_.month = month_;
  const auto year = [](const Number& n) {
    return n.digits > 2 ? (n.digits == 3 ? 1900 + n.value : n.value) : full_year(n.value);
  };
  if (numbers_.size() == 1) {
    parts_.year = numbers_[0].value;
    return numbers_[0].digits == 4;
  }
  if (numbers_.size() != 2) return false;
  const bool year_first = numbers_[0].digits > 2 || numbers_[0].value > 31;
  const Number& y = numbers_[year_first ? 0 : 1];
  parts_.year = year(y);
  parts_.day = numbers_[year_first ? 1 : 0].value;
  return true;
}

std::optional<Instant> LooseReader::read() {
  while (at_ < text_.size()) {
    const char c = text_[at_];
    if (at_offset()) {
      const auto offset = read_offset(text_, at_);
      if (!offset) return std::nullopt;
      parts_.offset_minutes = *offset;
      has_zone_ = true;
    } else if (is_digit(c)) {
      if (!read_number()) return std::nullopt;
    } else if (is_letter(c)) {
      if (!read_word()) return std::nullopt;
    } else if (c == '(') {
      at_ = std::min(text_.find(')', at_), text_.size() - 1) + 1;
    } else if (text_.substr(at_, 2) == "\\n") {
      at_ += 2;
    } else if (std::string_view(" \t\r\n,.-/").find(c) != std::string_view::npos) {
      ++at_;
    } else {
      return std::nullopt;
    }
  }
  if (!settle_date()) return std::nullopt;
  if (afternoon_ || forenoon_) {
    if (parts_.hour > 12 && forenoon_) return std::nullopt;
    if (afternoon_ && parts_.hour < 12) parts_.hour += 12;
    if (forenoon_ && parts_.hour == 12) parts_.hour = 0;
  }
  if (korean_ && !has_zone_) parts_.offset_minutes = 9 * 60;
  return assemble(parts_);
}

std::optional<Instant> parse_unix_time(std::string_view text) {
  const std::size_t point = std::min(text.find('.'), text.size());  // fractions of a second
  const std::string_view fraction = text.substr(std::min(point + 1, text.size()));
  if (!std::all_of(fraction.begin(), fraction.end(), is_digit)) return std::nullopt;
  text = text.substr(0, point);
  if ((text.size() != 10 && text.size() != 13) ||
      !std::all_of(text.begin(), text.end(), is_digit)) {
    return std::nullopt;
  }
  std::int64_t value = 0;
  for (const char c : text) value = value * 10 + (c - '0');
  return from_unix_micros(text.size() == 10 ? value * 1'000'000 : value * 1'000);
}

}  // namespace

std::optional<Instant> parse_date(std::string_view text) {
  text = trim(text);
  if (text.empty() || text.size() > kLongestDate) return std::nullopt;
  if (const auto mail = parse_mail_date(text)) return mail;
  if (text.ends_with(']')) text = trim(text.substr(0, text.rfind('[')));  // Java names the zone so
  if (const auto iso = parse_iso_date(text)) return iso;
  if (const auto unix_time = parse_unix_time(text)) return unix_time;
  const bool ascii = std::all_of(text.begin(), text.end(),
                                 [](char c) { return static_cast<unsigned char>(c) < 0x80; });
  if (ascii) return LooseReader(text).read();
  const std::string folded = fold_date_text(text);
  if (const auto iso = parse_iso_date(trim(folded))) return iso;
  return LooseReader(trim(folded)).read();
}

}  // namespace wirewatch::feeds
