#include "daemon/pipeline/policy_book.h"

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
