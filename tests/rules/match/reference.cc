#include "tests/rules/match/reference.h"

#include <libstemmer.h>

#include <algorithm>
#include <map>
#include <regex>

#include "feeds/text/document.h"
#include "feeds/text/tokenise.h"

namespace wirewatch::rules {
namespace {

std::string stem_in(const char* language, const std::string& word) {
  static std::map<std::string, std::string> known;
  const std::string key = language + word;
  if (const auto at = known.find(key); at != known.end()) return at->second;
  sb_stemmer* stemmer = sb_stemmer_new(language, "UTF_8");
  const auto* symbols = reinterpret_cast<const sb_symbol*>(word.data());
  const sb_symbol* stem = sb_stemmer_stem(stemmer, symbols, static_cast<int>(word.size()));
  std::string& copy = known[key];
  copy.assign(reinterpret_cast<const char*>(stem),
              static_cast<std::size_t>(sb_stemmer_length(stemmer)));
  sb_stemmer_delete(stemmer);
  return copy;
}

bool is_arabic(const std::string& word) {
  const auto arabic = [](char c) { return c >= '\xD8' && c <= '\xDB'; };
  return std::any_of(word.begin(), word.end(), arabic);
}

// docs/rules.md, "Arabic words", as regular expressions over bytes: of two bytes each, at least
// three letters are left. A query's word loses nothing that has no article behind it.
std::set<std::string> arabic_stems(const std::string& word, bool of_query) {
  static std::map<std::string, std::set<std::string>> known[2];
  if (const auto at = known[of_query].find(word); at != known[of_query].end()) return at->second;
  std::set<std::string> words = {word};
  for (const char* conjunction : {"", "و", "ف"}) {
    for (const char* preposition : {"", "ب", "ك", "ل"}) {
      const std::string written = std::string(conjunction) + preposition;
      const std::regex particles("^" + written + "((?:..){3,})$");
      std::smatch rest;
      if (of_query || !std::regex_match(word, rest, particles)) continue;
      // What still has the article is taken below, without it.
      if (!std::regex_match(rest[1].str(), std::regex("^ال(?:..){3,}$"))) words.insert(rest[1]);
    }
  }
  // The particles may be read in more than one way: "ولل…" is also و, ل and what begins with ل.
  for (const char* conjunction : {"", "و", "ف"}) {
    for (const char* rest : {"ال", "بال", "كال", "لال", "لل"}) {
      const std::string written = std::string(conjunction) + rest;
      if (word.rfind(written, 0) == 0 && word.size() >= written.size() + 6) {
        words.insert(word.substr(written.size()));
      }
    }
  }
  const std::regex plural("^((?:..){3,})ات(?:ه|ها|هم|هما|ي|نا|ك|كم)?$");
  std::set<std::string> stems;
  for (const std::string& one : words) {
    stems.insert(stem_in("arabic", one));
    std::smatch rest;
    if (std::regex_match(one, rest, plural)) stems.insert(stem_in("arabic", rest[1]));
  }
  return known[of_query][word] = stems;
}

// The tests' documents are English, and so are their words but for those of Arabic letters.
bool same_stem(const std::string& text, const std::string& wanted) {
  if (is_arabic(text) != is_arabic(wanted)) return false;
  if (!is_arabic(text)) return stem_in("english", text) == stem_in("english", wanted);
  const std::set<std::string> wanted_stems = arabic_stems(wanted, true);
  for (const std::string& stem : arabic_stems(text, false)) {
    if (wanted_stems.count(stem) != 0) return true;
  }
  return false;
}

// All words one edit from `word`, letters put in taken from `letters`; and itself.
std::set<std::string> one_edit(const std::string& word, const std::string& letters) {
  std::set<std::string> all = {word};
  for (std::size_t i = 0; i <= word.size(); ++i) {
    for (const char c : letters) all.insert(word.substr(0, i) + c + word.substr(i));
    if (i == word.size()) break;
    all.insert(word.substr(0, i) + word.substr(i + 1));
    for (const char c : letters) all.insert(word.substr(0, i) + c + word.substr(i + 1));
    if (i + 1 == word.size()) continue;
    std::string swapped = word;
    std::swap(swapped[i], swapped[i + 1]);
    all.insert(swapped);
  }
  return all;
}

bool within_edits(const std::string& a, const std::string& b, unsigned edits) {
  static std::map<std::string, bool> known;
  const auto key = a + " " + b + " " + std::to_string(edits);
  if (const auto at = known.find(key); at != known.end()) return at->second;
  const std::set<std::string> near = one_edit(a, b);
  bool within = near.count(b) != 0;
  if (!within && edits == 2) {
    const std::set<std::string> near_b = one_edit(b, a);
    within = std::any_of(near.begin(), near.end(),
                         [&](const std::string& one) { return near_b.count(one) != 0; });
  }
  return known[key] = within;
}

const std::regex& regex_of(const Node& node) {
  static std::map<std::string, std::regex> known;
  const auto flags =
      node.ignore_case ? std::regex::ECMAScript | std::regex::icase : std::regex::ECMAScript;
  return known.try_emplace(to_text(node), node.reference, flags).first->second;
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines(1);
  for (const char c : text) {
    if (c == '\n') {
      lines.emplace_back();
    } else {
      lines.back() += c;
    }
  }
  return lines;
}

}  // namespace

Reference::Reference(const feeds::Document& document, std::span<const feeds::Mention> mentions,
                     const Gazetteer& gazetteer, std::int64_t age_seconds)
    : mentions_(mentions), gazetteer_(gazetteer), age_seconds_(age_seconds) {
  for (const std::string& line : lines_of(document.title)) add(Scope::title, line, true);
  for (const std::string& line : lines_of(document.text)) add(Scope::text, line, true);
  own_words_ = words_.size();
  add(Scope::source, document.source, false);
  add(Scope::feed, document.feed, false);
  add(Scope::lang, document.language, false);
  add(Scope::url, document.url, false);
  for (const std::string& tag : document.feed_tags) add(Scope::tag, tag, false);
  for (const std::string& author : document.authors) add(Scope::author, author, false);
  for (const std::string& category : document.categories) add(Scope::category, category, false);
}

void Reference::add(Scope part, const std::string& line, bool sentences) {
  const feeds::Words words = feeds::tokenise(line);
  if (words.words.empty()) return;
  const std::size_t paragraph = lines_.size();
  lines_.push_back(line);
  std::size_t number = 0;
  if (!words_.empty() && words_.back().part == part) number = words_.back().number + 1;
  for (const feeds::Word& word : words.words) {
    Text& text = words_.emplace_back();
    text.folded = words.folded.substr(word.folded_start, word.folded_length);
    text.raw = line.substr(word.start, word.end - word.start);
    text.part = part;
    text.sentence = sentences_ + (sentences ? word.sentence : 0);
    text.paragraph = paragraph;
    text.start = word.start;
    text.end = word.end;
    text.hyphen = line.substr(word.end, 1) == "-" && word.end + 2 < line.size() &&
                  static_cast<unsigned char>(line[word.end + 1]) >= 'A';
    text.number = number++;
  }
  sentences_ = words_.back().sentence + 1;
}

bool Reference::holds(const Node& node) const {
  Tokens all;
  for (std::size_t i = 0; i < own_words_; ++i) all.insert(i);
  return holds(node, all);
}

// `joined`: of this word and the next as one.
bool Reference::unit_is(const Word& word, const std::string& wanted, std::size_t at,
                        bool joined) const {
  std::string folded = words_[at].folded;
  if (joined) folded += words_[at + 1].folded;
  switch (word.match) {
    case WordMatch::folded:
      return folded == wanted;
    case WordMatch::exact:
      return !joined && folded == wanted && words_[at].raw == word.text;
    case WordMatch::prefix:
      // What begins with the first half is found by the first half alone.
      if (joined && wanted.size() <= words_[at].folded.size()) return false;
      return folded.substr(0, wanted.size()) == wanted;
    case WordMatch::stem:
      return folded == wanted || same_stem(folded, wanted);
    case WordMatch::edits:
      return !joined && within_edits(folded, wanted, word.edits);
  }
  return false;
}

std::set<std::size_t> Reference::ends_of_one(const Word& word, const std::string& wanted,
                                             std::size_t at) const {
  std::set<std::size_t> ends;
  if (unit_is(word, wanted, at, false)) ends.insert(at);
  const bool joined = at + 1 < words_.size() && words_[at].hyphen && words_[at].folded != "re" &&
                      words_[at + 1].paragraph == words_[at].paragraph;
  if (joined && unit_is(word, wanted, at, true)) ends.insert(at + 1);
  return ends;
}

// Where a written word can end that begins at `at`: as it is written, closed, and apart.
std::set<std::size_t> Reference::ends_of(const Word& word, std::size_t at) const {
  std::vector<std::vector<std::string>> ways = {feeds::fold_words(word.text)};
  const bool marked = word.match == WordMatch::exact || word.match == WordMatch::edits;
  const std::vector<std::string> first = ways[0];
  if (!marked && first.size() > 1 && first[0] != "re") {
    std::string closed;
    for (const std::string& part : first) closed += part;
    ways.push_back({closed});
  } else if (!marked && first.size() == 1) {
    for (const std::string element : {"counter", "anti"}) {
      const std::string whole = first[0];
      if (whole.rfind(element, 0) == 0 && whole.size() >= element.size() + 4) {
        ways.push_back({element, whole.substr(element.size())});
      }
    }
  }
  std::set<std::size_t> ends;
  for (const auto& way : ways) {
    std::set<std::size_t> reached = {at};  // where the next part may begin
    for (std::size_t i = 0; i < way.size(); ++i) {
      Word part = word;
      if (i + 1 < way.size() && word.match != WordMatch::exact) part.match = WordMatch::folded;
      std::set<std::size_t> next;
      for (const std::size_t begin : reached) {
        if (begin >= words_.size() || words_[begin].paragraph != words_[at].paragraph) continue;
        for (const std::size_t end : ends_of_one(part, way[i], begin)) next.insert(end + 1);
      }
      reached = next;
    }
    for (const std::size_t next : reached) ends.insert(next - 1);
  }
  return ends;
}

std::vector<Reference::Place> Reference::word_places(const std::vector<Word>& words) const {
  std::vector<Place> found;
  for (std::size_t at = 0; at < words_.size(); ++at) {
    std::set<std::size_t> reached = {at};
    for (const Word& word : words) {
      std::set<std::size_t> next;
      for (const std::size_t begin : reached) {
        if (begin >= words_.size() || words_[begin].paragraph != words_[at].paragraph) continue;
        for (const std::size_t end : ends_of(word, begin)) next.insert(end + 1);
      }
      reached = next;
    }
    for (const std::size_t next : reached) found.push_back({at, next - 1});
  }
  return found;
}

std::vector<Reference::Place> Reference::pattern_places(const Node& node) const {
  std::vector<Place> found;
  for (std::size_t paragraph = 0; paragraph < lines_.size(); ++paragraph) {
    const std::string& line = lines_[paragraph];
    for (std::sregex_iterator match(line.begin(), line.end(), regex_of(node)), end; match != end;
         ++match) {
      const auto start = static_cast<std::size_t>(match->position());
      const std::size_t stop = start + static_cast<std::size_t>(match->length());
      Place place{words_.size(), 0};
      for (std::size_t i = 0; i < words_.size(); ++i) {
        const Text& word = words_[i];
        if (word.paragraph != paragraph || word.start >= stop || word.end <= start) continue;
        place.first = std::min(place.first, i);
        place.last = i;
      }
      if (place.first < words_.size()) found.push_back(place);
    }
  }
  return found;
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
    found = node.kind == NodeKind::pattern ? pattern_places(node) : word_places(node.words);
  }
  const auto unseen = [&](const Place& place) {
    for (std::size_t t = place.first; t <= place.last; ++t) {
      if (visible.count(t) == 0) return true;
    }
    return false;
  };
  found.erase(std::remove_if(found.begin(), found.end(), unseen), found.end());
  return found;
}

bool Reference::near(const Node& node, const Tokens& visible) const {
  for (const Place& a : places(node.parts[0], visible)) {
    for (const Place& b : places(node.parts[1], visible)) {
      if (words_[a.first].paragraph != words_[b.first].paragraph) continue;
      const bool after = a.last < b.first && b.first - a.last <= node.number;
      const bool before = b.last < a.first && a.first - b.last <= node.number;
      if (after || (before && node.kind == NodeKind::near)) return true;
    }
  }
  return false;
}

bool Reference::in_scope(Scope scope, std::size_t at) const {
  const Text& word = words_[at];
  if (scope == Scope::lead) return word.part == Scope::text && word.number < 60;
  if (scope == Scope::title_lead) return in_scope(Scope::title, at) || in_scope(Scope::lead, at);
  if (scope == Scope::title_text) return in_scope(Scope::title, at) || in_scope(Scope::text, at);
  return word.part == scope;
}

// A field limits the view to a part of the document, SAME to one sentence after the other.
std::vector<Reference::Tokens> Reference::views(const Node& node, const Tokens& visible) const {
  std::vector<Tokens> all;
  if (node.scope != Scope::sentence && node.scope != Scope::paragraph) {
    all.emplace_back();
    for (std::size_t t = 0; t < words_.size(); ++t) {
      const bool seen = is_about_document(node.scope) || visible.count(t) != 0;
      if (seen && in_scope(node.scope, t)) all[0].insert(t);
    }
    return all;
  }
  std::map<std::size_t, Tokens> units;
  for (const std::size_t t : visible) {
    units[node.scope == Scope::sentence ? words_[t].sentence : words_[t].paragraph].insert(t);
  }
  for (const auto& unit : units) all.push_back(unit.second);
  return all;
}

bool Reference::holds(const Node& node, const Tokens& visible) const {
  std::size_t held = 0;
  switch (node.kind) {
    case NodeKind::term:
    case NodeKind::phrase:
    case NodeKind::entity:
    case NodeKind::pattern:
      return !places(node, visible).empty();
    case NodeKind::all:
    case NodeKind::any:
    case NodeKind::some:
      for (const Node& part : node.parts) held += holds(part, visible) ? 1 : 0;
      if (node.kind == NodeKind::all) return held == node.parts.size();
      return held >= (node.kind == NodeKind::any ? 1 : node.number);
    case NodeKind::none:
      return !holds(node.parts[0], visible);
    case NodeKind::rule:
      return holds(*node.named, visible);
    case NodeKind::measure: {
      std::int64_t value = age_seconds_;
      if (node.measure == Measure::length) {
        value = 0;
        for (std::size_t t = 0; t < words_.size(); ++t) value += in_scope(Scope::text, t) ? 1 : 0;
      }
      const std::int64_t bound = node.number;
      return node.comparison == Comparison::less      ? value < bound
             : node.comparison == Comparison::at_most ? value <= bound
             : node.comparison == Comparison::more    ? value > bound
                                                      : value >= bound;
    }
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
  const std::vector<Tokens> all = views(node, visible);
  return std::any_of(all.begin(), all.end(),
                     [&](const Tokens& view) { return holds(node.parts[0], view); });
}

}  // namespace wirewatch::rules
