// A query's text → its words and marks, each with its place. Never fails: what is wrong is
// reported and read as well as it can be, so that the parser finds the other errors too.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "rules/diagnostic.h"
#include "rules/query/node.h"

namespace wirewatch::rules {

// More errors than this in one query are not reported.
inline constexpr std::size_t max_query_errors = 50;

enum class LexKind : std::uint8_t {
  word,       // word, word*, word~, word~1, =word
  phrase,     // "…"
  entity,     // @reference
  rule,       // $name
  pattern,    // /…/ or /…/i
  measure,    // name < amount
  field,      // name:
  open,       // (
  close,      // )
  comma,      // ,
  times,      // {n}
  op_and,     // AND
  op_or,      // OR
  op_not,     // NOT
  op_near,    // NEAR/n
  op_before,  // BEFORE/n
  op_same,    // SAME
  op_of,      // OF
  end,
};

struct Lexeme {
  LexKind kind = LexKind::end;
  std::uint32_t offset = 0;  // byte range in the query
  std::uint32_t length = 0;
  std::string text;    // entity, rule: name; field, measure: name; pattern; word: without its marks
  std::string amount;  // measure: as written, "2h"
  std::vector<Word> words;                   // word (one), phrase
  std::uint32_t number = 0;                  // times, near, before
  Comparison comparison = Comparison::less;  // measure
  bool ignore_case = false;                  // pattern
};

struct Lexed {
  std::vector<Lexeme> lexemes;          // the last one is `end`
  std::vector<Diagnostic> diagnostics;  // max_query_errors at most
};

// Any bytes; UTF-8 is expected. Linear time.
Lexed lex(std::string_view query);

}  // namespace wirewatch::rules
