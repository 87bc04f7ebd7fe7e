// Which item is this? Row numbers are those of the list of faults.
#include "feeds/identity/identity.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>

namespace wirewatch::feeds {
namespace {

constexpr const char* kFeed = "https://example.org/feed.xml";
constexpr const char* kBorder =
    "Intelligence chief travels to Damascus to talk about securing the long desert frontier";
constexpr const char* kBorderEdited =
    "Intelligence chief travels to Damascus to talk about guarding the long desert frontier";
constexpr const char* kBridge =
    "Engineers reopen a railway bridge over the river after eleven months of costly repairs";
constexpr const char* kHarvest =
    "Farmers expect their best olive harvest for ten years thanks to heavy rain last spring";

Item item(std::string guid, std::string link, std::string title, std::string summary = "") {
  Item made;
  made.guid = std::move(guid);
  made.link = std::move(link);
  made.title = std::move(title);
  made.summary = std::move(summary);
  return made;
}

std::string_view name(ItemChange change) {
  return change == ItemChange::fresh ? "fresh" : change == ItemChange::seen ? "seen" : "edited";
}

// A feed with the daemon's memory: every key under which an item ever came leads to it, and the
// answer shows the key that was asked for.
class Feed {
 public:
  std::vector<Identified> poll(const std::vector<Item>& items) {
    std::vector<ItemKeys> asked;
    for (const Item& i : items) asked.push_back(item_keys(i));
    std::vector<Identified> decided = identify(kFeed, items, remembered(asked));
    for (const Identified& d : decided) {
      Entry& entry = entries_[d.id];
      entry.keys.insert({0, d.keys.guid});
      entry.keys.insert({1, d.keys.link});
      entry.keys.insert({2, d.keys.content});
      if (d.change == ItemChange::seen) continue;
      entry.newest = {d.id, d.keys, d.sketch, d.revision};
    }
    return decided;
  }

  // "fresh 0, seen 2": change and index, in order of decision.
  std::string summary(const std::vector<Item>& items) {
    std::string out;
    for (const Identified& d : poll(items)) {
      if (!out.empty()) out += ", ";
      out += std::string(name(d.change)) + " " + std::to_string(d.index);
    }
    return out;
  }

 private:
  struct Entry {
    KnownItem newest;
    std::set<std::pair<int, std::uint64_t>> keys;
  };

  std::vector<KnownItem> remembered(const std::vector<ItemKeys>& asked) const {
    std::vector<KnownItem> known;
    for (const auto& [id, entry] : entries_) {
      KnownItem answer = entry.newest;
      bool hit = false;
      for (const ItemKeys& keys : asked) {
        std::uint64_t* const slots[] = {&answer.keys.guid, &answer.keys.link, &answer.keys.content};
        const std::uint64_t wanted[] = {keys.guid, keys.link, keys.content};
        for (int kind = 0; kind < 3; ++kind) {
          if (wanted[kind] == 0 || entry.keys.count({kind, wanted[kind]}) == 0) continue;
          *slots[kind] = wanted[kind];
          hit = true;
        }
      }
      if (hit) known.push_back(answer);
    }
    return known;
  }

  std::map<std::string, Entry> entries_;
};

struct ChangeCase {
  const char* what;
  Item before;
  Item after;
  ItemChange change;
  const char* reason;
};

constexpr const char* kLink1 = "https://example.org/1";
constexpr const char* kLink2 = "https://example.org/2";
const ChangeCase kChanges[] = {
    {"nothing changed", item("g1", kLink1, "Border", kBorder),
     item("g1", kLink1, "Border", kBorder), ItemChange::seen, "same guid and link"},
    {"43: guid changed", item("g1", kLink1, "Border", kBorder),
     item("g2", kLink1, "Border", kBorder), ItemChange::seen, "same link, other guid"},
    {"43: guid changed and text edited", item("g1", kLink1, "Border", kBorder),
     item("g2", kLink1, "Border", kBorderEdited), ItemChange::edited,
     "same link, other guid, text changed"},
    {"link changed", item("g1", kLink1, "Border", kBorder), item("g1", kLink2, "Border", kBorder),
     ItemChange::seen, "same guid, other link"},
    {"link changed and text edited", item("g1", kLink1, "Border", kBorder),
     item("g1", kLink2, "Border", kBorderEdited), ItemChange::edited,
     "same guid, other link, text changed"},
    {"44: https, www, slash, tracking", item("", "http://example.org/1", "Border", kBorder),
     item("", "https://www.example.org/1/?utm_source=rss#top", "Border", kBorder), ItemChange::seen,
     "same link"},
    {"44: the guid is the address", item("http://example.org/?p=1", "", "Border", kBorder),
     item("https://example.org/?p=1", "", "Border", kBorderEdited), ItemChange::edited,
     "same guid, text changed"},
    {"46: guid reused", item("g1", kLink1, "Border", kBorder),
     item("g1", kLink2, "Bridge", kBridge), ItemChange::fresh, "guid reused for another text"},
    {"a page that shows another text under another guid", item("g1", kLink1, "Border", kBorder),
     item("g2", kLink1, "Bridge", kBridge), ItemChange::fresh,
     "same link, other guid and other text"},
    {"same guid and link with another text is an edit", item("g1", kLink1, "Border", kBorder),
     item("g1", kLink1, "Bridge", kBridge), ItemChange::edited, "same guid and link, text changed"},
    {"47: neither guid nor link", item("", "", "Border", kBorder), item("", "", "Border", kBorder),
     ItemChange::seen, "same text"},
    {"47: neither guid nor link, short", item("", "", "Live"), item("", "", "Live"),
     ItemChange::seen, "same text"},
    {"47: another text", item("", "", "Border", kBorder), item("", "", "Bridge", kBridge),
     ItemChange::fresh, "new text"},
    {"49: guid and link changed, the text is known", item("g1", kLink1, "Border", kBorder),
     item("g2", kLink2, "Border", kBorder), ItemChange::seen,
     "same text under another guid and link"},
    {"a short text comes again for another thing", item("g1", kLink1, "Live", "Follow it here"),
     item("g2", kLink2, "Live", "Follow it here"), ItemChange::fresh, "new guid"},
    {"53: title edited", item("g1", kLink1, "Chief visits Damascus", kBorder),
     item("g1", kLink1, "Chief meets president", kBorder), ItemChange::edited,
     "same guid and link, text changed"},
    {"white space, case, markup and references",
     item("g1", kLink1, "The Chief\xe2\x80\x99s visit", "<p>One &amp; two&nbsp;three</p>"),
     item("g1", kLink1, "  the  CHIEF&#8217;s Visit ",
          "<div class='x'>One<br/>\n&#38; two <b>three</b></div><!-- 7 -->"),
     ItemChange::seen, "same guid and link"},
    {"the text went away", item("g1", kLink1, "Border", kBorder), item("g1", kLink1, ""),
     ItemChange::seen, "same guid and link"},
    {"the text arrived", item("g1", kLink1, ""), item("g1", kLink1, "Border", kBorder),
     ItemChange::edited, "same guid and link, text changed"},
    {"guid added to a known link", item("", kLink1, "Border", kBorder),
     item("g1", kLink1, "Border", kBorder), ItemChange::seen, "same link"},
    {"all is new", item("g1", kLink1, "Border", kBorder), item("g2", kLink2, "Bridge", kBridge),
     ItemChange::fresh, "new guid"},
    {"new link without guid", item("", kLink1, "Border", kBorder),
     item("", kLink2, "Bridge", kBridge), ItemChange::fresh, "new link"},
};

TEST(Identify, TellsSeenFromEditedFromNew) {
  for (const ChangeCase& c : kChanges) {
    Feed feed;
    const auto first = feed.poll({c.before});
    ASSERT_EQ(first.size(), 1u) << c.what;
    EXPECT_EQ(name(first[0].change), "fresh") << c.what;
    const auto second = feed.poll({c.after});
    ASSERT_EQ(second.size(), 1u) << c.what;
    EXPECT_EQ(name(second[0].change), name(c.change)) << c.what;
    EXPECT_EQ(second[0].reason, c.reason) << c.what;
    EXPECT_EQ(second[0].id == first[0].id, c.change != ItemChange::fresh) << c.what;
    EXPECT_EQ(second[0].revision, c.change == ItemChange::edited ? 2u : 1u) << c.what;
    const auto third = feed.poll({c.after});
    ASSERT_EQ(third.size(), 1u) << c.what;
    EXPECT_EQ(name(third[0].change), "seen") << c.what;
    EXPECT_EQ(third[0].id, second[0].id) << c.what;
    EXPECT_EQ(third[0].revision, second[0].revision) << c.what;
  }
}

TEST(Identify, GivesTheSameIdsEverywhere) {
  const auto id = [](const Item& i) { return identify(kFeed, {i}, {}).at(0).id; };
  EXPECT_EQ(id(item("g1", "", "x")), id(item(" g1\n", "https://example.org/1", "y")));
  EXPECT_EQ(id(item("", "http://www.example.org/1/", "x")),
            id(item("", "https://example.org/1", "y")));
  EXPECT_EQ(id(item("", "", "Some  text")), id(item("", "", "some TEXT")));
  EXPECT_NE(id(item("g1", "", "x")), id(item("g2", "", "x")));
  EXPECT_NE(id(item("x", "", "")), id(item("", "x", "")));
  EXPECT_NE(id(item("http://e/p#1", "", "")), id(item("http://e/p#2", "", "")));
  EXPECT_NE(identify("other", {item("g1", "", "x")}, {}).at(0).id, id(item("g1", "", "x")));
  EXPECT_EQ(id(item("g1", "", "x")).size(), 32u);
}

// Row 45.
TEST(Identify, FindsEveryItemUnderOneGuid) {
  Feed feed;
  std::vector<Item> items = {item("x", "https://e/1", "Border", kBorder),
                             item("x", "https://e/2", "Bridge", kBridge)};
  EXPECT_EQ(feed.summary(items), "fresh 1, fresh 0");
  EXPECT_EQ(feed.summary(items), "seen 1, seen 0");
  items.insert(items.begin(), item("x", "https://e/3", "Harvest", kHarvest));
  EXPECT_EQ(feed.summary(items), "seen 2, seen 1, fresh 0");
  // Alone in the document, the guid is still known to be worth nothing.
  EXPECT_EQ(feed.summary({item("x", "https://e/4", "Fire", "A fire broke out in the harbour")}),
            "fresh 0");
}

// Row 45, and all links lead to the front page.
TEST(Identify, FindsEveryItemUnderOneGuidAndOneLink) {
  Feed feed;
  std::vector<Item> items = {item("x", "https://e/", "Border"), item("x", "https://e/", "Bridge"),
                             item("x", "https://e/", "Harvest")};
  EXPECT_EQ(feed.summary(items), "fresh 2, fresh 1, fresh 0");
  EXPECT_EQ(feed.summary(items), "seen 2, seen 1, seen 0");
  EXPECT_EQ(feed.summary({item("x", "https://e/", "Fire"), items[0]}), "seen 1, fresh 0");
  EXPECT_EQ(feed.summary({item("x", "https://e/", "Flood")}), "fresh 0");
}

TEST(Identify, FindsEveryItemWhereAllLinksLeadToTheFrontPage) {
  Feed feed;
  std::vector<Item> items = {item("1", "https://e/", "Border", kBorder),
                             item("2", "https://e/", "Bridge", kBridge)};
  EXPECT_EQ(feed.summary(items), "fresh 1, fresh 0");
  items[0].summary = kBorderEdited;
  EXPECT_EQ(feed.summary(items), "seen 1, edited 0");
}

TEST(Identify, RemembersAnItemWithoutTextUnderSharedNames) {
  Feed feed;
  const std::vector<Item> items = {item("y", "https://e/", ""), item("y", "https://e/", "Border"),
                                   item("y", "https://e/", "Bridge")};
  EXPECT_EQ(feed.summary(items), "fresh 2, fresh 1, fresh 0");
  EXPECT_EQ(feed.summary(items), "seen 2, seen 1, seen 0");
}

// Row 46, again and again.
TEST(Identify, AlertsForEveryStoryUnderAReusedGuid) {
  Feed feed;
  std::set<std::string> ids;
  int n = 0;
  for (const char* text : {kBorder, kBridge, kHarvest}) {
    const Item story = item("latest", "https://e/" + std::to_string(++n), "News", text);
    const auto first = feed.poll({story});
    EXPECT_EQ(name(first.at(0).change), "fresh") << text;
    ids.insert(first.at(0).id);
    EXPECT_EQ(name(feed.poll({story}).at(0).change), "seen") << text;
  }
  EXPECT_EQ(ids.size(), 3u);
}

// Row 48.
TEST(Identify, KeepsItsMindWhenGuidsAreGoodOneDayAndBadTheNext) {
  Feed feed;
  const auto document = [](bool good) {
    return std::vector<Item>{item(good ? "1" : "x", "https://e/1", "Border", kBorder),
                             item(good ? "2" : "x", "https://e/2", "Bridge", kBridge)};
  };
  EXPECT_EQ(feed.summary(document(true)), "fresh 1, fresh 0");
  for (int day = 0; day < 6; ++day) {
    EXPECT_EQ(feed.summary(document(day % 2 == 1)), "seen 1, seen 0") << day;
  }
  auto bad = document(false);
  bad.push_back(item("x", "https://e/3", "Harvest", kHarvest));
  EXPECT_EQ(feed.summary(bad), "fresh 2, seen 1, seen 0");
  auto good = document(true);
  good.push_back(item("3", "https://e/3", "Harvest", kHarvest));
  EXPECT_EQ(feed.summary(good), "seen 2, seen 1, seen 0");
}

// Row 49, as far as one document goes: known texts are seen, others are new.
TEST(Identify, KnowsTheTextsOfAFeedThatWasRepublished) {
  Feed feed;
  feed.poll({item("a1", "https://old/1", "Border", kBorder),
             item("a2", "https://old/2", "Bridge", kBridge)});
  EXPECT_EQ(feed.summary({item("b1", "https://new/x", "Border", kBorder),
                          item("b2", "https://new/y", "Bridge", kBridge),
                          item("b3", "https://new/z", "Harvest", kHarvest)}),
            "fresh 2, seen 1, seen 0");
}

// Rows 50 and 51.
TEST(Identify, DoesNotCareForOrderAndDates) {
  Feed feed;
  std::vector<Item> items;
  for (int i = 0; i < 20; ++i) {
    items.push_back(item(std::to_string(i), "https://e/" + std::to_string(i), "Title",
                         "Text " + std::to_string(i)));
  }
  for (const Identified& d : feed.poll(items)) EXPECT_EQ(d.change, ItemChange::fresh);
  std::reverse(items.begin(), items.end());
  for (std::size_t i = 0; i < items.size(); ++i) {
    items[i].published = from_unix_micros(1'790'000'000'000'000 + static_cast<std::int64_t>(i));
    items[i].updated = items[i].published;
  }
  for (const Identified& d : feed.poll(items)) EXPECT_EQ(d.change, ItemChange::seen);
}

// Row 54: dates that cannot be true order nothing.
TEST(Identify, DecidesTheOldestFirstWhereDatesCanBeTrue) {
  struct Case {
    const char* dates[3];
    const char* expected;
  };
  const Case cases[] = {
      {{"2026-01-03", "2026-01-01", "2026-01-02"}, "fresh 1, fresh 2, fresh 0"},
      {{"2026-01-01", "2026-01-01", "2026-01-01"}, "fresh 2, fresh 1, fresh 0"},
      {{"2026-01-01", nullptr, "2026-01-03"}, "fresh 2, fresh 1, fresh 0"},
      {{"1970-01-01", "2026-01-02", "2026-01-03"}, "fresh 2, fresh 1, fresh 0"},
      {{"2026-01-01", "9999-01-02", "2026-01-03"}, "fresh 2, fresh 1, fresh 0"},
  };
  for (const Case& c : cases) {
    std::vector<Item> items = {item("1", "", "Border"), item("2", "", "Bridge"),
                               item("3", "", "Harvest")};
    for (std::size_t i = 0; i < 3; ++i) {
      if (c.dates[i] != nullptr) items[i].published = from_iso8601(c.dates[i]);
    }
    EXPECT_EQ(Feed().summary(items), c.expected);
  }
}

TEST(Identify, ShowsARepeatWithinADocumentOnce) {
  const Item border = item("g1", "https://e/1", "Border", kBorder);
  EXPECT_EQ(Feed().summary({border, border, border}), "fresh 0");
  EXPECT_EQ(Feed().summary({border, item("g2", "https://e/1", "Border", kBorder)}), "fresh 0");
  EXPECT_EQ(Feed().summary({border, item("g1", "https://e/2", "Border", kBorder)}), "fresh 0");
  EXPECT_EQ(Feed().summary({border, item("g2", "https://e/2", "Border", kBorder)}), "fresh 0");
  EXPECT_EQ(Feed().summary({item("", "", "Live"), item("", "", "live!")}), "fresh 0");
  EXPECT_EQ(Feed().summary({item("1", "https://e/1", "Live"), item("2", "https://e/2", "Live")}),
            "fresh 1, fresh 0");
  Feed feed;
  feed.poll({border});
  EXPECT_EQ(feed.summary({item("g2", "https://e/2", "Border", kBorder), border}), "seen 1");
}

TEST(Identify, DoesNotCallAnItemEditedWhenAnotherOneShowsItsOldText) {
  Feed feed;
  const Item old_text = item("g1", "https://e/1", "Border", kBorder);
  const Item new_text = item("g1", "https://e/1", "Border", kBorderEdited);
  const Item copy = item("g2", "https://e/2", "Border", kBorder);
  feed.poll({old_text});
  EXPECT_EQ(feed.summary({new_text, copy}), "edited 0");
  EXPECT_EQ(feed.summary({new_text, copy}), "seen 0");
  EXPECT_EQ(feed.summary({old_text}), "seen 0");  // a stale cache
}

TEST(Identify, GivesAKnownItemToTheOneThatSharesMost) {
  Feed feed;
  const auto id = feed.poll({item("g1", "https://e/1", "Border", kBorder)}).at(0).id;
  const auto decided = feed.poll({item("g2", "https://e/1", "Bridge", kBorderEdited),
                                  item("g1", "https://e/9", "Border", kBorder)});
  ASSERT_EQ(decided.size(), 2u);
  EXPECT_EQ(decided[0].index, 1u);
  EXPECT_EQ(decided[0].id, id);
  EXPECT_EQ(name(decided[0].change), "seen");
  EXPECT_EQ(name(decided[1].change), "fresh");
  EXPECT_NE(decided[1].id, id);
}

Item photo(std::string guid, std::string summary) {
  Item made = item(std::move(guid), "", "Photo of the day", std::move(summary));
  made.content = "<p><img src=\"day.jpg\" alt=\"Photo\"></p>";
  return made;
}

TEST(Identify, ReadsTheSummaryBesideAnImage) {
  Feed feed;
  EXPECT_EQ(feed.summary({photo("", kBorder), photo("", kBridge)}), "fresh 1, fresh 0");
  EXPECT_EQ(feed.summary({photo("", kBorder), photo("", kBridge)}), "seen 1, seen 0");
  feed.poll({photo("g1", kHarvest)});
  EXPECT_EQ(feed.summary({photo("g1", kBorderEdited)}), "edited 0");
  EXPECT_EQ(item_keys(photo("", kBorder)).content,
            item_keys(item("", "", "Photo of the day", kBorder)).content);
}

// The content key did not have the summary before.
TEST(Identify, KnowsPhotosAgainThatAnEarlierVersionStored) {
  const auto decided = [](const KnownItem& known, const std::vector<Item>& items) {
    std::string out;
    for (const Identified& d : identify(kFeed, items, {known})) {
      out += std::string(name(d.change)) + " " + std::to_string(d.index) + ", ";
    }
    return out;
  };
  KnownItem old;
  old.id = "old";
  old.keys = item_keys(photo("g1", kBorder));
  old.keys.content = *old.keys.former;
  EXPECT_EQ(decided(old, {photo("g1", kBorder)}), "seen 0, ");
  EXPECT_EQ(decided(old, {photo("g2", kBridge)}), "fresh 0, ");
  old.keys.guid = 0;
  EXPECT_EQ(decided(old, {photo("", kBorder)}), "seen 0, ");
  EXPECT_EQ(decided(old, {photo("", kBorder), photo("", kBridge)}), "fresh 1, seen 0, ");
  KnownItem untitled;
  Item bare = photo("g1", kBorder);
  bare.title.clear();
  untitled.id = "untitled";
  untitled.keys = item_keys(bare);
  untitled.keys.content = 0;
  EXPECT_EQ(decided(untitled, {bare}), "seen 0, ");
}

TEST(Identify, TakesWhatIsEmptyOrHuge) {
  EXPECT_TRUE(identify(kFeed, {}, {}).empty());
  EXPECT_TRUE(identify(kFeed, {Item{}, Item{}, item(" ", "\n", " <p> </p> ", "<br>")}, {}).empty());
  EXPECT_EQ(Feed().summary({item("", "", "", std::string(3'000'000, '<'))}), "");
  std::string angles;
  for (int i = 0; i < 500'000; ++i) angles += "<a";
  EXPECT_EQ(Feed().summary({item("", "", "", angles)}), "fresh 0");
  EXPECT_EQ(Feed().summary({item("", "", std::string("\xff\xfe\0\xc3", 4), "\xe2\x80")}), "");
  EXPECT_EQ(Feed().summary({item("", "", "", std::string(3'000'000, '&') + "#x;a")}), "fresh 0");
  const std::vector<KnownItem> odd(3);  // known items without any key
  EXPECT_EQ(identify(kFeed, {item("1", "", "x")}, odd).size(), 1u);
}

// Rows 37 and 45: linear, whatever the keys.
TEST(Identify, TakesAHundredThousandItemsUnderOneKey) {
  std::vector<Item> items;
  std::vector<KnownItem> known;
  for (int i = 0; i < 100'000; ++i) {
    items.push_back(item("x", "https://e/", "Item number " + std::to_string(i)));
    KnownItem k;
    k.id = std::to_string(i);
    k.keys = item_keys(items.back());
    if (i % 2 == 0) known.push_back(std::move(k));
  }
  const auto decided = identify(kFeed, items, known);
  ASSERT_EQ(decided.size(), items.size());
  const auto seen = std::count_if(decided.begin(), decided.end(),
                                  [](const auto& d) { return d.change == ItemChange::seen; });
  EXPECT_EQ(seen, 50'000);
  const std::vector<Item> same(100'000, items[1]);
  EXPECT_EQ(identify(kFeed, same, known).size(), 1u);
}

}  // namespace
}  // namespace wirewatch::feeds
