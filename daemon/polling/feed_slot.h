// What the poller keeps in memory of a feed.
#pragma once

#include <memory>
#include <string>
#include <vector>

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

}  // namespace wirewatch::daemon
