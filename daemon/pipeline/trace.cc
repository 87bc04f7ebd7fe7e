#include "daemon/pipeline/trace.h"

#include <set>

#include "feeds/json_writer.h"

namespace wirewatch::daemon {

std::string_view to_string(rules::Action action) {
  switch (action) {
    case rules::Action::none:
      return "none";
    case rules::Action::alert:
      return "alert";
    case rules::Action::update:
      return "update";
    case rules::Action::join:
      return "join";
  }
  return "none";
}

std::string trace_json(const std::vector<TracedRule>& rules) {
  constexpr std::size_t most_clauses = 20;
  JsonWriter json;
  json.begin_array();
  for (const TracedRule& traced : rules) {
    std::vector<std::string> clauses;
    std::set<std::string> told;
    for (const rules::MatchSpan& span : traced.match.spans) {
      if (clauses.size() < most_clauses && told.insert(span.clause).second) {
        clauses.push_back(span.clause);
      }
    }
    json.begin_object();
    json.member("rule", traced.rule);
    json.member("action", to_string(traced.decision.action));
    json.member("reason", traced.decision.reason);
    if (traced.decision.action != rules::Action::none) {
      json.member("alert", traced.decision.state.id);
    }
    json.member("clauses", clauses);
    json.member("entities", traced.match.entities);
    json.end_object();
  }
  json.end_array();
  return json.take();
}

std::string with_trace(const std::string& trace, const std::vector<TracedRule>& rules) {
  std::string more = trace_json(rules);
  if (trace.size() < 3) return more;
  if (more.size() < 3) return trace;
  return trace.substr(0, trace.size() - 1) + "," + more.substr(1);
}

}  // namespace wirewatch::daemon
