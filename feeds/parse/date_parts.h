// What the readers of dates share: names, and putting the parts together.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "feeds/time.h"

namespace wirewatch::feeds {

struct DateParts {
  int year = 0;
  int month = 1;
  int day = 1;
  int hour = 0;
  int minute = 0;
  int second = 0;
  int offset_minutes = 0;  // east of Greenwich
  std::string zone;        // IANA name, instead of an offset
};

// nullopt when a part is out of range or the day does not exist. A leap second is the second
// before it, 24:00 the next day's midnight.
std::optional<Instant> assemble(const DateParts& parts);

// RFC 2822 section 4.3: 0 to 49 are 2000 to 2049, 50 to 99 are 1950 to 1999.
int full_year(int two_digits);

// For comparing: digits of every script as ASCII, marks dropped from letters, dashes, blanks and
// commas plain, the forms of Arabic letters one. Letters keep their case.
std::string fold_date_text(std::string_view text);

// 1 to 12 by name or abbreviation in a language that feeds use; 0 for other words, Hijri and
// Jalali months among them. `word` is folded and in lower case (Unicode).
int month_of(std::string_view word);

// The Levant's and Iraq's months of two words, which ordinals tell apart; 0 for others.
int month_of_pair(std::string_view word, std::string_view next);

// Minutes east of Greenwich for "est", "cest", "gmt", military letters not included.
std::optional<int> named_zone(std::string_view word);

// "+05:30", "-0500", "+01", "Z" at `at`; advances it. nullopt, `at` as it was, for none.
std::optional<int> read_offset(std::string_view text, std::size_t& at);

// "Fri, 20 Nov 2026 08:09:00 +0300", nothing looser; nullopt for any other text.
std::optional<Instant> parse_mail_date(std::string_view text);

// ISO 8601 and its shortened forms; nullopt for any other text.
std::optional<Instant> parse_iso_date(std::string_view text);

}  // namespace wirewatch::feeds
