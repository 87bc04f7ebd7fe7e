// The part of an item's way that needs no memory of other items: it runs ahead, in the pool.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "daemon/config/snapshot.h"
#include "feeds/document.h"
#include "feeds/identity/identity.h"
#include "feeds/item.h"
#include "rules/match/rule_set.h"

namespace wirewatch::daemon {

struct Prepared {
  feeds::Identified identified;
  // Only of new and edited items:
  std::unique_ptr<feeds::Document> document;
  std::vector<feeds::Mention> mentions;
  std::vector<rules::RuleMatch> matches;
  Span age{};  // how long before now it was published
};

struct PrepareInput {
  std::shared_ptr<const Snapshot> snapshot;
  FeedConfig feed;
  std::shared_ptr<const feeds::ParsedFeed> parsed;
  std::vector<std::string> sources;
  std::vector<feeds::KnownItem> known;
  Instant now{};
};

// In the order in which the items should be decided.
std::vector<Prepared> prepare(const PrepareInput& input);

// The mentions and matches anew, under another generation.
void match_again(const Snapshot& snapshot, std::vector<Prepared>& prepared);

}  // namespace wirewatch::daemon
