#include "daemon/pipeline/merge.h"

#include <algorithm>
#include <utility>

#include "daemon/pipeline/telling.h"
#include "rules/policy/gates.h"

namespace wirewatch::daemon {
namespace {

// Of this name, or of one that it had before; null when it is gone.
const rules::RuleDef* rule_of(const DecideContext& context, const std::string& name) {
  for (const rules::RuleDef& rule : context.snapshot.rules.rules()) {
    const bool was = std::find(rule.was.begin(), rule.was.end(), name) != rule.was.end();
    if (rule.name == name || was) return &rule;
  }
  return nullptr;
}

void add_missing(std::vector<std::string>& list, const std::vector<std::string>& more) {
  for (const std::string& entry : more)
    if (std::find(list.begin(), list.end(), entry) == list.end()) list.push_back(entry);
}

void add_told(BookedAlert& alert, const BookedAlert& other) {
  add_missing(alert.state.sources, other.state.sources);
  add_missing(alert.state.copy_groups, other.state.copy_groups);
  for (const AlertSource& source : other.view.sources) {
    // What was told keeps its headline, whatever the count: it may be corrected.
    const rules::Report* const report = rules::report_of(other.state, source.item);
    const bool told = report != nullptr && report->told;
    const bool full = alert.view.sources.size() >= AlertView::most_sources;
    if ((told || !full) && rules::report_of(alert.state, source.item) == nullptr)
      alert.view.sources.push_back(source);
  }
  // What was told of either is no news of what they are together.
  add_missing(alert.state.clauses, other.state.clauses);
  if (alert.state.clauses.size() > rules::max_alert_clauses)
    alert.state.clauses.resize(rules::max_alert_clauses);
  if (other.state.revision > 0)
    alert.state.severity = std::max(alert.state.severity, other.state.severity);
  rules::add_reports(alert.state, other.state.reports);
  for (const rules::Heard& heard : other.state.heard) {
    rules::hear(alert.state, heard.copy_group, heard.time);
  }
}

void move_to(const std::string& story, Instant now, BookedAlert& alert) {
  alert.state.story = alert.state.scope = alert.view.story = story;
  alert.touched = now;
}

// The last that is heard of `alert`: that `other` goes on for it.
void point_to(const BookedAlert& other, const DecideContext& context, BookedAlert& alert) {
  alert.state.story = other.state.story;
  alert.view.story = other.state.story;
  alert.view.story_url = other.view.story_url;
  alert.view.kind = "merged";
  alert.view.reason = other.view.headline;
  alert.view.time = context.now;
  alert.updated = alert.touched = context.now;
}

}  // namespace

void merge_alerts(const DecideContext& context, const feeds::StoryMerge& merge, AlertBook& book,
                  Commit& commit, std::set<std::string>& wake, DecideCounts& counts) {
  commit.moves.push_back({merge.story, merge.into, {}, context.now});
  if (context.policy.followed.count(merge.story) > 0) {
    commit.follows.push_back({merge.into, context.now, std::string(), false});
    context.policy.followed.insert(merge.into);
  }
  for (rules::Silence& silence : context.policy.silences) {
    if (silence.story != merge.story) continue;
    silence.story = merge.into;
    commit.silences.push_back(silence);
  }
  for (BookedAlert& alert : book.take(merge.story)) {
    const rules::RuleDef* const rule = rule_of(context, alert.state.rule);
    const BookedAlert* const known =
        rule == nullptr ? book.find(alert.state.rule, merge.into) : book.find(*rule, merge.into);
    if (known == nullptr) {
      move_to(merge.into, context.now, alert);
      commit.alerts.push_back(row_of(alert));
      book.put(std::move(alert));
      continue;
    }
    BookedAlert other = *known;
    // Of one that was told and one that still waits, the told one goes on.
    if (other.state.revision == 0 && alert.state.revision > 0) {
      std::swap(alert, other);
      move_to(merge.into, context.now, other);
    }
    if (rule != nullptr) other.state.rule = other.view.rule = rule->name;
    add_told(other, alert);
    other.touched = context.now;
    point_to(other, context, alert);
    if (rule != nullptr && alert.state.revision > 0) {
      alert.view.revision = ++alert.state.revision;
      add_deliveries(context, *rule, alert.view, commit, wake, counts);
    }
    commit.alerts.push_back(row_of(alert));
    commit.alerts.push_back(row_of(other));
    if (rule == nullptr) {
      book.put(std::move(other));
    } else {
      book.put(*rule, merge.into, std::move(other));
    }
  }
}

}  // namespace wirewatch::daemon
