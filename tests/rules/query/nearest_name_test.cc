#include <gtest/gtest.h>

#include "rules/diagnostic.h"

namespace wirewatch::rules {
namespace {

TEST(NearestName, IsASlipAwayAndOfShortNamesNothingElse) {
  const std::vector<std::string> known = {"a", "iq", "desk", "url", "Basra", "عمان"};
  const struct {
    const char* word;
    const char* near;
  } cases[] = {
      {"b", ""},        {"x", ""},        {"ab", ""},       {"qi", "iq"},       {"ir", ""},
      {"IQ", "iq"},     {"A", "a"},       {"ulr", "url"},   {"ur", "url"},      {"dsk", "desk"},
      {"dask", "desk"}, {"board", ""},    {"DESK", "desk"}, {"basra", "Basra"}, {"", ""},
      {"لا", ""},       {"عمام", "عمان"}, {"دمشق", ""},
  };
  for (const auto& one : cases) EXPECT_EQ(nearest_name(one.word, known), one.near) << one.word;
}

TEST(NearestName, IsNotLookedForBehindEverythingThatIsNoName) {
  EXPECT_EQ(nearest_name(std::string(300, 'a'), {std::string(300, 'a')}), "");
  EXPECT_EQ(nearest_name("\x80", {"\x80\x80", "a"}, 1), nearest_name("\x80", {"\x80\x80"}, 1));
}

}  // namespace
}  // namespace wirewatch::rules
