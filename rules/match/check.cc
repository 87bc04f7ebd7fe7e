#include <fmt/format.h>

#include <algorithm>

#include "feeds/text/utf8.h"
#include "rules/match/plan.h"

namespace wirewatch::rules {
namespace {

// What a clause is limited to by the fields around it.
struct Limits {
  bool title = false;
  bool text = false;
};

class Checker {
 public:
  explicit Checker(const Gazetteer& gazetteer) : gazetteer_(gazetteer) {}

  std::vector<Diagnostic> run(const Node& tree) {
    visit(tree, Limits());
    if (!has_error(found_) && !needs_a_word(tree)) {
      const bool negation = tree.kind == NodeKind::none;
      report(Severity::error, tree,
             negation ? "a NOT alone holds for nearly every document"
                      : "this holds for documents in which none of its words occur",
             "say what must occur as well: border AND NOT football");
    }
    std::stable_sort(found_.begin(), found_.end(),
                     [](const Diagnostic& a, const Diagnostic& b) { return a.offset < b.offset; });
    return std::move(found_);
  }

 private:
  void report(Severity severity, const Node& node, std::string text, std::string hint) {
    found_.push_back({severity, "", node.offset, node.length, std::move(text), std::move(hint)});
  }

  void visit(const Node& node, Limits limits) {
    if (node.kind == NodeKind::entity) return entity(node);
    if (is_leaf(node.kind)) return words(node);
    const bool in_title = node.scope == Scope::title;
    if (node.kind == NodeKind::field || (node.kind == NodeKind::same && in_title)) {
      (in_title ? limits.title : limits.text) = true;
      if (limits.title && limits.text) {
        report(Severity::warning, node, fmt::format("'{}' can never hold here", to_text(node)),
               "the title is no part of the text, nor the text of the title");
      }
    }
    for (const Node& part : node.parts) visit(part, limits);
  }

  void words(const Node& node) {
    if (node.words.empty()) return;
    std::size_t tokens = 0;
    for (const Word& word : node.words) {
      const std::vector<WordToken> made = word_tokens(word);
      tokens += made.size();
      if (word.match != WordMatch::prefix || made.empty()) continue;
      std::size_t letters = 0;
      for (const char c : made.back().folded) {
        if ((static_cast<unsigned char>(c) & 0xC0U) != 0x80U) ++letters;
      }
      if (letters < 2) {
        report(Severity::error, node, fmt::format("'{}*' is too short a beginning", word.text),
               "give at least two letters before the '*'");
      }
    }
    if (tokens > 0) return;
    report(Severity::error, node,
           fmt::format("'{}' holds neither letters nor digits", to_text(node)),
           "punctuation and symbols are not matched");
  }

  void entity(const Node& node) {
    const std::string& reference = node.reference;
    if (gazetteer_.knows(reference)) return;
    std::vector<std::string> candidates = gazetteer_.ids();
    for (const std::string& id : gazetteer_.ids()) {
      candidates.push_back("kind:" + gazetteer_.definition(id)->kind);
    }
    const std::string near = nearest_name(reference, candidates);
    report(Severity::error, node, fmt::format("there is no entity '@{}'", reference),
           near.empty() ? "entities are defined under entities:, in their own files"
                        : fmt::format("did you mean @{}?", near));
  }

  // False when the clause can hold although nothing it names occurs.
  static bool needs_a_word(const Node& node) {
    if (is_leaf(node.kind)) return true;
    if (node.kind == NodeKind::none) return false;
    const auto needing =
        static_cast<std::size_t>(std::count_if(node.parts.begin(), node.parts.end(), needs_a_word));
    if (node.kind == NodeKind::any) return needing == node.parts.size();
    if (node.kind == NodeKind::some) return needing + node.number > node.parts.size();
    return needing > 0;
  }

  const Gazetteer& gazetteer_;
  std::vector<Diagnostic> found_;
};

}  // namespace

std::vector<Diagnostic> check(const Node& tree, const Gazetteer& gazetteer) {
  return Checker(gazetteer).run(tree);
}

}  // namespace wirewatch::rules
