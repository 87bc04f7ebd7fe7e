// Row 49 of the faults: what looks like an archive poured out, and what does not.
#include "feeds/identity/republication.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace wirewatch::feeds {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using testing::Each;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

const Instant kNow = *from_iso8601("2025-08-29T08:00:00Z");

// A feed that brings two items an hour and was last read a quarter of an hour ago.
Publisher usual() {
  Publisher publisher;
  publisher.documents = 50;
  publisher.last_document = kNow - minutes(15);
  publisher.newest = kNow - minutes(20);
  publisher.shown = 20;
  publisher.largest = 3;
  publisher.per_hour = 2;
  return publisher;
}

Item item(int number, std::optional<Instant> published) {
  Item made;
  made.guid = "g" + std::to_string(number);
  made.link = "https://example.org/" + std::to_string(number);
  made.title = "Report number " + std::to_string(number);
  for (int i = 0; i < 20; ++i) made.summary += "w" + std::to_string(number * 31 + i * 7) + " ";
  made.published = published;
  return made;
}

std::vector<Item> items_of(int count, std::optional<Instant> (*date)(int)) {
  std::vector<Item> items;
  for (int n = 0; n < count; ++n) items.push_back(item(n, date(n)));
  return items;
}

std::vector<std::string> judge(const std::vector<Item>& items, const Publisher& publisher = usual(),
                               const std::vector<TextSketch>& recent = {}) {
  return republished(publisher, items, identify("f", items, {}), recent, kNow);
}

std::optional<Instant> old_date(int n) {
  return kNow - hours(24 * 30 + n);
}
std::optional<Instant> new_date(int n) {
  return kNow - minutes(n);
}
std::optional<Instant> no_date(int) {
  return std::nullopt;
}
std::optional<Instant> one_date(int) {
  return kNow - minutes(5);
}

TEST(Republication, OldDatesAreHeldWhereMuchComesAtOnce) {
  EXPECT_THAT(judge(items_of(12, old_date)), Each("older than what the feed had shown before"));
  EXPECT_THAT(judge(items_of(9, old_date)), Each(IsEmpty())) << "nine are no flood";
}

// A feed of a week's items every Monday, dated over the week: newer than all that it showed.
TEST(Republication, ABatchThatIsDatedBackPasses) {
  Publisher weekly = usual();
  weekly.newest = kNow - hours(24 * 7);
  const auto dates = [](int n) { return std::optional<Instant>(kNow - hours(4 * n)); };
  EXPECT_THAT(judge(items_of(40, dates), weekly), Each(IsEmpty()));
}

TEST(Republication, WhatTheOperatorLetThroughIsUsualFromThenOn) {
  EXPECT_THAT(judge(items_of(12, old_date), allow(usual(), 12)), Each(IsEmpty()));
}

TEST(Republication, NewDatesPassHoweverManyThereAre) {
  EXPECT_THAT(judge(items_of(40, new_date)), Each(IsEmpty()));
}

TEST(Republication, WithoutBelievableDatesWhatIsFarBeyondTheUsualIsHeld) {
  const std::string reason = "undated, and 12 new items at once where about 3 are usual";
  EXPECT_THAT(judge(items_of(12, no_date)), Each(reason));
  EXPECT_THAT(judge(items_of(12, one_date)), Each(reason)) << "one date for all is none";
  Publisher lying = usual();
  lying.dates_lie.set = true;
  EXPECT_THAT(judge(items_of(12, new_date), lying), Each(reason));
  Publisher busy = usual();
  busy.largest = 5;
  EXPECT_THAT(judge(items_of(12, no_date), busy), Each(IsEmpty())) << "it brought five at once";
  Publisher silent = usual();
  silent.last_document = kNow - hours(3);
  EXPECT_THAT(judge(items_of(12, no_date), silent), Each(IsEmpty())) << "its pace explains it";
}

TEST(Republication, AYoungFeedsUsualIsNotKnown) {
  Publisher young = usual();
  young.documents = 2;
  EXPECT_THAT(judge(items_of(30, no_date), young), Each(IsEmpty()));
  EXPECT_THAT(judge(items_of(120, no_date), young), Each(HasSubstr("undated")));
  young.documents = 0;
  EXPECT_THAT(judge(items_of(120, old_date), young), Each(IsEmpty())) << "a baseline";
  Publisher empty = usual();
  empty.shown = 0;
  EXPECT_THAT(judge(items_of(120, old_date), empty), Each(IsEmpty())) << "it began without items";
}

TEST(Republication, TextsThatAreNearlyKnownAreHeldWhateverTheirDateAndOthersPass) {
  std::vector<Item> items = items_of(14, new_date);
  std::vector<TextSketch> recent;
  for (int n = 0; n < 12; ++n) {
    recent.push_back(sketch_text(items[static_cast<std::size_t>(n)].title,
                                 items[static_cast<std::size_t>(n)].summary + " and a few more"));
  }
  const std::vector<Identified> identified = identify("f", items, {});
  const std::vector<std::string> reasons = republished(usual(), items, identified, recent, kNow);
  for (std::size_t i = 0; i < identified.size(); ++i) {
    const bool known = identified[i].index < 12;
    EXPECT_EQ(reasons[i], known ? "its text is nearly one already known" : "") << i;
  }
}

TEST(Republication, KnownItemsAreNeverHeld) {
  const std::vector<Item> items = items_of(20, old_date);
  std::vector<KnownItem> known;
  for (const Identified& one : identify("f", items, {})) {
    if (one.index < 10) known.push_back({one.id, one.keys, one.sketch, 1});
  }
  const std::vector<Identified> identified = identify("f", items, known);
  const std::vector<std::string> reasons = republished(usual(), items, identified, {}, kNow);
  for (std::size_t i = 0; i < identified.size(); ++i) {
    EXPECT_EQ(reasons[i].empty(), identified[i].change == ItemChange::seen) << i;
  }
}

TEST(Republication, AWholeArchiveIsJudged) {
  const std::vector<Item> items = items_of(3000, no_date);
  std::vector<TextSketch> recent;
  for (int n = 0; n < 5000; ++n) {
    const Item one = item(n * 3, std::nullopt);
    recent.push_back(sketch_text(one.title, one.summary));
  }
  const std::vector<std::string> reasons = judge(items, usual(), recent);
  const auto known = std::count_if(reasons.begin(), reasons.end(), [](const std::string& reason) {
    return reason == "its text is nearly one already known";
  });
  EXPECT_GE(known, 1000) << "every third";
  EXPECT_THAT(reasons, Each(Not(IsEmpty())));
}

}  // namespace
}  // namespace wirewatch::feeds
