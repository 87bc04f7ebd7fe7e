// The part of an item's way that needs no memory of other items: it runs ahead, in the pool.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "daemon/config/snapshot.h"
#include "daemon/store/rows.h"
#include "feeds/document.h"
#include "feeds/identity/identity.h"
#include "feeds/identity/keys.h"
#include "feeds/identity/publisher.h"
#include "feeds/item.h"
#include "rules/match/rule_set.h"

namespace wirewatch::daemon {

struct Prepared {
  feeds::Identified identified;
  bool stored = false;  // seen, and the store says all of it already
  // Only of new and edited items that are decided now:
  std::unique_ptr<feeds::Document> document;
  std::vector<feeds::Mention> mentions;
  std::vector<rules::RuleMatch> matches;
  Span age{};  // how long before now it was published
  // Only of those that are not: what they wait for.
  std::optional<WaitingRow> waits;
  std::vector<std::string> notes;
};

struct PrepareInput {
  std::shared_ptr<const Snapshot> snapshot;
  FeedConfig feed;
  std::shared_ptr<const feeds::ParsedFeed> parsed;
  std::vector<std::string> sources;
  std::vector<feeds::ItemKeys> keys;  // of the parsed items
  std::vector<feeds::KnownItem> known;
  feeds::Publisher publisher;
  // Sketches of the feed's remembered items; only asked for where a document brings too many.
  std::optional<std::vector<feeds::TextSketch>> recent;
  std::size_t room = 0;  // for items that wait for their page
  bool baseline = false;
  Instant now{};
};

struct PreparedDocument {
  bool needs_recent = false;    // nothing was done: ask for `recent` and prepare again
  std::vector<Prepared> items;  // in the order in which they should be decided
  feeds::Publisher publisher;   // after this document
  std::size_t renamed = 0;      // known texts under new names, when they are most of the document
};

PreparedDocument prepare(const PrepareInput& input);

// An item whose text is settled, as the last step of prepare() makes it.
Prepared prepare_settled(const Snapshot& snapshot, const WaitingRow& row);

// What a document was made of, as the archive and the waiting room keep it; its text is cleaned.
feeds::DocumentInput input_of(const feeds::Document& document);

// The mentions and matches anew, under another generation.
void match_again(const Snapshot& snapshot, std::vector<Prepared>& prepared);

}  // namespace wirewatch::daemon
