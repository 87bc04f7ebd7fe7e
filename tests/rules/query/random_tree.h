// Random queries over a small vocabulary, the same for the same seed.
#pragma once

#include <random>
#include <string>
#include <vector>

#include "rules/query/node.h"

namespace wirewatch::rules {

inline const std::vector<std::string>& vocabulary() {
  static const std::vector<std::string> words = {
      "border", "borders",       "guard",         "Guards",      "attack",      "raid",
      "secure", "security",      "counter",       "raider",      "borderguard", "brd",
      "guard",  "counterattack", "counterattack", "antiraiding", "boarder",     "re",
      "حدود",   "والحدود",       "زيارة",         "اشتباك"};
  return words;
}

// Words that are written as two.
inline const std::vector<std::string>& compounds() {
  static const std::vector<std::string> words = {"counter-attack", "border-guard", "re-secure",
                                                 "anti-raiding", "border-guard-raid"};
  return words;
}

inline Word random_word(std::mt19937& random) {
  Word word{vocabulary()[random() % vocabulary().size()], static_cast<WordMatch>(random() % 5)};
  const bool arabic = static_cast<unsigned char>(word.text[0]) >= 0x80;  // of two bytes a letter
  if (word.match == WordMatch::prefix) {
    word.text = word.text.substr(0, arabic ? 4 + random() % 3 * 2 : 2 + random() % 8);
  } else if (word.match == WordMatch::edits) {
    if (word.text.size() < 3 || arabic) word.text = "guard";
    word.edits = word.text.size() < 5 ? 1 : static_cast<std::uint8_t>(1 + random() % 2);
  } else if (random() % 8 == 0) {
    word.text = compounds()[random() % compounds().size()];
    if (word.match == WordMatch::exact) word.match = WordMatch::stem;
  }
  return word;
}

inline Node random_pattern(std::mt19937& random) {
  static const std::vector<std::string> patterns = {
      "b[oa]r?der",  "[Gg]uards?\\b", "r[ai]+d", "(attack|raid)ed", "se.ur", "^[a-z]+", "er\\b",
      "[A-Z][a-z]+", "d.[a-z]+s",     "rs?$",    "t[^a-z]+r",       "a+.*d"};
  Node node;
  node.kind = NodeKind::pattern;
  node.reference = patterns[random() % patterns.size()];
  node.ignore_case = random() % 3 == 0;
  return node;
}

inline Node random_leaf(std::mt19937& random) {
  Node node;
  const auto kind = random() % 9;
  if (kind == 8) return random_pattern(random);
  if (kind == 0) {
    node.kind = NodeKind::entity;
    node.reference = std::vector<std::string>{"x", "y", "both", "kind:force"}[random() % 4];
  } else if (kind < 3) {
    node.kind = NodeKind::phrase;
    for (auto n = 1 + random() % 3; n > 0; --n) node.words.push_back(random_word(random));
  } else {
    node.words.push_back(random_word(random));
  }
  return node;
}

// A leaf, or an OR of leaves: what NEAR and {n} take.
inline Node random_place(std::mt19937& random) {
  if (random() % 3 != 0) return random_leaf(random);
  Node node;
  node.kind = NodeKind::any;
  for (auto n = 2 + random() % 2; n > 0; --n) node.parts.push_back(random_leaf(random));
  return node;
}

inline Node random_measure(std::mt19937& random) {
  Node node;
  node.kind = NodeKind::measure;
  node.measure = random() % 2 == 0 ? Measure::age : Measure::length;
  node.comparison = static_cast<Comparison>(random() % 4);
  node.number = static_cast<std::uint32_t>(random() % 60);
  if (node.measure == Measure::age) node.number *= 60;
  return node;
}

// A field about the document, with words, or NOT, AND, OR of them.
inline Node random_field(std::mt19937& random) {
  Node node;
  node.kind = NodeKind::field;
  node.scope = static_cast<Scope>(static_cast<unsigned>(Scope::source) + random() % 7);
  const auto word = [&] {
    Node leaf = random_leaf(random);
    while (leaf.kind == NodeKind::entity) leaf = random_leaf(random);
    return leaf;
  };
  Node inner = word();
  if (random() % 3 == 0) {
    Node list;
    list.kind = random() % 2 == 0 ? NodeKind::all : NodeKind::any;
    list.parts = {std::move(inner), word()};
    inner = std::move(list);
  } else if (random() % 6 == 0) {
    Node negation;
    negation.kind = NodeKind::none;
    negation.parts.push_back(std::move(inner));
    inner = std::move(negation);
  }
  node.parts.push_back(std::move(inner));
  return node;
}

inline Node random_tree(std::mt19937& random, int depth) {
  if (depth == 0) return random_leaf(random);
  Node node;
  switch (random() % 13) {
    case 0:
    case 1:
    case 2:
    case 3:
      node.kind = random() % 2 == 0 ? NodeKind::all : NodeKind::any;
      for (auto n = 2 + random() % 2; n > 0; --n) {
        Node part = random_tree(random, depth - 1);
        // Lists of one kind are flat: the parser reads a AND (b AND c) as one list.
        if (part.kind == node.kind) part = random_leaf(random);
        node.parts.push_back(std::move(part));
      }
      return node;
    case 4:
      node.kind = NodeKind::none;
      break;
    case 5:
      node.kind = NodeKind::field;
      node.scope = static_cast<Scope>(random() % 5);
      break;
    case 6:
      node.kind = NodeKind::same;
      node.scope =
          std::vector<Scope>{Scope::sentence, Scope::paragraph, Scope::title}[random() % 3];
      break;
    case 7:
      node.kind = random() % 2 == 0 ? NodeKind::near : NodeKind::before;
      node.number = 1 + static_cast<std::uint32_t>(random() % 4);
      node.parts.push_back(random_place(random));
      node.parts.push_back(random_place(random));
      return node;
    case 8:
      node.kind = NodeKind::times;
      node.number = 1 + static_cast<std::uint32_t>(random() % 3);
      node.parts.push_back(random_place(random));
      return node;
    case 9:
      return random_measure(random);
    case 10:
      return random_field(random);
    case 11:
      node.kind = NodeKind::rule;
      node.reference = "other" + std::to_string(random());  // one tree has one name
      node.named = std::make_shared<const Node>(random_tree(random, depth - 1));
      return node;
    default:
      node.kind = NodeKind::some;
      for (auto n = 1 + random() % 3; n > 0; --n) {
        node.parts.push_back(random_tree(random, depth - 1));
      }
      node.number = 1 + static_cast<std::uint32_t>(random() % node.parts.size());
      return node;
  }
  node.parts.push_back(random_tree(random, depth - 1));
  return node;
}

}  // namespace wirewatch::rules
