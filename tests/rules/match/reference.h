// A second, slow reading of the rule language, written from docs/rules.md and not from the matcher:
// it looks at every place of a document for every clause.
#pragma once

#include <set>
#include <span>
#include <string>
#include <vector>

#include "feeds/document.h"
#include "rules/entities/gazetteer.h"
#include "rules/query/node.h"

namespace wirewatch::rules {

class Reference {
 public:
  Reference(const feeds::Document& document, std::span<const feeds::Mention> mentions,
            const Gazetteer& gazetteer);

  bool holds(const Node& node) const;

 private:
  using Tokens = std::set<std::size_t>;  // which tokens may be looked at
  struct Place {
    std::size_t first;
    std::size_t last;
  };

  bool holds(const Node& node, const Tokens& visible) const;
  bool word_is(const Word& word, std::size_t token) const;
  bool phrase_stands(const std::vector<Word>& words, std::size_t first) const;
  std::vector<Place> places(const Node& node, const Tokens& visible) const;
  bool near(const Node& node, const Tokens& visible) const;

  const feeds::Document& document_;
  std::span<const feeds::Mention> mentions_;
  const Gazetteer& gazetteer_;
};

}  // namespace wirewatch::rules
