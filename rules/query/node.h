// The syntax tree of a query, as docs/rules.md describes it, and its canonical text.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace wirewatch::rules {

// How one word of a query is compared with a token.
enum class WordMatch : std::uint8_t {
  folded,  // border      case, diacritics and letter forms do not matter
  exact,   // =Border     the token's own bytes are the word's
  prefix,  // border*     the folded token begins with the folded word
  stem,    // border~     both have one Snowball stem in the document's language
  edits,   // shatri~1    the folded forms are at most so many edits apart
};

// A word's edits are 1 or 2; it needs so many letters, or it would be near everything.
inline constexpr std::uint32_t max_edits = 2;
inline constexpr std::size_t least_letters_for_edits[] = {0, 3, 5};

struct Word {
  std::string text;  // as written, without its marks
  WordMatch match = WordMatch::folded;
  std::uint8_t edits = 0;
  bool operator==(const Word&) const = default;
};

enum class NodeKind : std::uint8_t {
  term,     // one written word (it may be several tokens: counter-terrorism)
  phrase,   // "…"
  entity,   // @id, @kind:person
  all,      // a AND b
  any,      // a OR b
  none,     // NOT a
  field,    // title: lead: text: source: …
  near,     // a NEAR/n b
  before,   // a BEFORE/n b
  same,     // SAME(sentence: a)
  times,    // a{n}
  some,     // n OF (a, b, c)
  pattern,  // /regular expression/
  rule,     // $another-rule
  measure,  // age < 2h, length > 200
};

// Parts of a document that a clause can be limited to. From `source` on they are about the
// document as a whole, wherever in a query they stand.
enum class Scope : std::uint8_t {
  title,
  lead,
  text,
  title_lead,  // title,lead:
  title_text,  // title,text:
  sentence,
  paragraph,
  source,
  feed,
  tag,
  author,
  category,
  lang,
  url,
  country,
};
inline constexpr std::size_t scope_count = 15;
inline bool is_about_document(Scope scope) {
  return scope >= Scope::source;
}
// The names that may stand before a colon.
const std::vector<std::string>& field_names();

enum class Measure : std::uint8_t { age, length };
enum class Comparison : std::uint8_t { less, at_most, more, at_least };

struct Node {
  NodeKind kind = NodeKind::term;
  Scope scope = Scope::text;  // field, same
  Measure measure = Measure::age;
  Comparison comparison = Comparison::less;
  bool ignore_case = false;  // pattern
  std::uint32_t number = 0;  // near, before, times, some; measure: seconds, or words of the text
  std::string reference;     // entity, rule: without '@' or '$'; pattern: what is between the '/'
  std::vector<Word> words;   // term (one), phrase
  std::vector<Node> parts;
  // rule: the tree of that rule, once it was found; one for all that name it.
  std::shared_ptr<const Node> named;
  std::uint32_t offset = 0;  // byte range in the query text; not part of equality
  std::uint32_t length = 0;
};

// Kinds that stand for places in the text: they can be counted and put near each other.
inline bool is_leaf(NodeKind kind) {
  return kind == NodeKind::term || kind == NodeKind::phrase || kind == NodeKind::entity ||
         kind == NodeKind::pattern;
}

// "and", "or", "not", "term", "phrase", "entity", "field", "near", "before", "same", "times",
// "of", "pattern", "rule", "measure"
std::string kind_name(NodeKind kind);
std::string scope_name(Scope scope);

// Equal trees say the same thing the same way; offsets do not count.
bool same_tree(const Node& a, const Node& b);

// Canonical text: parses to an equal tree. Parentheses stand only where they are needed.
std::string to_text(const Node& node);

}  // namespace wirewatch::rules
