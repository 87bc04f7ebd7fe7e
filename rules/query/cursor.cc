#include "rules/query/cursor.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "rules/query/parser.h"

namespace wirewatch::rules {
namespace {

// What other search languages write for it; empty: nothing.
std::string_view sign_for(std::string_view word) {
  if (word == "&&" || word == "&" || word == "+") return "AND";
  if (word == "||" || word == "|") return "OR";
  return {};
}

// Messages quote what is wrong, which may be all of a long query: the middle goes.
void shorten(std::string& text) {
  constexpr std::size_t most = 400;  // bytes
  constexpr std::size_t behind = 100;
  if (text.size() <= most) return;
  const auto goes_on = [&](std::size_t at) { return (text[at] & 0xC0) == 0x80; };
  std::size_t from = most - behind;
  while (from > 0 && goes_on(from)) --from;
  std::size_t to = text.size() - behind;
  while (to < text.size() && goes_on(to)) ++to;
  text.replace(from, to - from, "…");
}

}  // namespace

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

bool Cursor::is_word(std::size_t at, std::string_view text) const {
  return at < lexemes_.size() && lexemes_[at].kind == LexKind::word &&
         written(lexemes_[at]) == text;
}

// `name`: as it is written rightly.
bool Cursor::take_small_operator(std::string& name) {
  if (here().kind != LexKind::word) return false;
  const std::string lower(written(here()));
  if (const std::string_view sign = sign_for(lower); !sign.empty()) {
    name = sign;
    if (at_ + 2 < lexemes_.size()) next();
    return true;
  }
  const std::string word = lower.substr(0, lower.find('/'));
  const bool nearness = word == "near" || word == "before";
  const bool joins = lower == "and" || lower == "or" || lower == "not";
  if (!nearness && !joins) return false;
  name.clear();
  for (const char c : lower) name += c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  std::size_t after = at_ + 1;
  if (nearness && lower == word) {
    const std::string number(lexemes_[after].kind == LexKind::word ? written(lexemes_[after]) : "");
    const bool distance = !number.empty() && number.size() < 6 &&
                          number.find_first_not_of("0123456789") == std::string::npos;
    name += "/" + (distance ? number : "5");
    if (distance) ++after;
  }
  if (joins && lower != "not" && is_word(after, "not")) {
    name += " NOT";
    ++after;
  }
  // At the end it stays a word: nothing is left that it could join.
  if (after + 1 < lexemes_.size()) at_ = after;
  return true;
}

std::string Cursor::hint_between(const Lexeme& left, const Lexeme& right) const {
  const bool words = left.kind == LexKind::word && right.kind == LexKind::word;
  if (words) {
    return fmt::format("write {0} AND {1}, or \"{0} {1}\" for the words side by side",
                       written(left), written(right));
  }
  const bool ending = left.kind == LexKind::word && right.kind == LexKind::open &&
                      left.offset + left.length == right.offset && ahead().kind == LexKind::word &&
                      ahead().length < 5;
  if (!ending) return "write AND or OR between the two";
  return fmt::format("write {0} OR {0}{1}, or {0}~ for all its forms", written(left),
                     written(ahead()));
}

LexKind Cursor::report_missing_operator() {
  const Lexeme lexeme = here();
  const Lexeme left = lexemes_[at_ - 1];
  std::string upper;
  if (take_small_operator(upper)) {
    if (sign_for(written(lexeme)).empty()) {
      report(lexeme, fmt::format("'{}' is a word like any other here", written(lexeme)),
             fmt::format("operators are written in capitals: {}", upper));
    } else {
      report(lexeme, fmt::format("'{}' joins nothing here", written(lexeme)),
             fmt::format("operators are words in capitals: {}", upper));
    }
    return upper.starts_with("OR") ? LexKind::op_or : LexKind::op_and;
  }
  if (is_word(at_ - 1, "not")) {
    report(left, "'not' is a word like any other here", "operators are written in capitals: NOT");
  } else {
    report(lexeme, fmt::format("no operator before '{}'", written(lexeme)),
           hint_between(left, lexeme));
  }
  return LexKind::op_and;
}

std::vector<Diagnostic> Cursor::take_diagnostics() {
  std::stable_sort(found_.begin(), found_.end(),
                   [](const Diagnostic& a, const Diagnostic& b) { return a.offset < b.offset; });
  if (found_.size() > max_query_errors) found_.resize(max_query_errors);
  for (Diagnostic& one : found_) {
    shorten(one.text);
    shorten(one.hint);
  }
  return std::move(found_);
}

}  // namespace wirewatch::rules
