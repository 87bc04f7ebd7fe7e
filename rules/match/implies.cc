#include "rules/match/implies.h"

#include <algorithm>

#include "rules/match/word_tokens.h"

namespace wirewatch::rules {
namespace {

using Words = std::vector<WordToken>;

constexpr std::size_t most_kept = 20000;  // clauses whose words are kept

// Empty where a word has two spellings: then neither is sure to stand there.
Words read_words(const Node& node) {
  Words words;
  for (const Word& word : node.words) {
    if (spellings(word).closed) return {};
    for (WordToken& token : word_tokens(word)) words.push_back(std::move(token));
  }
  return words;
}

bool word_implies(const WordToken& a, const WordToken& b) {
  const bool same = a.folded == b.folded;
  switch (b.match) {
    case WordMatch::folded:
      return same && (a.match == WordMatch::folded || a.match == WordMatch::exact);
    case WordMatch::exact:
      return a.match == WordMatch::exact && a.raw == b.raw;
    case WordMatch::prefix:
      return a.match != WordMatch::stem && a.match != WordMatch::edits &&
             a.folded.starts_with(b.folded);
    case WordMatch::stem:
      return same && a.match != WordMatch::prefix && a.match != WordMatch::edits;
    case WordMatch::edits:
      return same && a.match == WordMatch::edits && a.edits <= b.edits;
  }
  return false;
}

// A phrase makes each run of its words hold.
bool words_imply(const Words& a, const Words& b) {
  if (b.empty() || a.size() < b.size()) return false;
  for (std::size_t at = 0; at + b.size() <= a.size(); ++at) {
    const bool all = std::equal(b.begin(), b.end(), a.begin() + static_cast<std::ptrdiff_t>(at),
                                [](const WordToken& wanted, const WordToken& given) {
                                  return word_implies(given, wanted);
                                });
    if (all) return true;
  }
  return false;
}

bool has_words(const Node& node) {
  return node.kind == NodeKind::term || node.kind == NodeKind::phrase;
}

bool measure_implies(const Node& a, const Node& b) {
  if (a.measure != b.measure) return false;
  const auto upper = [](const Node& n) {
    return n.comparison == Comparison::less || n.comparison == Comparison::at_most;
  };
  if (upper(a) != upper(b)) return false;
  // As whole numbers: < n is <= n - 1, > n is >= n + 1.
  const auto bound = [](const Node& n) {
    const std::int64_t number = n.number;
    if (n.comparison == Comparison::less) return number - 1;
    return n.comparison == Comparison::more ? number + 1 : number;
  };
  return upper(a) ? bound(a) <= bound(b) : bound(a) >= bound(b);
}

bool measures_exclude(const Node& a, const Node& b) {
  Node opposite = b;
  switch (b.comparison) {
    case Comparison::less:
      opposite.comparison = Comparison::at_least;
      break;
    case Comparison::at_most:
      opposite.comparison = Comparison::more;
      break;
    case Comparison::more:
      opposite.comparison = Comparison::at_most;
      break;
    case Comparison::at_least:
      opposite.comparison = Comparison::less;
      break;
  }
  return measure_implies(a, opposite);
}

}  // namespace

const Implications::Words& Implications::words_of(const Node& node) {
  const auto entry = words_.try_emplace(&node);
  if (entry.second) entry.first->second = read_words(node);
  return entry.first->second;
}

bool Implications::leaf_implies(const Node& a, const Node& b) {
  if (has_words(a) && has_words(b)) return words_imply(words_of(a), words_of(b));
  if (a.kind != NodeKind::entity || b.kind != NodeKind::entity) return false;
  const auto narrow = gazetteer_.counting_as(a.reference);
  const auto wide = gazetteer_.counting_as(b.reference);
  return !narrow.empty() && std::includes(wide.begin(), wide.end(), narrow.begin(), narrow.end());
}

// lang: and country: have one value, so two different words of it cannot both be there.
bool Implications::values_exclude(const Node& a, const Node& b) {
  const bool one_value =
      a.scope == b.scope && (a.scope == Scope::lang || a.scope == Scope::country);
  const Node& x = a.parts[0];
  const Node& y = b.parts[0];
  if (!one_value || x.kind != NodeKind::term || y.kind != NodeKind::term) return false;
  const Words& one = words_of(x);
  const Words& other = words_of(y);
  const auto plain = [](const Words& words) {
    return words.size() == 1 && words[0].match == WordMatch::folded;
  };
  return plain(one) && plain(other) && one[0].folded != other[0].folded;
}

bool Implications::implies(const Node& a, const Node& b) {
  const auto each = [&](const Node& part) { return implies(a, part); };
  const auto of_a = [&](const Node& part) { return implies(part, b); };
  if (same_tree(a, b)) return true;
  if (b.kind == NodeKind::all) return std::all_of(b.parts.begin(), b.parts.end(), each);
  if (a.kind == NodeKind::any) return std::all_of(a.parts.begin(), a.parts.end(), of_a);
  if (b.kind == NodeKind::any && std::any_of(b.parts.begin(), b.parts.end(), each)) return true;
  if (b.kind == NodeKind::rule && b.named) return each(*b.named);
  if (a.kind == NodeKind::measure && b.kind == NodeKind::measure) return measure_implies(a, b);
  if (is_leaf(a.kind) && is_leaf(b.kind)) return leaf_implies(a, b);
  if (a.kind == NodeKind::none && b.kind == NodeKind::none) {
    return implies(b.parts[0], a.parts[0]);
  }
  const bool limited = a.kind == NodeKind::field || a.kind == NodeKind::same;
  if (limited && a.kind == b.kind && a.scope == b.scope) {
    return implies(a.parts[0], b.parts[0]);
  }
  switch (a.kind) {
    case NodeKind::all:
    case NodeKind::near:
    case NodeKind::before:
    case NodeKind::times:
      return std::any_of(a.parts.begin(), a.parts.end(), of_a);
    case NodeKind::rule:
      return a.named && of_a(*a.named);
    case NodeKind::field:
    case NodeKind::same:
      // What is found in a part is found in the whole; what is absent from it need not be.
      return !(a.kind == NodeKind::field && is_about_document(a.scope)) && is_leaf(b.kind) &&
             of_a(a.parts[0]);
    default:
      return false;
  }
}

bool Implications::excludes(const Node& a, const Node& b) {
  if (words_.size() > most_kept) words_.clear();
  if (a.kind == NodeKind::none && implies(b, a.parts[0])) return true;
  if (b.kind == NodeKind::none && implies(a, b.parts[0])) return true;
  if (a.kind == NodeKind::measure && b.kind == NodeKind::measure) {
    return a.measure == b.measure && measures_exclude(a, b);
  }
  if (a.kind == NodeKind::field && b.kind == NodeKind::field && a.scope == b.scope) {
    if (values_exclude(a, b)) return true;
    // Both are about the same part, so what cannot be there together cannot hold together.
    return excludes(a.parts[0], b.parts[0]);
  }
  return false;
}

}  // namespace wirewatch::rules
