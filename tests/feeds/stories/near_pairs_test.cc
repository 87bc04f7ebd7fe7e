#include "feeds/stories/near_pairs.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <random>

#include "tests/feeds/stories/documents.h"

namespace wirewatch::feeds {
namespace {

constexpr Span week = std::chrono::hours(24 * 7);

TEST(FiveWordShingles, AreOfTheTitleAndThenTheTextInLowerCase) {
  EXPECT_EQ(five_word_shingles("One two", "three four, FIVE six").size(), 2u);
  EXPECT_EQ(five_word_shingles("One two", "three four, FIVE six"),
            five_word_shingles("", "one TWO three-four five SIX"));
  EXPECT_EQ(five_word_shingles("", "ثلاثة أربعة").size(), 1u);
  EXPECT_TRUE(five_word_shingles("", " ?! ").empty());
}

TEST(NearPairs, GiveTheExactShareOfShingles) {
  NearPairs pairs(0.5, week);
  EXPECT_TRUE(pairs.add("a", {}, "", "a b c d e f g h").empty());
  // Four of four shingles, and one more.
  const auto found = pairs.add("b", {}, "", "a b c d e f g h i");
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].id, "b");
  EXPECT_EQ(found[0].of, "a");
  EXPECT_DOUBLE_EQ(found[0].similarity, 0.8);
  EXPECT_TRUE(pairs.add("c", {}, "", "h g f e d c b a").empty());
}

TEST(NearPairs, AreNoneBeyondTheWindowButUnknownTimesAreNear) {
  NearPairs pairs(0.5, week);
  const Instant first = from_unix_micros(1'700'000'000'000'000);
  EXPECT_TRUE(pairs.add("a", first, "", "a b c d e f").empty());
  EXPECT_TRUE(pairs.add("b", first + week + Span(1), "", "a b c d e f").empty());
  EXPECT_EQ(pairs.add("c", {}, "", "a b c d e f").size(), 2u);
}

// Every pair against every other, without an index.
std::size_t pairs_by_force(const std::vector<std::string>& texts, double threshold) {
  std::size_t count = 0;
  for (std::size_t i = 0; i < texts.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      const auto a = five_word_shingles("", texts[i]);
      const auto b = five_word_shingles("", texts[j]);
      std::vector<std::uint64_t> both;
      std::set_intersection(a.begin(), a.end(), b.begin(), b.end(), std::back_inserter(both));
      const auto shared = static_cast<double>(both.size());
      const double all = static_cast<double>(a.size() + b.size()) - shared;
      count += shared / all >= threshold ? 1 : 0;
    }
  }
  return count;
}

TEST(NearPairs, MissNoPairAtAnyThreshold) {
  std::mt19937 random(11);
  std::vector<std::string> texts;
  for (int i = 0; i < 150; ++i) {
    std::string text = i % 3 == 0 || texts.empty() ? "" : texts[random() % texts.size()];
    const std::size_t cut = text.size() * (random() % 10) / 20;
    text = text.substr(cut - (cut > 0 && text[cut - 1] != ' ' ? cut : 0));
    for (unsigned word = 0; word < random() % 30 + 3; ++word)
      text += "w" + std::to_string(random() % 500) + " ";
    texts.push_back(text);
  }
  for (const double threshold : {0.1, 0.34, 0.5, 0.8, 1.0}) {
    NearPairs pairs(threshold, week);
    std::size_t found = 0;
    for (const std::string& text : texts) found += pairs.add("x", {}, "", text).size();
    EXPECT_EQ(found, pairs_by_force(texts, threshold)) << threshold;
  }
}

}  // namespace
}  // namespace wirewatch::feeds
