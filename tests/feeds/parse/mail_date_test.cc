#include <gtest/gtest.h>

#include "feeds/parse/date_parts.h"
#include "feeds/parse/dates.h"

namespace wirewatch::feeds {
namespace {

TEST(MailDate, ReadsWhatTheLooseReaderReadsInTheSameWay) {
  for (const char* text : {"Fri, 20 Nov 2026 08:09:00 +0300", "Fri, 20 Nov 2026 08:09 GMT",
                           "Mon, 1 Jan 2024 00:00:59 UTC", "Sat, 29 Feb 2020 23:59:60 -0330",
                           "Sun, 31 Dec 1999 24:00:00 EST", "Tue, 05 May 2020 10:00:00 UT",
                           "Wed, 05 Jun 2019 10:00:00 +01:00", "Thu, 05 Sep 2019 10:00:00 PDT"}) {
    EXPECT_NE(parse_mail_date(text), std::nullopt) << text;
    // A second blank is beyond the strict reader, so this is what the loose one says.
    const std::string loose = std::string(text).replace(4, 1, "  ");
    EXPECT_EQ(parse_mail_date(loose), std::nullopt);
    EXPECT_EQ(parse_date(text), parse_date(loose)) << text;
  }
}

TEST(MailDate, LeavesAllElseToTheLooseReader) {
  for (const char* text :
       {"", "Fri", "Fri,", "Fri, 20", "Fri, 20 Nov 2026", "Fri, 20 Nov 2026 08:09:00",
        "Fri, 20 Nov 26 08:09:00 GMT", "20 Nov 2026 08:09:00 GMT", "fri, 20 Nov 2026 08:09:00 GMT",
        "Fri, 20 nov 2026 08:09:00 GMT", "Fri, 20 Nov 2026 8:09:00 GMT",
        "Fri, 20 Nov 2026 08:09:00 Europe/Paris", "Fri, 20 Nov 2026 08:09:00 +0300 (MSK)",
        "Fri, 31 Nov 2026 08:09:00 GMT"}) {
    EXPECT_EQ(parse_mail_date(text), std::nullopt) << text;
  }
}

}  // namespace
}  // namespace wirewatch::feeds
