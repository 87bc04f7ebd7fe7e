#include "rules/match/hash_table.h"

#include <gtest/gtest.h>

#include <random>
#include <unordered_map>

#include "rules/match/sieve.h"

namespace wirewatch::rules {
namespace {

TEST(HashTable, HoldsWhatAnyMapHolds) {
  std::mt19937_64 random(3);
  HashTable<int> table;
  std::unordered_map<std::uint64_t, int> reference;
  for (int i = 0; i < 5000; ++i) {
    const std::uint64_t hash = random();
    table[hash] = i;
    reference[hash] = i;
  }
  EXPECT_EQ(table.size(), reference.size());
  for (const auto& [hash, value] : reference) {
    ASSERT_NE(table.find(hash), nullptr);
    EXPECT_EQ(*table.find(hash), value);
    EXPECT_EQ(table.find(hash ^ 1), nullptr);
  }
}

TEST(HashTable, TakesZeroAsAHash) {
  HashTable<int> table;
  EXPECT_EQ(table.find(0), nullptr);
  table[0] = 7;
  ASSERT_NE(table.find(0), nullptr);
  EXPECT_EQ(*table.find(0), 7);
}

TEST(HashTable, HoldsManyHashesThatBeginAlike) {
  HashTable<int> table;
  for (int i = 1; i <= 300; ++i) table[static_cast<std::uint64_t>(i)] = i;
  for (int i = 1; i <= 300; ++i) EXPECT_EQ(*table.find(static_cast<std::uint64_t>(i)), i);
}

TEST(Sieve, LetsEveryKeyOfItsTablePassAndFewOthers) {
  std::mt19937_64 random(4);
  HashTable<int> table;
  std::vector<std::uint64_t> keys;
  for (int i = 0; i < 2000; ++i) {
    keys.push_back(random());
    table[keys.back()] = i;
  }
  const Sieve sieve(table);
  for (const std::uint64_t key : keys) EXPECT_TRUE(sieve.may_hold(key));
  int passed = 0;
  for (int i = 0; i < 2000; ++i) passed += sieve.may_hold(random()) ? 1 : 0;
  EXPECT_LT(passed, 60);
}

}  // namespace
}  // namespace wirewatch::rules
