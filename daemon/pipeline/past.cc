#include "daemon/pipeline/past.h"

#include <algorithm>
#include <deque>
#include <iterator>

#include "feeds/text/document.h"

namespace wirewatch::daemon {

std::vector<PastMatch> past_matches(Reader& reader, const Snapshot& snapshot,
                                    const std::set<std::string>& names, Instant now) {
  const auto& rules = snapshot.rules.rules();
  Span longest{};
  for (const rules::RuleDef& rule : rules) {
    if (names.count(rule.name) > 0) longest = std::max(longest, *rule.policy.catch_up);
  }
  std::deque<PastMatch> found;
  reader.documents_since(now - longest, [&](const DocumentRow& row) {
    const feeds::Document document = feeds::make_document(row.input);
    const auto mentions = snapshot.gazetteer.find(document);
    PastMatch one;
    for (auto& match : snapshot.rules.match(document, mentions, row.first_seen - document.time)) {
      const rules::RuleDef& rule = rules[match.rule];
      if (names.count(rule.name) == 0) continue;
      const Instant since = now - *rule.policy.catch_up;
      if (row.first_seen >= since && document.time >= since) {
        one.matches.push_back(std::move(match));
      }
    }
    if (one.matches.empty()) return true;
    one.row = row;
    found.push_back(std::move(one));
    if (found.size() > most_past) found.pop_front();
    return true;
  });
  return {std::make_move_iterator(found.begin()), std::make_move_iterator(found.end())};
}

}  // namespace wirewatch::daemon
