// Silences: alerts that nobody wants to hear of for a while.
#pragma once

#include <string>
#include <vector>

#include "feeds/time.h"
#include "rules/match/severity.h"

namespace wirewatch::rules {

// Empty matchers match anything; a silence has at least one that is not.
struct Silence {
  std::string id;
  Instant created{};
  Instant until{};
  AlertSeverity up_to = AlertSeverity::high;  // a higher severity is told all the same
  std::string rule;
  std::string story;
  std::string feed;      // its key
  std::string receiver;  // then only this receiver is not told
  std::string comment;
  std::string who;
};

struct SilenceFacts {
  std::string rule;
  std::string story;
  std::string feed;
  AlertSeverity severity = AlertSeverity::normal;
  std::vector<std::string> was{};  // earlier names of the rule: their silences go on for it
};

// Why nobody is told: "silenced until 2025-08-29T10:00:00Z: maintenance"; empty: they are.
std::string silenced(const std::vector<Silence>& silences, const SilenceFacts& facts, Instant now);
// The same of one receiver, from the silences that name it.
std::string silenced_for(const std::vector<Silence>& silences, const SilenceFacts& facts,
                         const std::string& receiver, Instant now);

}  // namespace wirewatch::rules
