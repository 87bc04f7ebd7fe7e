// A state folder, a loop and a store in it, with the words that the tests use.
#pragma once

#include <gtest/gtest.h>

#include <boost/asio/io_context.hpp>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "daemon/store/store.h"

namespace wirewatch::daemon {

class Connection;

// Deleted with everything in it when it goes.
class TemporaryFolder {
 public:
  TemporaryFolder();
  ~TemporaryFolder();
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  const std::string& path() const { return path_; }
  std::string file(const std::string& name) const { return path_ + "/" + name; }

 private:
  std::string path_;
};

Instant day(int number);  // midnight of day `number` of a fixed month

FeedRow feed_row(const std::string& key);
ItemRow item_row(const std::string& id, feeds::ItemKeys keys, Instant seen = day(1));
DocumentRow document_row(const std::string& id, const std::string& story, Instant seen = day(1));
AlertRow alert_row(const std::string& id, const std::string& story, Instant created = day(1));
DeliveryRow delivery_row(const std::string& id, const std::string& receiver,
                         Instant created = day(1));
// One item with its document and a pending delivery, as a real commit has them.
Commit whole_commit(const std::string& id);

// SQLite's own check finds nothing wrong with it.
void expect_intact(Connection& store);

// `out` is set when the commit is finished.
asio::awaitable<void> commit_into(Store& store, Commit commit, Result<void>& out);

class StoreTest : public testing::Test {
 protected:
  StoreTest();
  ~StoreTest() override;

  StoreOptions options() const;
  void open();  // must succeed
  void open(const StoreOptions& chosen);
  std::string open_error(const std::string& folder);  // must fail
  void close() { store.reset(); }

  void run();  // the loop, until nothing is left to do
  // Starts a commit; its result is there after run().
  void start(Commit commit, Result<void>& result);
  Result<void> commit(Commit commit);
  Result<void> prune(Retention retention, Instant now);
  std::unique_ptr<Reader> reader(const std::string& folder);

  TemporaryFolder folder;
  asio::io_context loop;
  Activity activity{loop.get_executor()};
  std::unique_ptr<Store> store;
};

}  // namespace wirewatch::daemon
