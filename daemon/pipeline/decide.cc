#include "daemon/pipeline/decide.h"

#include <algorithm>

#include "daemon/pipeline/correction.h"
#include "daemon/pipeline/merge.h"
#include "daemon/pipeline/split.h"
#include "daemon/pipeline/telling.h"
#include "daemon/pipeline/trace.h"
#include "daemon/receivers/message.h"
#include "feeds/text/document.h"
#include "rules/match/passage.h"
#include "rules/policy/policy.h"

namespace wirewatch::daemon {
namespace {

void write_alert(const rules::RuleDef& rule, BookedAlert alert, AlertBook& book, Commit& commit) {
  commit.alerts.push_back(row_of(alert));
  const std::string scope = alert.state.scope;
  book.put(rule, scope, std::move(alert));
}

void add_policy_facts(const DecideContext& context, const Prepared& prepared,
                      const rules::RuleMatch& match, const feeds::Placement& placement,
                      const BookedAlert* current, rules::ItemFacts& facts) {
  const rules::RuleDef& rule = context.snapshot.rules.rules()[match.rule];
  std::set<std::string> clauses;
  for (const rules::MatchSpan& span : match.spans) clauses.insert(span.clause);
  facts.clauses.assign(clauses.begin(), clauses.end());
  if (facts.edited && current != nullptr) {
    facts.corrected = correction_in(*prepared.document, match, *current);
    if (!facts.corrected.empty()) {
      facts.renamed = names_changed(context.snapshot.gazetteer, current->view.headline,
                                    headline_of(*prepared.document));
    }
  }
  const rules::SilenceFacts silence{rule.name, placement.story, context.feed, rule.severity,
                                    rule.was};
  facts.silenced = rules::silenced(context.policy.silences, silence, context.now);
  facts.followed = context.policy.followed.count(placement.story) > 0;
  if (rule.policy.rise)
    facts.rise = context.policy.volumes.rise(rule.name, context.then(), rule.was);
}

rules::ItemFacts facts_of(const DecideContext& context, const Prepared& prepared) {
  rules::ItemFacts facts;
  facts.item = prepared.document->id;
  facts.source = prepared.document->source;
  facts.baseline = context.baseline;
  facts.edited = prepared.identified.change == feeds::ItemChange::edited;
  facts.time = prepared.document->time;
  facts.first_seen = context.then();
  return facts;
}

// The alert after `decision`, on its way to the receivers where it tells anything.
void tell(const DecideContext& context, const Prepared& prepared, const rules::RuleMatch& match,
          const rules::Decision& decision, const BookedAlert* current, AlertBook& book,
          Commit& commit, std::set<std::string>& wake, DecideCounts& counts) {
  const rules::RuleDef& rule = context.snapshot.rules.rules()[match.rule];
  BookedAlert alert;
  alert.state = decision.state;
  alert.state.rule = rule.name;  // a renamed rule's alert goes on under the new name
  alert.view = view_of(context, prepared, match, decision, current);
  const bool first_told = current == nullptr || decision.action == rules::Action::alert;
  alert.created = first_told ? context.then() : current->created;
  alert.updated = alert.touched = context.now;
  if (decision.action != rules::Action::join) {
    add_deliveries(context, rule, alert.view, commit, wake, counts);
    if (decision.action == rules::Action::alert) ++counts.alerts;
  }
  write_alert(rule, std::move(alert), book, commit);
}

rules::Decision decide_rule(const DecideContext& context, const Prepared& prepared,
                            const rules::RuleMatch& match, const feeds::Placement& placement,
                            AlertBook& book, Commit& commit, std::set<std::string>& wake,
                            DecideCounts& counts) {
  const rules::RuleDef& rule = context.snapshot.rules.rules()[match.rule];
  const std::string scope = rules::scope_of(rule, placement, prepared.document->id);
  const BookedAlert* current = book.find(rule, scope);
  std::optional<rules::AlertState> state;
  if (current != nullptr) state = current->state;
  rules::ItemFacts facts = facts_of(context, prepared);
  add_policy_facts(context, prepared, match, placement, current, facts);
  const rules::Decision decision = rules::decide(rule, placement, facts, state, context.then());
  if (context.baseline) {
    facts.baseline = false;
    const rules::Decision otherwise = rules::decide(rule, placement, facts, state, context.now);
    if (otherwise.action == rules::Action::alert) {
      counts.would_alert.emplace(rule.name, placement.story);
    }
  }
  if (decision.action == rules::Action::none) return decision;
  tell(context, prepared, match, decision, current, book, commit, wake, counts);
  return decision;
}

// The rules, by name, whose alerts were told for this item: mostly none.
std::set<std::string> rules_that_told(const AlertBook& book, const feeds::Placement& placement,
                                      const std::string& item) {
  std::set<std::string> names;
  for (const std::string& scope : {placement.story, rules::scope_of_text(placement.copy_group),
                                   rules::scope_of_article(item)}) {
    for (const BookedAlert* alert : book.of_scope(scope)) {
      if (told_by(*alert, item)) names.insert(alert->state.rule);
    }
  }
  return names;
}

// An edit after which a rule does not match any more what it told of before.
void withdraw(const DecideContext& context, const Prepared& prepared,
              const feeds::Placement& placement, AlertBook& book, Commit& commit,
              std::set<std::string>& wake, DecideCounts& counts, std::vector<TracedRule>& traced) {
  const auto& rules = context.snapshot.rules.rules();
  const std::set<std::string> told = rules_that_told(book, placement, prepared.document->id);
  if (told.empty()) return;  // there may be 20,000 rules
  const auto is_told = [&told](const std::string& name) { return told.contains(name); };
  for (std::size_t i = 0; i < rules.size(); ++i) {
    const std::vector<std::string>& was = rules[i].was;
    if (!is_told(rules[i].name) && std::none_of(was.begin(), was.end(), is_told)) continue;
    const bool matches =
        std::any_of(prepared.matches.begin(), prepared.matches.end(),
                    [i](const rules::RuleMatch& match) { return match.rule == i; });
    if (matches || rules[i].only_named) continue;
    const BookedAlert* current =
        book.find(rules[i], rules::scope_of(rules[i], placement, prepared.document->id));
    if (current == nullptr || !told_by(*current, prepared.document->id)) continue;
    rules::RuleMatch none;
    none.rule = i;
    rules::ItemFacts facts = facts_of(context, prepared);
    add_policy_facts(context, prepared, none, placement, current, facts);
    const rules::Decision decision = rules::decide_unmatched(rules[i], facts, current->state);
    if (decision.action != rules::Action::none) {
      tell(context, prepared, none, decision, current, book, commit, wake, counts);
    }
    if (!decision.reason.empty()) traced.push_back({rules[i].name, none, decision});
  }
}

void count_match(const DecideContext& context, const std::string& rule, Commit& commit) {
  if (context.baseline) return;
  const std::int64_t hour = rules::hour_of(context.now);
  context.policy.volumes.add(rule, hour, 1);
  commit.hours.push_back({rule, hour, 1});
}

}  // namespace

ItemRow item_row(const DecideContext& context, const feeds::Identified& identified) {
  ItemRow item;
  item.id = identified.id;
  item.feed = context.feed;
  item.change = identified.change;
  item.revision = identified.revision;
  item.keys = identified.keys;
  item.sketch = identified.sketch;
  item.reason = identified.reason;
  item.first_seen = context.now;
  item.last_seen = context.now;
  return item;
}

void decide_item(const DecideContext& context, Prepared prepared, feeds::StoryIndex& stories,
                 AlertBook& book, Commit& commit, std::set<std::string>& wake,
                 DecideCounts& counts) {
  if (prepared.stored) return;
  commit.items.push_back(item_row(context, prepared.identified));
  if (prepared.identified.change == feeds::ItemChange::seen) return;
  decide_document(context, std::move(prepared), stories, book, commit, wake, counts);
}

void decide_document(const DecideContext& context, Prepared prepared, feeds::StoryIndex& stories,
                     AlertBook& book, Commit& commit, std::set<std::string>& wake,
                     DecideCounts& counts) {
  const feeds::Identified& identified = prepared.identified;
  ++(identified.change == feeds::ItemChange::fresh ? counts.fresh : counts.edited);

  count_match(context, std::string(), commit);
  DocumentRow row;
  const bool is_edit = identified.change == feeds::ItemChange::edited;
  row.placement = stories.place(*prepared.document, prepared.mentions, is_edit);
  row.features = stories.packed(prepared.document->id);
  for (const feeds::StoryMerge& merge : row.placement.merges)
    merge_alerts(context, merge, book, commit, wake, counts);
  if (row.placement.split)
    split_alerts(context, *row.placement.split, *prepared.document, book, commit);
  book.touch(row.placement.story, context.now);
  std::vector<TracedRule> traced;
  for (const rules::RuleMatch& match : prepared.matches) {
    count_match(context, context.snapshot.rules.rules()[match.rule].name, commit);
    const rules::Decision decision =
        decide_rule(context, prepared, match, row.placement, book, commit, wake, counts);
    traced.push_back({context.snapshot.rules.rules()[match.rule].name, match, decision});
  }
  if (is_edit && !context.baseline) {
    withdraw(context, prepared, row.placement, book, commit, wake, counts, traced);
  }
  row.input = input_of(*prepared.document);
  row.revision = identified.revision;
  row.first_seen = context.now;
  row.baseline = context.baseline;
  row.mentions = std::move(prepared.mentions);
  row.trace = trace_json(traced);
  if (!prepared.notes.empty()) {
    commit.notes.push_back({identified.id, identified.revision, std::move(prepared.notes)});
  }
  commit.documents.push_back(std::move(row));
}

void decide_past(const DecideContext& context, const Prepared& prepared, DocumentRow row,
                 AlertBook& book, Commit& commit, std::set<std::string>& wake,
                 DecideCounts& counts) {
  std::vector<TracedRule> traced;
  book.touch(row.placement.story, context.now);
  for (const rules::RuleMatch& match : prepared.matches) {
    const rules::Decision decision =
        decide_rule(context, prepared, match, row.placement, book, commit, wake, counts);
    traced.push_back({context.snapshot.rules.rules()[match.rule].name, match, decision});
  }
  row.trace = with_trace(row.trace, traced);
  commit.documents.push_back(std::move(row));
}

}  // namespace wirewatch::daemon
