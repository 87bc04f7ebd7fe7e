#include "rules/match/atoms.h"

#include <algorithm>

#include "feeds/hash.h"
#include "feeds/text/tokenise.h"
#include "feeds/text/utf8.h"
#include "rules/match/stemming.h"
#include "rules/query/parser.h"

namespace wirewatch::rules {
namespace {

// Stems of different languages, and the plain words, live in one table under different seeds.
constexpr std::uint64_t plain_seed = 1000;
std::uint64_t stem_key(std::uint32_t language, std::string_view stem) {
  return hash64(stem, language + 1);
}

std::uint32_t word_weight(const WordToken& word) {
  const std::uint32_t common = word.folded.size() < 4 ? 4 : 0;
  return common + (word.match == WordMatch::folded || word.match == WordMatch::exact ? 1 : 2);
}

}  // namespace

std::span<const Occurrence> Occurrences::of(AtomId atom) const {
  const auto range = ranges_.find(atom);
  if (range == ranges_.end()) return {};
  return std::span(all_).subspan(range->second.first, range->second.second);
}

std::vector<AtomId> Occurrences::atoms() const {
  std::vector<AtomId> atoms;
  for (const auto& range : ranges_) atoms.push_back(range.first);
  std::sort(atoms.begin(), atoms.end());
  return atoms;
}

std::vector<WordToken> word_tokens(const Word& word) {
  const std::string text = feeds::unicode::tidy(word.text, max_query_bytes);
  const feeds::Words words = feeds::tokenise(text);
  std::vector<WordToken> tokens;
  for (const feeds::Word& one : words.words) {
    WordToken& token = tokens.emplace_back();
    token.folded = words.folded.substr(one.folded_start, one.folded_length);
    token.raw = text.substr(one.start, one.end - one.start);
    if (word.match == WordMatch::exact) token.match = WordMatch::exact;
  }
  if (!tokens.empty()) tokens.back().match = word.match;
  return tokens;
}

AtomId AtomTable::add_word(const WordToken& word) {
  const std::string& text = word.match == WordMatch::exact ? word.raw : word.folded;
  const char kind = static_cast<char>('0' + static_cast<int>(word.match));
  const auto next = static_cast<AtomId>(weights_.size());
  const auto [known, fresh] = known_.try_emplace(kind + text, next);
  if (!fresh) return known->second;
  weights_.push_back(word_weight(word));
  switch (word.match) {
    case WordMatch::folded:
      folded_[hash64(word.folded)] = next;
      break;
    case WordMatch::exact:
      exact_[hash64(word.folded)].push_back({word.raw, next});
      break;
    case WordMatch::prefix: {
      prefixes_[hash64(word.folded)] = next;
      const std::size_t length = word.folded.size();
      const auto at = std::lower_bound(prefix_lengths_.begin(), prefix_lengths_.end(), length);
      if (at == prefix_lengths_.end() || *at != length) prefix_lengths_.insert(at, length);
      break;
    }
    case WordMatch::stem:
      index_stem(word.folded, next);
      break;
  }
  return next;
}

void AtomTable::index_stem(const std::string& folded, AtomId atom) {
  if (!stemming_) stemming_ = std::make_shared<Stemming>();
  for (const std::uint32_t language : languages_of_query_word(folded)) {
    stems_[stem_key(language, stemming_->stem(language, folded))].push_back(atom);
  }
  stems_[hash64(folded, plain_seed)].push_back(atom);
}

AtomId AtomTable::add_entity(const std::string& reference, const Gazetteer& gazetteer) {
  const auto next = static_cast<AtomId>(weights_.size());
  const auto [known, fresh] = known_.try_emplace("@" + reference, next);
  if (!fresh) return known->second;
  weights_.push_back(3);
  for (const std::string& id : gazetteer.counting_as(reference)) entities_[id].push_back(next);
  if (reference.starts_with("role:")) {
    offices_[next] = reference;
    gazetteer_ = gazetteer;
  }
  return next;
}

void AtomTable::finish() {
  known_.clear();
  stemming_.reset();
}

void AtomTable::find_words(const feeds::Document& document, Found& found) const {
  Stemming stemming;
  for (std::uint32_t i = 0; i < document.tokens.size(); ++i) {
    const feeds::Token& token = document.tokens[i];
    const Occurrence here{i, i, no_mention};
    if (const auto at = folded_.find(token.hash); at != folded_.end()) {
      found.emplace_back(at->second, here);
    }
    if (const auto at = exact_.find(token.hash); at != exact_.end()) {
      for (const Exact& exact : at->second) {
        if (document.raw_form(token) == exact.raw) found.emplace_back(exact.atom, here);
      }
    }
    const std::string_view folded = document.folded_form(token);
    for (const std::size_t length : prefix_lengths_) {
      if (length > folded.size()) break;
      const auto at = prefixes_.find(hash64(folded.substr(0, length)));
      if (at != prefixes_.end()) found.emplace_back(at->second, here);
    }
    if (stems_.empty()) continue;
    const auto add_stem = [&](std::uint64_t key) {
      const auto at = stems_.find(key);
      if (at == stems_.end()) return;
      for (const AtomId atom : at->second) found.emplace_back(atom, here);
    };
    add_stem(hash64(folded, plain_seed));
    for (const std::uint32_t language : languages_for(folded, document.language)) {
      add_stem(stem_key(language, stemming.stem(language, folded)));
    }
  }
}

Occurrences AtomTable::find(const feeds::Document& document,
                            std::span<const feeds::Mention> mentions) const {
  Found found;
  find_words(document, found);
  for (std::uint32_t i = 0; i < mentions.size(); ++i) {
    const auto at = entities_.find(mentions[i].entity);
    if (at == entities_.end()) continue;
    for (const AtomId atom : at->second) {
      // An office counts while it is held.
      if (const auto office = offices_.find(atom); office != offices_.end()) {
        if (!gazetteer_.counts_as(mentions[i].entity, office->second, document.time)) continue;
      }
      found.emplace_back(atom, Occurrence{mentions[i].first_token, mentions[i].last_token, i});
    }
  }
  std::sort(found.begin(), found.end(), [](const auto& a, const auto& b) {
    return std::tuple(a.first, a.second.first, a.second.last, a.second.mention) <
           std::tuple(b.first, b.second.first, b.second.last, b.second.mention);
  });
  // A stem may be found in two languages and as the word itself: one occurrence.
  found.erase(std::unique(found.begin(), found.end(),
                          [](const auto& a, const auto& b) {
                            return a.first == b.first && a.second.first == b.second.first &&
                                   a.second.mention == b.second.mention;
                          }),
              found.end());
  Occurrences result;
  for (const auto& [atom, occurrence] : found) {
    auto& range = result.ranges_[atom];
    if (range.second++ == 0) range.first = static_cast<std::uint32_t>(result.all_.size());
    result.all_.push_back(occurrence);
  }
  return result;
}

}  // namespace wirewatch::rules
