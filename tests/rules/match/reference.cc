#include "tests/rules/match/reference.h"

#include <libstemmer.h>

#include <algorithm>
#include <map>

#include "feeds/text/document.h"

namespace wirewatch::rules {
namespace {

// The tests' documents are English, and so are their words.
const std::string& english_stem(const std::string& word) {
  static std::map<std::string, std::string> known;
  if (const auto at = known.find(word); at != known.end()) return at->second;
  sb_stemmer* stemmer = sb_stemmer_new("english", "UTF_8");
  const auto* symbols = reinterpret_cast<const sb_symbol*>(word.data());
  const sb_symbol* stem = sb_stemmer_stem(stemmer, symbols, static_cast<int>(word.size()));
  std::string& copy = known[word];
  copy.assign(reinterpret_cast<const char*>(stem),
              static_cast<std::size_t>(sb_stemmer_length(stemmer)));
  sb_stemmer_delete(stemmer);
  return copy;
}

}  // namespace

Reference::Reference(const feeds::Document& document, std::span<const feeds::Mention> mentions,
                     const Gazetteer& gazetteer)
    : document_(document), mentions_(mentions), gazetteer_(gazetteer) {}

bool Reference::holds(const Node& node) const {
  Tokens all;
  for (std::size_t i = 0; i < document_.tokens.size(); ++i) all.insert(i);
  return holds(node, all);
}

bool Reference::word_is(const Word& word, std::size_t token) const {
  const std::string folded(document_.folded_form(document_.tokens[token]));
  const std::string raw(document_.raw_form(document_.tokens[token]));
  const std::string wanted = feeds::fold_word(word.text);
  switch (word.match) {
    case WordMatch::folded:
      return folded == wanted;
    case WordMatch::exact:
      return folded == wanted && raw == word.text;
    case WordMatch::prefix:
      return folded.substr(0, wanted.size()) == wanted;
    case WordMatch::stem:
      return folded == wanted || english_stem(folded) == english_stem(wanted);
  }
  return false;
}

bool Reference::phrase_stands(const std::vector<Word>& words, std::size_t first) const {
  const auto& tokens = document_.tokens;
  for (std::size_t i = 0; i < words.size(); ++i) {
    const std::size_t at = first + i;
    if (at >= tokens.size() || !word_is(words[i], at)) return false;
    if (tokens[at].field != tokens[first].field) return false;
    if (tokens[at].paragraph != tokens[first].paragraph) return false;
  }
  return true;
}

std::vector<Reference::Place> Reference::places(const Node& node, const Tokens& visible) const {
  std::vector<Place> found;
  if (node.kind == NodeKind::any) {
    for (const Node& part : node.parts) {
      for (const Place& place : places(part, visible)) found.push_back(place);
    }
    return found;
  }
  if (node.kind == NodeKind::entity) {
    for (const feeds::Mention& mention : mentions_) {
      if (gazetteer_.counts_as(mention.entity, node.reference)) {
        found.push_back({mention.first_token, mention.last_token});
      }
    }
  } else {
    for (std::size_t i = 0; i < document_.tokens.size(); ++i) {
      if (phrase_stands(node.words, i)) found.push_back({i, i + node.words.size() - 1});
    }
  }
  found.erase(std::remove_if(found.begin(), found.end(),
                             [&](const Place& place) {
                               for (std::size_t t = place.first; t <= place.last; ++t) {
                                 if (visible.count(t) == 0) return true;
                               }
                               return false;
                             }),
              found.end());
  return found;
}

bool Reference::near(const Node& node, const Tokens& visible) const {
  const auto& tokens = document_.tokens;
  for (const Place& a : places(node.parts[0], visible)) {
    for (const Place& b : places(node.parts[1], visible)) {
      const feeds::Token& one = tokens[a.first];
      const feeds::Token& other = tokens[b.first];
      if (one.field != other.field || one.paragraph != other.paragraph) continue;
      const bool after = a.last < b.first && b.first - a.last <= node.number;
      const bool before = b.last < a.first && a.first - b.last <= node.number;
      if (after || (before && node.kind == NodeKind::near)) return true;
    }
  }
  return false;
}

bool Reference::holds(const Node& node, const Tokens& visible) const {
  const auto& tokens = document_.tokens;
  std::size_t held = 0;
  switch (node.kind) {
    case NodeKind::term:
    case NodeKind::phrase:
    case NodeKind::entity:
      return !places(node, visible).empty();
    case NodeKind::all:
    case NodeKind::any:
    case NodeKind::some:
      for (const Node& part : node.parts) held += holds(part, visible) ? 1 : 0;
      if (node.kind == NodeKind::all) return held == node.parts.size();
      return held >= (node.kind == NodeKind::any ? 1 : node.number);
    case NodeKind::none:
      return !holds(node.parts[0], visible);
    case NodeKind::near:
    case NodeKind::before:
      return near(node, visible);
    case NodeKind::times: {
      std::set<std::size_t> starts;
      for (const Place& place : places(node.parts[0], visible)) starts.insert(place.first);
      return starts.size() >= node.number;
    }
    case NodeKind::field:
    case NodeKind::same:
      break;
  }
  // What remains limits the view: to a part of the document, or to one sentence after the other.
  std::vector<Tokens> views;
  for (const std::size_t t : visible) {
    const bool title = tokens[t].field == feeds::Field::title;
    const bool lead = !title && tokens[t].position < document_.lead_tokens;
    switch (node.scope) {
      case Scope::title:
      case Scope::lead:
      case Scope::text:
        if (views.empty()) views.emplace_back();
        if (node.scope == Scope::title ? title : node.scope == Scope::lead ? lead : !title) {
          views[0].insert(t);
        }
        break;
      case Scope::sentence:
      case Scope::paragraph: {
        const bool starts =
            views.empty() || tokens[t].field != tokens[t - 1].field ||
            tokens[t].paragraph != tokens[t - 1].paragraph ||
            (node.scope == Scope::sentence && tokens[t].sentence != tokens[t - 1].sentence);
        if (starts) views.emplace_back();
        views.back().insert(t);
      }
    }
  }
  const bool one_view = node.scope != Scope::sentence && node.scope != Scope::paragraph;
  if (one_view && views.empty()) views.emplace_back();
  return std::any_of(views.begin(), views.end(),
                     [&](const Tokens& view) { return holds(node.parts[0], view); });
}

}  // namespace wirewatch::rules
