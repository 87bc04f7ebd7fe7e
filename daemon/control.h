// What the pages and the control socket may ask of the running daemon.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <string>
#include <vector>

#include "daemon/delivery/deliverer.h"
#include "daemon/pipeline/policy_book.h"
#include "daemon/polling/poller.h"

namespace wirewatch::daemon {

struct DaemonStatus {
  std::string version;
  Instant started{};
  Instant now{};
  std::uint64_t generation = 0;
  std::string config_file;
  std::string state_folder;
  std::string page;           // "http://127.0.0.1:8420/", empty without pages
  bool on_last_good = false;  // started on the kept generation, since the files are broken
  bool ready = false;
  bool held_by_disk = false;
  std::size_t rules = 0;
  std::vector<std::string> held_back;  // rules in their last good version
  std::vector<std::string> problems;   // of the last load or reload, as check prints them
  std::size_t stories_in_memory = 0;
  std::vector<FrequentRule> frequent;   // rules that match too much to be what was meant
  std::vector<OperatorNotice> notices;  // the last ones since the start, oldest first
};

struct ReloadOutcome {
  bool accepted = false;
  std::uint64_t generation = 0;  // the one that runs now
  std::vector<ConfigMessage> messages;
};

class Control {
 public:
  virtual ~Control() = default;
  virtual DaemonStatus status() const = 0;
  virtual FeedGlance glance() const = 0;
  // All feeds in config order. Of many feeds the answer takes a while, and holds nothing up.
  virtual asio::awaitable<std::vector<FeedHealth>> feeds() = 0;
  virtual Pool& pool() = 0;  // where large answers are rendered
  virtual std::vector<ReceiverHealth> receivers() const = 0;
  virtual std::shared_ptr<const Snapshot> snapshot() const = 0;
  virtual const StageTimes& times() const = 0;
  virtual Store& store() = 0;

  virtual asio::awaitable<ReloadOutcome> reload() = 0;
  // Decides what is held of a feed (by name or key), or drops it; how many items there were.
  virtual asio::awaitable<Result<std::size_t>> release(std::string feed, bool drop) = 0;
  virtual bool poll_now(const std::string& feed) = 0;
  // Puts these deliveries (any state) back in the queue, under their own ids.
  virtual asio::awaitable<Result<std::size_t>> replay(std::vector<DeliveryRow> deliveries) = 0;
  virtual asio::awaitable<Result<void>> silence(rules::Silence silence) = 0;
  virtual asio::awaitable<Result<void>> follow(FollowRow row) = 0;
  virtual asio::awaitable<Result<void>> judge(VerdictRow verdict) = 0;
  // Only when the daemon runs on the manual clock: steps it and returns when all is quiet.
  virtual bool manual_clock() const = 0;
  virtual asio::awaitable<Instant> advance(Span by) = 0;
};

}  // namespace wirewatch::daemon
