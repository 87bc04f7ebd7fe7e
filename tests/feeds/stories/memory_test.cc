#include "feeds/stories/memory.h"

#include <gtest/gtest.h>

#include <array>
#include <random>

#include "feeds/stories/parameters.h"
#include "tests/feeds/stories/documents.h"

namespace wirewatch::feeds {
namespace {

Instant minute(int number) {
  return from_unix_micros(1'700'000'000'000'000 + number * 60'000'000LL);
}

Document numbered(int number, Instant time) {
  const std::string id = "d" + std::to_string(number);
  return document_of(id, "", words_about(id + "w", 15), time);
}

TEST(StoryMemory, TheOldestBeyondTheLimitAreForgotten) {
  StoryLimits limits;
  limits.documents = 50;
  StoryIndex index(limits);
  for (int i = 0; i < 200; ++i) index.place(numbered(i, minute(i)), {});
  EXPECT_EQ(index.size(), 50u);
  EXPECT_EQ(index.place(numbered(199, minute(199)), {}).relation, Relation::fresh);
  Document again = numbered(180, minute(200));
  again.id = "copy-of-180";
  EXPECT_EQ(index.place(again, {}).copy_group, "d180");
  again = numbered(100, minute(200));
  again.id = "copy-of-100";
  EXPECT_EQ(index.place(again, {}).copy_group, "copy-of-100");
}

TEST(StoryMemory, DocumentsOlderThanTheWindowGoOnceEnoughCameAfterThem) {
  StoryLimits limits;
  limits.window = std::chrono::hours(1);
  StoryIndex index(limits);
  const int kept = static_cast<int>(Parameters().kept_beyond_window);
  for (int i = 0; i < kept + 300; ++i) index.place(numbered(i, minute(i)), {});
  EXPECT_EQ(index.size(), Parameters().kept_beyond_window);
}

TEST(StoryMemory, TheOldestAreForgottenWhenTheBytesAreUsedUp) {
  StoryLimits limits;
  limits.bytes = 200'000;
  StoryIndex index(limits);
  for (int i = 0; i < 1000; ++i) {
    index.place(numbered(i, minute(i)), {});
    EXPECT_LE(index.bytes(), limits.bytes);
  }
  EXPECT_GT(index.size(), 50u);
  EXPECT_LT(index.size(), 200u);
  Document again = numbered(990, minute(1000));
  again.id = "copy-of-990";
  EXPECT_EQ(index.place(again, {}).copy_group, "d990");
  // Long ones after short ones: a few of these go for each of those.
  for (int i = 0; i < 40; ++i) {
    const std::string id = "long" + std::to_string(i);
    index.place(document_of(id, "", words_about(id, 600), minute(1001 + i)), {});
    EXPECT_LE(index.bytes(), limits.bytes);
  }
}

TEST(StoryMemory, AllBytesAreGivenBackWithTheDocuments) {
  StoryLimits limits;
  limits.documents = 1;
  StoryIndex index(limits);
  index.place(numbered(7, minute(0)), {});
  const std::size_t one = index.bytes();
  for (int i = 10; i < 300; ++i) {
    const std::string id = "d" + std::to_string(i % 30);
    index.place(document_of(id, "", words_about("shared", 10 + i % 50), minute(i)), {});
  }
  index.place(numbered(8, minute(400)), {});
  EXPECT_EQ(index.size(), 1u);
  EXPECT_EQ(index.bytes(), one);
}

TEST(StoryMemory, EditsDoNotMakeItGrow) {
  StoryLimits limits;
  limits.documents = 20;
  StoryIndex index(limits);
  for (int i = 0; i < 500; ++i) {
    Document document = numbered(i, minute(i));
    document.id = "same" + std::to_string(i % 3);
    index.place(document, {});
    EXPECT_LE(index.size(), 3u);
  }
}

std::vector<Number> found(const Postings<WeighedPosting>& postings, std::uint32_t key) {
  std::vector<Number> documents;
  postings.for_each(key,
                    [&documents](const WeighedPosting& one) { documents.push_back(one.document); });
  return documents;
}

TEST(Members, KnowTheirFirstAndLastTimeWhoeverLeaves) {
  // Minutes by number; 0 is unknown.
  const std::vector<int> minutes = {5, 0, 9, 3, 7, 3, 8, 0, 6, 2, 4};
  const auto time_of = [&minutes](Number number) {
    return minutes[number] == 0 ? Instant{} : minute(minutes[number]);
  };
  for (const Number edited : {0U, 3U, 5U, 9U}) {
    Members members;
    for (Number i = 0; i < minutes.size(); ++i) members.add(i, time_of);
    std::vector<Number> left(members.all().begin(), members.all().end());
    for (Number leaves = edited; !left.empty(); leaves = left.empty() ? 0 : left.front()) {
      members.remove(leaves, time_of);
      std::erase(left, leaves);
      Instant first{};
      Instant last{};
      for (const Number one : left) {
        const Instant time = time_of(one);
        if (time == Instant{}) continue;
        first = first == Instant{} ? time : std::min(first, time);
        last = std::max(last, time);
      }
      EXPECT_EQ(members.first(), first);
      EXPECT_EQ(members.last(), last);
      EXPECT_EQ(std::vector<Number>(members.all().begin(), members.all().end()), left);
    }
  }
}

TEST(SpreadTable, KeepsWhatLivesAndLeavesOutWhatIsDead) {
  SpreadTable<std::uint32_t> table;
  const auto is_dead = [](std::uint32_t value) { return value < 50'000; };
  for (std::uint32_t i = 1; i <= 100'000; ++i) table.at(i * 7919, is_dead) = i;
  for (std::uint32_t i = 50'000; i <= 100'000; ++i) {
    ASSERT_NE(table.find(i * 7919), nullptr) << i;
    EXPECT_EQ(*table.find(i * 7919), i);
  }
  EXPECT_EQ(table.find(100'001u * 7919), nullptr);
  std::size_t dead = 0;
  for (std::uint32_t i = 1; i < 50'000; ++i) dead += table.find(i * 7919) == nullptr ? 0 : 1;
  EXPECT_LT(dead, 30'000u);
}

template <typename Value>
void expect_all_found_that_belong_to_one_line() {
  using Table = SpreadTable<Value>;
  const auto is_dead = [](const Value&) { return false; };
  std::vector<std::uint32_t> keys;
  for (std::uint32_t key = 0; keys.size() < 40; ++key)
    if (Table::order_of(key) >> 16u == 0xFFFFu) keys.push_back(key);  // at the end of the last part
  Table table;
  for (std::size_t i = 0; i < keys.size(); ++i) {
    EXPECT_EQ(table.find(keys[i]), nullptr);
    table.at(keys[i], is_dead)[0] = keys[i];
    for (std::size_t k = 0; k <= i; ++k) {
      ASSERT_NE(table.find(keys[k]), nullptr) << k << " of " << i;
      EXPECT_EQ((*table.find(keys[k]))[0], keys[k]);
    }
  }
}

TEST(SpreadTable, FindsMoreKeysThanThereIsRoomForWhereTheyBelong) {
  expect_all_found_that_belong_to_one_line<std::array<std::uint32_t, 1>>();
  expect_all_found_that_belong_to_one_line<std::array<std::uint32_t, 2>>();
  expect_all_found_that_belong_to_one_line<std::array<std::uint32_t, 3>>();
  expect_all_found_that_belong_to_one_line<std::array<std::uint32_t, 5>>();
}

TEST(SpreadTable, IsTidiedPartAfterPart) {
  SpreadTable<std::uint32_t> table;
  const auto is_dead = [](std::uint32_t value) { return value % 3 != 0; };
  for (std::uint32_t i = 1; i <= 30'000; ++i) table.at(i * 7919, is_dead) = i;
  for (std::size_t part = 0; part < SpreadTable<std::uint32_t>::part_count; ++part)
    table.tidy(is_dead);
  for (std::uint32_t i = 1; i <= 30'000; ++i) {
    const std::uint32_t* const found = table.find(i * 7919);
    ASSERT_EQ(found != nullptr, i % 3 == 0) << i;
    EXPECT_EQ(found == nullptr ? i : *found, i);
  }
}

TEST(Postings, ARingOfTheNewestOutlivesManyRounds) {
  Postings<Posting> postings(24);
  for (Number i = 0; i < 1000; ++i) {
    postings.add(7, {i});
    if (i >= 100) postings.drop_through(i - 100);
  }
  std::vector<Number> documents;
  postings.for_each(7, [&documents](const Posting& one) { documents.push_back(one.document); });
  ASSERT_EQ(documents.size(), 24u);
  for (Number i = 0; i < 24; ++i) EXPECT_EQ(documents[i], 999 - i);
}

TEST(Postings, EnteredAtOnceAreAsIfEnteredOneByOne) {
  std::mt19937 random(3);
  std::vector<std::pair<std::uint32_t, WeighedPosting>> all;
  for (Number i = 0; i < 3000; ++i)
    for (int k = 0; k < 6; ++k)
      all.push_back({static_cast<std::uint32_t>(random() % (k < 2 ? 20 : 60'000)) * 7919,
                     {i, static_cast<float>(k)}});
  Postings<WeighedPosting> one_by_one(32);
  Postings<WeighedPosting> at_once(32);
  for (const auto& [key, posting] : all) one_by_one.add(key, posting);
  at_once.fill([&all](auto take) {
    for (const auto& [key, posting] : all) take(key, posting);
  });
  const auto expect_same = [&] {
    for (std::uint32_t key = 0; key < 60'000; ++key)
      ASSERT_EQ(found(at_once, key * 7919), found(one_by_one, key * 7919)) << key;
  };
  expect_same();
  for (Postings<WeighedPosting>* postings : {&one_by_one, &at_once}) {
    postings->drop_through(1000);
    for (Number i = 3000; i < 3100; ++i) postings->add(i % 50 * 7919, {i, 1});
  }
  expect_same();
}

TEST(Postings, FindTheNewestOfACommonKeyAndNothingOfDroppedDocuments) {
  Postings<WeighedPosting> postings(4);
  for (Number i = 0; i < 9; ++i) {
    postings.add(7, {i, 1});
    postings.add(100 + i, {i, 1});
  }
  EXPECT_EQ(found(postings, 7), (std::vector<Number>{8, 7, 6, 5}));
  EXPECT_EQ(found(postings, 103), (std::vector<Number>{3}));
  postings.drop_through(6);
  EXPECT_EQ(found(postings, 7), (std::vector<Number>{8, 7}));
  EXPECT_TRUE(found(postings, 103).empty());
  postings.drop_through(8);
  EXPECT_TRUE(found(postings, 7).empty());
  postings.add(7, {9, 1});
  EXPECT_EQ(found(postings, 7), (std::vector<Number>{9}));
}

}  // namespace
}  // namespace wirewatch::feeds
