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
    case WordMatch::edits:
      return fmt::format("{}~{}", word.text, word.edits);
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

std::string measure_text(const Node& node) {
  static constexpr const char* signs[] = {"<", "<=", ">", ">="};
  const char* sign = signs[static_cast<std::size_t>(node.comparison)];
  if (node.measure == Measure::length) return fmt::format("length {} {}", sign, node.number);
  static constexpr std::pair<std::uint32_t, char> units[] = {
      {86400, 'd'}, {3600, 'h'}, {60, 'm'}, {1, 's'}};
  for (const auto& [seconds, letter] : units) {
    if (node.number % seconds != 0) continue;
    return fmt::format("age {} {}{}", sign, node.number / seconds, letter);
  }
  return "";
}

std::string pair_text(const Node& node, const char* name) {
  return fmt::format("{} {}/{} {}", tight_operand(node.parts[0]), name, node.number,
                     tight_operand(node.parts[1]));
}

}  // namespace

std::string kind_name(NodeKind kind) {
  static constexpr const char* names[] = {"term",  "phrase", "entity",  "and",    "or",
                                          "not",   "field",  "near",    "before", "same",
                                          "times", "of",     "pattern", "rule",   "measure"};
  return names[static_cast<std::size_t>(kind)];
}

std::string scope_name(Scope scope) {
  static constexpr const char* names[scope_count] = {
      "title", "lead", "text",   "title,lead", "title,text", "sentence", "paragraph", "source",
      "feed",  "tag",  "author", "category",   "lang",       "url",      "country"};
  return names[static_cast<std::size_t>(scope)];
}

const std::vector<std::string>& field_names() {
  static const std::vector<std::string> names = {"title", "lead", "text",   "source",
                                                 "feed",  "tag",  "author", "category",
                                                 "lang",  "url",  "country"};
  return names;
}

bool same_tree(const Node& a, const Node& b) {
  const bool scoped = a.kind == NodeKind::field || a.kind == NodeKind::same;
  const bool measured = a.kind == NodeKind::measure;
  if (a.kind != b.kind || (scoped && a.scope != b.scope)) return false;
  if (measured && (a.measure != b.measure || a.comparison != b.comparison)) return false;
  if (a.kind == NodeKind::rule) return a.reference == b.reference;
  return a.number == b.number && a.ignore_case == b.ignore_case && a.reference == b.reference &&
         a.words == b.words &&
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
    case NodeKind::pattern:
      return fmt::format("/{}/{}", node.reference, node.ignore_case ? "i" : "");
    case NodeKind::rule:
      return "$" + node.reference;
    case NodeKind::measure:
      return measure_text(node);
  }
  return "";
}

}  // namespace wirewatch::rules
