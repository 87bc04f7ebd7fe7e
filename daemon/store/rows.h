// What the store keeps, as values. See docs/architecture.md for the tables.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "feeds/document.h"
#include "feeds/identity/identity.h"
#include "feeds/identity/publisher.h"
#include "feeds/poll/poll.h"
#include "feeds/poll/websub.h"
#include "feeds/stories/story_index.h"
#include "rules/policy/policy.h"
#include "rules/policy/silence.h"
#include "rules/policy/volume.h"

namespace wirewatch::daemon {

struct FeedRow {
  std::string key;  // URL or explicit id
  std::string name;
  std::string title;  // what the feed calls itself
  feeds::PollState state;
};

// The state of a feed goes on under another key.
struct FeedKeyChange {
  std::string from;
  std::string to;
};

// An item that was new, edited or seen again. `seen` ones only move `last_seen` (and add keys).
struct ItemRow {
  std::string id;
  std::string feed;
  feeds::ItemChange change = feeds::ItemChange::fresh;
  std::uint32_t revision = 1;
  feeds::ItemKeys keys;
  feeds::TextSketch sketch;
  std::string reason;  // why it is or is not new
  Instant first_seen{};
  Instant last_seen{};
};

// One revision of an item as it was matched and placed: the archive.
struct DocumentRow {
  feeds::DocumentInput input;  // id, feed, source, url, language, title, text (cleaned), time …
  std::uint32_t revision = 1;
  Instant first_seen{};
  bool baseline = false;
  std::vector<feeds::Mention> mentions;
  feeds::Placement placement;
  std::string features;  // feeds/stories/packed.h; written, and read by Reader::placed alone
  std::string trace;     // JSON: per rule what held and what was decided, with the named reason
};

// What stories remember of a document's last revision.
struct PlacedRow {
  std::string item;
  std::uint32_t revision = 1;
  Instant time{};
  feeds::Placement placement;  // without `why`
  std::string features;        // empty: written before features were kept
};

// Documents of the story `from`, those of the same commit included, belong to `into`.
struct MoveRow {
  std::string from;
  std::string into;
  std::vector<std::string> documents;  // that left it; empty: all, and `from` is no more
  Instant time{};
};

// What an item that is known but not decided waits for.
enum class WaitingFor : std::uint8_t {
  article,   // its page, for a moment
  operator_  // it looks republished: held until the operator releases or drops it
};

// One such item, its newest revision, with all that its decision needs.
struct WaitingRow {
  feeds::DocumentInput input;  // as the feed gave it, `text` in full
  std::uint32_t revision = 1;
  bool edited = false;  // an earlier revision was decided
  WaitingFor what = WaitingFor::article;
  std::string reason;  // why it is held
  Instant since{};     // when its first waiting revision was committed
  Span absent{};       // how long its feed had not been heard of: Arrival::absent
};

// The same without its text: for lists in memory.
struct WaitingEntry {
  std::string item;
  std::string feed;
  std::uint32_t revision = 1;
  bool edited = false;
  WaitingFor what = WaitingFor::article;
  Instant since{};
  Span absent{};
};

// What happened on an item's way that is no rule's doing, in users' words: `why` tells it.
struct NoteRow {
  std::string item;
  std::uint32_t revision = 1;
  std::vector<std::string> notes;
};

struct PublisherRow {
  std::string feed;  // key
  feeds::Publisher publisher;
};

struct AlertRow {
  rules::AlertState state;
  std::string severity;
  std::string headline;
  std::string url;
  std::string reason;
  std::string view;  // the last AlertView as JSON: later revisions are made from it
  Instant created{};
  Instant updated{};
};

enum class DeliveryState : std::uint8_t {
  pending,
  delivered,
  dead,
  held,       // until quiet hours end: `next_attempt`
  collected,  // for a digest that goes out at `next_attempt`
  absorbed,   // told in a digest, or silenced for this receiver: `answer` says which
};
std::string_view to_string(DeliveryState state);

struct DeliveryRow {
  std::string id;  // rules::delivery_id
  std::string alert;
  std::uint32_t revision = 1;
  std::string receiver;
  std::string feed{};   // key, of the report that it tells of; empty: not known
  std::string payload;  // AlertView as JSON
  DeliveryState state = DeliveryState::pending;
  std::uint32_t attempts = 0;
  std::uint32_t unanswered = 0;  // of these: sent whole, and nothing was said
  Instant created{};
  Instant next_attempt{};
  std::optional<Instant> finished;
  std::string answer;    // the last answer or failure, one line
  std::string handle{};  // how the service calls the message; empty: it does not say
};

// What stands as the answer of a delivery that a digest told of; `digest`: its delivery's id, of
// which the beginning is kept.
inline constexpr std::size_t digest_name_size = 12;
inline std::string told_in_digest(const std::string& digest) {
  return "told in digest " + digest.substr(0, digest_name_size);
}

// After an attempt.
struct DeliveryMark {
  std::string id{};
  DeliveryState state = DeliveryState::pending;
  std::uint32_t attempts = 0;
  Instant next_attempt{};
  std::optional<Instant> finished{};
  std::string answer{};
  std::string handle{};
  std::uint32_t unanswered = 0;
  std::string payload{};  // as it was sent, where that is not what is stored; else empty
};

// What a receiver is to remember over restarts, in its kind's own form.
struct ReceiverNote {
  std::string receiver;
  std::string note;
};

struct VerdictRow {
  std::string alert;
  Instant at{};
  bool good = true;
  std::string note;
  std::string who;
};

struct FollowRow {
  std::string story;
  Instant since{};
  std::string who;
  bool end = false;  // in a commit: follow it no longer
};

struct RuleHour {
  std::string rule;
  std::int64_t hour = 0;  // since 1970
  std::uint32_t matched = 0;
};

// A rule that has been live: a later one of its name is not new.
struct KnownRule {
  std::string rule;
  Instant since{};
};

// A feed's subscription at its hub.
struct SubscriptionRow {
  std::string token;  // names it; a secret
  std::string feed;   // the feed's key
  feeds::Subscription state;
};

// Everything that one step decided; applied in one transaction.
struct Commit {
  std::vector<FeedRow> feeds;  // insert or replace
  std::vector<ItemRow> items;
  std::vector<DocumentRow> documents;
  std::vector<MoveRow> moves;           // applied after the documents, in this order
  std::vector<AlertRow> alerts;         // insert or replace
  std::vector<DeliveryRow> deliveries;  // insert; an id that exists is left as it is
  std::vector<DeliveryMark> marks;
  std::vector<SubscriptionRow> subscriptions;    // insert or replace
  std::vector<std::string> subscriptions_ended;  // tokens
  std::vector<WaitingRow> waiting;               // insert, or replace the item's earlier one
  std::vector<std::string> waited;               // items that wait no longer
  std::vector<NoteRow> notes;                    // insert or replace
  std::vector<PublisherRow> publishers;          // insert or replace
  std::vector<FeedKeyChange> feed_keys;          // update; one whose new key has a state stays
  std::vector<ReceiverNote> receiver_notes;      // insert or replace
  std::vector<rules::Silence> silences;          // insert or replace
  std::vector<FollowRow> follows;                // insert, replace or delete
  std::vector<VerdictRow> verdicts;              // insert
  std::vector<RuleHour> hours;                   // added to what stands there
  std::vector<KnownRule> known_rules;            // insert; one that is known stays as it is
};

// What rests on a commit.
struct CommitKind {
  bool remembered = false;  // what memory decides from moved with it: stories, alerts, what waits
  bool decides = false;     // the same, and what polls learned: what comes behind rests on it
  bool marks_alone = false;
};
CommitKind kind_of(const Commit& commit);

}  // namespace wirewatch::daemon
