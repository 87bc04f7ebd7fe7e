// From a prepared item to what has to be committed: story, alerts, deliveries, trace.
#pragma once

#include <set>
#include <string>
#include <utility>

#include "daemon/config/snapshot.h"
#include "daemon/pipeline/alert_book.h"
#include "daemon/pipeline/prepare.h"
#include "feeds/stories/story_index.h"

namespace wirewatch::daemon {

struct DecideContext {
  const Snapshot& snapshot;
  const std::string& feed;  // key
  bool baseline = false;
  Instant now{};
};

struct DecideCounts {
  std::size_t fresh = 0;
  std::size_t edited = 0;
  std::size_t alerts = 0;
  std::set<std::pair<std::string, std::string>> would_alert;  // (rule, story), of a baseline
};

// Appends to `commit`, moves `stories` and `book` on, and names the receivers to wake. Serial and
// cheap; equal inputs give equal outputs.
void decide_item(const DecideContext& context, Prepared prepared, feeds::StoryIndex& stories,
                 AlertBook& book, Commit& commit, std::set<std::string>& wake,
                 DecideCounts& counts);

// The same for an item whose keys are stored already, since it waited until now.
void decide_document(const DecideContext& context, Prepared prepared, feeds::StoryIndex& stories,
                     AlertBook& book, Commit& commit, std::set<std::string>& wake,
                     DecideCounts& counts);

// What the store remembers of an item by which it is known again.
ItemRow item_row(const DecideContext& context, const feeds::Identified& identified);

}  // namespace wirewatch::daemon
