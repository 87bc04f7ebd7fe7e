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

// Loop thread only. Bounded: silences by max_silences, the others by their own bounds.
struct PolicyBook {
  static constexpr std::size_t max_silences = 1000;

  std::vector<rules::Silence> silences;
  std::set<std::string> followed;  // stories
  rules::RuleVolumes volumes;
  rules::SendBook sends;

  void restore(const PolicyMemory& memory);
  void put(const rules::Silence& silence, Instant now);  // instead of one of its id
  void put(const FollowRow& row);
};

}  // namespace wirewatch::daemon
