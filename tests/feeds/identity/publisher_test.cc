// What is learned of a publisher over many documents. Row numbers are those of the list of faults.
#include "feeds/identity/publisher.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <set>

namespace wirewatch::feeds {
namespace {

using std::chrono::hours;
using std::chrono::minutes;

constexpr const char* kFeed = "https://example.org/feed.xml";
const Instant kStart = *from_iso8601("2025-08-29T08:00:00Z");

// Like no other of another number.
std::string text_of(int number) {
  std::string text;
  for (int i = 0; i < 12; ++i) {
    text += "w" + std::to_string(number) + "x" + std::to_string(i * 7 + number) + " ";
  }
  return text;
}

Item item(int number, std::string guid, std::string link) {
  Item made;
  made.guid = std::move(guid);
  made.link = std::move(link);
  made.title = "Report " + std::to_string(number);
  made.summary = text_of(number);
  return made;
}
std::string guid(int number) {
  return "tag:" + std::to_string(number);
}
std::string link(int number) {
  return "https://example.org/a/" + std::to_string(number);
}

// A feed with the daemon's memory, its publisher learned with each document.
class Watched {
 public:
  // How many items are new.
  std::size_t poll(const std::vector<Item>& items) {
    std::vector<KnownItem> known;
    for (const auto& [id, entry] : entries_) known.push_back(entry);
    // As the store answers: under the keys that were asked for.
    for (KnownItem& one : known) {
      for (const Item& asked : items) {
        const ItemKeys keys = item_keys(asked);
        const auto& had = keys_[one.id];
        if (had.contains(keys.guid) && keys.guid != 0) one.keys.guid = keys.guid;
        if (had.contains(keys.link) && keys.link != 0) one.keys.link = keys.link;
        if (had.contains(keys.content)) one.keys.content = keys.content;
      }
    }
    const bool baseline = publisher.documents == 0;
    const std::vector<Identified> all = identify(kFeed, items, known, publisher);
    std::size_t fresh = 0;
    for (const Identified& one : all) fresh += one.change == ItemChange::fresh ? 1 : 0;
    publisher = learn(publisher, items, known, all, baseline, fresh, now);
    for (const Identified& one : all) {
      keys_[one.id].insert({one.keys.guid, one.keys.link, one.keys.content});
      entries_[one.id] = {one.id, one.keys, one.sketch, one.revision};
    }
    now += minutes(15);
    return fresh;
  }

  Publisher publisher;
  Instant now = kStart;

 private:
  std::map<std::string, KnownItem> entries_;
  std::map<std::string, std::set<std::uint64_t>> keys_;
};

TEST(Publisher, AFaultNeedsTwoDocumentsCloseTogetherAndGoesAfterManySoundOnes) {
  Fault fault;
  fault.faulty();
  EXPECT_FALSE(fault.set);
  for (int i = 0; i < 4; ++i) fault.sound();
  fault.faulty();
  EXPECT_FALSE(fault.set) << "four sound ones between them";
  fault.faulty();
  EXPECT_TRUE(fault.set);
  for (int i = 0; i < 15; ++i) fault.sound();
  EXPECT_TRUE(fault.set) << "fifteen sound ones";
  fault.sound();
  EXPECT_FALSE(fault.set);
}

// Row 45, and 48: one good document between bad ones changes nothing.
TEST(Publisher, OneGuidForAllItemsIsRememberedAlsoWhereADocumentShowsOneItem) {
  Watched feed;
  feed.poll({item(1, "x", ""), item(2, "x", "")});
  feed.poll({item(3, "x", ""), item(1, "x", ""), item(2, "x", "")});
  ASSERT_TRUE(feed.publisher.guid_shared.set);
  EXPECT_EQ(identified_by(feed.publisher), "link and text: guids are shared by several items");
  EXPECT_EQ(feed.poll({item(4, "x", "")}), 1U) << "alone in its document it would be an edit";
  EXPECT_EQ(feed.poll({item(5, "y", ""), item(4, "z", "")}), 1U);
  EXPECT_TRUE(feed.publisher.guid_shared.set);
  EXPECT_EQ(feed.poll({item(6, "x", "")}), 1U);
}

TEST(Publisher, ThatIsAnEditWhereNothingWasLearned) {
  Watched feed;
  feed.poll({item(1, "x", "")});
  EXPECT_EQ(feed.poll({item(2, "x", "")}), 0U);
}

// Row 43: guids made anew at each fetch name nothing, so a rewritten item is an edit.
TEST(Publisher, GuidsThatChangeAtEveryFetchPartNothing) {
  Watched feed;
  int session = 0;
  const auto fetched = [&session](std::vector<int> numbers) {
    ++session;
    std::vector<Item> items;
    for (const int n : numbers) items.push_back(item(n, guid(1000 * session + n), link(n)));
    return items;
  };
  feed.poll(fetched({1, 2, 3}));
  EXPECT_EQ(feed.poll(fetched({4, 1, 2, 3})), 1U);
  EXPECT_EQ(feed.poll(fetched({5, 4, 1, 2})), 1U);
  ASSERT_TRUE(feed.publisher.guid_unsteady.set);
  EXPECT_EQ(identified_by(feed.publisher), "link and text: guids change");
  std::vector<Item> rewritten = fetched({5, 4, 1, 2});
  rewritten[0].title = "Another headline altogether";
  rewritten[0].summary = text_of(99);
  EXPECT_EQ(feed.poll(rewritten), 0U);
  EXPECT_EQ(feed.poll(fetched({6, 5, 4})), 1U);
}

TEST(Publisher, LinksThatChangeAtEveryFetchPartNothing) {
  Watched feed;
  int session = 0;
  const auto fetched = [&session](std::vector<int> numbers) {
    ++session;
    std::vector<Item> items;
    for (const int n : numbers) {
      items.push_back(item(n, guid(n), link(n) + "/sid" + std::to_string(session)));
    }
    return items;
  };
  feed.poll(fetched({1, 2, 3}));
  feed.poll(fetched({1, 2, 3}));
  feed.poll(fetched({1, 2, 3}));
  ASSERT_TRUE(feed.publisher.link_unsteady.set);
  std::vector<Item> rewritten = fetched({1, 2, 3});
  rewritten[0].summary = text_of(99);
  rewritten[0].title = "Another headline altogether";
  EXPECT_EQ(feed.poll(rewritten), 0U);
}

TEST(Publisher, OneLinkForAllItemsIsRemembered) {
  Watched feed;
  feed.poll({item(1, "", "https://example.org/"), item(2, "", "https://example.org/")});
  feed.poll({item(3, "", "https://example.org/"), item(2, "", "https://example.org/")});
  ASSERT_TRUE(feed.publisher.link_shared.set);
  EXPECT_EQ(feed.poll({item(4, "", "https://example.org/")}), 1U);
}

// Row 46: slots that are used again and again, learned from documents with other links.
TEST(Publisher, GuidsThatAreUsedAgainAreNoNames) {
  Watched feed;
  for (int round = 0; round < 4; ++round) {
    std::vector<Item> items;
    for (int slot = 0; slot < 3; ++slot) {
      const int number = 10 * round + slot;
      items.push_back(item(number, "slot-" + std::to_string(slot), link(number)));
    }
    EXPECT_EQ(feed.poll(items), 3U) << round;
  }
  ASSERT_TRUE(feed.publisher.guid_shared.set);
  EXPECT_EQ(feed.poll({item(100, "slot-0", "")}), 1U) << "without the link that gave it away";
}

// Row 49: a CMS that moves once gives all items other names; that is one document.
TEST(Publisher, OneMoveIsNotForgottenAsAHabit) {
  Watched feed;
  feed.poll({item(1, guid(1), link(1)), item(2, guid(2), link(2))});
  feed.poll({item(1, "new-1", link(101)), item(2, "new-2", link(102))});
  feed.poll({item(1, "new-1", link(101)), item(2, "new-2", link(102))});
  EXPECT_FALSE(feed.publisher.guid_unsteady.set);
  EXPECT_FALSE(feed.publisher.link_unsteady.set);
  EXPECT_EQ(identified_by(feed.publisher), "guid, link and text");
}

struct DateCase {
  const char* what;
  std::optional<Instant> (*date)(int number, Instant now);
  bool lies;
};

// Row 54.
TEST(Publisher, DatesThatLieAreLearned) {
  const DateCase cases[] = {
      {"true ones",
       [](int n, Instant) { return std::optional<Instant>(kStart - hours(9) + minutes(10 * n)); },
       false},
      {"in the future",
       [](int n, Instant now) { return std::optional<Instant>(now + hours(3) + minutes(n)); },
       true},
      {"moving with each fetch",
       [](int n, Instant now) { return std::optional<Instant>(now - minutes(100 - n)); }, true},
      {"the same for all", [](int, Instant) { return std::optional<Instant>(kStart); }, true},
      {"none", [](int, Instant) { return std::optional<Instant>(); }, false},
  };
  for (const DateCase& one : cases) {
    Watched feed;
    for (int round = 0; round < 4; ++round) {
      std::vector<Item> items;
      for (int n = round + 3; n >= round; --n) {
        items.push_back(item(n, guid(n), link(n)));
        items.back().published = one.date(n, feed.now);
      }
      feed.poll(items);
    }
    EXPECT_EQ(feed.publisher.dates_lie.set, one.lies) << one.what;
  }
}

TEST(Publisher, DatesThatLieGiveNoOrder) {
  Publisher publisher;
  std::vector<Item> items = {item(1, guid(1), link(1)), item(2, guid(2), link(2))};
  items[0].published = kStart;
  items[1].published = kStart + hours(1);
  EXPECT_EQ(identify(kFeed, items, {}, publisher).front().index, 0U) << "the older one first";
  publisher.dates_lie.set = true;
  EXPECT_EQ(identify(kFeed, items, {}, publisher).front().index, 1U) << "the last one first";
}

TEST(Publisher, ItsPaceIsThatOfTheBaselinesDatesThenOfWhatComes) {
  std::vector<Item> items;
  for (int n = 0; n < 11; ++n) {
    items.push_back(item(n, guid(n), link(n)));
    items.back().published = kStart - hours(2 * n);
  }
  const std::vector<Identified> all = identify(kFeed, items, {});
  Publisher publisher = learn({}, items, {}, all, true, 0, kStart);
  EXPECT_NEAR(usual_new(publisher, kStart + hours(10)), 5, 0.01);
  EXPECT_EQ(publisher.largest, 0);
  publisher = learn(publisher, items, {}, all, false, 30, kStart + hours(1));
  EXPECT_EQ(usual_new(publisher, kStart + hours(1)), 30);
  EXPECT_GT(usual_new(publisher, kStart + hours(101)), 50)
      << "after a long silence the pace counts";
  EXPECT_EQ(publisher.last_document, kStart + hours(1));
  EXPECT_EQ(publisher.newest, kStart);
  publisher = learn(publisher, {}, {}, {}, false, 0, kStart - hours(24));
  EXPECT_EQ(publisher.newest, kStart - hours(24)) << "the clock was set back";
}

}  // namespace
}  // namespace wirewatch::feeds
