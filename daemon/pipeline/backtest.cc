#include "daemon/pipeline/backtest.h"

#include <map>
#include <set>
#include <tuple>

#include "feeds/text/document.h"

namespace wirewatch::daemon {
namespace {

using Key = std::tuple<std::string, std::string, std::uint32_t>;

// A rule's name now, by each name that it had.
std::map<std::string, std::string> names_now(const Snapshot& a, const Snapshot& b) {
  std::map<std::string, std::string> names;
  for (const Snapshot* snapshot : {&a, &b}) {
    for (const rules::RuleDef& rule : snapshot->rules.rules()) {
      for (const std::string& was : rule.was) names[was] = rule.name;
    }
  }
  return names;
}

Key key_of(const WouldAlert& alert, const std::map<std::string, std::string>& names) {
  const auto now = names.find(alert.rule);
  return {now == names.end() ? alert.rule : now->second, alert.story, alert.sequence};
}

std::string first_line(const feeds::Document& document) {
  return document.title.empty() ? document.text.substr(0, document.text.find('\n'))
                                : document.title;
}

}  // namespace

void Backtest::take(const DocumentRow& row) {
  const feeds::Document document = feeds::make_document(row.input);
  const auto mentions = snapshot_.gazetteer.find(document);
  const Span age = row.first_seen - document.time;
  matched_.resize(snapshot_.rules.rules().size());
  book_.touch(row.placement.story, row.first_seen);
  for (const rules::RuleMatch& match : snapshot_.rules.match(document, mentions, age)) {
    if (row.first_seen >= since_) ++matched_[match.rule];
    decide(row, document, match);
  }
}

void Backtest::decide(const DocumentRow& row, const feeds::Document& document,
                      const rules::RuleMatch& match) {
  const rules::RuleDef& rule = snapshot_.rules.rules()[match.rule];
  const BookedAlert* const current = book_.find(rule, row.placement.story);
  std::optional<rules::AlertState> state;
  if (current != nullptr) state = current->state;
  rules::ItemFacts facts;
  facts.item = document.id;
  facts.source = document.source;
  facts.baseline = row.baseline;
  facts.edited = row.revision > 1;
  facts.time = document.time;
  facts.first_seen = row.first_seen;
  const rules::Decision decision = rules::decide(rule, row.placement, facts, state, row.first_seen);
  if (decision.action == rules::Action::none) return;
  BookedAlert booked;
  booked.state = decision.state;
  booked.created = booked.updated = booked.touched = row.first_seen;
  book_.put(rule, row.placement.story, std::move(booked));
  if (row.first_seen < since_) return;
  if (decision.action == rules::Action::update) ++updates_;
  if (decision.action != rules::Action::alert) return;
  WouldAlert& alert = alerts_.emplace_back();
  alert.rule = rule.name;
  alert.story = row.placement.story;
  alert.sequence = decision.state.sequence;
  alert.item = document.id;
  alert.headline = first_line(document);
  alert.source = document.source;
  alert.url = document.url;
  alert.severity = std::string(rules::to_string(rule.severity));
  alert.reason = decision.reason;
  alert.time = row.first_seen;
}

std::vector<WouldAlert> missing_from(const std::vector<WouldAlert>& a,
                                     const std::vector<WouldAlert>& b, const Snapshot& one,
                                     const Snapshot& other) {
  const auto names = names_now(one, other);
  std::set<Key> there;
  for (const WouldAlert& alert : b) there.insert(key_of(alert, names));
  std::vector<WouldAlert> missing;
  for (const WouldAlert& alert : a) {
    if (there.count(key_of(alert, names)) == 0) missing.push_back(alert);
  }
  return missing;
}

}  // namespace wirewatch::daemon
