// From a match in a story to an alert: a pure decision with a named reason.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "feeds/stories/story_index.h"
#include "rules/match/rule_set.h"

namespace wirewatch::rules {

// At most this many reports are remembered for one alert: those told and the latest.
inline constexpr std::size_t max_alert_items = 1000;
inline constexpr std::size_t max_alert_clauses = 100;
inline constexpr std::size_t max_alert_heard = 200;

// A matching report that nobody was told of by itself.
struct Heard {
  Instant time{};  // first seen
  std::string copy_group;
  bool operator==(const Heard&) const = default;
};

// A report that the rule held for.
struct Report {
  std::string item;
  std::string copy_group;  // empty, like the rest, in what was stored before it was kept
  std::string source;
  Instant first_seen{};
  bool told = false;    // an alert was first told for it; of merged ones there are several
  bool counts = false;  // towards what a rule waits for: it was not too old, and no edit
  bool operator==(const Report&) const = default;
};

// How the reason of a correction begins that takes its report back.
inline constexpr std::string_view matches_no_longer = "corrected: the report matches no longer";

// What is kept for an alert, that is for (rule, scope, sequence number).
struct AlertState {
  std::string id;  // alert_id(rule, scope, sequence)
  std::string rule;
  std::string story;
  std::string scope;  // the story; "copy:…" or "item:…" where the rule alerts once per these
  std::uint32_t sequence = 1;
  std::uint32_t revision = 1;  // of the last message: 1 new, 2… updates; 0: nobody was told yet
  AlertSeverity severity = AlertSeverity::normal;  // of the last message
  std::vector<std::string> sources;                // outlets told so far, in order
  std::vector<std::string> copy_groups;            // independent texts told so far
  std::vector<Report> reports;       // the one that was told, then as they joined or were merged
  std::vector<std::string> clauses;  // that held in what was told, at most max_alert_clauses
  std::vector<Heard> heard;          // while it waits, and between material updates
};

// The report of the item, or null.
const Report* report_of(const AlertState& state, const std::string& item);
std::vector<std::string> items_of(const AlertState& state);  // by report
// Remembers a report, unless its item is known: at most max_alert_items, those told before others.
void add_report(AlertState& state, Report report);
// The same for many. What was told counts as told.
void add_reports(AlertState& state, const std::vector<Report>& reports);

std::string alert_id(const std::string& rule, const std::string& scope, std::uint32_t sequence);
// What a rule tells of once: the story, the copy group or the item.
std::string scope_of_text(const std::string& copy_group);
std::string scope_of_article(const std::string& item);
std::string scope_of(const RuleDef& rule, const feeds::Placement& placement,
                     const std::string& item);
// Sent as `webhook-id`: the same for the same revision and receiver after any restart.
std::string delivery_id(const std::string& alert, std::uint32_t revision,
                        const std::string& receiver);

struct ItemFacts {
  std::string item;
  std::string source;
  bool baseline = false;  // first fetch of its feed
  bool edited = false;    // a new revision of a known item
  Instant time{};         // published when sane, else first seen
  Instant first_seen{};
  std::vector<std::string> clauses;  // of the rule that held, once each
  std::string corrected;             // what an edit changed in what was told; empty: nothing
  std::string renamed;               // which names in the headline that changed; empty: none
  std::string silenced;              // why nobody may be told; empty: they may
  bool followed = false;             // somebody follows the story
  double rise = 0;                   // the rule's matches of the last hour against its own past
};

enum class Action : std::uint8_t { none, alert, update, join };  // join: recorded, nobody is told

struct Decision {
  Action action = Action::none;
  bool correction = false;  // of an update
  std::string reason;  // stable, readable: "first report", "baseline", "older than max_age 3d", …
  AlertState state;    // after the decision; meaningful unless `none`
};

// `current`: the latest alert of this rule for this scope, if any. The item has matched `rule`.
// Nobody is told of an item of a baseline, one older than the rule's max_age, or an edited one that
// matches since; nor, once the story has an alert, of a copy of what was told or a further report
// of a told source.
// A new source with a text of its own is an update, unless the rule wants none. A rule that waits
// (min_sources, at_least, rise), or is silenced, keeps a state of revision 0 until it may tell.
Decision decide(const RuleDef& rule, const feeds::Placement& placement, const ItemFacts& facts,
                const std::optional<AlertState>& current, Instant now);

// The report that `current` was made from was edited, and the rule does not match it any more: a
// correction, or `none` where nobody is to be told or nothing of what was told has changed.
Decision decide_unmatched(const RuleDef& rule, const ItemFacts& facts, const AlertState& current);

}  // namespace wirewatch::rules
