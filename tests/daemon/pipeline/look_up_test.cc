#include "daemon/pipeline/look_up.h"

#include <fmt/ranges.h>

#include <random>

#include "daemon/store/prune.h"
#include "tests/daemon/pipeline/pipeline_fixture.h"

namespace wirewatch::daemon {
namespace {

using std::chrono::hours;

class LookUpTest : public PipelineTest {
 protected:
  static constexpr std::size_t room = 1U << 20U;

  PrepareInput input(const std::vector<feeds::Item>& items) {
    const Arrival made = arrival("ina", items);
    PrepareInput input;
    input.snapshot = rules_;
    input.feed = made.feed;
    input.parsed = std::make_shared<const feeds::ParsedFeed>(made.parsed);
    input.now = clock_.now();
    return input;
  }
  // What is decided of a document that the store has not taken yet, a line an item.
  std::vector<std::string> seen_with(LastDocuments& last, const std::vector<feeds::Item>& items) {
    PrepareInput asked = input(items);
    ReaderLease lease(reader());
    const LookedUp done = look_up_and_prepare(asked, lease, last);
    std::vector<std::string> lines;
    for (const Prepared& one : done.document.items) {
      const feeds::Identified& item = one.identified;
      lines.push_back(fmt::format("{} {} {} {} {} {} {} {} {}", item.index, item.id, item.keys.guid,
                                  item.keys.link, item.keys.content, fmt::join(item.sketch, ","),
                                  static_cast<int>(item.change), item.revision, item.reason));
    }
    for (const feeds::KnownItem& item : asked.known) {
      lines.push_back(fmt::format("known {} {} {} {} {}", item.id, item.keys.guid, item.keys.link,
                                  item.keys.content, item.revision));
    }
    return lines;
  }
  std::size_t stored(LastDocuments& last, const std::vector<feeds::Item>& items) {
    PrepareInput asked = input(items);
    ReaderLease lease(reader());
    const LookedUp done = look_up_and_prepare(asked, lease, last);
    return static_cast<std::size_t>(std::count_if(done.document.items.begin(),
                                                  done.document.items.end(),
                                                  [](const Prepared& one) { return one.stored; }));
  }
};

feeds::Item linked(feeds::Item item, const std::string& link) {
  item.link = link;
  return item;
}

// Few names and texts for many items: guids that are shared, reused and changed, edits, repeats.
std::vector<feeds::Item> some_items(std::mt19937& random, std::vector<feeds::Item> before) {
  const auto pick = [&](std::size_t count) { return random() % count; };
  const std::vector<std::string> texts = {"Border closed",
                                          "Live",
                                          "Weather stays dry for the week",
                                          long_report,
                                          std::string(long_report) + " It said more.",
                                          ""};
  if (before.size() > 8) before.resize(5 + pick(3));
  for (feeds::Item& item : before) {
    if (pick(9) == 0) item.content = texts[pick(texts.size())];
    if (pick(9) == 0) item.guid = fmt::format("guid {}", pick(12));
    if (pick(9) == 0) item.link = fmt::format("https://ina.example/{}", pick(12));
  }
  for (std::size_t fresh = pick(3); fresh > 0; --fresh) {
    feeds::Item item = item_of(pick(4) == 0 ? "" : fmt::format("guid {}", pick(12)),
                               texts[pick(3)] + fmt::format(" {}", pick(4)), texts[pick(6)]);
    if (pick(4) != 0) item.link = fmt::format("https://ina.example/{}", pick(12));
    before.insert(before.begin(), item);
  }
  return before;
}

TEST_F(LookUpTest, WhatIsRememberedOfADocumentChangesNoDecision) {
  std::size_t skipped = 0;
  for (unsigned seed = 1; seed <= 12; ++seed) {
    std::mt19937 random(seed);
    restart();
    LastDocuments remembers(room);
    LastDocuments forgets(0);
    std::vector<feeds::Item> items;
    for (int poll = 0; poll < 25; ++poll) {
      items = some_items(random, std::move(items));
      clock_.set_wall(clock_.now() + hours(poll % 7));
      ASSERT_EQ(seen_with(remembers, items), seen_with(forgets, items))
          << "seed " << seed << ", poll " << poll;
      ASSERT_TRUE(take("ina", items));
      skipped += remembers.bytes();
    }
  }
  EXPECT_GT(skipped, 0U);
}

TEST_F(LookUpTest, AnItemThatCameAsItWasIsNeitherAskedForNorStoredAgain) {
  LastDocuments last(room);
  const std::vector<feeds::Item> items = {linked(item_of("1", "Border closed", long_report), "/1")};
  EXPECT_EQ(stored(last, items), 0U);  // the store knows nothing
  ASSERT_TRUE(take("ina", items));
  EXPECT_EQ(stored(last, items), 1U);
  EXPECT_GT(last.bytes(), 0U);
  std::vector<feeds::Item> edited = items;
  edited.front().content += " More came to light.";
  EXPECT_EQ(stored(last, edited), 0U);
}

TEST_F(LookUpTest, AnItemThatIsShownForDaysKeepsItsLastSeenInTheStore) {
  const std::vector<feeds::Item> items = {item_of("1", "Border closed", long_report)};
  ASSERT_TRUE(take("ina", items));
  const std::string id = alerts().front().state.reports.front().item;
  for (int hour = 0; hour < 48; ++hour) {
    clock_.set_wall(clock_.now() + hours(1));
    ASSERT_TRUE(take("ina", items));
    ASSERT_LE(clock_.now() - reader()->item(id)->last_seen, last_seen_lags);
  }
}

TEST_F(LookUpTest, AKeyThatAnotherItemTakesIsAskedForAgain) {
  LastDocuments last(room);
  std::vector<feeds::Item> items = {linked(item_of("1", "Border closed", long_report), "/1")};
  ASSERT_TRUE(take("ina", items));
  ASSERT_EQ(stored(last, items), 1U);
  // Another guid and another text under the first one's link.
  items.push_back(linked(item_of("2", "Weather stays dry for the week", "No rain is seen"), "/1"));
  stored(last, items);
  EXPECT_EQ(last.bytes(), 0U);
  ASSERT_TRUE(take("ina", items));
  LastDocuments none(0);
  EXPECT_EQ(seen_with(last, items), seen_with(none, items));
}

std::unique_ptr<LastDocument> document_of(std::uint64_t print, std::size_t id_bytes) {
  auto row = std::make_shared<KnownRow>();
  row->item.id = std::string(id_bytes, 'i');
  std::vector<SettledItem> items;
  items.push_back({{print, print}, {}, row});
  return std::make_unique<LastDocument>(std::move(items));
}

TEST(LastDocumentsTest, AreTakenOutOnceAndFoundByTheirFingerprint) {
  LastDocuments last(4000);
  const Instant now{};
  last.keep("a", document_of(7, 40), now);
  const auto document = last.take("a");
  ASSERT_NE(document, nullptr);
  EXPECT_NE(document->find({7, 7}), nullptr);
  EXPECT_EQ(document->find({7, 8}), nullptr);
  EXPECT_EQ(last.take("a"), nullptr);
  EXPECT_EQ(last.bytes(), 0U);
}

TEST(LastDocumentsTest, WhereThereIsNoRoomThoseGoThatNobodyAskedForInAnHour) {
  LastDocuments last(4000);
  const Instant now{};
  last.keep("a", document_of(1, 2000), now);
  last.keep("b", document_of(2, 2000), now + std::chrono::minutes(59));
  EXPECT_EQ(last.take("b"), nullptr);
  last.keep("b", document_of(2, 2000), now + std::chrono::minutes(61));
  EXPECT_EQ(last.take("a"), nullptr);
  EXPECT_NE(last.take("b"), nullptr);
  last.keep("c", document_of(3, 9000), now);
  EXPECT_EQ(last.bytes(), 0U);
}

}  // namespace
}  // namespace wirewatch::daemon
