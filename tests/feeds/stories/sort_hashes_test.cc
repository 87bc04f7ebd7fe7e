#include "feeds/stories/sort_hashes.h"

#include <gtest/gtest.h>

#include <random>

namespace wirewatch::feeds {
namespace {

struct Entry {
  std::uint32_t key = 0;
  std::size_t came = 0;
  bool operator==(const Entry&) const = default;
};

// 5,000 entries with keys from 0 up to `most`, beginning at `first`.
std::vector<Entry> some(std::uint32_t first, std::uint32_t most) {
  std::mt19937 dice(1);
  std::uniform_int_distribution<std::uint32_t> key(0, most);
  std::vector<Entry> entries;
  for (std::size_t i = 0; i < 5000; ++i) entries.push_back({first + key(dice), i});
  return entries;
}

TEST(SortHashes, EqualOnesKeepTheirOrderHoweverTheKeysAreSpread) {
  const auto key_of = [](const Entry& entry) { return entry.key; };
  for (const auto& [first, most] : std::vector<std::pair<std::uint32_t, std::uint32_t>>{
           {0, 0xFFFFFFFF}, {0, 1000}, {0xFFFF0000, 0xFFFF}, {0x80000000, 100'000}, {7, 0}}) {
    std::vector<Entry> entries = some(first, most);
    std::vector<Entry> expected = entries;
    std::stable_sort(expected.begin(), expected.end(),
                     [](const Entry& a, const Entry& b) { return a.key < b.key; });
    sort_hashes(entries, key_of);
    EXPECT_EQ(entries, expected) << first << " and " << most << " more";
  }
}

TEST(SortHashes, KeysBelowAnEndAreSorted) {
  std::vector<Entry> entries = some(0, 99'999);
  sort_hashes(
      entries, [](const Entry& entry) { return entry.key; }, 100'000);
  EXPECT_TRUE(std::is_sorted(entries.begin(), entries.end(),
                             [](const Entry& a, const Entry& b) { return a.key < b.key; }));
}

}  // namespace
}  // namespace wirewatch::feeds
