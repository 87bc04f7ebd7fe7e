// A user's regular expression (RE2: linear in the text, whatever the expression).
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "feeds/result.h"
#include "rules/match/occurrences.h"
#include "rules/match/reading.h"

namespace re2 {
class RE2;
}

namespace wirewatch::rules {

// Only the first so many matches of one pattern in one document are looked at: a pattern may look
// as far as the paragraph's end for each.
inline constexpr std::size_t max_pattern_places = 1000;

class Pattern {
 public:
  // Error: what RE2 says is wrong, in words; or that the expression is too large when compiled.
  static Result<std::shared_ptr<const Pattern>> compile(const std::string& expression,
                                                        bool ignore_case);
  ~Pattern();

  // Tried on each paragraph of title and text, and on each value of the fields, as written. A
  // match counts at the words that it touches, so one that touches none does not count.
  std::vector<Occurrence> find(const Reading& reading) const;

 private:
  explicit Pattern(std::unique_ptr<re2::RE2> compiled);
  std::unique_ptr<re2::RE2> compiled_;
};

}  // namespace wirewatch::rules
