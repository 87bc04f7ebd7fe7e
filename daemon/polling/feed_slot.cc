#include "daemon/polling/feed_slot.h"

#include <algorithm>

namespace wirewatch::daemon {

FeedRow row_of(const FeedSlot& slot) {
  return FeedRow{slot.config->key, slot.config->name, slot.title, slot.state};
}

void keep_row(FeedSlot& slot, FeedRow row) {
  slot.title = std::move(row.title);
  slot.state = std::move(row.state);
}

FeedHealth health_of(const FeedSlot& slot) {
  const FeedConfig& config = *slot.config;
  FeedHealth health;
  health.key = config.key;
  health.name = config.name;
  health.url = config.replay.empty() ? config.url : "replay:" + config.replay;
  health.title = slot.title;
  health.state = slot.state;
  // What has to wait for others is polled later.
  const bool waits = slot.turn.place != PollTurn::Place::out;
  if (waits) health.state.next_due = std::max(health.state.next_due, slot.turn.starts);
  health.polling = slot.polling;
  health.polls = slot.polls;
  health.items = slot.items;
  health.would_alert = slot.would_alert;
  const Replay* const replay = slot.replay ? slot.replay->file.replay.get() : nullptr;
  health.finished = replay != nullptr && slot.state.baseline_done && slot.state.failures == 0 &&
                    slot.replay->released >= replay->entries.size();
  health.warnings = slot.warnings;
  return health;
}

}  // namespace wirewatch::daemon
