// Random queries over a small vocabulary, the same for the same seed.
#pragma once

#include <random>
#include <string>
#include <vector>

#include "rules/query/node.h"

namespace wirewatch::rules {

inline const std::vector<std::string>& vocabulary() {
  static const std::vector<std::string> words = {"border", "borders", "guard",  "Guards",
                                                 "attack", "raid",    "secure", "security"};
  return words;
}

inline Word random_word(std::mt19937& random) {
  Word word{vocabulary()[random() % vocabulary().size()], static_cast<WordMatch>(random() % 4)};
  if (word.match == WordMatch::prefix) word.text = word.text.substr(0, 3 + random() % 3);
  return word;
}

inline Node random_leaf(std::mt19937& random) {
  Node node;
  const auto kind = random() % 8;
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

inline Node random_tree(std::mt19937& random, int depth) {
  if (depth == 0) return random_leaf(random);
  Node node;
  switch (random() % 10) {
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
      node.scope = static_cast<Scope>(random() % 3);
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
