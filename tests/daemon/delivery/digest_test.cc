#include "daemon/delivery/digest.h"

#include <gmock/gmock.h>

#include <functional>

#include "rules/policy/policy.h"
#include "tests/daemon/receivers/sample_view.h"

namespace wirewatch::daemon {
namespace {

using testing::HasSubstr;

const Instant now = *from_iso8601("2026-03-01T15:00:00Z");

DeliveryRow row_of(const std::string& alert, const std::string& severity, std::size_t sources,
                   DeliveryState state = DeliveryState::collected, std::uint32_t revision = 1) {
  AlertView view = sample_view();
  view.alert = alert;
  view.severity = severity;
  view.headline = "Headline of " + alert;
  view.revision = revision;
  view.sources.resize(sources, view.sources.front());
  DeliveryRow row;
  row.id = rules::delivery_id(alert, revision, "desk");
  row.alert = alert;
  row.revision = revision;
  row.receiver = "desk";
  row.state = state;
  row.payload = to_json(view);
  row.answer = "digest every 1h";
  return row;
}

TEST(Digest, SaysHowManyAndNamesTheForemostTen) {
  std::vector<DeliveryRow> rows;
  for (int i = 0; i < 30; ++i) rows.push_back(row_of("n" + std::to_string(i), "normal", 1));
  rows.push_back(row_of("many", "normal", 4));
  rows.push_back(row_of("grave", "critical", 1));
  const AlertView digest = digest_of(rows, "https://wire.example", "UTC", now);
  EXPECT_EQ(digest.kind, "digest");
  EXPECT_EQ(digest.headline, "32 alerts since 14:02");
  EXPECT_EQ(digest.entries_count, 32U);
  ASSERT_EQ(digest.entries.size(), 10U);
  EXPECT_EQ(digest.entries[0].headline, "Headline of grave");
  EXPECT_EQ(digest.entries[1].headline, "Headline of many");
  EXPECT_EQ(digest.severity, "critical");
  EXPECT_THAT(digest.story_url, HasSubstr("https://wire.example/digests/"));
}

TEST(Digest, AnAlertWithSeveralRevisionsIsOneEntry) {
  const std::vector<DeliveryRow> rows = {row_of("a", "high", 1),
                                         row_of("a", "high", 2, DeliveryState::collected, 2)};
  EXPECT_EQ(digest_of(rows, "", "UTC", now).entries_count, 1U);
}

DeliveryRow with_view(DeliveryRow row, const std::function<void(AlertView&)>& change) {
  AlertView view = *alert_view_from_json(row.payload);
  change(view);
  row.payload = to_json(view);
  return row;
}

TEST(Digest, TwoAlertsWhoseStoriesBecameOneAreToldOnce) {
  const auto of_story = [](const std::string& story, const std::string& kind) {
    return [=](AlertView& view) {
      view.story = story;
      view.kind = kind;
      if (kind == "merged") view.reason = "Headline of older";
    };
  };
  const DeliveryRow older = with_view(row_of("older", "high", 1), of_story("s1", "new"));
  const DeliveryRow younger = with_view(row_of("younger", "high", 1), of_story("s2", "new"));
  const DeliveryRow joined = with_view(row_of("younger", "high", 1, DeliveryState::collected, 2),
                                       of_story("s1", "merged"));
  const AlertView digest = digest_of({older, younger, joined}, "", "UTC", now);
  EXPECT_EQ(digest.entries_count, 1U);
  ASSERT_EQ(digest.entries.size(), 1U);
  EXPECT_EQ(digest.entries[0].headline, "Headline of older");
  // Where the older was told before, the younger says what became of it.
  const AlertView alone = digest_of({younger, joined}, "", "UTC", now);
  ASSERT_EQ(alone.entries.size(), 1U);
  EXPECT_EQ(alone.entries[0].note, "joined another story: Headline of older");
}

DeliveryRow of_story(DeliveryRow row, const std::string& story, const std::string& kind) {
  return with_view(std::move(row), [&](AlertView& view) {
    view.story = story;
    view.kind = kind;
  });
}

TEST(Digest, StoriesThatBecameOneStepByStepAreToldOnce) {
  const auto again = [](const std::string& alert) {
    return row_of(alert, "high", 1, DeliveryState::collected, 2);
  };
  const std::vector<DeliveryRow> rows = {
      of_story(row_of("a", "high", 1), "s1", "new"), of_story(row_of("b", "high", 1), "s2", "new"),
      of_story(row_of("c", "high", 1), "s0", "new"), of_story(again("b"), "s1", "merged"),
      of_story(again("a"), "s0", "merged")};
  const StoryOf stories = {{"a", "s0"}, {"b", "s0"}, {"c", "s0"}};
  const AlertView digest = digest_of(rows, "", "UTC", now, stories);
  ASSERT_EQ(digest.entries.size(), 1U);
  EXPECT_EQ(digest.entries[0].headline, "Headline of c");
}

TEST(Digest, WhatJoinedAReportThatWasTakenBackIsStillTold) {
  for (const char* reason : {"corrected: the report matches no longer; the headline was: x",
                             "corrected: the headline was: x"}) {
    DeliveryRow older =
        of_story(row_of("o", "high", 1, DeliveryState::collected, 2), "s1", "corrected");
    older = with_view(std::move(older), [&](AlertView& view) { view.reason = reason; });
    const AlertView digest = digest_of(
        {of_story(row_of("o", "high", 1), "s1", "new"),
         of_story(row_of("y", "high", 1), "s2", "new"),
         of_story(row_of("y", "high", 1, DeliveryState::collected, 2), "s1", "merged"), older},
        "", "UTC", now);
    const bool taken_back = std::string(reason).find("no longer") != std::string::npos;
    EXPECT_EQ(digest.entries.size(), taken_back ? 2U : 1U) << reason;
  }
}

TEST(Digest, WhatWasTakenBackSaysSo) {
  const auto take_back = [](AlertView& view) {
    view.kind = "corrected";
    view.reason = "corrected: the report matches no longer";
  };
  const AlertView digest =
      digest_of({row_of("a", "high", 1),
                 with_view(row_of("a", "high", 1, DeliveryState::collected, 2), take_back),
                 row_of("b", "high", 1)},
                "", "UTC", now);
  ASSERT_EQ(digest.entries.size(), 2U);
  EXPECT_EQ(digest.entries[0].note, "corrected: the report matches no longer");
  EXPECT_EQ(digest.entries[1].note, "");
  const auto kept = alert_view_from_json(to_json(digest));
  ASSERT_TRUE(kept);
  EXPECT_EQ(kept->entries[0].note, digest.entries[0].note);
}

TEST(Digest, CountsFromTheFirstMessageAndNotFromTheLastRevision) {
  const auto later = [](AlertView& view) { view.time = now; };
  const AlertView digest =
      digest_of({row_of("a", "high", 1),
                 with_view(row_of("a", "high", 2, DeliveryState::collected, 2), later)},
                "", "UTC", now);
  EXPECT_EQ(digest.headline, "1 alert since 14:02");
}

TEST(Digest, EqualMembersMakeEqualDigests) {
  const std::vector<DeliveryRow> rows = {row_of("a", "high", 1), row_of("b", "high", 1)};
  EXPECT_EQ(digest_of(rows, "", "UTC", now).alert, digest_of(rows, "", "UTC", now).alert);
}

TEST(Release, AFewHeldMessagesGoOutOneByOneAndManyAsOne) {
  for (const std::size_t count : {std::size_t{1}, digest_from - 1, digest_from}) {
    std::vector<DeliveryRow> rows;
    for (std::size_t i = 0; i < count; ++i) {
      rows.push_back(row_of("a" + std::to_string(i), "high", 1, DeliveryState::held));
    }
    Commit commit;
    release_due(rows, "", "UTC", now, commit);
    EXPECT_EQ(commit.marks.size(), count);
    EXPECT_EQ(commit.deliveries.size(), count == digest_from ? 1U : 0U);
    EXPECT_EQ(commit.marks.front().state,
              count == digest_from ? DeliveryState::absorbed : DeliveryState::pending);
  }
}

TEST(Release, WhatADigestToldOfNamesTheDigest) {
  Commit commit;
  release_due({row_of("a", "high", 1), row_of("b", "high", 1)}, "", "UTC", now, commit);
  ASSERT_EQ(commit.deliveries.size(), 1U);
  for (const DeliveryMark& mark : commit.marks) {
    EXPECT_EQ(mark.answer, told_in_digest(commit.deliveries.front().id));
  }
}

}  // namespace
}  // namespace wirewatch::daemon
