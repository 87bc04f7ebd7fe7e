// Questions to the store, answered synchronously from one read-only connection. The daemon asks
// through Store::read; verbs ask directly when no daemon runs. Every question sees all commits that
// were finished before it, and leaves no snapshot open behind it. All of them throw StoreFailure
// (failure.h) when the disk fails or the file is damaged.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "daemon/store/failure.h"
#include "daemon/store/rows.h"

namespace wirewatch::daemon {

struct AlertFilter {
  std::vector<std::string> rules{};  // the names of one, today's and earlier; none: any
  std::string story{};               // empty: any
  std::optional<Instant> since{};
  std::size_t limit = 100;
  bool waiting = false;  // those of which nobody was told yet as well
};

struct DeliveryFilter {
  std::string id{};        // its first characters; empty: any
  std::string alert{};     // empty: any
  std::string receiver{};  // empty: any
  std::optional<DeliveryState> state{};
  std::optional<Instant> since{};  // created at or after
  std::optional<Instant> until{};
  std::size_t limit = 1000;
};

// Under which rule and of which story an alert is.
struct AlertPlace {
  std::string rule;
  std::string story;
};

struct DueDeliveries {
  std::vector<DeliveryRow> rows;
  std::optional<Instant> next;
  std::vector<DeliveryMark> kept_back{};  // of what was silenced since it was to be sent
};

// What a receiver needs to edit or answer an earlier message.
struct FollowUp {
  std::string first;  // handle of the first message of the alert; empty: none
  std::string note;   // of the receiver; empty: none
  // The first revisions of the alert that were kept back there, and that were not; 0: none.
  std::uint32_t first_kept = 0;
  std::uint32_t first_told = 0;
  // The first revision that is for another receiver, of the time that is asked about; 0: none.
  std::uint32_t first_elsewhere = 0;
};

// What policies have to remember over a restart.
struct PolicyMemory {
  std::vector<rules::Silence> silences;  // that have not ended
  std::vector<FollowRow> follows;
  std::vector<RuleHour> hours;  // of the past week
  struct Sent {
    std::string rule, receiver;
    Instant at{};
  };
  std::vector<Sent> sent;                                // of the past day, oldest first
  std::vector<std::pair<std::string, Instant>> digests;  // receiver and when its next goes out
};

// A verdict and what it is about.
struct JudgedAlert {
  VerdictRow verdict;
  std::string rule;
  std::string headline;
};

// What the archive still holds of a receiver's deliveries.
struct ReceiverCounts {
  std::string receiver;
  std::uint64_t pending = 0;
  std::uint64_t dead = 0;
  std::string answer;  // the newest of these; empty: none was tried
};

struct StoreCounts {
  std::uint64_t feeds = 0, items = 0, documents = 0, stories = 0, alerts = 0;
  std::uint64_t pending = 0, delivered = 0, dead = 0;
  std::uint64_t held = 0;                   // for quiet hours to end, or for a digest
  std::vector<ReceiverCounts> receivers{};  // by name; those without any are not there
};

// A remembered item as it is stored.
struct KnownRow {
  std::int64_t row = 0;
  feeds::KnownItem item;
  Instant last_seen{};
};

struct KnownItems {
  std::vector<feeds::KnownItem> items;
  // By what was asked: the one item that each of its keys leads to, and no other; null: several, or
  // a key that nobody has.
  std::vector<std::shared_ptr<const KnownRow>> alone;
};

class Reader {
 public:
  // Opens wirewatch.db in `folder` read-only. Errors: not there, not readable, newer schema, older
  // schema (a starting daemon migrates), damaged.
  static Result<std::unique_ptr<Reader>> open(const std::string& folder);
  ~Reader();

  std::vector<FeedRow> feeds();
  // Remembered items of the feed that share a key with any of `keys`, each item once, oldest first.
  // An item that came under several keys of a kind is given with the one that was asked for. Of
  // items that share one key, at most the newest 100 count. `had` is as long as `keys`, or empty:
  // what an earlier answer said is alone under all of one's keys, which is then not asked again.
  KnownItems known_items(const std::string& feed, const std::vector<feeds::ItemKeys>& keys,
                         const std::vector<std::shared_ptr<const KnownRow>>& had = {});
  std::optional<ItemRow> item(const std::string& id);
  std::vector<DocumentRow> item_documents(const std::string& item);  // all revisions, oldest first
  // In order of placement; of a story that was merged into another, the documents of that one.
  std::vector<DocumentRow> story_documents(const std::string& story);
  // Those first seen or dated at or after `since`, in order of placement, until `take` returns
  // false. Reads in small batches; `take` may ask this reader other questions.
  void documents_since(Instant since, const std::function<bool(const DocumentRow&)>& take);

  // What stories remember of documents, without reading their texts, in order of placement: all
  // from the first on that is dated or was first seen within `window` of the newest, and the last
  // `least` whatever their age. So a memory that is filled with them forgets from there on as one
  // would that was never emptied.
  void placed(Instant now, Span window, std::size_t least,
              const std::function<bool(const PlacedRow&)>& take);

  std::vector<AlertRow> alerts(const AlertFilter& filter);  // newest first
  std::optional<AlertRow> alert(const std::string& id);     // an unambiguous prefix is enough
  std::vector<std::string> stories_with_alerts();           // whether told or not
  // Alerts whose story may still grow: updated at or after `since`.
  std::vector<AlertRow> open_alerts(Instant since);
  std::vector<DeliveryRow> deliveries(const DeliveryFilter& filter);  // oldest first
  // Pending for that receiver, oldest first.
  std::vector<DeliveryRow> pending(const std::string& receiver, std::size_t limit);
  // What of these may be sent at `now`, oldest first, and when the next of the others may. What was
  // never tried is due whatever its time says, and so is what waits for longer than any schedule:
  // the wall clock may have been set back.
  DueDeliveries due(const std::string& receiver, Instant now, std::size_t limit);
  std::vector<std::pair<std::string, std::uint64_t>> pending_by_receiver();  // by name
  // Held and collected deliveries that are due at `now`, by receiver, oldest first; and the instant
  // at which the next of the others are.
  DueDeliveries due_holds(Instant now, std::size_t limit);
  // Held ones that are due later than at `now`, oldest first, behind the delivery `after`; empty:
  // from the oldest on.
  std::vector<DeliveryRow> held_for_later(Instant now, const std::string& after, std::size_t limit);
  // By its whole id. Of a story that was merged into another: that one.
  std::optional<AlertPlace> place_of_alert(const std::string& alert);
  PolicyMemory policy_memory(Instant now);
  std::vector<rules::Silence> silences(Instant now);  // that have not ended, the newest first
  std::vector<VerdictRow> verdicts(const std::string& alert);
  std::vector<JudgedAlert> judged(Instant since);  // at or after, the newest verdict first
  std::set<std::string> known_rules();
  // What a digest told of, by the beginning of its delivery's id; in order of their creation.
  std::vector<AlertRow> alerts_in_digest(const std::string& digest);
  // `known_since`: of others' messages those made before it do not count, as this receiver's own
  // of that time may be forgotten (Retention::max_age).
  FollowUp follow_up(const std::string& alert, const std::string& receiver, Instant known_since);
  // The last revisions of items whose id begins with, or whose link or title contains `text`
  // (ASCII letters in any case); newest first.
  std::vector<DocumentRow> find_items(const std::string& text, std::size_t limit);
  std::vector<SubscriptionRow> subscriptions();  // at WebSub hubs, of all feeds

  // Items that wait, in the order in which they came.
  std::vector<WaitingEntry> waiting_entries();
  // `feed`: a key; empty: of all feeds.
  std::vector<WaitingRow> waiting(WaitingFor what, const std::string& feed, std::size_t limit);
  // As find_items, of those that wait; newest first.
  std::vector<WaitingRow> find_waiting(const std::string& text, std::size_t limit);
  std::vector<std::string> notes(const std::string& item, std::uint32_t revision);
  feeds::Publisher publisher(const std::string& feed);  // nothing learned: all zero
  // Sketches of the newest remembered items of a feed.
  std::vector<feeds::TextSketch> recent_texts(const std::string& feed, std::size_t limit);

  StoreCounts counts();
  std::uint64_t document_bytes();  // that the archive takes, about

 private:
  struct Impl;
  explicit Reader(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace wirewatch::daemon
