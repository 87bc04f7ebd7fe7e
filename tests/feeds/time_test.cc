#include "feeds/time.h"

#include <gtest/gtest.h>

namespace wirewatch {
namespace {

TEST(Iso8601, AnInstantSurvivesTheRoundTrip) {
  for (const char* text :
       {"1970-01-01T00:00:00Z", "2024-12-26T16:00:00Z", "2000-02-29T23:59:59Z"}) {
    const auto instant = from_iso8601(text);
    ASSERT_TRUE(instant) << text;
    EXPECT_EQ(to_iso8601(*instant), text);
  }
}

TEST(Iso8601, AnOffsetIsTakenIntoAccount) {
  EXPECT_EQ(from_iso8601("2024-12-26T19:00:00+03:00"), from_iso8601("2024-12-26T16:00:00Z"));
}

TEST(Iso8601, AnythingElseIsNoInstant) {
  for (const char* text : {"", "2024", "2024-13-01", "2024-02-30", "2024-12-26T25:00:00Z",
                           "2024-12-26T16:00:00", "Thu, 26 Dec 2024", "2024-12-26T16:00:00Zx"}) {
    EXPECT_FALSE(from_iso8601(text)) << text;
  }
}

}  // namespace
}  // namespace wirewatch
