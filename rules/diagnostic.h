// What is wrong with a rule or an entity, and where in its own text.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace wirewatch::rules {

enum class Severity : std::uint8_t { warning, error };

struct Diagnostic {
  Severity severity = Severity::error;
  std::string subject;       // rule or entity name; empty inside a single query
  std::uint32_t offset = 0;  // byte offset into the query text (or into the name that is wrong)
  std::uint32_t length = 0;  // bytes to underline, 0 for a point
  std::string text;          // what is wrong, the offender in quotes
  std::string hint;          // what would be right; may be empty
};

bool has_error(const std::vector<Diagnostic>& diagnostics);

// A suggestion is looked for among all names: of many errors at once only the first ones get one.
class Suggestions {
 public:
  bool another() { return left_ > 0 && left_-- > 0; }

 private:
  std::size_t left_ = 20;
};

// The nearest of `candidates` (UTF-8) by edited letters, capitals of ASCII or not, or empty when
// none is near enough to suggest: of one letter or two nothing is but the same letters in another
// order, and what has one letter more than two. Of a word longer than any name nothing is.
std::string nearest_name(const std::string& word, const std::vector<std::string>& candidates);
// The same, at most `edits` away.
std::string nearest_name(const std::string& word, const std::vector<std::string>& candidates,
                         std::size_t edits);

}  // namespace wirewatch::rules
