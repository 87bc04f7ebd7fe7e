// Fetches the pages of items that wait for them, politely, and has the items decided: with the
// article's text where there is one, else with the feed's own, at the latest after the deadline.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <memory>
#include <vector>

#include "daemon/loop/http.h"
#include "daemon/pipeline/engine.h"

namespace wirewatch::daemon {

// Loop thread only. What it has in hand is durable in the store: after a crash, or when it is
// stopped, resume() begins anew with what was not decided.
class Articles {
 public:
  // `http` guards addresses and counts connections as for feeds; no credential of a feed goes to a
  // page. All must outlive it.
  Articles(asio::any_io_executor loop, Clock& clock, Fetcher& http, Pool& pool, Engine& engine);
  ~Articles();

  void set_snapshot(std::shared_ptr<const Snapshot> snapshot);

  // Their deadline is `article.timeout` from now.
  void add(std::vector<WaitingRow> rows);
  // What the store still has waiting; called once, before run(). Error: it cannot be read.
  asio::awaitable<Result<void>> resume(Store& store);

  // Until cancelled. Pages under way are given up then: their items still wait.
  asio::awaitable<void> run();

 private:
  struct Impl;
  std::shared_ptr<Impl> impl_;
};

}  // namespace wirewatch::daemon
