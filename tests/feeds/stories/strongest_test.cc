#include "feeds/stories/strongest.h"

#include <gtest/gtest.h>

#include <random>

namespace wirewatch::feeds {
namespace {

struct Entry {
  std::uint32_t weight = 0;
  std::uint32_t name = 0;
  bool operator==(const Entry&) const = default;
};

bool is_stronger(const Entry& a, const Entry& b) {
  return a.weight != b.weight ? a.weight > b.weight : a.name < b.name;
}

// 300 entries with weights from 0 up to `most`.
std::vector<Entry> some(std::uint32_t most) {
  std::mt19937 dice(1);
  std::uniform_int_distribution<std::uint32_t> weight(0, most);
  std::vector<Entry> entries;
  for (std::uint32_t i = 0; i < 300; ++i) entries.push_back({weight(dice), i});
  return entries;
}

TEST(Strongest, AreThoseThatSortingPutsFirstHoweverManyShareAClass) {
  for (const std::uint32_t weights : {0u, 3u, 255u, 5'000u, 65'535u}) {
    const std::vector<Entry> entries = some(weights);
    std::vector<Entry> expected = entries;
    std::sort(expected.begin(), expected.end(), is_stronger);
    for (const std::size_t most : {0u, 1u, 20u, 128u, 299u, 300u, 1'000u}) {
      std::vector<Entry> found = strongest(
          std::span<const Entry>(entries), most,
          [](const Entry& entry) { return std::size_t{entry.weight} >> 8; }, is_stronger);
      std::sort(found.begin(), found.end(), is_stronger);
      const std::size_t count = std::min(most, expected.size());
      EXPECT_EQ(found, std::vector<Entry>(expected.begin(),
                                          expected.begin() + static_cast<std::ptrdiff_t>(count)))
          << most << " of weights up to " << weights;
    }
  }
}

TEST(Strongest, OfNoneAreNone) {
  const auto no_class = [](const Entry&) { return std::size_t{0}; };
  EXPECT_TRUE(strongest(std::span<const Entry>(), 5, no_class, is_stronger).empty());
}

}  // namespace
}  // namespace wirewatch::feeds
