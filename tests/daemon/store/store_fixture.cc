#include "tests/daemon/store/store_fixture.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <cstdlib>

#include "daemon/store/sqlite.h"

namespace wirewatch::daemon {
namespace {

asio::awaitable<void> prune_into(Store& store, Retention retention, Instant now,
                                 Result<void>& out) {
  const Result<void> result = co_await store.prune(retention, now);
  out = result;
}

}  // namespace

TemporaryFolder::TemporaryFolder() {
  std::string name = (std::filesystem::temp_directory_path() / "wirewatch-store-XXXXXX").string();
  if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("mkdtemp: " + name);
  path_ = name;
}

TemporaryFolder::~TemporaryFolder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

asio::awaitable<void> commit_into(Store& store, Commit commit, Result<void>& out) {
  const Result<void> result = co_await store.commit(std::move(commit));
  out = result;
}

Instant day(int number) {
  return *from_iso8601("2026-01-01") + std::chrono::hours(24) * number;
}

FeedRow feed_row(const std::string& key) {
  FeedRow row;
  row.key = key;
  row.name = "Example";
  return row;
}

ItemRow item_row(const std::string& id, feeds::ItemKeys keys, Instant seen) {
  ItemRow row;
  row.id = id;
  row.feed = "https://example.org/feed";
  row.keys = keys;
  row.sketch = {1, 2, 4000000000U};
  row.reason = "never seen";
  row.first_seen = row.last_seen = seen;
  return row;
}

DocumentRow document_row(const std::string& id, const std::string& story, Instant seen) {
  DocumentRow row;
  row.input.id = id;
  row.input.feed = "https://example.org/feed";
  row.input.source = "Example";
  row.input.url = "https://example.org/" + id;
  row.input.title = "Title of " + id;
  row.input.text = "Text of " + id;
  row.input.time = seen;
  row.first_seen = seen;
  row.placement.story = story;
  row.placement.copy_group = id;
  return row;
}

AlertRow alert_row(const std::string& id, const std::string& story, Instant created) {
  AlertRow row;
  row.state.id = id;
  row.state.rule = "border";
  row.state.story = story;
  row.created = row.updated = created;
  return row;
}

DeliveryRow delivery_row(const std::string& id, const std::string& receiver, Instant created) {
  DeliveryRow row;
  row.id = id;
  row.alert = "alert of " + id;
  row.receiver = receiver;
  row.payload = "{}";
  row.created = row.next_attempt = created;
  return row;
}

void expect_intact(Connection& store) {
  EXPECT_EQ(store.number("SELECT count(*) FROM pragma_integrity_check "
                         "WHERE integrity_check <> 'ok'"),
            0);
}

Commit whole_commit(const std::string& id) {
  Commit commit;
  commit.feeds = {feed_row("https://example.org/feed")};
  commit.items = {item_row(id, {.guid = std::hash<std::string>()(id) | 1U})};
  commit.documents = {document_row(id, id)};
  commit.deliveries = {delivery_row(id, "desk")};
  return commit;
}

StoreTest::StoreTest() = default;
StoreTest::~StoreTest() = default;

StoreOptions StoreTest::options() const {
  StoreOptions options;
  options.folder = folder.path();
  options.low_water = 0;
  options.ballast = 64U << 10U;
  return options;
}

void StoreTest::open() {
  open(options());
}

void StoreTest::open(const StoreOptions& chosen) {
  auto opened = Store::open(chosen, activity, loop.get_executor());
  ASSERT_TRUE(opened) << opened.error().text;
  store = std::move(*opened);
}

std::string StoreTest::open_error(const std::string& path) {
  StoreOptions chosen = options();
  chosen.folder = path;
  const auto opened = Store::open(chosen, activity, loop.get_executor());
  return opened ? "opened" : opened.error().text;
}

void StoreTest::run() {
  loop.restart();
  loop.run();
}

void StoreTest::start(Commit commit, Result<void>& result) {
  asio::co_spawn(loop, commit_into(*store, std::move(commit), result), asio::detached);
}

Result<void> StoreTest::commit(Commit commit) {
  Result<void> result = Error{ErrorKind::internal, "never finished"};
  start(std::move(commit), result);
  run();
  return result;
}

Result<void> StoreTest::prune(Retention retention, Instant now) {
  Result<void> result = Error{ErrorKind::internal, "never finished"};
  asio::co_spawn(loop, prune_into(*store, retention, now, result), asio::detached);
  run();
  return result;
}

std::unique_ptr<Reader> StoreTest::reader(const std::string& path) {
  auto opened = Reader::open(path);
  if (!opened) throw std::runtime_error(opened.error().text);
  return std::move(*opened);
}

}  // namespace wirewatch::daemon
