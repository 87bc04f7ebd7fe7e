#include "daemon/store/rows.h"

namespace wirewatch::daemon {

// Every list by its name: with one more this does not compile until it has its place here.
CommitKind kind_of(const Commit& commit) {
  const auto& [feeds, items, documents, moves, alerts, deliveries, marks, subscriptions,
               subscriptions_ended, waiting, waited, notes, publishers, feed_keys, receiver_notes,
               silences, follows, verdicts, hours, known_rules] = commit;
  const bool people = !silences.empty() || !follows.empty() || !verdicts.empty();
  const bool beside = people || !subscriptions.empty() || !subscriptions_ended.empty() ||
                      !notes.empty() || !publishers.empty() || !feed_keys.empty() ||
                      !receiver_notes.empty() || !known_rules.empty();
  CommitKind kind;
  kind.remembered = !documents.empty() || !moves.empty() || !alerts.empty() || !waiting.empty() ||
                    !waited.empty() || !hours.empty();
  kind.decides = kind.remembered || !feeds.empty() || !items.empty() || !deliveries.empty();
  kind.marks_alone = !kind.decides && !beside && !marks.empty();
  return kind;
}

}  // namespace wirewatch::daemon
