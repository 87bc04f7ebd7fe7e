#include "rules/query/lexer.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "rules/query/fields.h"

namespace wirewatch::rules {
namespace {

constexpr std::uint32_t max_number = 10000;

bool is_ascii(char c) {
  return static_cast<unsigned char>(c) < 0x80;
}

// White space, and what pasted right-to-left text carries unseen: marks and isolates.
std::size_t blank_length(std::string_view rest) {
  static constexpr std::array<std::string_view, 15> blanks = {
      "\xC2\xA0",     "\xE2\x80\x8E", "\xE2\x80\x8F", "\xE2\x80\xAA", "\xE2\x80\xAB",
      "\xE2\x80\xAC", "\xE2\x80\xAD", "\xE2\x80\xAE", "\xE2\x81\xA6", "\xE2\x81\xA7",
      "\xE2\x81\xA8", "\xE2\x81\xA9", "\xEF\xBB\xBF", "\xE2\x80\x89", "\xE3\x80\x80"};
  if (rest.empty()) return 0;
  if (rest[0] == ' ' || (rest[0] >= '\t' && rest[0] <= '\r')) return 1;
  if (is_ascii(rest[0])) return 0;
  for (const std::string_view blank : blanks) {
    if (rest.starts_with(blank)) return blank.size();
  }
  return 0;
}

// Straight and typographic quotation marks; guillemets come with French and Persian keyboards.
std::size_t quote_length(std::string_view rest) {
  static constexpr std::array<std::string_view, 5> quotes = {
      "\xE2\x80\x9C", "\xE2\x80\x9D", "\xE2\x80\x9E", "\xC2\xAB", "\xC2\xBB"};
  if (rest.empty()) return 0;
  if (is_ascii(rest[0])) return rest[0] == '"' ? 1 : 0;
  for (const std::string_view quote : quotes) {
    if (rest.starts_with(quote)) return quote.size();
  }
  return 0;
}

// ',' and the Arabic one, which its keyboards write.
std::size_t comma_length(std::string_view rest) {
  if (rest.starts_with(',')) return 1;
  return rest.starts_with("\xD8\x8C") ? 2 : 0;
}

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_name(char c) {
  return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' || c == '_';
}
bool is_mark(char c) {
  return std::string_view("(){}:~*@").find(c) != std::string_view::npos;
}

class Lexer {
 public:
  explicit Lexer(std::string_view query) : query_(query) {}

  Lexed run() {
    while (skip_blanks()) one();
    push(LexKind::end, at_, 0);
    return std::move(out_);
  }

 private:
  std::string_view rest() const { return query_.substr(at_); }
  char peek(std::size_t ahead = 0) const {
    return at_ + ahead < query_.size() ? query_[at_ + ahead] : '\0';
  }

  bool skip_blanks() {
    while (const std::size_t blank = blank_length(rest())) at_ += blank;
    return at_ < query_.size();
  }

  Lexeme& push(LexKind kind, std::size_t offset, std::size_t length) {
    Lexeme& lexeme = out_.lexemes.emplace_back();
    lexeme.kind = kind;
    lexeme.offset = static_cast<std::uint32_t>(offset);
    lexeme.length = static_cast<std::uint32_t>(length);
    return lexeme;
  }

  bool has_reported_enough() const { return out_.diagnostics.size() >= max_query_errors; }

  void report(std::size_t offset, std::size_t length, std::string text, std::string hint) {
    if (has_reported_enough()) return;
    out_.diagnostics.push_back({Severity::error, "", static_cast<std::uint32_t>(offset),
                                static_cast<std::uint32_t>(length), std::move(text),
                                std::move(hint)});
  }

  void one() {
    const std::size_t start = at_;
    if (const std::size_t quote = quote_length(rest())) return phrase(quote);
    if (const std::size_t comma = comma_length(rest())) return single(LexKind::comma, comma);
    switch (peek()) {
      case '(':
        return single(LexKind::open);
      case ')':
        return single(LexKind::close);
      case '{':
        return times();
      case '@':
        return entity();
      case '$':
        return rule();
      case '/':
        return pattern();
      case '}':
      case ':':
      case '~':
      case '*':
        ++at_;
        return report(start, 1, fmt::format("'{}' stands alone here", query_[start]),
                      "'~' and '*' follow a word, ':' a field's name, '}' a number: "
                      "border~ secur* title: attack{3}");
      default:
        return word();
    }
  }

  void single(LexKind kind, std::size_t length = 1) {
    push(kind, at_, length);
    at_ += length;
  }

  void phrase(std::size_t quote) {
    const std::size_t start = at_;
    at_ += quote;
    std::vector<Word> words;
    while (true) {
      skip_blanks();
      if (at_ >= query_.size()) {
        report(start, query_.size() - start, "this quotation mark is never closed",
               "end the phrase with \"");
        break;
      }
      if (const std::size_t closing = quote_length(rest())) {
        at_ += closing;
        break;
      }
      const std::size_t from = at_;
      while (at_ < query_.size() && blank_length(rest()) == 0 && quote_length(rest()) == 0) ++at_;
      const std::string_view text = query_.substr(from, at_ - from);
      if (text.size() > 1 && text[0] == '@') {
        report(from, text.size(), fmt::format("'{}' is no entity inside quotation marks", text),
               fmt::format("write it outside of them: \"a phrase\" NEAR/1 {}", text));
      }
      words.push_back(marked_word(text));
    }
    if (words.empty()) report(start, at_ - start, "a phrase without words", "");
    Lexeme& lexeme = push(LexKind::phrase, start, at_ - start);
    lexeme.words = std::move(words);
  }

  // Inside a phrase only the marks at a word's ends mean something.
  static Word marked_word(std::string_view text) {
    Word word;
    if (text.size() > 1 && text.back() == '*') word.match = WordMatch::prefix;
    if (text.size() > 1 && text.back() == '~') word.match = WordMatch::stem;
    const bool edits = text.size() > 2 && text[text.size() - 2] == '~' &&
                       (text.back() == '1' || text.back() == '2');
    if (edits) {
      word.match = WordMatch::edits;
      word.edits = static_cast<std::uint8_t>(text.back() - '0');
      text.remove_suffix(2);
    } else if (word.match != WordMatch::folded) {
      text.remove_suffix(1);
    } else if (text.size() > 1 && text.front() == '=') {
      word.match = WordMatch::exact;
      text.remove_prefix(1);
    }
    word.text = std::string(text);
    return word;
  }

  std::optional<std::uint32_t> number() {
    if (!is_digit(peek())) return std::nullopt;
    std::uint32_t value = 0;
    for (; is_digit(peek()); ++at_) {
      value = std::min(value * 10 + static_cast<std::uint32_t>(peek() - '0'), max_number + 1);
    }
    return value;
  }

  void times() {
    const std::size_t start = at_++;
    skip_blanks();
    const auto value = number();
    skip_blanks();
    const bool closed = peek() == '}';
    if (closed) ++at_;
    if (!value || !closed || *value < 1 || *value > max_number) {
      report(start, at_ - start, fmt::format("'{}' is no count", query_.substr(start, at_ - start)),
             "write attack{3} for at least three times; the number is from 1 to 10000");
    }
    push(LexKind::times, start, at_ - start).number = std::clamp(value.value_or(1), 1U, max_number);
  }

  void entity() {
    const std::size_t start = at_++;
    while (is_name(peek()) || (peek() == ':' && is_name(peek(1)))) ++at_;
    std::string reference(query_.substr(start + 1, at_ - start - 1));
    if (reference.empty()) {
      report(start, 1, "'@' without an entity's id", "write @hamid-al-shatri or @country:IQ");
    }
    push(LexKind::entity, start, at_ - start).text = std::move(reference);
  }

  void rule() {
    const std::size_t start = at_++;
    while (is_name(peek())) ++at_;
    std::string name(query_.substr(start + 1, at_ - start - 1));
    if (name.empty()) {
      report(start, 1, "'$' without a rule's name",
             "write $border-security for the rule of that name");
    }
    push(LexKind::rule, start, at_ - start).text = std::move(name);
  }

  // Ends at the next '/' without a '\\' before it; may hold anything but a line break.
  void pattern() {
    const std::size_t start = at_++;
    while (at_ < query_.size() && peek() != '/' && peek() != '\n') {
      at_ += peek() == '\\' && at_ + 1 < query_.size() && peek(1) != '\n' ? 2 : 1;
    }
    std::string text(query_.substr(start + 1, at_ - start - 1));
    if (peek() != '/') {
      report(start, at_ - start, "this pattern is never closed",
             "end it with '/'; a '/' inside is written \\/");
    } else {
      ++at_;
      if (text.empty()) report(start, 2, "an empty pattern", "write /what to find/");
    }
    const bool ignore_case = peek() == 'i';
    if (ignore_case) ++at_;
    Lexeme& lexeme = push(LexKind::pattern, start, at_ - start);
    lexeme.text = std::move(text);
    lexeme.ignore_case = ignore_case;
  }

  // `age < 2h`, `length >= 200`: a name, a sign and an amount, blanks between them or not.
  bool measure() {
    const std::size_t start = at_;
    std::size_t at = at_;
    while (at < query_.size() && query_[at] >= 'a' && query_[at] <= 'z') ++at;
    const std::size_t name_end = at;
    while (at < query_.size() && blank_length(query_.substr(at)) != 0)
      at += blank_length(query_.substr(at));
    if (name_end == start || at >= query_.size() || (query_[at] != '<' && query_[at] != '>'))
      return false;
    const bool less = query_[at++] == '<';
    const bool equal = at < query_.size() && query_[at] == '=';
    if (equal) ++at;
    while (at < query_.size() && blank_length(query_.substr(at)) != 0)
      at += blank_length(query_.substr(at));
    const std::size_t amount = at;
    while (at < query_.size() && is_name(query_[at])) ++at;
    at_ = at;
    Lexeme& lexeme = push(LexKind::measure, start, at_ - start);
    lexeme.text = query_.substr(start, name_end - start);
    lexeme.amount = query_.substr(amount, at - amount);
    lexeme.comparison = less ? (equal ? Comparison::at_most : Comparison::less)
                             : (equal ? Comparison::at_least : Comparison::more);
    return true;
  }

  bool ends_word() const {
    if (at_ >= query_.size() || blank_length(rest()) || quote_length(rest())) return true;
    // 1,905 is one number; 2 OF (10,20) is a list.
    const bool in_number = at_ > 0 && is_digit(query_[at_ - 1]) && is_digit(peek(1)) &&
                           is_digit(peek(2)) && is_digit(peek(3)) && !is_digit(peek(4));
    if (comma_length(rest()) > 0) return !(peek() == ',' && in_number);
    return is_mark(peek());
  }

  void word() {
    if (measure()) return;
    const std::size_t start = at_;
    const bool exact = peek() == '=';
    if (exact) ++at_;
    const std::size_t from = at_;
    while (!ends_word()) ++at_;
    const std::string text(query_.substr(from, at_ - from));
    if (exact && text.empty()) {
      return report(start, 1, "'=' without a word", "write =Word, without a blank between");
    }
    if (!exact && keyword(start, text)) return;
    const bool opens = quote_length(rest()) > 0 || peek() == '(' || peek() == '@';
    if (!exact && (text == "-" || text == "!") && opens) return excluded(start, start + 1);
    if (!exact && excludes(text)) {
      if (peek() == ':') return excluded(start, start + 1);
      report(start, at_ - start,
             fmt::format("'{}' does not exclude '{}' here", text, text.substr(1)),
             fmt::format("write NOT {}", text.substr(1)));
    }
    if (const std::size_t list = exact ? 0 : field_list_length(query_.substr(start)); list > 0) {
      at_ = start + list;
      push(LexKind::field, start, list).text = query_.substr(start, list - 1);
      return;
    }
    if (!exact && (text == "http" || text == "https") && rest().starts_with("://")) {
      return address(start);
    }
    if (!exact && peek() == ':') {
      ++at_;
      push(LexKind::field, start, at_ - start).text = text;
      return;
    }
    Word made{text, exact ? WordMatch::exact : WordMatch::folded};
    suffix(start, exact, made);
    Lexeme& lexeme = push(LexKind::word, start, at_ - start);
    lexeme.text = text;
    lexeme.words.push_back(std::move(made));
  }

  // -"a phrase", -(a OR b), -title:a: said once, and read on as the NOT that was meant.
  void excluded(std::size_t start, std::size_t behind) {
    static constexpr std::array<LexKind, 8> not_behind = {
        LexKind::op_and,    LexKind::op_or, LexKind::op_not, LexKind::op_near,
        LexKind::op_before, LexKind::field, LexKind::open,   LexKind::comma};
    const bool first = out_.lexemes.empty() ||
                       std::find(not_behind.begin(), not_behind.end(), out_.lexemes.back().kind) !=
                           not_behind.end();
    if (!has_reported_enough()) report_excluded(start, behind, first);
    if (!first) push(LexKind::op_and, start, 1);
    push(LexKind::op_not, start, 1);
    at_ = behind;
  }

  void report_excluded(std::size_t start, std::size_t behind, bool first) {
    std::size_t end = query_[behind] == '"'   ? query_.find('"', behind + 1)
                      : query_[behind] == '(' ? query_.find(')', behind)
                                              : query_.npos;
    if (end != query_.npos) {
      ++end;
    } else {
      const std::size_t most = std::min(query_.size(), behind + 400);
      for (end = behind; end < most && blank_length(query_.substr(end)) == 0;) ++end;
      while (end > behind && end < query_.size() && (query_[end] & 0xC0) == 0x80) --end;
    }
    const std::string_view meant = query_.substr(behind, end - behind);
    report(start, end - start, fmt::format("'{}' excludes nothing here", query_.substr(start, 1)),
           fmt::format("write {}NOT {}", first ? "" : "AND ", meant));
  }

  // Without quotation marks its ':' and '/' would mean other things.
  void address(std::size_t start) {
    while (at_ < query_.size() && blank_length(rest()) == 0 && quote_length(rest()) == 0 &&
           peek() != ')') {
      ++at_;
    }
    report(start, at_ - start, "an address stands in quotation marks",
           "write url:\"example.org/news\"");
    push(LexKind::word, start, at_ - start).words.push_back({"address", WordMatch::folded, 0});
  }

  void suffix(std::size_t start, bool exact, Word& made) {
    if (peek() != '~' && peek() != '*') return;
    made.match = peek() == '~' ? WordMatch::stem : WordMatch::prefix;
    ++at_;
    if (made.match == WordMatch::stem && is_digit(peek())) return edits(start, exact, made);
    const bool more = peek() == '~' || peek() == '*' || is_digit(peek());
    skip_marks();
    if (more || exact) report_marks(start);
  }
  void edits(std::size_t start, bool exact, Word& made) {
    made.match = WordMatch::edits;
    const auto number = static_cast<std::uint32_t>(peek() - '0');
    ++at_;
    const bool more = peek() == '~' || peek() == '*';
    const bool right = number >= 1 && number <= max_edits && !is_digit(peek());
    made.edits = static_cast<std::uint8_t>(std::clamp(number, 1U, max_edits));
    skip_marks();
    if (more || exact) return report_marks(start);
    if (right) return;
    report(start, at_ - start,
           fmt::format("'{}' allows too many edits", query_.substr(start, at_ - start)),
           "write word~1 or word~2; word~ alone is the word's stem");
  }
  void skip_marks() {
    while (peek() == '~' || peek() == '*' || is_digit(peek())) ++at_;
  }
  void report_marks(std::size_t start) {
    report(start, at_ - start,
           fmt::format("'{}' has more than one mark", query_.substr(start, at_ - start)),
           "a word takes one of them: =Word, word~, word~1 or word*");
  }

  // As in the search boxes of elsewhere; punctuation otherwise, so that it would find what it is to
  // leave out. -5 is a number.
  static bool excludes(std::string_view text) {
    return text.size() > 1 && (text[0] == '-' || text[0] == '!') && !is_digit(text[1]) &&
           text[1] != text[0] && text[1] != '=';
  }

  // True when `text` was an operator. NEAR and BEFORE carry their distance: NEAR/5.
  bool keyword(std::size_t start, const std::string& text) {
    static constexpr std::array<std::pair<std::string_view, LexKind>, 5> plain = {{
        {"AND", LexKind::op_and},
        {"OR", LexKind::op_or},
        {"NOT", LexKind::op_not},
        {"SAME", LexKind::op_same},
        {"OF", LexKind::op_of},
    }};
    for (const auto& [name, kind] : plain) {
      if (text == name) return push(kind, start, at_ - start), true;
    }
    const std::string_view name = std::string_view(text).substr(0, text.find('/'));
    if (name != "NEAR" && name != "BEFORE") return false;
    const std::string_view digits =
        std::string_view(text).substr(std::min(text.size(), name.size() + 1));
    std::uint32_t value = 0;
    for (const char c : digits) {
      const std::uint32_t digit = is_digit(c) ? static_cast<std::uint32_t>(c - '0') : 0;
      value = is_digit(c) ? std::min(value * 10 + digit, max_number + 1) : max_number + 1;
      if (value > max_number) break;
    }
    if (value < 1 || value > max_number) {
      const std::string_view number = name == text ? number_behind() : std::string_view();
      report(start, at_ - start,
             fmt::format("'{}' needs a distance in words", query_.substr(start, at_ - start)),
             number.empty() ? fmt::format("write {}/5: a whole number from 1 to 10000", name)
                            : fmt::format("write {}/{}, without a blank", name, number));
    }
    push(name == "NEAR" ? LexKind::op_near : LexKind::op_before, start, at_ - start).number =
        std::clamp(value, 1U, max_number);
    return true;
  }

  // NEAR 5: passes over the number, which is no term here.
  std::string_view number_behind() {
    std::size_t from = at_;
    while (const std::size_t blank = blank_length(query_.substr(from))) from += blank;
    std::size_t end = from;
    while (end < query_.size() && end - from < 5 && is_digit(query_[end])) ++end;
    const bool whole = end == query_.size() || blank_length(query_.substr(end)) != 0;
    if (end == from || !whole) return {};
    at_ = end;
    return query_.substr(from, end - from);
  }

  std::string_view query_;
  std::size_t at_ = 0;
  Lexed out_;
};

}  // namespace

Lexed lex(std::string_view query) {
  return Lexer(query).run();
}

}  // namespace wirewatch::rules
