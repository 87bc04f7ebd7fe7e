// From a prepared item to what has to be committed: story, alerts, deliveries, trace.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <utility>

#include "daemon/config/snapshot.h"
#include "daemon/pipeline/alert_book.h"
#include "daemon/pipeline/policy_book.h"
#include "daemon/pipeline/prepare.h"
#include "feeds/stories/story_index.h"

namespace wirewatch::daemon {

struct DecideContext {
  const Snapshot& snapshot;
  const std::string& feed;  // key
  bool baseline = false;
  Instant now{};
  PolicyBook& policy;
  Span absent{};  // how long the feed was not heard of before this; from catch_up_after on, what it
                  // tells of goes out as one digest
  // Of a document that was in the archive before the rule was: when it was decided, and how far
  // back the rule is caught up. What it tells goes out as one digest.
  struct Past {
    Instant decided{};
    Span caught_up{};
  };
  std::optional<Past> past{};

  Instant then() const { return past ? past->decided : now; }
};
inline constexpr Span catch_up_after = std::chrono::hours(12);

struct DecideCounts {
  std::size_t fresh = 0;
  std::size_t edited = 0;
  std::size_t alerts = 0;
  bool holds = false;  // some deliveries wait for quiet hours or a digest
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

// A document of the archive under rules that were not there when it came, each of `prepared`'s
// matches: decided as of then. `row` gets what was decided added to its trace.
void decide_past(const DecideContext& context, const Prepared& prepared, DocumentRow row,
                 AlertBook& book, Commit& commit, std::set<std::string>& wake,
                 DecideCounts& counts);

// What the store remembers of an item by which it is known again.
ItemRow item_row(const DecideContext& context, const feeds::Identified& identified);

}  // namespace wirewatch::daemon
