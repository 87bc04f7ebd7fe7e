#include "rules/query/node.h"

#include <fmt/format.h>

#include <algorithm>

namespace wirewatch::rules {
namespace {

std::string word_text(const Word& word) {
  switch (word.match) {
    case WordMatch::folded:
      return word.text;
    case WordMatch::exact:
      return "=" + word.text;
    case WordMatch::prefix:
      return word.text + "*";
    case WordMatch::stem:
      return word.text + "~";
  }
  return word.text;
}

std::string phrase_text(const Node& node) {
  std::string text = "\"";
  for (const Word& word : node.words) {
    if (text.size() > 1) text += ' ';
    text += word_text(word);
  }
  return text + '"';
}

bool joins_others(NodeKind kind) {
  return kind == NodeKind::all || kind == NodeKind::any || kind == NodeKind::near ||
         kind == NodeKind::before;
}

// As an operand of AND, OR, NOT or a field.
std::string operand(const Node& node) {
  return joins_others(node.kind) ? "(" + to_text(node) + ")" : to_text(node);
}

// As an operand of NEAR or BEFORE, or before {n}: leaves stand bare, everything else does not.
std::string tight_operand(const Node& node) {
  return is_leaf(node.kind) ? to_text(node) : "(" + to_text(node) + ")";
}

std::string joined(const Node& node, const char* separator, bool bare) {
  std::string text;
  for (const Node& part : node.parts) {
    if (!text.empty()) text += separator;
    text += bare ? to_text(part) : operand(part);
  }
  return text;
}

std::string pair_text(const Node& node, const char* name) {
  return fmt::format("{} {}/{} {}", tight_operand(node.parts[0]), name, node.number,
                     tight_operand(node.parts[1]));
}

}  // namespace

std::string kind_name(NodeKind kind) {
  static constexpr const char* names[] = {"term",  "phrase", "entity", "and",  "or",    "not",
                                          "field", "near",   "before", "same", "times", "of"};
  return names[static_cast<std::size_t>(kind)];
}

std::string scope_name(Scope scope) {
  static constexpr const char* names[] = {"title", "lead", "text", "sentence", "paragraph"};
  return names[static_cast<std::size_t>(scope)];
}

bool same_tree(const Node& a, const Node& b) {
  const bool scoped = a.kind == NodeKind::field || a.kind == NodeKind::same;
  return a.kind == b.kind && (!scoped || a.scope == b.scope) && a.number == b.number &&
         a.reference == b.reference && a.words == b.words &&
         std::equal(a.parts.begin(), a.parts.end(), b.parts.begin(), b.parts.end(), same_tree);
}

std::string to_text(const Node& node) {
  switch (node.kind) {
    case NodeKind::term:
      return word_text(node.words[0]);
    case NodeKind::phrase:
      return phrase_text(node);
    case NodeKind::entity:
      return "@" + node.reference;
    case NodeKind::all:
      return joined(node, " AND ", false);
    case NodeKind::any:
      return joined(node, " OR ", false);
    case NodeKind::none:
      return "NOT " + operand(node.parts[0]);
    case NodeKind::field:
      return scope_name(node.scope) + ":" + operand(node.parts[0]);
    case NodeKind::near:
      return pair_text(node, "NEAR");
    case NodeKind::before:
      return pair_text(node, "BEFORE");
    case NodeKind::same:
      return fmt::format("SAME({}: {})", scope_name(node.scope), to_text(node.parts[0]));
    case NodeKind::times:
      return fmt::format("{}{{{}}}", tight_operand(node.parts[0]), node.number);
    case NodeKind::some:
      return fmt::format("{} OF ({})", node.number, joined(node, ", ", true));
  }
  return "";
}

}  // namespace wirewatch::rules
