// What decisions about telling remember: silences, followed stories, volumes, what was sent.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "daemon/store/reader.h"
#include "rules/policy/send_book.h"
#include "rules/policy/silence.h"
#include "rules/policy/volume.h"

namespace wirewatch::daemon {

struct FrequentRule {
  std::string rule;
  std::uint64_t matched = 0;
  std::uint64_t documents = 0;  // of them
};

// Loop thread only. Bounded: silences by max_silences, the others by their own bounds.
struct PolicyBook {
  static constexpr std::size_t max_silences = 1000;

  std::vector<rules::Silence> silences;
  std::set<std::string> followed;  // stories
  rules::RuleVolumes volumes;      // under the empty name: of all documents
  rules::SendBook sends;

  std::size_t silences_at(Instant now) const;  // those in force
  // Rules that matched over one in twenty of the past week's documents, once these are enough.
  std::vector<FrequentRule> too_frequent(Instant now) const;

  void restore(const PolicyMemory& memory);
  void put(const rules::Silence& silence, Instant now);  // instead of one of its id
  void put(const FollowRow& row);
};

}  // namespace wirewatch::daemon
