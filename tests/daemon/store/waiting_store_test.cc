// What waits, what was noted and what was learned comes back as it was stored.
#include <gmock/gmock.h>

#include "tests/daemon/store/store_fixture.h"

namespace wirewatch::daemon {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class WaitingStoreTest : public StoreTest {
 protected:
  WaitingStoreTest() {
    open();
    read = reader(folder.path());
  }
  void store_all(Commit rows) {
    const Result<void> result = commit(std::move(rows));
    ASSERT_TRUE(result) << result.error().text;
  }
  static WaitingRow waiting(const std::string& id, WaitingFor what, const std::string& feed = "f") {
    WaitingRow row;
    row.input.id = id;
    row.input.feed = feed;
    row.input.title = "Title of " + id;
    row.what = what;
    row.since = day(3);
    return row;
  }
  std::vector<std::string> ids(const std::vector<WaitingRow>& rows) {
    std::vector<std::string> all;
    for (const WaitingRow& row : rows) all.push_back(row.input.id);
    return all;
  }
  std::unique_ptr<Reader> read;
};

TEST_F(WaitingStoreTest, AFeedGoesOnUnderAnotherKeyWithAllThatIsKnownOfIt) {
  Commit before;
  FeedRow feed;
  feed.key = "f";
  feed.state.baseline_done = true;
  FeedRow unused;  // left by an item that was decided under an earlier key
  unused.key = "g";
  before.feeds = {unused, feed};
  ItemRow item;
  item.id = "a";
  item.feed = "f";
  item.keys.guid = 7;
  before.items = {item};
  before.waiting = {waiting("b", WaitingFor::operator_)};
  PublisherRow publisher;
  publisher.feed = "f";
  publisher.publisher.documents = 3;
  before.publishers = {publisher};
  rules::Silence silence;
  silence.id = "mute";
  silence.feed = "f";
  silence.until = Instant(std::chrono::hours(1));
  before.silences = {silence};
  DeliveryRow held = delivery_row("d", "desk");
  held.feed = "f";
  before.deliveries = {held, delivery_row("digest", "desk")};
  store_all(std::move(before));
  ASSERT_EQ(read->pending("desk", 10).size(), 2U);
  EXPECT_EQ(read->pending("desk", 10)[0].feed, "f");
  Commit change;
  change.feed_keys = {{"f", "g"}};
  store_all(std::move(change));
  EXPECT_EQ(read->policy_memory(Instant{}).silences.at(0).feed, "g");
  EXPECT_EQ(read->pending("desk", 10)[0].feed, "g");
  EXPECT_EQ(read->pending("desk", 10)[1].feed, "") << "a digest is of no one feed";
  ASSERT_EQ(read->feeds().size(), 1U);
  EXPECT_EQ(read->feeds()[0].key, "g");
  feeds::ItemKeys keys;
  keys.guid = 7;
  EXPECT_EQ(read->known_items("g", {keys}).items.size(), 1U);
  EXPECT_THAT(ids(read->waiting(WaitingFor::operator_, "g", 10)), ElementsAre("b"));
  EXPECT_EQ(read->publisher("g").documents, 3U);
}

TEST_F(WaitingStoreTest, SubscriptionsFollowTheirFeedsThroughSeveralKeys) {
  Commit before;
  for (const char* feed : {"f", "other"}) {
    SubscriptionRow row;
    row.token = std::string("token of ") + feed;
    row.feed = feed;
    before.subscriptions.push_back(row);
  }
  store_all(std::move(before));
  Commit change;
  change.feed_keys = {{"f", "g"}, {"none", "x"}, {"g", "h"}};
  store_all(std::move(change));
  std::map<std::string, std::string> feeds;
  for (const SubscriptionRow& row : read->subscriptions()) feeds[row.token] = row.feed;
  EXPECT_THAT(feeds, testing::UnorderedElementsAre(testing::Pair("token of f", "h"),
                                                   testing::Pair("token of other", "other")));
}

TEST_F(WaitingStoreTest, AFeedThatHasAStateDoesNotLoseItToAnother) {
  Commit before;
  FeedRow one;
  one.key = "f";
  one.state.baseline_done = true;
  FeedRow two = one;
  two.key = "g";
  before.feeds = {one, two};
  store_all(std::move(before));
  Commit change;
  change.feed_keys = {{"f", "g"}};
  store_all(std::move(change));
  EXPECT_EQ(read->feeds().size(), 2U);
}

TEST_F(WaitingStoreTest, ARowComesBackByteForByte) {
  WaitingRow row = waiting("a", WaitingFor::operator_);
  row.input.source = "Source";
  row.input.url = "https://example.org/a?b=%20";
  row.input.language = "ar";
  row.input.text = std::string("text \0 with\n\n حميد", 21);
  row.input.authors = {"One", "Two"};
  row.input.categories = {"c"};
  row.input.feed_tags = {"wire", ""};
  row.input.time = day(2);
  row.revision = 7;
  row.edited = true;
  row.reason = "dated before";
  Commit rows;
  rows.waiting = {row};
  store_all(rows);
  const std::vector<WaitingRow> back = read->waiting(WaitingFor::operator_, "f", 10);
  ASSERT_EQ(back.size(), 1U);
  EXPECT_EQ(back[0].input.text, row.input.text);
  EXPECT_EQ(back[0].input.source, "Source");
  EXPECT_EQ(back[0].input.url, row.input.url);
  EXPECT_EQ(back[0].input.language, "ar");
  EXPECT_EQ(back[0].input.authors, row.input.authors);
  EXPECT_EQ(back[0].input.categories, row.input.categories);
  EXPECT_EQ(back[0].input.feed_tags, row.input.feed_tags);
  EXPECT_EQ(back[0].input.time, day(2));
  EXPECT_EQ(back[0].since, day(3));
  EXPECT_EQ(back[0].revision, 7U);
  EXPECT_TRUE(back[0].edited);
  EXPECT_EQ(back[0].reason, "dated before");
}

TEST_F(WaitingStoreTest, TheyComeInTheirOrderAndANewRevisionGoesToTheEnd) {
  Commit rows;
  rows.waiting = {waiting("a", WaitingFor::operator_), waiting("b", WaitingFor::article),
                  waiting("c", WaitingFor::operator_), waiting("d", WaitingFor::operator_, "g")};
  store_all(rows);
  EXPECT_THAT(ids(read->waiting(WaitingFor::operator_, "f", 10)), ElementsAre("a", "c"));
  EXPECT_THAT(ids(read->waiting(WaitingFor::operator_, "", 2)), ElementsAre("a", "c"));
  EXPECT_THAT(ids(read->waiting(WaitingFor::article, "", 10)), ElementsAre("b"));
  Commit again;
  again.waiting = {waiting("a", WaitingFor::operator_)};
  again.waiting.back().revision = 2;
  store_all(again);
  EXPECT_THAT(ids(read->waiting(WaitingFor::operator_, "f", 10)), ElementsAre("c", "a"));
  EXPECT_THAT(ids(read->find_waiting("title OF a", 10)), ElementsAre("a"));
  Commit done;
  done.waited = {"a", "b", "c"};
  store_all(done);
  ASSERT_EQ(read->waiting_entries().size(), 1U);
  EXPECT_EQ(read->waiting_entries()[0].item, "d");
  EXPECT_EQ(read->waiting_entries()[0].feed, "g");
}

TEST_F(WaitingStoreTest, WhatWasLearnedOfAPublisherComesBack) {
  feeds::Publisher learned;
  learned.guid_shared = {16, true};
  learned.guid_unsteady = {3, false};
  learned.link_shared = {4, false};
  learned.link_unsteady = {12, true};
  learned.dates_lie = {1, true};
  learned.documents = 12;
  learned.last_document = day(4);
  learned.newest = day(3);
  learned.shown = 30;
  learned.largest = 2.5;
  learned.per_hour = 0.125;
  learned.dates = {{0xffffffffffffffffULL, day(2)}, {1, from_unix_micros(-5)}};
  EXPECT_EQ(read->publisher("f"), feeds::Publisher());
  Commit rows;
  rows.publishers = {{"f", learned}};
  store_all(rows);
  EXPECT_EQ(read->publisher("f"), learned);
  rows.publishers[0].publisher.documents = 13;
  store_all(rows);
  EXPECT_EQ(read->publisher("f").documents, 13U);
}

TEST_F(WaitingStoreTest, TheNewestTextsOfAFeedAreGivenForComparison) {
  Commit rows;
  for (std::uint64_t n = 1; n <= 5; ++n) {
    rows.items.push_back(item_row(std::to_string(n), {n, n, n}));
    rows.items.back().sketch = {static_cast<std::uint32_t>(n)};
  }
  store_all(rows);
  const auto texts = read->recent_texts("https://example.org/feed", 3);
  EXPECT_THAT(texts, testing::UnorderedElementsAre(feeds::TextSketch{5}, feeds::TextSketch{4},
                                                   feeds::TextSketch{3}));
  EXPECT_THAT(read->recent_texts("nosuch", 3), IsEmpty());
}

}  // namespace
}  // namespace wirewatch::daemon
