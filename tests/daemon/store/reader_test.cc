#include "daemon/store/reader.h"

#include <gmock/gmock.h>

#include "daemon/store/prune.h"
#include "daemon/store/sqlite.h"
#include "tests/daemon/store/store_fixture.h"

namespace wirewatch::daemon {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

const std::string feed = "https://example.org/feed";

class ReaderTest : public StoreTest {
 protected:
  ReaderTest() { open(); }
  void store_all(Commit rows) {
    const Result<void> result = commit(std::move(rows));
    ASSERT_TRUE(result) << result.error().text;
    if (!read) read = reader(folder.path());
  }
  std::vector<std::string> known(const std::vector<feeds::ItemKeys>& keys) {
    std::vector<std::string> ids;
    for (const feeds::KnownItem& item : read->known_items(feed, keys).items) ids.push_back(item.id);
    return ids;
  }
  std::vector<std::string> found(const std::string& text) {
    std::vector<std::string> ids;
    for (const DocumentRow& row : read->find_items(text, 10)) ids.push_back(row.input.id);
    return ids;
  }
  std::vector<std::string> since(Instant instant) {
    std::vector<std::string> ids;
    read->documents_since(instant, [&](const DocumentRow& row) {
      ids.push_back(row.input.id);
      return true;
    });
    return ids;
  }

  std::unique_ptr<Reader> read;
};

std::vector<std::string> ids_of(const std::vector<AlertRow>& rows) {
  std::vector<std::string> ids;
  for (const AlertRow& row : rows) ids.push_back(row.state.id);
  return ids;
}

std::vector<std::string> ids_of(const std::vector<DeliveryRow>& rows) {
  std::vector<std::string> ids;
  for (const DeliveryRow& row : rows) ids.push_back(row.id);
  return ids;
}

TEST_F(ReaderTest, AFeedComesBackByteForByte) {
  FeedRow row = feed_row(feed);
  row.title = "Weather \xff and news";
  row.state = {.etag = std::string("W/\"a\0b\xff\"", 9),
               .last_modified = "Mon, 05 Jan 2026 00:00:00 GMT ",
               .body_hash = "abc",
               .next_due = day(1),
               .last_poll = day(2),
               .last_success = day(3),
               .last_change = day(4),
               .last_unconditional = day(5),
               .failures = 6,
               .failure = "no answer",
               .moved_to = "https://example.net/",
               .moved_count = 2,
               .rhythm = {},
               .interval = std::chrono::minutes(7),
               .price = 60.5,
               .catch_up = std::chrono::minutes(8),
               .ttl = {},
               .skip_hours = 1U << 23U,
               .skip_days = 1U << 6U,
               .shown = 25,
               .gaps = 3,
               .last_gap = day(6),
               .stale_since = day(7),
               .url = {},
               .baseline_done = true,
               .paused = true};
  feeds::learn(row.state.rhythm, {day(1), day(2)}, day(3));
  Commit rows;
  rows.feeds = {feed_row(feed), feed_row("second"), row};  // the last word counts
  store_all(rows);
  const std::vector<FeedRow> all = read->feeds();
  ASSERT_EQ(all.size(), 2U);
  const feeds::PollState& state = all.front().state;
  EXPECT_EQ(all.front().title, row.title);
  EXPECT_EQ(state.etag, row.state.etag);
  EXPECT_EQ(state.last_modified, row.state.last_modified);
  EXPECT_EQ(state.body_hash, "abc");
  EXPECT_EQ(state.next_due, day(1));
  EXPECT_EQ(state.last_poll, day(2));
  EXPECT_EQ(state.last_success, day(3));
  EXPECT_EQ(state.last_change, day(4));
  EXPECT_EQ(state.last_unconditional, day(5));
  EXPECT_EQ(state.failures, 6U);
  EXPECT_EQ(state.failure, "no answer");
  EXPECT_EQ(state.moved_to, "https://example.net/");
  EXPECT_EQ(state.moved_count, 2U);
  EXPECT_EQ(feeds::pack_rhythm(state.rhythm), feeds::pack_rhythm(row.state.rhythm));
  EXPECT_EQ(state.interval, std::chrono::minutes(7));
  EXPECT_EQ(state.price, 60.5);
  EXPECT_EQ(state.catch_up, std::chrono::minutes(8));
  EXPECT_EQ(state.skip_hours, 1U << 23U);
  EXPECT_EQ(state.skip_days, 1U << 6U);
  EXPECT_EQ(state.shown, 25U);
  EXPECT_EQ(state.gaps, 3U);
  EXPECT_EQ(state.last_gap, day(6));
  EXPECT_EQ(state.stale_since, day(7));
  EXPECT_TRUE(state.baseline_done);
  EXPECT_TRUE(state.paused);
}

TEST_F(ReaderTest, ADeliveryIsFoundByTheBeginningOfItsIdHoweverManyCameBefore) {
  Commit rows;
  for (int i = 0; i < 30; ++i)
    rows.deliveries.push_back(delivery_row(std::to_string(i) + "x", "d"));
  rows.deliveries.push_back(delivery_row("late-one", "d"));
  store_all(rows);
  DeliveryFilter filter;
  filter.limit = 10;
  filter.id = "late";
  ASSERT_EQ(read->deliveries(filter).size(), 1U);
  EXPECT_EQ(read->deliveries(filter).front().id, "late-one");
  filter.id = "LATE";
  EXPECT_TRUE(read->deliveries(filter).empty());
  filter.id = "";
  EXPECT_EQ(read->deliveries(filter).size(), 10U);
}

TEST_F(ReaderTest, ADocumentComesBackWhole) {
  DocumentRow row = document_row("a", "story", day(3));
  row.input.language = "ar";
  row.input.title = std::string("with \0 NUL and \xfe", 16);
  row.input.text = std::string(100000, 'x') + "\nend";
  row.input.authors = {"A. Writer", ""};
  row.input.categories = {"world"};
  row.input.feed_tags = {"wire", "arabic"};
  row.input.time = day(2);
  row.revision = 3;
  row.baseline = true;
  row.mentions = {{"hamid", feeds::Field::title, 1, 200, 3, 4000000000U}};
  row.placement = {"story", "group", feeds::Relation::same_story, "near", 0.625, {"one", "two"},
                   {},      {}};
  row.trace = R"({"border": "first report"})";
  Commit rows;
  rows.documents = {row};
  store_all(rows);
  const std::vector<DocumentRow> all = read->item_documents("a");
  ASSERT_EQ(all.size(), 1U);
  const DocumentRow& got = all.front();
  EXPECT_EQ(got.input.feed, row.input.feed);
  EXPECT_EQ(got.input.source, row.input.source);
  EXPECT_EQ(got.input.url, row.input.url);
  EXPECT_EQ(got.input.language, "ar");
  EXPECT_EQ(got.input.title, row.input.title);
  EXPECT_EQ(got.input.text, row.input.text);
  EXPECT_EQ(got.input.authors, row.input.authors);
  EXPECT_EQ(got.input.categories, row.input.categories);
  EXPECT_EQ(got.input.feed_tags, row.input.feed_tags);
  EXPECT_EQ(got.input.time, day(2));
  EXPECT_EQ(got.first_seen, day(3));
  EXPECT_EQ(got.revision, 3U);
  EXPECT_TRUE(got.baseline);
  ASSERT_EQ(got.mentions.size(), 1U);
  EXPECT_EQ(got.mentions.front().entity, "hamid");
  EXPECT_EQ(got.mentions.front().field, feeds::Field::title);
  EXPECT_EQ(got.mentions.front().end, 200U);
  EXPECT_EQ(got.mentions.front().last_token, 4000000000U);
  EXPECT_EQ(got.placement.story, "story");
  EXPECT_EQ(got.placement.copy_group, "group");
  EXPECT_EQ(got.placement.relation, feeds::Relation::same_story);
  EXPECT_EQ(got.placement.of, "near");
  EXPECT_EQ(got.placement.similarity, 0.625);
  EXPECT_THAT(got.placement.why, ElementsAre("one", "two"));
  EXPECT_EQ(got.trace, row.trace);
}

TEST_F(ReaderTest, AnItemIsKnownByAnyOfItsKeysInItsOwnFeedOnly) {
  Commit rows;
  rows.items = {item_row("a", {1, 2, 3}), item_row("b", {4, 5, 0x8000000000000006U})};
  ItemRow elsewhere = item_row("c", {1, 2, 3});
  elsewhere.feed = "another";
  rows.items.push_back(elsewhere);
  store_all(rows);
  EXPECT_THAT(known({{1, 0, 0}}), ElementsAre("a"));
  EXPECT_THAT(known({{0, 2, 0}}), ElementsAre("a"));
  EXPECT_THAT(known({{9, 9, 0x8000000000000006U}, {1, 2, 3}}), ElementsAre("a", "b"));
  EXPECT_THAT(known({{2, 3, 1}}), IsEmpty());  // a key counts for its own kind
  EXPECT_THAT(known({{0, 0, 0}}), IsEmpty());
  EXPECT_THAT(known({{0, 0, 9, 3}}), ElementsAre("a"));  // as an earlier version knew the text
  EXPECT_THAT(known({{0, 0, 0x8000000000000006U, 3}}), ElementsAre("b"));
  EXPECT_THAT(read->known_items("never polled", {{1, 2, 3}}).items, IsEmpty());
  const feeds::KnownItem item = read->known_items(feed, {{1, 0, 0}}).items.front();
  EXPECT_EQ(item.keys.content, 3U);
  EXPECT_THAT(item.sketch, ElementsAre(1U, 2U, 4000000000U));
}

// What an earlier version stored stands under the text's own key once it is seen: another item, or
// another summary, is no longer taken for it.
TEST_F(ReaderTest, AnItemThatIsSeenUnderItsFormerKeyGetsItsOwn) {
  Commit rows;
  rows.items = {item_row("a", {1, 2, 3})};
  store_all(rows);
  rows.items.front().change = feeds::ItemChange::seen;
  rows.items.front().keys = {1, 2, 9, 3};
  store_all(rows);
  const auto found = [this](const feeds::ItemKeys& keys) {
    return read->known_items(feed, {keys}).items.front().keys.content;
  };
  EXPECT_EQ(found({0, 0, 9, 3}), 9U);
  EXPECT_EQ(found({0, 0, 10, 3}), 9U);
  EXPECT_EQ(found({1, 2, 10, 3}), 9U);
}

TEST_F(ReaderTest, AnItemSeenAgainMovesItsTimeAndAddsItsKeys) {
  Commit rows;
  rows.items = {item_row("a", {1, 2, 3}, day(1))};
  ItemRow again = item_row("a", {11, 2, 3}, day(5));
  again.change = feeds::ItemChange::seen;
  again.reason = "same link, other guid";
  again.sketch = {};
  rows.items.push_back(again);
  store_all(rows);
  const std::optional<ItemRow> item = read->item("a");
  EXPECT_EQ(item->first_seen, day(1));
  EXPECT_EQ(item->last_seen, day(5));
  EXPECT_EQ(item->reason, "never seen");
  EXPECT_EQ(item->keys.guid, 1U);
  EXPECT_EQ(item->sketch.size(), 3U);
  EXPECT_THAT(known({{1, 0, 0}}), ElementsAre("a"));
  EXPECT_THAT(known({{11, 0, 0}}), ElementsAre("a"));
  EXPECT_EQ(read->known_items(feed, {{11, 0, 0}}).items.front().keys.guid, 11U);
}

// Items of every document that is polled are seen again: a write for each would be most of a
// commit.
TEST_F(ReaderTest, AnItemSeenAgainSoonIsNotWrittenButForItsNewKeys) {
  Commit rows;
  rows.items = {item_row("a", {1, 2, 3}, day(1))};
  ItemRow again = item_row("a", {11, 2, 3}, day(1) + last_seen_lags - std::chrono::seconds(1));
  again.change = feeds::ItemChange::seen;
  rows.items.push_back(again);
  store_all(rows);
  EXPECT_EQ(read->item("a")->last_seen, day(1));
  EXPECT_THAT(known({{11, 0, 0}}), ElementsAre("a"));
  again.last_seen += std::chrono::seconds(1);
  Commit later;
  later.items = {again};
  store_all(later);
  EXPECT_EQ(read->item("a")->last_seen, day(1) + last_seen_lags);
}

TEST_F(ReaderTest, AnEditedItemKeepsItsOldKeysAndItsFirstTime) {
  Commit rows;
  ItemRow edited = item_row("a", {1, 2, 33}, day(2));
  edited.change = feeds::ItemChange::edited;
  edited.revision = 2;
  edited.sketch = {5};
  rows.items = {item_row("a", {1, 2, 3}, day(1)), edited};
  store_all(rows);
  const std::optional<ItemRow> item = read->item("a");
  EXPECT_EQ(item->revision, 2U);
  EXPECT_EQ(item->first_seen, day(1));
  EXPECT_EQ(item->change, feeds::ItemChange::edited);
  EXPECT_THAT(item->sketch, ElementsAre(5U));
  EXPECT_EQ(known({{0, 0, 3}}), known({{0, 0, 33}}));
}

TEST_F(ReaderTest, AnItemWhoseTextChangesForEverDoesNotCollectKeysForEver) {
  Commit rows;
  for (std::uint64_t i = 1; i <= 1000; ++i) {
    ItemRow& row = rows.items.emplace_back(item_row("a", {1, 2, i}));
    row.change = i == 1 ? feeds::ItemChange::fresh : feeds::ItemChange::edited;
  }
  store_all(rows);
  EXPECT_THAT(known({{0, 0, 1000}}), ElementsAre("a"));
  EXPECT_THAT(known({{0, 0, 1}}), IsEmpty());
  EXPECT_THAT(known({{1, 0, 0}}), ElementsAre("a"));
}

TEST_F(ReaderTest, AKeyThatEveryItemSharesBringsABoundedNumberOfThem) {
  Commit rows;
  for (std::uint64_t i = 1; i <= 500; ++i) {
    rows.items.push_back(item_row("item " + std::to_string(i), {7, 1000 + i, i}));
  }
  store_all(rows);
  EXPECT_EQ(known({{7, 0, 0}}).size(), 100U);
  EXPECT_EQ(known({{7, 1001, 1}}).front(), "item 1");
}

TEST_F(ReaderTest, DocumentsComeInTheOrderOfPlacement) {
  Commit rows;
  rows.documents = {document_row("c", "s", day(9)), document_row("a", "s", day(1)),
                    document_row("b", "t", day(5))};
  store_all(rows);
  EXPECT_THAT(since(day(0)), ElementsAre("c", "a", "b"));
  EXPECT_THAT(since(day(2)), ElementsAre("c", "b"));
  EXPECT_THAT(since(day(10)), IsEmpty());
  EXPECT_EQ(read->story_documents("s").size(), 2U);
  EXPECT_EQ(read->story_documents("s").front().input.id, "c");
}

TEST_F(ReaderTest, ALongArchiveStreamsUntilItIsStopped) {
  Commit rows;
  for (int i = 0; i < 1234; ++i) {
    rows.documents.push_back(document_row(std::to_string(i), "s", day(1)));
  }
  store_all(rows);
  EXPECT_EQ(since(day(0)).size(), 1234U);
  int taken = 0;
  read->documents_since(day(0), [&](const DocumentRow&) { return ++taken < 700; });
  EXPECT_EQ(taken, 700);
}

TEST_F(ReaderTest, ARevisionCommittedAgainStaysInItsPlace) {
  Commit rows;
  rows.documents = {document_row("a", "s"), document_row("b", "s"), document_row("a", "s")};
  store_all(rows);
  EXPECT_THAT(since(day(0)), ElementsAre("a", "b"));
}

TEST_F(ReaderTest, ItemsAreFoundByTheirIdsBeginningLinkOrTitle) {
  Commit rows;
  rows.documents = {document_row("abc1", "s"), document_row("abc2", "s"),
                    document_row("xabc", "s")};
  rows.documents[2].input.url = "https://example.net/100%25_sure";
  rows.documents[2].input.title = "Border Talks";
  DocumentRow edited = rows.documents[0];
  edited.revision = 2;
  edited.input.title = "Edited since";
  rows.documents.push_back(edited);
  store_all(rows);
  EXPECT_THAT(found("abc1"), ElementsAre("abc1"));
  EXPECT_EQ(read->find_items("abc1", 10).front().revision, 2U);
  EXPECT_THAT(found("abc"), ElementsAre("abc1", "abc2"));
  EXPECT_THAT(found("example.org"), ElementsAre("abc1", "abc2"));
  EXPECT_THAT(found("border talks"), ElementsAre("xabc"));
  EXPECT_THAT(found("100%25_"), ElementsAre("xabc"));
  EXPECT_THAT(found("%"), ElementsAre("xabc"));
  EXPECT_THAT(found("nothing of the kind"), IsEmpty());
  EXPECT_EQ(found("").size(), 3U);
  EXPECT_EQ(read->find_items("abc", 1).size(), 1U);
}

TEST_F(ReaderTest, AlertsComeNewestFirstAndByTheFilter) {
  Commit rows;
  rows.alerts = {alert_row("a1", "s", day(1)), alert_row("b2", "t", day(3)),
                 alert_row("c3", "s", day(2))};
  rows.alerts[2].state.rule = "storm";
  rows.alerts[0].updated = day(9);
  store_all(rows);
  EXPECT_THAT(ids_of(read->alerts({})), ElementsAre("b2", "c3", "a1"));
  EXPECT_THAT(ids_of(read->alerts({.rules = {"storm", "gale"}})), ElementsAre("c3"));
  EXPECT_THAT(ids_of(read->alerts({.rules = {"border"}, .story = "s"})), ElementsAre("a1"));
  EXPECT_THAT(ids_of(read->alerts({.since = day(2)})), ElementsAre("b2", "c3"));
  EXPECT_THAT(ids_of(read->alerts({.limit = 1})), ElementsAre("b2"));
  EXPECT_THAT(ids_of(read->open_alerts(day(3))), ElementsAre("a1", "b2"));
}

TEST_F(ReaderTest, AnAlertIsReplacedByItsNextRevisionAndFoundByAPrefix) {
  AlertRow row = alert_row("abc1", "s");
  row.state.sources = {"Example"};
  Commit rows;
  rows.alerts = {row, alert_row("abd", "t"), alert_row("ab", "u")};
  row.state.revision = 2;
  row.state.sequence = 4;
  row.state.sources = {"Example", "Other"};
  row.state.copy_groups = {"g"};
  row.state.reports = {{"i", "g", "An outlet of words", day(2), true, true},
                       {"j", "i", "", day(3), false, true},
                       {"k", "g", "Other", day(3), true, false},
                       {"l", "g", "Other", day(3), false, false}};
  row.severity = "high";
  row.headline = "Talks";
  row.url = "https://example.org/a";
  row.reason = "new source";
  row.view = R"({"headline": "Talks"})";
  row.updated = day(4);
  rows.alerts.push_back(row);
  store_all(rows);
  const std::optional<AlertRow> got = read->alert("abc");
  ASSERT_TRUE(got);
  EXPECT_EQ(got->state.id, "abc1");
  EXPECT_EQ(got->state.rule, "border");
  EXPECT_EQ(got->state.story, "s");
  EXPECT_EQ(got->state.revision, 2U);
  EXPECT_EQ(got->state.sequence, 4U);
  EXPECT_THAT(got->state.sources, ElementsAre("Example", "Other"));
  EXPECT_THAT(got->state.copy_groups, ElementsAre("g"));
  EXPECT_EQ(got->state.reports, row.state.reports);
  EXPECT_EQ(got->severity + got->headline + got->url + got->reason,
            "highTalkshttps://example.org/anew source");
  EXPECT_EQ(got->view, row.view);
  EXPECT_EQ(got->created, day(1));
  EXPECT_EQ(got->updated, day(4));
  EXPECT_EQ(read->alert("ab")->state.id, "ab");  // a whole id, though others begin with it
  EXPECT_FALSE(read->alert("a"));
  EXPECT_FALSE(read->alert("abe"));
  EXPECT_FALSE(read->alert(""));
}

TEST_F(ReaderTest, DeliveriesArePendingInTheOrderOfTheirCommits) {
  Commit rows;
  rows.deliveries = {delivery_row("z", "desk", day(3)), delivery_row("a", "desk", day(1)),
                     delivery_row("m", "archive", day(2))};
  store_all(rows);
  Commit later;
  later.deliveries = {delivery_row("b", "desk", day(0)), delivery_row("z", "other", day(0))};
  later.marks = {{.id = "a",
                  .state = DeliveryState::delivered,
                  .attempts = 2,
                  .next_attempt = day(1),
                  .finished = day(4),
                  .answer = "200 ok"}};
  store_all(later);
  EXPECT_THAT(ids_of(read->pending("desk", 10)), ElementsAre("z", "b"));
  EXPECT_THAT(ids_of(read->pending("desk", 1)), ElementsAre("z"));
  EXPECT_THAT(ids_of(read->pending("other", 10)), IsEmpty());  // a known id is left as it is
  const DeliveryRow done = read->deliveries({.state = DeliveryState::delivered}).front();
  EXPECT_EQ(done.id, "a");
  EXPECT_EQ(done.attempts, 2U);
  EXPECT_EQ(done.finished, day(4));
  EXPECT_EQ(done.answer, "200 ok");
  EXPECT_EQ(done.payload, "{}");
  EXPECT_THAT(ids_of(read->deliveries({.alert = "alert of z"})), ElementsAre("z"));
  EXPECT_THAT(ids_of(read->deliveries({.receiver = "desk", .since = day(1), .until = day(2)})),
              ElementsAre("a"));
}

TEST_F(ReaderTest, ADeadLetterThatIsReplayedIsPendingAgain) {
  Commit rows;
  rows.deliveries = {delivery_row("a", "desk")};
  rows.marks = {{.id = "a", .state = DeliveryState::dead, .finished = day(2), .answer = "gone"}};
  store_all(rows);
  EXPECT_EQ(read->counts().dead, 1U);
  EXPECT_THAT(read->pending("desk", 10), IsEmpty());
  Commit replay;
  replay.marks = {{.id = "a", .state = DeliveryState::pending, .next_attempt = day(3)}};
  store_all(replay);
  EXPECT_THAT(ids_of(read->pending("desk", 10)), ElementsAre("a"));
  EXPECT_FALSE(read->pending("desk", 10).front().finished);
}

TEST_F(ReaderTest, CountsAreOfEverything) {
  Commit rows = whole_commit("a");
  rows.documents.push_back(document_row("b", "a"));
  rows.alerts = {alert_row("x", "a")};
  store_all(rows);
  const StoreCounts counts = read->counts();
  EXPECT_EQ(counts.feeds, 1U);
  EXPECT_EQ(counts.items, 1U);
  EXPECT_EQ(counts.documents, 2U);
  EXPECT_EQ(counts.stories, 1U);
  EXPECT_EQ(counts.alerts, 1U);
  EXPECT_EQ(counts.pending, 1U);
  EXPECT_EQ(counts.delivered + counts.dead, 0U);
}

TEST_F(ReaderTest, AFolderWithoutADatabaseIsNamed) {
  const TemporaryFolder empty;
  EXPECT_EQ(
      Reader::open(empty.path()).error().text,
      "there is no database \"" + empty.file("wirewatch.db") + "\": \"wirewatch run\" makes it");
}

TEST_F(ReaderTest, VerbsReadAFolderThatNoDaemonHolds) {
  store_all(whole_commit("a"));
  read.reset();
  close();
  EXPECT_EQ(reader(folder.path())->counts().items, 1U);
}

TEST_F(ReaderTest, ADatabaseAtRestIsReadWhereTheFolderCannotBeWritten) {
  store_all(whole_commit("a"));
  read.reset();
  close();
  namespace fs = std::filesystem;
  fs::permissions(folder.path(), fs::perms::owner_read | fs::perms::owner_exec);
  EXPECT_EQ(reader(folder.path())->counts().items, 1U);
  fs::permissions(folder.path(), fs::perms::owner_all);
}

TEST_F(ReaderTest, AFolderNameMayHoldWhatMeansSomethingInAUri) {
  StoreOptions chosen = options();
  chosen.folder = folder.file("50% off? #1");
  open(chosen);
  store_all(whole_commit("a"));
  read.reset();
  close();
  Connection at_rest(chosen.folder + "/wirewatch.db", Access::immutable);
  EXPECT_EQ(at_rest.number("SELECT count(*) FROM items"), 1);
  EXPECT_EQ(reader(chosen.folder)->counts().items, 1U);
}

TEST_F(ReaderTest, AnIdleReaderDoesNotKeepTheLogFromStartingOver) {
  store_all(whole_commit("first"));
  EXPECT_EQ(since(day(0)).size(), 1U);
  const std::string noise(40000, 'n');
  for (int i = 0; i < 800; ++i) {
    Commit rows;
    rows.deliveries = {delivery_row(std::to_string(i), "desk")};
    rows.deliveries.front().payload = noise;
    store_all(rows);
    EXPECT_EQ(read->pending("desk", 1).size(), 1U);
  }
  // 32 MB were written; the log is copied away at 16 MB and used from its start again.
  EXPECT_LT(std::filesystem::file_size(folder.file("wirewatch.db-wal")), 20U << 20U);
}

TEST_F(ReaderTest, ASubscriptionComesBackWholeUntilItIsEnded) {
  SubscriptionRow row;
  row.token = "t";
  row.feed = "https://example.org/feed";
  row.state.hub = "https://hub.example/";
  row.state.topic = "https://example.org/topic";
  row.state.callback = "https://ww.example/websub/t";
  row.state.secret = "s";
  row.state.state = feeds::SubscriptionState::active;
  row.state.awaiting = true;
  row.state.expires = day(3);
  row.state.next_step = day(2);
  row.state.last_push = day(1);
  row.state.failures = 2;
  row.state.reason = "why";
  row.state.trusted = true;
  Commit first;
  first.subscriptions.push_back(row);
  ASSERT_TRUE(commit(first));
  const auto kept = reader(folder.path())->subscriptions();
  ASSERT_EQ(kept.size(), 1U);
  EXPECT_EQ(kept[0].token, row.token);
  EXPECT_EQ(kept[0].feed, row.feed);
  const feeds::Subscription& state = kept[0].state;
  EXPECT_EQ(state.hub, row.state.hub);
  EXPECT_EQ(state.topic, row.state.topic);
  EXPECT_EQ(state.callback, row.state.callback);
  EXPECT_EQ(state.secret, row.state.secret);
  EXPECT_EQ(state.state, row.state.state);
  EXPECT_TRUE(state.awaiting);
  EXPECT_EQ(state.expires, day(3));
  EXPECT_EQ(state.next_step, day(2));
  EXPECT_EQ(state.last_push, day(1));
  EXPECT_EQ(state.failures, 2U);
  EXPECT_EQ(state.reason, "why");
  EXPECT_TRUE(state.trusted);
  Commit last;
  last.subscriptions_ended.push_back("t");
  ASSERT_TRUE(commit(last));
  EXPECT_TRUE(reader(folder.path())->subscriptions().empty());
}

TEST_F(ReaderTest, KnowsWhatOfAnAlertWasKeptBackAndWhatWasTold) {
  Commit commit_of;
  std::uint32_t revision = 0;
  for (const char* answer : {"silenced until 2026-03-01T19:00:00Z", "silenced", "", ""}) {
    DeliveryRow row = delivery_row("d" + std::to_string(++revision), "desk");
    row.alert = "a";
    row.revision = revision;
    row.answer = answer;
    row.state = revision < 3 ? DeliveryState::absorbed : DeliveryState::pending;
    commit_of.deliveries.push_back(row);
  }
  DeliveryRow other = delivery_row("e", "digested");
  other.alert = "a";
  other.state = DeliveryState::absorbed;
  other.answer = told_in_digest("0123456789abcdef");
  commit_of.deliveries.push_back(other);
  ASSERT_TRUE(commit(commit_of));
  const auto stored = reader(folder.path());
  const FollowUp known = stored->follow_up("a", "desk", Instant{});
  EXPECT_EQ(known.first_kept, 1U);
  EXPECT_EQ(known.first_told, 3U);
  EXPECT_EQ(stored->follow_up("a", "digested", Instant{}).first_kept, 0U);
  EXPECT_EQ(stored->follow_up("a", "digested", Instant{}).first_told, 1U);
  EXPECT_EQ(stored->follow_up("a", "nobody", Instant{}).first_told, 0U);
  EXPECT_EQ(stored->follow_up("a", "nobody", Instant{}).first_elsewhere, 1U);
  EXPECT_EQ(stored->follow_up("a", "nobody", Instant::max()).first_elsewhere, 0U);
  EXPECT_EQ(stored->follow_up("b", "desk", Instant{}).first_elsewhere, 0U);
}

}  // namespace
}  // namespace wirewatch::daemon
