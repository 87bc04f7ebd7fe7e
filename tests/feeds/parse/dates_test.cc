#include "feeds/parse/dates.h"

#include <span>

namespace wirewatch::feeds {
namespace {

struct DateCase {
  std::string_view text;
  std::string_view expected;  // empty: no date
};

void check(std::span<const DateCase> cases) {
  for (const DateCase& c : cases) {
    const auto date = parse_date(c.text);
    EXPECT_EQ(date ? to_iso8601(*date) : "", c.expected) << c.text;
  }
}

TEST(Dates, OfMail) {
  const DateCase cases[] = {
      {"Tue, 04 Jun 2024 09:30:05 GMT", "2024-06-04T09:30:05Z"},
      {"Tue, 4 Jun 2024 09:30 +0200", "2024-06-04T07:30:00Z"},
      {"4 Jun 24 09:30:00 EDT", "2024-06-04T13:30:00Z"},
      {"04 Jun 99 00:00 UT", "1999-06-04T00:00:00Z"},
      {"Tue, 04 June, 2024 09:30:00 PST", "2024-06-04T17:30:00Z"},
      {"Tuesday, 04-Jun-24 09:30:00 GMT", "2024-06-04T09:30:00Z"},
      {"Tue Jun  4 09:30:00 2024", "2024-06-04T09:30:00Z"},
      {"Tue Jun 04 09:30:00 +0300 2024", "2024-06-04T06:30:00Z"},
      {"Tue, 04 Jun 2024 24:00:00 GMT", "2024-06-05T00:00:00Z"},
      {"Tue, 04 Jun 2024 09:30:00 Asia/Baghdad", "2024-06-04T06:30:00Z"},
      {"Tue, 04 Jun 2024 09:30:00 GMT+03:00", "2024-06-04T06:30:00Z"},
      {"Tue, 04 Jun 2024 09:30:00 +0000 (UTC)", "2024-06-04T09:30:00Z"},
  };
  check(cases);
}

TEST(Dates, OfTheInternational) {
  const DateCase cases[] = {
      {"2024-06-04T09:30:05Z", "2024-06-04T09:30:05Z"},
      {"2024-06-04T09:30:05.999+03:00", "2024-06-04T06:30:05Z"},
      {"2024-06-04T09:30-0500", "2024-06-04T14:30:00Z"},
      {"2024-06-04 09:30:05", "2024-06-04T09:30:05Z"},
      {"2024-06-04", "2024-06-04T00:00:00Z"},
      {"2024-06", "2024-06-01T00:00:00Z"},
      {"2024", "2024-01-01T00:00:00Z"},
      {"20240604", "2024-06-04T00:00:00Z"},
      {"20240604T093005Z", "2024-06-04T09:30:05Z"},
      {"2024-156", "2024-06-04T00:00:00Z"},
      {"1717493405", "2024-06-04T09:30:05Z"},
      {"1717493405000", "2024-06-04T09:30:05Z"},
  };
  check(cases);
}

TEST(Dates, OfPeople) {
  const DateCase cases[] = {
      {"June 4, 2024 at 9:30 PM EDT", "2024-06-05T01:30:00Z"},
      {"4th June 2024", "2024-06-04T00:00:00Z"},
      {"06/04/2024 12:05 a.m.", "2024-06-04T00:05:00Z"},
      {"26/06/2024", "2024-06-26T00:00:00Z"},
      {"4.6.2024 09:30", "2024-06-04T09:30:00Z"},
      {"mar., 04 juin 2024 09:30:00 +0200", "2024-06-04T07:30:00Z"},
      {"Di, 4. März 2025 09:30", "2025-03-04T09:30:00Z"},
      {"4 يونيو 2024 09:30", "2024-06-04T09:30:00Z"},
      {"4 июня 2024", "2024-06-04T00:00:00Z"},
      {"Jun 2024", "2024-06-01T00:00:00Z"},
  };
  check(cases);
}

TEST(Dates, ThatAreNone) {
  const DateCase cases[] = {
      {"", ""},
      {"soon", ""},
      {"Tue, 31 Jun 2024 09:30:00 GMT", ""},
      {"2023-02-29", ""},
      {"2024-06-04T25:00:00Z", ""},
      {"2024-06-04T10:61:00Z", ""},
      {"2024-06-04T10:00:00+99:99", ""},
      {"2024-13-01", ""},
      {"Tue, 04 Jun 2024 1:2:3:4 GMT", ""},
      {"Tue, 04 Qux 2024 09:30:00 GMT", ""},
      {"99999999999999999999", ""},
      {"1 2 3 4 5 6 7", ""},
      {"14 رجب 1445", ""},  // another calendar
  };
  check(cases);
  EXPECT_EQ(parse_date(std::string(1'000'000, '1')), std::nullopt);
}

}  // namespace
}  // namespace wirewatch::feeds
