#include "rules/policy/policy.h"

#include <fmt/format.h>

#include <algorithm>
#include <unordered_map>

#include "feeds/hash.h"
#include "rules/policy/gates.h"

namespace wirewatch::rules {
namespace {

bool contains(const std::vector<std::string>& list, const std::string& wanted) {
  return std::find(list.begin(), list.end(), wanted) != list.end();
}

void add(std::vector<std::string>& list, const std::string& value) {
  if (!value.empty() && !contains(list, value)) list.push_back(value);
}

// As people write it in the config: the largest unit that divides it.
std::string age_text(Span span) {
  using namespace std::chrono;
  const auto total = duration_cast<seconds>(span).count();
  if (total % 86400 == 0) return fmt::format("{}d", total / 86400);
  if (total % 3600 == 0) return fmt::format("{}h", total / 3600);
  if (total % 60 == 0) return fmt::format("{}m", total / 60);
  return fmt::format("{}s", total);
}

Report report_from(const feeds::Placement& placement, const ItemFacts& facts, bool counts) {
  return {facts.item, placement.copy_group, facts.source, facts.first_seen, false, counts};
}

// Of those not told the oldest go first; the first and the newest stay.
void shorten(AlertState& state) {
  std::vector<Report>& all = state.reports;
  if (all.size() <= max_alert_items) return;
  std::size_t more = all.size() - max_alert_items;
  for (const bool also_told : {false, true}) {
    const auto gone = std::remove_if(all.begin() + 1, all.end() - 1, [&](const Report& one) {
      if (more == 0 || (one.told && !also_told)) return false;
      --more;
      return true;
    });
    all.erase(gone, all.end() - 1);
  }
}

// The report that the alert is told for comes before those that were waited with.
void add_told(AlertState& state, Report report) {
  const std::string item = report.item;
  add_report(state, std::move(report));
  const auto told = std::find_if(state.reports.begin(), state.reports.end(),
                                 [&](const Report& one) { return one.item == item; });
  told->told = true;
  std::rotate(state.reports.begin(), told, told + 1);
}

// What the message of this revision tells.
void tell(AlertState& state, const RuleDef& rule, const feeds::Placement& placement,
          const ItemFacts& facts) {
  add(state.sources, facts.source);
  add(state.copy_groups, placement.copy_group);
  for (const Heard& heard : state.heard) add(state.copy_groups, heard.copy_group);
  state.heard.clear();
  for (const std::string& clause : facts.clauses) {
    if (state.clauses.size() < max_alert_clauses) add(state.clauses, clause);
  }
  state.severity = rule.severity;
}

AlertState fresh_state(const RuleDef& rule, const feeds::Placement& placement,
                       const ItemFacts& facts) {
  AlertState state;
  state.rule = rule.name;
  state.story = placement.story;
  state.scope = scope_of(rule, placement, facts.item);
  state.id = alert_id(rule.name, state.scope, state.sequence);
  state.revision = 0;
  return state;
}

// Nobody was told of this story yet. `silence`: why nobody is to be told of this item.
Decision first_report(const RuleDef& rule, const feeds::Placement& placement,
                      const ItemFacts& facts, const std::optional<AlertState>& waiting,
                      const std::string& silence, Instant now) {
  Decision decision;
  decision.state = waiting ? *waiting : fresh_state(rule, placement, facts);
  const bool counts = silence.empty() || facts.baseline;
  if (counts && report_of(decision.state, facts.item) == nullptr) {
    hear(decision.state, placement.copy_group, facts.first_seen, rule.policy.within);
  }
  const GateState gates = gates_of(rule.policy, decision.state, facts.rise, now);
  decision.reason = silence;
  if (silence.empty() && !gates.open) decision.reason = gates.reason;
  if (decision.reason.empty()) decision.reason = facts.silenced;
  if (decision.reason.empty()) {
    decision.action = Action::alert;
    decision.reason = gates.reason.empty() ? "first report" : gates.reason;
    decision.state.revision = 1;
    tell(decision.state, rule, placement, facts);
    add_told(decision.state, report_from(placement, facts, counts));
    return decision;
  }
  // What waits is remembered; what is merely too old, or an edit, is not worth a row.
  const bool waits = counts && (gates.gated || (silence.empty() && !facts.silenced.empty()));
  if (!waits) {
    decision.state = {};
    return decision;
  }
  decision.action = Action::join;
  add(decision.state.sources, facts.source);  // whoever is told, is told of all of them
  add_report(decision.state, report_from(placement, facts, counts));
  return decision;
}

// Why this report is worth a message of its own; empty: it is not.
std::string news_in(const RuleDef& rule, const feeds::Placement& placement, const ItemFacts& facts,
                    const AlertState& current) {
  if (facts.followed) return fmt::format("followed: {}", facts.source);
  if (rule.updates == UpdatePolicy::new_source) return fmt::format("new source: {}", facts.source);
  if (rule.updates == UpdatePolicy::material)
    return material_change(rule, placement, facts, current);
  return {};
}

// Why an edit of what was told is worth a message; else the reason says why it is not.
std::string correction_in(const RuleDef& rule, const ItemFacts& facts, Decision& decision) {
  const bool material = rule.updates == UpdatePolicy::material && !facts.followed;
  if (rule.updates == UpdatePolicy::none && !facts.followed) {
    decision.reason = "corrected, and the rule wants no updates";
    return {};
  }
  if (material && facts.renamed.empty()) {
    decision.reason = "corrected, but no name in the headline changed";
    return {};
  }
  decision.correction = true;
  return "corrected: " + (facts.renamed.empty() ? "" : facts.renamed + "; ") + facts.corrected;
}

Decision later_report(const RuleDef& rule, const feeds::Placement& placement,
                      const ItemFacts& facts, const AlertState& current, const std::string& silence,
                      bool counts) {
  Decision decision;
  decision.action = Action::join;
  decision.state = current;
  const bool told_text = contains(current.copy_groups, placement.copy_group);
  const bool told_source = contains(current.sources, facts.source);
  const bool material = rule.updates == UpdatePolicy::material;
  std::string news;
  if (report_of(current, facts.item) != nullptr) {
    decision.reason = facts.edited ? "edited: its alert was sent before"
                                   : "seen again: its alert was sent before";
    if (!facts.corrected.empty()) news = correction_in(rule, facts, decision);
  } else if (facts.edited) {
    decision.reason = "edited: it matches since, and the story was told before";
  } else if (told_text) {
    decision.reason = "a copy of what was told";
  } else if (told_source && !facts.followed && !material) {
    decision.reason = fmt::format("a further report of a source that was told: {}", facts.source);
  } else if (rule.updates == UpdatePolicy::none && !facts.followed) {
    decision.reason = fmt::format("new source: {}, and the rule wants no updates", facts.source);
  } else {
    news = news_in(rule, placement, facts, current);
    if (news.empty()) decision.reason = "nothing material: no further clause, no new threshold";
  }
  if (!news.empty() && !silence.empty()) {
    decision.reason = silence;
    decision.correction = false;
  }
  if (!news.empty() && silence.empty()) {
    decision.action = Action::update;
    decision.reason = std::move(news);
    ++decision.state.revision;
    tell(decision.state, rule, placement, facts);
  } else if (material && !told_text) {
    hear(decision.state, placement.copy_group, facts.first_seen);
  }
  add_report(decision.state, report_from(placement, facts, counts));
  return decision;
}

}  // namespace

const Report* report_of(const AlertState& state, const std::string& item) {
  const auto found = std::find_if(state.reports.begin(), state.reports.end(),
                                  [&](const Report& one) { return one.item == item; });
  return found == state.reports.end() ? nullptr : &*found;
}

std::vector<std::string> items_of(const AlertState& state) {
  std::vector<std::string> items;
  for (const Report& one : state.reports) items.push_back(one.item);
  return items;
}

void add_report(AlertState& state, Report report) {
  if (report_of(state, report.item) != nullptr) return;
  state.reports.push_back(std::move(report));
  shorten(state);
}

void add_reports(AlertState& state, const std::vector<Report>& reports) {
  std::unordered_map<std::string, std::size_t> known;
  for (std::size_t i = 0; i < state.reports.size(); ++i) known.emplace(state.reports[i].item, i);
  for (const Report& report : reports) {
    const auto [at, is_new] = known.emplace(report.item, state.reports.size());
    if (is_new) {
      state.reports.push_back(report);
    } else {
      Report& own = state.reports[at->second];
      own.told = own.told || report.told;
    }
  }
  shorten(state);
}

std::string alert_id(const std::string& rule, const std::string& scope, std::uint32_t sequence) {
  return id_of({"alert", rule, scope, std::to_string(sequence)});
}

std::string scope_of_text(const std::string& copy_group) {
  return "copy:" + copy_group;
}
std::string scope_of_article(const std::string& item) {
  return "item:" + item;
}

std::string scope_of(const RuleDef& rule, const feeds::Placement& placement,
                     const std::string& item) {
  if (rule.policy.once_per == OncePer::copy) return scope_of_text(placement.copy_group);
  if (rule.policy.once_per == OncePer::article) return scope_of_article(item);
  return placement.story;
}

std::string delivery_id(const std::string& alert, std::uint32_t revision,
                        const std::string& receiver) {
  return id_of({"delivery", alert, std::to_string(revision), receiver});
}

Decision decide(const RuleDef& rule, const feeds::Placement& placement, const ItemFacts& facts,
                const std::optional<AlertState>& current, Instant now) {
  std::string silence;
  if (facts.baseline) {
    silence = "baseline: first fetch of this feed";
  } else if (rule.max_age && now - facts.time > *rule.max_age) {
    silence = "older than max_age " + age_text(*rule.max_age);
  }
  if (current && current->revision > 0) {
    const bool counts = !facts.edited && (silence.empty() || facts.baseline);
    if (silence.empty()) silence = facts.silenced;
    return later_report(rule, placement, facts, *current, silence, counts);
  }
  if (silence.empty() && facts.edited) silence = "edited: an edit never makes a new alert";
  return first_report(rule, placement, facts, current, silence, now);
}

Decision decide_unmatched(const RuleDef& rule, const ItemFacts& facts, const AlertState& current) {
  Decision decision;
  const bool told = current.revision > 0 && !facts.corrected.empty();
  const bool wanted = rule.updates != UpdatePolicy::none || facts.followed;
  if (!told || !wanted) return decision;
  if (!facts.silenced.empty()) {
    decision.reason = facts.silenced;
    return decision;
  }
  decision.action = Action::update;
  decision.correction = true;
  decision.reason = std::string(matches_no_longer) + "; " + facts.corrected;
  decision.state = current;
  ++decision.state.revision;
  return decision;
}

}  // namespace wirewatch::rules
