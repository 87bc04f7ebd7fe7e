#include "daemon/store/schema.h"

#include <gmock/gmock.h>

#include <functional>
#include <vector>

#include "tests/daemon/store/store_fixture.h"

namespace wirewatch::daemon {
namespace {

using SchemaTest = StoreTest;

std::string failure_of(const std::function<void()>& action) {
  try {
    action();
  } catch (const StoreFailure& failure) {
    return failure.error().text;
  }
  return "no failure";
}

// A database as the first released schema wrote it, with a row in every table that is read back.
void write_version_1(const std::string& path) {
  Connection old(path, Access::read_write);
  old.run("PRAGMA journal_mode=WAL");
  migrate(old, migrations().first(1));
  old.run(R"sql(
INSERT INTO feeds (key, name, etag) VALUES ('https://example.org/feed', 'Example', x'22612200');
INSERT INTO items VALUES (1, 'item', 1, 1, 0, 7, 8, 9, 1000000, 2000000, 'never seen', x'00');
INSERT INTO seen_keys VALUES (1, 0, 7, 1);
INSERT INTO documents VALUES (1, 'item', 1, 'https://example.org/feed', 'Example',
  'https://example.org/a', 'en', 'A title', 1000000, 1000000, 0, 'item', 'item', 0, '', 0, 100,
  x'00', x'00', x'00', x'00', x'00', x'', x'');
INSERT INTO alerts VALUES (1, 'alert', 'border', 'item', 1, 1, 1000000, 1000000, 'high', 'A title',
  'https://example.org/a', 'first report', x'00', x'00', x'01046974656d', '{}');
INSERT INTO deliveries VALUES (1, 'delivery', 'alert', 1, 'desk', 0, 0, 1000000, 1000000, NULL, '',
  '{}');
INSERT INTO deliveries VALUES (2, 'told', 'alert', 1, 'desk', 0, 0, 1000000, 1000000, NULL, '',
  '{"kind":"new","sources":[{"item":"other"},{"item":"item"}]}');
INSERT INTO deliveries VALUES (3, 'broken', 'alert', 1, 'desk', 0, 0, 1000000, 1000000, NULL, '',
  '{"kind":');
)sql");
}

TEST_F(SchemaTest, VersionsBeginAtOneAndAscend) {
  int before = 0;
  for (const Migration& step : migrations()) {
    EXPECT_GT(step.version, before);
    before = step.version;
  }
  EXPECT_EQ(migrations().front().version, 1);
}

TEST_F(SchemaTest, ADatabaseOfTheFirstVersionIsMigratedWithItsRows) {
  write_version_1(folder.file("wirewatch.db"));
  open();
  const auto read = reader(folder.path());
  ASSERT_EQ(read->feeds().size(), 1U);
  EXPECT_EQ(read->feeds().front().state.etag, std::string("\"a\"\0", 4));
  EXPECT_EQ(read->known_items("https://example.org/feed", {{.guid = 7}}).items.size(), 1U);
  EXPECT_EQ(read->story_documents("item").front().input.title, "A title");
  EXPECT_EQ(rules::items_of(read->alert("alert")->state), std::vector<std::string>{"item"});
  EXPECT_EQ(read->pending("desk", 10).front().id, "delivery");
  const Instant one_second{std::chrono::seconds(1)};
  EXPECT_EQ(read->open_alerts(one_second).size(), 1U);
  EXPECT_EQ(read->open_alerts(one_second + std::chrono::microseconds(1)).size(), 0U);
  EXPECT_EQ(read->document_bytes(), 100U);
  EXPECT_EQ(read->pending("desk", 10)[0].feed, "");
  EXPECT_EQ(read->pending("desk", 10)[1].feed, "https://example.org/feed") << "as it was written";
  EXPECT_TRUE(commit(whole_commit("another")));
}

TEST_F(SchemaTest, EveryStepIsRecorded) {
  open();
  close();
  Connection database(folder.file("wirewatch.db"), Access::read_only);
  const auto steps = static_cast<std::int64_t>(migrations().size());
  EXPECT_EQ(database.number("PRAGMA user_version"), migrations().back().version);
  EXPECT_EQ(database.number("SELECT count(*) FROM migrations WHERE applied > 0"), steps);
}

TEST_F(SchemaTest, OnlyTheMissingStepsRun) {
  Connection database(folder.file("x.db"), Access::read_write);
  std::vector<Migration> steps(migrations().begin(), migrations().begin() + 1);
  migrate(database, steps);
  steps.push_back({2, "ALTER TABLE feeds ADD COLUMN mood TEXT NOT NULL DEFAULT 'calm'"});
  steps.push_back({3, "UPDATE feeds SET mood='busy'"});
  database.run("INSERT INTO feeds (key) VALUES ('a')");
  migrate(database, steps);
  migrate(database, steps);
  EXPECT_EQ(database.number("SELECT count(*) FROM feeds WHERE mood='busy'"), 1);
  EXPECT_EQ(database.number("SELECT count(*) FROM migrations"), 3);
}

TEST_F(SchemaTest, AStepThatFailsLeavesTheSchemaBeforeIt) {
  Connection database(folder.file("x.db"), Access::read_write);
  std::vector<Migration> steps(migrations().begin(), migrations().begin() + 1);
  steps.push_back({2, "CREATE TABLE extra (n); INSERT INTO nowhere VALUES (1)"});
  EXPECT_EQ(failure_of([&] { migrate(database, steps); }),
            "the database \"" + folder.file("x.db") + "\": no such table: nowhere");
  EXPECT_EQ(database.number("PRAGMA user_version"), 1);
  EXPECT_EQ(database.number("SELECT count(*) FROM sqlite_master WHERE name='extra'"), 0);
}

TEST_F(SchemaTest, ANewerSchemaIsRefused) {
  open();
  close();
  const std::string path = folder.file("wirewatch.db");
  Connection(path, Access::read_write).run("PRAGMA user_version=99");
  const std::string expected = "the database \"" + path +
                               "\" has schema 99, and this wirewatch knows up to " +
                               std::to_string(migrations().back().version) +
                               ": install the newer version that wrote it, or restore a backup "
                               "from before it";
  EXPECT_EQ(open_error(folder.path()), expected);
  EXPECT_EQ(Reader::open(folder.path()).error().text, expected);
}

TEST_F(SchemaTest, AReaderMigratesNothing) {
  const std::string path = folder.file("x.db");
  Connection database(path, Access::read_write);
  std::vector<Migration> steps(migrations().begin(), migrations().begin() + 1);
  migrate(database, steps);
  steps.push_back({2, "SELECT 1"});
  EXPECT_EQ(failure_of([&] { check_schema(database, steps); }),
            "the database \"" + path +
                "\" has schema 1, and this wirewatch reads 2: \"wirewatch run\" brings it up to "
                "date when it starts");
}

TEST_F(SchemaTest, AnotherProgramsDatabaseIsRefused) {
  const std::string path = folder.file("wirewatch.db");
  Connection(path, Access::read_write).run("CREATE TABLE recipes (n)");
  EXPECT_EQ(open_error(folder.path()),
            "the database \"" + path +
                "\" is not wirewatch's: name another state folder, or move the file away");
}

TEST_F(SchemaTest, ASilenceOfAStoryThatWasMergedIsOneOfTheStoryThatItWentInto) {
  {
    Connection old(folder.file("wirewatch.db"), Access::read_write);
    old.run("PRAGMA journal_mode=WAL");
    migrate(old, migrations().first(10));
    old.run(R"sql(
INSERT INTO merged_stories VALUES ('younger', 'older', 1);
INSERT INTO silences VALUES ('a', 1, 1000, 3, '', 'younger', '', '', '', '');
INSERT INTO silences VALUES ('b', 0, 1000, 3, '', 'other', '', '', '', '');
)sql");
  }
  open();
  const auto silences = reader(folder.path())->silences({});
  ASSERT_EQ(silences.size(), 2U);
  EXPECT_EQ(silences[0].story, "older");
  EXPECT_EQ(silences[1].story, "other");
}

}  // namespace
}  // namespace wirewatch::daemon
