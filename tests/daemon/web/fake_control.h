// A daemon as the pages see it: what it tells is set by the test, the store is a real one.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "daemon/control.h"
#include "daemon/loop/offload.h"
#include "daemon/web/routes.h"
#include "tests/daemon/store/store_fixture.h"

namespace wirewatch::daemon {

// What every page must show as text, wherever it comes from.
inline const std::string hostile =
    "<script>alert(1)</script>\"'&\xE2\x80\xAE\x1b[31m\x01\xff</title>";

// As the daemon would glance at such feeds.
FeedGlance glance_of(const std::vector<FeedHealth>& feeds);

class FakeControl : public Control {
 public:
  FakeControl(Store& store, Activity& activity) : store_(store), pool_(activity, 1) {}
  DaemonStatus status() const override { return told; }
  FeedGlance glance() const override { return glance_of(told_feeds); }
  asio::awaitable<std::vector<FeedHealth>> feeds() override;
  Pool& pool() override { return pool_; }
  std::vector<ReceiverHealth> receivers() const override { return told_receivers; }
  std::shared_ptr<const Snapshot> snapshot() const override { return told_snapshot; }
  const StageTimes& times() const override { return stage_times; }
  Store& store() override { return store_; }
  asio::awaitable<ReloadOutcome> reload() override;
  bool poll_now(const std::string& feed) override;
  asio::awaitable<Result<std::size_t>> release(std::string feed, bool drop) override;
  asio::awaitable<Result<std::size_t>> replay(std::vector<DeliveryRow> deliveries) override;
  asio::awaitable<Result<void>> silence(rules::Silence silence) override;
  asio::awaitable<Result<void>> follow(FollowRow row) override;
  asio::awaitable<Result<void>> judge(VerdictRow verdict) override;
  bool manual_clock() const override { return manual; }
  asio::awaitable<Instant> advance(Span by) override;

  DaemonStatus told;
  std::vector<FeedHealth> told_feeds;
  std::vector<ReceiverHealth> told_receivers;
  std::shared_ptr<const Snapshot> told_snapshot;
  StageTimes stage_times;
  ReloadOutcome outcome;
  bool manual = false;
  std::vector<std::string> replayed;  // ids
  std::vector<rules::Silence> silences;
  std::vector<FollowRow> follows;
  std::vector<VerdictRow> verdicts;
  std::vector<std::string> released;  // "feed" or "feed dropped"

 private:
  Store& store_;
  Pool pool_;
};

// Asks the routes as a peer would, past the server.
class RoutesTest : public StoreTest {
 protected:
  RoutesTest();
  WebResponse ask(WebRequest request);
  WebResponse get(const std::string& path);            // over TCP
  WebResponse control_get(const std::string& target);  // "/v1/…?…"
  WebResponse control_post(const std::string& target, unsigned uid);

  std::unique_ptr<FakeControl> control;
  WebHandler routes;
};

FeedHealth feed_health(const std::string& name);

}  // namespace wirewatch::daemon
