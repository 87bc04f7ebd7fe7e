// The decisions' order: one document's items after the other, each from what was decided before it.
//
// poller → take(): identify → document → match (in the pool, ahead) → turnstile → place in a story
// → decide alerts → commit. What was decided but could not be committed is dropped: the memory is
// rebuilt from the store before anything else is decided.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "daemon/config/snapshot.h"
#include "daemon/loop/clock.h"
#include "daemon/loop/offload.h"
#include "daemon/pipeline/operator_notice.h"
#include "daemon/pipeline/past.h"
#include "daemon/pipeline/stage_times.h"
#include "daemon/pipeline/waiting_list.h"
#include "daemon/store/store.h"
#include "feeds/item.h"

namespace wirewatch::daemon {

struct LookedUp;
using DocumentPtr = std::shared_ptr<const feeds::ParsedFeed>;

// One answered poll, parsed, on its way to a decision.
struct Arrival {
  std::shared_ptr<const Snapshot> snapshot;
  FeedConfig feed;
  feeds::ParsedFeed parsed;         // left empty where there is:
  std::shared_ptr<LookedUp> ahead;  // what the function that ahead() made said of the document
  std::vector<std::string>
      sources;  // per item, for sources that carry several outlets; may be empty
  bool baseline = false;
  Span
      absent{};  // since the feed was last heard of, where two polls or more failed; catch_up_after
  std::chrono::steady_clock::time_point answered{};  // its last byte; for the figures alone
  // The feed's row after this poll, given how many items were new and whether any was known; empty
  // for what came without a poll: then the row stays as it is.
  std::function<FeedRow(std::size_t new_items, bool overlaps)> feed_row;
};

struct Taken {
  std::size_t items = 0;
  std::size_t fresh = 0;
  std::size_t edited = 0;
  std::size_t alerts = 0;
  std::size_t would_alert = 0;  // of a baseline
  std::size_t held = 0;         // look republished, and wait for the operator
  std::size_t dropped = 0;      // the same, beyond the bound of what is held
  std::size_t pages = 0;        // of the fresh and edited ones, those that wait for their page
  std::size_t renamed = 0;      // known texts under new names, when they are most of the document
};

// An item that waited and now has the text by which it is decided.
struct Settled {
  WaitingRow row;
  std::vector<std::string> notes;
  bool silent = false;  // placed and archived like an item of a baseline
};

struct PolicyBook;

class Engine {
 public:
  Engine(asio::any_io_executor loop, Clock& clock, Pool& pool, Store& store, StageTimes& times,
         std::function<void(const std::string& receiver)> wake_receiver);
  ~Engine();

  struct Hooks {
    // Items, durable by now, whose pages are to be fetched; decide_settled() is expected of each.
    std::function<void(std::vector<WaitingRow>)> fetch_pages;
    NoticeHook notice;
  };
  void set_hooks(Hooks hooks);

  // Fills the story index and the alerts in memory from the store.
  asio::awaitable<Result<void>> rebuild(const feeds::StoryLimits& limits);

  // The generation that decides from now on, also what was prepared under an earlier one. Other
  // story bounds than before: the memory is built anew.
  void set_snapshot(std::shared_ptr<const Snapshot> snapshot);

  // To be called now and then: a commit that failed elsewhere (a delivery's mark) stops the store
  // until told that nothing decided here is missing, and a rebuild that failed is tried again.
  void check_store();

  // What take() does first, for work that is in the pool already, which saves two changes of
  // threads: the known items, their texts and what matches. `arrival`: all but its document. To be
  // called once, by any thread; throws StoreFailure.
  using Ahead = std::function<std::shared_ptr<LookedUp>(DocumentPtr)>;
  Ahead ahead(Arrival arrival) const;

  // Durable when it returns without error. Errors: the store cannot be written or read. Throws
  // when cancelled before the decision, or StoreFailure when the known items cannot be read.
  asio::awaitable<Result<Taken>> take(Arrival arrival);

  // The second transaction of items that waited, in this order. Those that were edited or decided
  // meanwhile are left out. Durable when it returns without error.
  asio::awaitable<Result<Taken>> decide_settled(std::vector<Settled> settled);

  // Decides what is held of this feed (a key), in the order in which it came; `drop`: silently, so
  // that nobody is ever told of it. How many there were.
  asio::awaitable<Result<std::size_t>> release(std::string feed, bool drop);

  // Rules that were not there before: what of the archive they match is decided as of then, told as
  // one digest, and the rules are known from now on. How many alerts there were. Durable when it
  // returns without error.
  asio::awaitable<Result<std::size_t>> catch_up(std::shared_ptr<const Snapshot> snapshot,
                                                std::vector<PastMatch> past,
                                                std::vector<KnownRule> known);

  // Called with the deliveries of a document that are committed and due, in place of
  // `wake_receiver` for each of their receivers.
  void on_due(std::function<void(const std::vector<DeliveryRow>&)> send);
  // Called with the same while the commit is under way: what has to be ready by then can be made
  // ready, but nothing may be sent.
  void on_decided(std::function<void(const std::vector<DeliveryRow>&)> prepare);
  // To be called after deliveries were committed that wait for quiet hours or a digest.
  void on_holds(std::function<void()> wake);
  // Durable, and in force for the next decision, when they return without error.
  asio::awaitable<Result<void>> silence(rules::Silence silence);
  asio::awaitable<Result<void>> follow(FollowRow row);
  const PolicyBook& policy() const;

  const WaitingList& waiting() const;
  // To be called once the store has changed them, and no poll of these feeds is under way.
  void feed_keys_changed(const std::vector<FeedKeyChange>& changes);

  // A feed's state after a poll that brought no document. Durable when it returns without error.
  asio::awaitable<Result<void>> note(FeedRow row);
  // After one that brought nothing at all: durable soon (Store::commit_later).
  void note_later(FeedRow row);

  std::size_t stories_in_memory() const;

 private:
  struct Impl;
  std::shared_ptr<Impl> impl_;
};

}  // namespace wirewatch::daemon
