// A place in a query's lexemes, and the errors found so far. Private to rules/query.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "rules/diagnostic.h"
#include "rules/query/lexer.h"

namespace wirewatch::rules {

class Cursor {
 public:
  explicit Cursor(std::string_view query);

 protected:
  const Lexeme& here() const { return lexemes_[at_]; }
  const Lexeme& ahead() const;
  void next();
  bool take(LexKind kind);
  // Takes the ')' of `opened`, or reports that it is missing.
  void close(const Lexeme& opened);

  // The query's own text.
  std::string_view written(const Lexeme& lexeme) const;
  std::string_view written(std::uint32_t offset, std::uint32_t length) const;

  // True when one more level may be entered, which leave() ends. When it may not, that is the last
  // error reported, and nothing more is read.
  bool enter();
  void leave() { --depth_; }

  void report(const Lexeme& where, std::string text, std::string hint);
  void report(std::uint32_t offset, std::uint32_t length, std::string text, std::string hint);
  // A lexeme that has no place where it stands.
  void report_unexpected();
  // Two operands side by side; here() is the second. Returns the operator that was meant. Passes
  // over `and`, `near 5` and the like in small letters, which are taken for the operator.
  LexKind report_missing_operator();

  std::size_t reported() const { return found_.size(); }
  std::vector<Diagnostic> take_diagnostics();  // in the order of their places

 private:
  bool is_word(std::size_t at, std::string_view text) const;
  bool take_small_operator(std::string& name);
  std::string hint_between(const Lexeme& left, const Lexeme& right) const;

  std::string_view query_;
  std::vector<Lexeme> lexemes_;
  std::vector<Diagnostic> found_;
  std::size_t at_ = 0;
  int depth_ = 0;
  bool too_deep_ = false;
};

}  // namespace wirewatch::rules
