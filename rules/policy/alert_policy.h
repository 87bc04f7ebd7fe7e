// What a rule says about alerting, beyond its query.
#pragma once

#include <cstdint>
#include <optional>

#include "feeds/time.h"
#include "rules/policy/send_book.h"

namespace wirewatch::rules {

enum class UpdatePolicy : std::uint8_t {
  none,
  new_source,  // a text of its own from an outlet that was not told
  // a further clause holds, the severity rises, independent texts reach 3, 5, 10, 20 …, or a
  // corrected headline names somebody or something else
  material,
};
enum class OncePer : std::uint8_t { story, copy, article };

struct AlertPolicy {
  OncePer once_per = OncePer::story;
  std::uint32_t min_sources = 1;  // independent texts before anybody is told
  std::uint32_t at_least = 1;     // matching reports of the story before anybody is told
  std::optional<Span> within;     // the stretch of time in which these must come; nullopt: any
  std::optional<double> rise;     // matches of the last hour against the rule's own past
  std::optional<Span> catch_up;   // what a new rule would have told this lately comes as a digest
  SendPolicy send;                // digest, quiet hours, budget of the rule
  bool operator==(const AlertPolicy&) const = default;
};

}  // namespace wirewatch::rules
