// Times, sizes, names and addresses as people write them.
#include "daemon/config/units.h"

#include <gtest/gtest.h>

namespace wirewatch::daemon {
namespace {

TEST(Units, TimesAreReadAndWrittenAlike) {
  const struct {
    const char* text;
    std::int64_t milliseconds;
    const char* written;
  } cases[] = {
      {"90s", 90000, "1m30s"},
      {"5m", 300000, "5m"},
      {"1h30m", 5400000, "1h30m"},
      {"3d", 259200000, "3d"},
      {"250ms", 250, "250ms"},
      {"1w", 604800000, "1w"},
      {"1w3d", 864000000, "10d"},
      {"0s", 0, "0s"},
      {"0", 0, "0s"},
      {"1m30s500ms", 90500, "1m30s500ms"},
      {"36500d", 3153600000000, "36500d"},
  };
  for (const auto& c : cases) {
    const auto span = parse_span(c.text);
    ASSERT_TRUE(span) << c.text;
    EXPECT_EQ(*span, std::chrono::milliseconds(c.milliseconds)) << c.text;
    EXPECT_EQ(span_text(*span), c.written);
    EXPECT_EQ(*parse_span(span_text(*span)), *span);
  }
}

TEST(Units, WhatIsNoTimeIsRefused) {
  for (const char* text : {"", "s", "5", "00", "5 m", "m5", "1m1h", "1m1m", "-5s", "1.5h", "5S",
                           "5min", "36501d", "99999999999999999999s", "5m ", "١m"}) {
    EXPECT_FALSE(parse_span(text)) << text;
  }
}

TEST(Units, SizesAreReadAndWrittenAlike) {
  const struct {
    const char* text;
    std::uint64_t bytes;
    const char* written;
  } cases[] = {{"512B", 512, "512B"},         {"1KB", 1000, "1KB"},
               {"15MiB", 15728640, "15MiB"},  {"2GB", 2000000000, "2GB"},
               {"2 GiB", 2147483648, "2GiB"}, {"1TiB", 1099511627776, "1TiB"}};
  for (const auto& c : cases) {
    const auto size = parse_size(c.text);
    ASSERT_TRUE(size) << c.text;
    EXPECT_EQ(*size, c.bytes);
    EXPECT_EQ(size_text(*size), c.written);
  }
  for (const char* text : {"", "5", "MB", "1.5MB", "-1B", "5mb", "5M", "999999999999999TiB"}) {
    EXPECT_FALSE(parse_size(text)) << text;
  }
}

TEST(Units, NumbersHaveNoLeadingZero) {
  EXPECT_EQ(*parse_count("0"), 0U);
  EXPECT_EQ(*parse_count("10"), 10U);
  for (const char* text : {"", "010", "1e3", "0x10", "-1", "1_000", "12345678901234567890"}) {
    EXPECT_FALSE(parse_count(text)) << text;
  }
}

TEST(Units, UrlsAreHttpWithAHost) {
  for (const char* url : {"https://example.org", "http://127.0.0.1:8080/x?y#z", "HTTPS://a.b/",
                          "http://[::1]:80/", "http://[::1]/", "https://مثال.example/"}) {
    EXPECT_TRUE(check_url(url)) << url;
  }
  for (const char* url :
       {"", "example.org", "ftp://example.org", "file:///etc/passwd", "http://", "http://:80/",
        "http://a b/", "http://a:0/", "http://a:x/", "javascript://a/", "http://a\n/"}) {
    EXPECT_FALSE(check_url(url)) << url;
  }
  EXPECT_FALSE(check_url("http://" + std::string(5000, 'a')));
}

TEST(Units, NetworksAndAddresses) {
  for (const char* text : {"10.0.0.0/8", "0.0.0.0/0", "::/0", "fd00::/8", "::1/128"}) {
    EXPECT_TRUE(valid_network(text)) << text;
  }
  for (const char* text : {"", "10.0.0.0", "10.0.0.0/33", "10.0.0/8", "::1/129", "a/8", "/8",
                           "10.0.0.0/", "10.0.0.0/-1", "10.0.0.0/08"}) {
    EXPECT_FALSE(valid_network(text)) << text;
  }
  for (const char* text : {"127.0.0.1:8420", "0.0.0.0:0", "[::]:80"}) {
    EXPECT_TRUE(valid_listen(text)) << text;
  }
  for (const char* text : {"", ":80", "::1:80", "localhost:80", "127.0.0.1", "127.0.0.1:70000"}) {
    EXPECT_FALSE(valid_listen(text)) << text;
  }
}

TEST(Units, TimeZonesAreThoseOfIana) {
  for (const char* name : {"UTC", "Asia/Baghdad", "Asia/Damascus", "Europe/Berlin"}) {
    EXPECT_TRUE(valid_time_zone(name)) << name;
  }
  for (const char* name : {"", "Baghdad", "GMT+25:00", "asia/Bagdad", "Etc/Unknown"}) {
    EXPECT_FALSE(valid_time_zone(name)) << name;
  }
  EXPECT_EQ(nearest_time_zone("Europe/Berlim"), "Europe/Berlin");
}

TEST(Units, HeadersHoldNoLineBreaks) {
  EXPECT_TRUE(valid_header_name("X-Token_1"));
  EXPECT_FALSE(valid_header_name("X Token"));
  EXPECT_FALSE(valid_header_name("X:"));
  EXPECT_TRUE(valid_header_value("a\tb c"));
  for (const char* value : {"a\r\nb", "a\nb", "caf\xC3\xA9", "\x01"}) {
    EXPECT_FALSE(valid_header_value(value));
  }
}

}  // namespace
}  // namespace wirewatch::daemon
