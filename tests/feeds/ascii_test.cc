#include "feeds/ascii.h"

#include <gtest/gtest.h>

namespace wirewatch::feeds {
namespace {

TEST(Ascii, WhatIsEncodedCannotBecomeAnotherPathOrQuery) {
  EXPECT_EQ(percent_encoded("a/b?c#d%e\"<ä"), "a%2Fb%3Fc%23d%25e%22%3C%C3%A4");
  EXPECT_EQ(percent_encoded("Az09-._~"), "Az09-._~");
  EXPECT_EQ(percent_decoded(percent_encoded("a/b?c#d%e\"<ä ")), "a/b?c#d%e\"<ä ");
}

TEST(Ascii, APercentSignWithoutTwoDigitsStays) {
  EXPECT_EQ(percent_decoded("%2f%2F%4g%%41%4"), "//%4g%A%4");
}

TEST(Ascii, OnlyLettersOfAsciiAreMadeSmall) {
  EXPECT_EQ(lower("ÄBC-Z[@"), "Äbc-z[@");
  EXPECT_TRUE(equal_ignoring_case("Content-TYPE", "content-type"));
  EXPECT_FALSE(equal_ignoring_case("Ä", "ä"));
  EXPECT_FALSE(equal_ignoring_case("a", "ab"));
}

}  // namespace
}  // namespace wirewatch::feeds
