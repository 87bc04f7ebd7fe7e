// One poll of one feed: ask, understand, hand on. The Poller decides when.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <deque>
#include <functional>
#include <memory>

#include "daemon/poll_queue.h"
#include "daemon/poller.h"
#include "daemon/replay.h"
#include "feeds/poll/budget.h"

namespace wirewatch::daemon {

// One delivery of a hub, until it is decided.
struct PushJob {
  PushJob(asio::any_io_executor loop, Clock& clock) : done(std::move(loop), clock) {}
  PushedDocument document;
  PushOutcome outcome = PushOutcome::busy;
  Bell done;
};

struct FeedSlot {
  PollTurn turn;
  FeedConfig config;
  FeedRow row;
  FeedHealth health;     // counts and warnings; the rest is filled in when asked
  feeds::Demand demand;  // its part of the budget
  bool unpaid = false;   // queued without regard to the budget
  bool polling = false;
  bool removed = false;                         // by a reload, while a poll was under way
  ReplayFile replay;                            // of a replay source …
  std::size_t released = 0;                     // … and how many of its entries were released
  std::deque<std::shared_ptr<PushJob>> pushes;  // that wait for their turn
};

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

// Returns with slot->row.state moved on (next_due in the future) and committed where that was
// possible; a failed commit leaves the old state, due again in half a minute.
asio::awaitable<void> poll_feed(PollTools tools, std::shared_ptr<const Snapshot> snapshot,
                                std::shared_ptr<FeedSlot> slot);

// The same for a replay source: releases its next entry.
asio::awaitable<void> poll_replay(PollTools tools, std::shared_ptr<const Snapshot> snapshot,
                                  std::shared_ptr<FeedSlot> slot);

}  // namespace wirewatch::daemon
