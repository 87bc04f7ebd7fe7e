// One poll of one feed: ask, understand, hand on. The Poller decides when.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <functional>
#include <memory>

#include "daemon/polling/feed_health.h"
#include "daemon/polling/poll_queue.h"
#include "daemon/polling/poller.h"
#include "daemon/polling/replay.h"
#include "feeds/poll/budget.h"

namespace wirewatch::daemon {

// One delivery of a hub, until it is decided.
struct PushJob {
  PushJob(asio::any_io_executor loop, Clock& clock) : done(std::move(loop), clock) {}
  PushedDocument document;
  PushOutcome outcome = PushOutcome::busy;
  Bell done;
};

struct ReplayProgress {
  ReplayFile file;
  std::size_t released = 0;  // of its entries
};

// What is in memory of a feed. There may be 100,000: what few feeds have stands apart, and the
// config is the snapshot's own (its pointer keeps that snapshot).
struct FeedSlot : std::enable_shared_from_this<FeedSlot> {
  PollTurn turn;
  std::shared_ptr<const FeedConfig> config;
  std::string title;  // what the feed calls itself
  feeds::PollState state;
  feeds::Demand demand;         // its part of the budget
  std::uint64_t polls = 0;      // since start …
  std::uint64_t items = 0;      // … and items, new or edited
  std::size_t would_alert = 0;  // what the baseline would have alerted
  bool unpaid = false;          // queued without regard to the budget
  bool polling = false;
  bool removed = false;                          // by a reload, while a poll was under way
  std::vector<std::string> warnings;             // of the last document
  std::vector<std::shared_ptr<PushJob>> pushes;  // that wait for their turn, the oldest first
  std::unique_ptr<ReplayProgress> replay;        // of a replay source that was read
};

FeedRow row_of(const FeedSlot& slot);
void keep_row(FeedSlot& slot, FeedRow row);  // its title and state
FeedHealth health_of(const FeedSlot& slot);

struct PollTools {
  Clock& clock;
  Fetcher& http;
  Pool& pool;
  Engine& engine;
  StageTimes& times;
  std::function<double()>& random;
  feeds::Budget& budget;
  Hubs* hubs = nullptr;  // null: no hub is ever asked
};

// What a feed's config alone says of its polls: where and how often, not how it is asked.
feeds::PollWishes rhythm_of(const FeedConfig& config);

// Returns with slot->state moved on (next_due in the future) and committed where that was
// possible; a failed commit leaves the old state, due again in half a minute.
asio::awaitable<void> poll_feed(PollTools tools, std::shared_ptr<const Snapshot> snapshot,
                                std::shared_ptr<FeedSlot> slot);

// The same for a replay source: releases its next entry.
asio::awaitable<void> poll_replay(PollTools tools, std::shared_ptr<const Snapshot> snapshot,
                                  std::shared_ptr<FeedSlot> slot);

}  // namespace wirewatch::daemon
