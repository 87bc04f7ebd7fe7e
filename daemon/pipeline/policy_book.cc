#include "daemon/pipeline/policy_book.h"

#include <algorithm>

namespace wirewatch::daemon {

void PolicyBook::restore(const PolicyMemory& memory) {
  *this = PolicyBook{};
  silences = memory.silences;
  for (const FollowRow& row : memory.follows) put(row);
  for (const RuleHour& row : memory.hours) volumes.add(row.rule, row.hour, row.matched);
  for (const PolicyMemory::Sent& sent : memory.sent) {
    sends.restore_sent(sent.rule, sent.receiver, sent.at);
  }
  for (const auto& [receiver, due] : memory.digests) sends.restore_digest(receiver, due);
}

std::size_t PolicyBook::silences_at(Instant now) const {
  return static_cast<std::size_t>(
      std::count_if(silences.begin(), silences.end(),
                    [now](const rules::Silence& one) { return one.until > now; }));
}

std::vector<FrequentRule> PolicyBook::too_frequent(Instant now) const {
  constexpr std::uint64_t fewest_documents = 100;
  constexpr std::uint64_t one_in = 20;
  std::vector<FrequentRule> frequent;
  const std::uint64_t documents = volumes.in_past_week({}, now);
  if (documents < fewest_documents) return frequent;
  for (const std::string& rule : volumes.names()) {
    const std::uint64_t matched = volumes.in_past_week(rule, now);
    if (!rule.empty() && matched * one_in > documents)
      frequent.push_back({rule, matched, documents});
  }
  return frequent;
}

void PolicyBook::put(const rules::Silence& silence, Instant now) {
  std::erase_if(silences, [&](const rules::Silence& one) {
    return one.id == silence.id || one.until <= now;
  });
  silences.push_back(silence);
}

void PolicyBook::put(const FollowRow& row) {
  if (row.end) {
    followed.erase(row.story);
  } else {
    followed.insert(row.story);
  }
}

}  // namespace wirewatch::daemon
