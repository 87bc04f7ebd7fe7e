#include "rules/query/cursor.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "rules/query/parser.h"

namespace wirewatch::rules {

Cursor::Cursor(std::string_view query) : query_(query) {
  Lexed lexed = lex(query);
  lexemes_ = std::move(lexed.lexemes);
  found_ = std::move(lexed.diagnostics);
}

const Lexeme& Cursor::ahead() const {
  return lexemes_[std::min(at_ + 1, lexemes_.size() - 1)];
}

void Cursor::next() {
  if (at_ + 1 < lexemes_.size()) ++at_;
}

bool Cursor::take(LexKind kind) {
  if (here().kind != kind) return false;
  next();
  return true;
}

void Cursor::close(const Lexeme& opened) {
  if (take(LexKind::close)) return;
  report(opened, "this '(' is never closed", "close it with ')'");
}

std::string_view Cursor::written(const Lexeme& lexeme) const {
  return written(lexeme.offset, lexeme.length);
}

std::string_view Cursor::written(std::uint32_t offset, std::uint32_t length) const {
  return query_.substr(offset, length);
}

bool Cursor::enter() {
  if (depth_ < max_query_depth) return ++depth_, true;
  report(here(), "the query is nested too deeply",
         fmt::format("at most {} levels of parentheses, NOT and fields", max_query_depth));
  too_deep_ = true;
  at_ = lexemes_.size() - 1;
  return false;
}

void Cursor::report(const Lexeme& where, std::string text, std::string hint) {
  report(where.offset, where.length, std::move(text), std::move(hint));
}

void Cursor::report(std::uint32_t offset, std::uint32_t length, std::string text,
                    std::string hint) {
  if (too_deep_ || found_.size() >= max_query_errors) return;
  found_.push_back({Severity::error, "", offset, length, std::move(text), std::move(hint)});
}

void Cursor::report_unexpected() {
  const Lexeme& lexeme = here();
  switch (lexeme.kind) {
    case LexKind::close:
      return report(lexeme, "this ')' closes nothing", "remove it, or open it with '('");
    case LexKind::comma:
      return report(lexeme, "a comma outside a list", "lists are written 2 OF (a, b, c)");
    case LexKind::op_of:
      return report(lexeme, "OF without a number before it", "write 2 OF (a, b, c)");
    case LexKind::times:
      return report(lexeme, fmt::format("'{}' follows no word", written(lexeme)),
                    "write it right behind what is counted: attack{3}");
    default:
      return report(lexeme, fmt::format("'{}' is not expected here", written(lexeme)), "");
  }
}

void Cursor::report_missing_operator() {
  const Lexeme& lexeme = here();
  const Lexeme& left = lexemes_[at_ - 1];
  const std::string lower(written(lexeme));
  if (lower == "and" || lower == "or" || lower == "not" || lower == "near") {
    std::string upper = lower;
    for (char& c : upper) c = static_cast<char>(c - 'a' + 'A');
    if (upper == "NEAR") upper = "NEAR/5";
    return report(lexeme, fmt::format("'{}' is a word like any other here", lower),
                  fmt::format("operators are written in capitals: {}", upper));
  }
  const bool two_words = left.kind == LexKind::word && lexeme.kind == LexKind::word;
  report(lexeme, fmt::format("no operator before '{}'", written(lexeme)),
         two_words ? fmt::format("write {0} AND {1}, or \"{0} {1}\" for the words side by side",
                                 written(left), written(lexeme))
                   : "write AND or OR between the two");
}

std::vector<Diagnostic> Cursor::take_diagnostics() {
  std::stable_sort(found_.begin(), found_.end(),
                   [](const Diagnostic& a, const Diagnostic& b) { return a.offset < b.offset; });
  if (found_.size() > max_query_errors) found_.resize(max_query_errors);
  return std::move(found_);
}

}  // namespace wirewatch::rules
