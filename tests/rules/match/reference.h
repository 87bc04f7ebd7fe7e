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
            const Gazetteer& gazetteer, std::int64_t age_seconds = 0);

  // The rules that the query names are resolved.
  bool holds(const Node& node) const;

 private:
  using Tokens = std::set<std::size_t>;  // which words may be looked at
  struct Text {                          // one word, of title, text or a field
    std::string folded;
    std::string raw;
    Scope part = Scope::text;  // title, text, source, tag …
    std::size_t sentence = 0;  // no two of the document share a number
    std::size_t paragraph = 0;
    std::size_t start = 0;  // bytes in the line or value
    std::size_t end = 0;
    bool hyphen = false;     // joins it to the next
    std::size_t number = 0;  // among the words of its part
  };
  struct Place {
    std::size_t first;
    std::size_t last;
  };

  void add(Scope part, const std::string& line, bool sentences);
  bool holds(const Node& node, const Tokens& visible) const;
  bool unit_is(const Word& word, const std::string& wanted, std::size_t at, bool joined) const;
  std::set<std::size_t> ends_of_one(const Word& word, const std::string& wanted,
                                    std::size_t at) const;
  std::set<std::size_t> ends_of(const Word& word, std::size_t at) const;
  std::vector<Place> word_places(const std::vector<Word>& words) const;
  std::vector<Place> pattern_places(const Node& node) const;
  std::vector<Place> places(const Node& node, const Tokens& visible) const;
  bool near(const Node& node, const Tokens& visible) const;
  std::vector<Tokens> views(const Node& node, const Tokens& visible) const;
  bool in_scope(Scope scope, std::size_t at) const;

  std::span<const feeds::Mention> mentions_;
  const Gazetteer& gazetteer_;
  std::int64_t age_seconds_;
  std::vector<Text> words_;
  std::vector<std::string> lines_;  // by paragraph
  std::size_t sentences_ = 0;
  std::size_t own_words_ = 0;
};

}  // namespace wirewatch::rules
