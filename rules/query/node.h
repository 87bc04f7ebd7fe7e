// The syntax tree of a query, as docs/rules.md describes it, and its canonical text.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace wirewatch::rules {

// How one word of a query is compared with a token.
enum class WordMatch : std::uint8_t {
  folded,  // border      case, diacritics and letter forms do not matter
  exact,   // =Border     the token's own bytes are the word's
  prefix,  // border*     the folded token begins with the folded word
  stem,    // border~     both have one Snowball stem in the document's language
};

struct Word {
  std::string text;  // as written, without its marks
  WordMatch match = WordMatch::folded;
  bool operator==(const Word&) const = default;
};

enum class NodeKind : std::uint8_t {
  term,    // one written word (it may be several tokens: counter-terrorism)
  phrase,  // "…"
  entity,  // @id, @kind:person
  all,     // a AND b
  any,     // a OR b
  none,    // NOT a
  field,   // title: lead: text:
  near,    // a NEAR/n b
  before,  // a BEFORE/n b
  same,    // SAME(sentence: a)
  times,   // a{n}
  some,    // n OF (a, b, c)
};

// Parts of a document that a clause can be limited to.
enum class Scope : std::uint8_t { title, lead, text, sentence, paragraph };

struct Node {
  NodeKind kind = NodeKind::term;
  Scope scope = Scope::text;  // field, same
  std::uint32_t number = 0;   // near, before, times, some
  std::string reference;      // entity: without the '@'
  std::vector<Word> words;    // term (one), phrase
  std::vector<Node> parts;
  std::uint32_t offset = 0;  // byte range in the query text; not part of equality
  std::uint32_t length = 0;
};

// Kinds that stand for places in the text: they can be counted and put near each other.
inline bool is_leaf(NodeKind kind) {
  return kind == NodeKind::term || kind == NodeKind::phrase || kind == NodeKind::entity;
}

// "and", "or", "not", "term", "phrase", "entity", "field", "near", "before", "same", "times", "of"
std::string kind_name(NodeKind kind);
std::string scope_name(Scope scope);

// Equal trees say the same thing the same way; offsets do not count.
bool same_tree(const Node& a, const Node& b);

// Canonical text: parses to an equal tree. Parentheses stand only where they are needed.
std::string to_text(const Node& node);

}  // namespace wirewatch::rules
