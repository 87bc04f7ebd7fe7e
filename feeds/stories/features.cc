#include "feeds/stories/features.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>

#include "feeds/hash.h"
#include "feeds/stories/pair_overlap.h"
#include "feeds/stories/parameters.h"
#include "feeds/stories/repeated_sentences.h"
#include "feeds/stories/sort_hashes.h"
#include "feeds/stories/strongest.h"

namespace wirewatch::feeds {
namespace {

Term entity_term(const Mention& mention) {
  return static_cast<Term>(hash64(mention.entity, 0x656e74) >> 32) | 1u;
}

bool starts_with_capital(const Document& document, const Token& token) {
  const std::string& field = token.field == Field::title ? document.title : document.text;
  return field[token.start] >= 'A' && field[token.start] <= 'Z';
}

bool is_long_number(const Document& document, const Token& token) {
  const char first = document.folded[token.folded_start];
  return token.folded_length >= 3 && first >= '0' && first <= '9';
}

std::uint8_t place_of(const Document& document, std::size_t index) {
  if (index < document.title_tokens) return in_title;
  if (index < document.title_tokens + document.lead_tokens) return in_lead;
  return 0;
}

// Which of the terms count. Whether one does is a coin toss: no branch asks.
void find_counted(std::span<const Term> terms, std::vector<std::uint32_t>& places) {
  places.resize(terms.size() + 1);
  std::size_t count = 0;
  for (std::uint32_t i = 0; i < terms.size(); ++i) {
    places[count] = i;
    count += terms[i] != 0 ? 1 : 0;
  }
  places.resize(count);
}

double place_weight(std::uint8_t place, const Parameters& parameters) {
  if (place == in_title) return parameters.title_weight;
  if (place == in_lead) return parameters.lead_weight;
  return parameters.body_weight;
}

void count_terms(const Document& document, std::span<const Mention> mentions,
                 const TermStatistics& statistics, TermStatistics::Room& room) {
  const Parameters& parameters = statistics.parameters();
  const std::vector<Term>& terms = room.counted;
  TermCounts& counts = room.counts;
  counts.clear();
  find_counted(terms, room.counted_places);
  for (const std::uint32_t i : room.counted_places) {
    const Token& token = document.tokens[i];
    const bool opens = i == 0 || token.sentence != document.tokens[i - 1].sentence;
    TermCount& count = counts.at(terms[i]);
    const std::uint8_t place = place_of(document, i);
    count.weight += place_weight(place, parameters);
    count.flags |= place;
    // Titles capitalise what they like. Which words are written so nobody can guess: no branch.
    const unsigned named = static_cast<unsigned>(!opens) &
                           static_cast<unsigned>(token.field == Field::text) &
                           static_cast<unsigned>(starts_with_capital(document, token));
    count.flags |= static_cast<std::uint8_t>(named * is_name);
    if (is_long_number(document, token)) count.flags |= is_number;
  }
  for (const Mention& mention : mentions) {
    TermCount& count = counts.at(entity_term(mention));
    const std::uint8_t place = place_of(document, mention.first_token);
    count.flags |= is_entity | place;
    count.country = mention.entity.starts_with("country:");
    count.weight += place_weight(place, parameters);
  }
}

double term_weight(const TermCount& count, double idf, const Parameters& parameters) {
  // Most words stand once, and their logarithm is known.
  double weight = (count.weight == 1 ? 1 : 1 + std::log(count.weight)) * idf;
  const std::array<double, 2> name_factors = {1, parameters.name_factor};
  weight *= name_factors[(count.flags & is_name) != 0 ? 1 : 0];
  if ((count.flags & is_number) != 0) weight *= parameters.number_factor;
  if ((count.flags & is_entity) != 0 && !count.country) weight *= parameters.entity_factor;
  return weight;
}

struct Weighed {
  Term term = 0;
  float weight = 0;
  std::uint8_t flags = 0;
};

// As std::lround does; not below 0.
long rounded(double value) {
  const long whole = static_cast<long>(value);
  return value - static_cast<double>(whole) >= 0.5 ? whole + 1 : whole;
}

// Sorted by term, of length one.
std::vector<DocumentTerm> unit_vector(std::vector<Weighed> terms) {
  sort_hashes(terms, [](const Weighed& one) { return one.term; });
  double square = 0;
  for (const Weighed& term : terms) square += double{term.weight} * double{term.weight};
  const double scale = square > 0 ? 65535.0 / std::sqrt(square) : 0;
  std::vector<DocumentTerm> unit;
  unit.reserve(terms.size());
  for (const Weighed& term : terms) {
    const long scaled = rounded(double{term.weight} * scale);
    unit.push_back({term.term, static_cast<std::uint16_t>(std::min(scaled, 65535L)), term.flags});
  }
  return unit;
}

void weigh(const TermCounts& counts, const TermStatistics& statistics, FeatureLists& lists) {
  const Parameters& parameters = statistics.parameters();
  std::vector<Weighed> terms;
  std::vector<Weighed> entities;
  terms.reserve(counts.all().size());
  for (const TermCount& count : counts.all()) {
    const double idf = statistics.idf(count.term, count.country);
    const auto weight = static_cast<float>(term_weight(count, idf, parameters));
    terms.push_back({count.term, weight, count.flags});
    if ((count.flags & is_entity) != 0 && !count.country) entities.push_back(terms.back());
  }
  // By weight and then by value: the order of the words must not matter.
  const auto stronger = [](const Weighed& a, const Weighed& b) {
    return a.weight != b.weight ? a.weight > b.weight : a.term < b.term;
  };
  if (terms.size() > parameters.most_terms) {
    float most = 0;
    for (const Weighed& term : terms) most = std::max(most, term.weight);
    const float scale = most > 0 ? 255 / most : 0;
    const auto class_of = [scale](const Weighed& term) {
      return static_cast<std::uint8_t>(std::clamp(term.weight * scale, 0.0f, 255.0f));
    };
    terms = strongest(std::span<const Weighed>(terms), parameters.most_terms, class_of, stronger);
  }
  lists.terms = unit_vector(std::move(terms));
  lists.entities = unit_vector(std::move(entities));
}

void collect_words(const Document& document, std::span<const Term> terms,
                   const Parameters& parameters, FeatureLists& lists,
                   std::vector<std::size_t>& sentence_tokens) {
  sentence_tokens.clear();
  const std::vector<Token>& tokens = document.tokens;
  const std::size_t text_tokens = tokens.size() - document.title_tokens;
  std::size_t i = text_tokens >= parameters.untitled_words ? document.title_tokens : 0;
  // Whether a word has content is a coin toss: no branch asks.
  std::vector<Term>& words = lists.words;
  words.resize(std::min(tokens.size(), parameters.most_words) + 1);
  std::uint32_t count = 0;
  std::uint32_t before = 0;  // words up to the sentence
  for (; i < tokens.size() && count < parameters.most_words; ++i) {
    words[count] = terms[i];
    count += terms[i] != 0 ? 1 : 0;
    const bool ends = i + 1 == tokens.size() || tokens[i + 1].sentence != tokens[i].sentence ||
                      tokens[i + 1].field != tokens[i].field;
    if (!ends || count == before) continue;
    lists.sentence_ends.push_back(before = count);
    sentence_tokens.push_back(i);
  }
  words.resize(count);
}

// Counts all words but those of sentences that other stories began with as well, if the title says
// anything by itself.
void leave_out_repeated(const Document& document, TermStatistics& statistics,
                        const FeatureLists& lists) {
  std::vector<Term>& terms = statistics.room().counted;
  terms = statistics.room().terms;
  const std::vector<std::size_t>& last_tokens = statistics.room().sentence_tokens;
  const auto title_end = terms.begin() + static_cast<std::ptrdiff_t>(document.title_tokens);
  if (std::all_of(terms.begin(), title_end, [](Term term) { return term == 0; })) return;
  const std::size_t sentences = lists.sentence_ends.size();
  for (std::size_t i = 0; i < sentences; ++i) {
    if (!is_at_the_edge(i, sentences) || last_tokens[i] < document.title_tokens) continue;
    const std::size_t begin = i == 0 ? 0 : lists.sentence_ends[i - 1];
    const std::span<const Term> words =
        std::span(lists.words).subspan(begin, lists.sentence_ends[i] - begin);
    if (statistics.sentences().stories_with(sentence_hash(words)) <
        statistics.parameters().repeated_sentence_stories)
      continue;
    const std::size_t first = i == 0 ? document.title_tokens : last_tokens[i - 1] + 1;
    for (std::size_t k = std::max<std::size_t>(first, document.title_tokens); k <= last_tokens[i];
         ++k)
      terms[k] = 0;
  }
}

}  // namespace

std::vector<std::uint32_t> word_pairs(const std::vector<Term>& words) {
  std::vector<std::uint32_t> pairs;
  if (words.size() < 2) return pairs;
  pairs.reserve(words.size() - 1);
  for (std::size_t i = 0; i + 1 < words.size(); ++i)
    pairs.push_back(pair_hash(words[i], words[i + 1]));
  sort_hashes(pairs, [](std::uint32_t pair) { return pair; });
  pairs.erase(std::unique(pairs.begin(), pairs.end()), pairs.end());
  return pairs;
}

namespace {

// The smallest distinct hashes of neighbouring words, sorted, at most `most`.
std::vector<std::uint32_t> smallest_pairs(const std::vector<Term>& words, std::size_t most) {
  if (words.size() < 2 * most) {
    std::vector<std::uint32_t> pairs = word_pairs(words);
    if (pairs.size() > most) pairs.resize(most);
    return pairs;
  }
  // Of so many, those below twice the share that is asked for are nearly always enough.
  const std::uint64_t share = (std::uint64_t{most} << 33) / words.size();
  const auto below = static_cast<std::uint32_t>(std::min<std::uint64_t>(share, 0xFFFFFFFFu));
  std::vector<std::uint32_t> pairs(words.size());
  std::size_t count = 0;
  for (std::size_t i = 0; i + 1 < words.size(); ++i) {
    pairs[count] = pair_hash(words[i], words[i + 1]);
    count += pairs[count] < below ? 1 : 0;
  }
  pairs.resize(count);
  sort_hashes(
      pairs, [](std::uint32_t pair) { return pair; }, below);
  pairs.erase(std::unique(pairs.begin(), pairs.end()), pairs.end());
  if (pairs.size() < most) pairs = word_pairs(words);
  if (pairs.size() > most) pairs.resize(most);
  return pairs;
}

void terms_of(const Document& document, TermStatistics& statistics, std::vector<Term>& terms) {
  const auto language = TermStatistics::stemming(document.language);
  const std::vector<Token>& tokens = document.tokens;
  terms.resize(tokens.size());
  constexpr std::size_t ahead = 64;  // memory may be 300 ns away, a word takes 5
  for (std::size_t i = 0; i < std::min(ahead, tokens.size()); ++i)
    statistics.prefetch_word(document.hashes[i], language);
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    if (i + ahead < tokens.size()) statistics.prefetch_word(document.hashes[i + ahead], language);
    const std::uint64_t hash = document.hashes[i];
    const Term* const known = statistics.known_term(hash, language);
    terms[i] = known != nullptr
                   ? *known
                   : statistics.term_of(hash, document.folded_form(tokens[i]), language);
    // For its weight: until that is asked for the pairs are made.
    statistics.prefetch(terms[i]);
  }
}

template <typename Entry>
std::uint32_t size_of(const std::vector<Entry>& list) {
  return static_cast<std::uint32_t>(list.size());
}

template <typename Entry>
std::byte* put(std::byte* at, const std::vector<Entry>& list) {
  const std::size_t bytes = list.size() * sizeof(Entry);
  if (bytes > 0) std::memcpy(at, list.data(), bytes);
  return at + bytes;
}

}  // namespace

FeatureLists ordered_features(const Document& document, TermStatistics& statistics) {
  std::vector<Term>& terms = statistics.room().terms;
  terms_of(document, statistics, terms);
  FeatureLists lists;
  lists.language = LanguageTag(document.language);
  collect_words(document, terms, statistics.parameters(), lists, statistics.room().sentence_tokens);
  lists.pair_sample = smallest_pairs(lists.words, statistics.parameters().queried_pairs);
  return lists;
}

void weigh_features(const Document& document, std::span<const Mention> mentions,
                    TermStatistics& statistics, FeatureLists& lists) {
  TermStatistics::Room& room = statistics.room();
  leave_out_repeated(document, statistics, lists);
  count_terms(document, mentions, statistics, room);
  weigh(room.counts, statistics, lists);
}

Features make_features(const Document& document, std::span<const Mention> mentions,
                       TermStatistics& statistics) {
  FeatureLists lists = ordered_features(document, statistics);
  weigh_features(document, mentions, statistics, lists);
  return Features(lists);
}

Features::Features(const FeatureLists& lists)
    : terms_(size_of(lists.terms)),
      words_(size_of(lists.words)),
      sentence_ends_(size_of(lists.sentence_ends)),
      pairs_(size_of(lists.pair_sample)),
      entities_(size_of(lists.entities)),
      language_(lists.language) {
  const std::size_t entries = std::size_t{words_} + sentence_ends_ + pairs_;
  block_ = std::make_unique_for_overwrite<std::byte[]>(8 * (std::size_t{terms_} + entities_) +
                                                       4 * entries);
  // In the order of the functions that give them.
  std::byte* at = block_.get();
  at = put(at, lists.terms);
  at = put(at, lists.words);
  at = put(at, lists.sentence_ends);
  at = put(at, lists.pair_sample);
  put(at, lists.entities);
}

void Features::swap(Features& other) noexcept {
  std::swap(pair_count, other.pair_count);
  std::swap(terms_, other.terms_);
  std::swap(words_, other.words_);
  std::swap(sentence_ends_, other.sentence_ends_);
  std::swap(pairs_, other.pairs_);
  std::swap(entities_, other.entities_);
  std::swap(block_, other.block_);
  std::swap(language_, other.language_);
}

namespace {

// Calls take(term of a, term of b) for pairs among which are all of equal terms. Without branches:
// which side is behind is a coin toss.
template <typename Take>
void walk_both(const Features& a, const Features& b, Take take) {
  const DocumentTerm* left = a.terms().data();
  const DocumentTerm* right = b.terms().data();
  const DocumentTerm* const left_end = left + a.terms().size();
  const DocumentTerm* const right_end = right + b.terms().size();
  while (left != left_end && right != right_end) {
    const Term x = left->term;
    const Term y = right->term;
    take(*left, *right);
    left += x <= y ? 1 : 0;
    right += y <= x ? 1 : 0;
  }
}

}  // namespace

double cosine(const Features& a, const Features& b) {
  std::uint64_t sum = 0;
  walk_both(a, b, [&sum](const DocumentTerm& left, const DocumentTerm& right) {
    const std::uint32_t product = std::uint32_t{left.scaled} * std::uint32_t{right.scaled};
    sum += left.term == right.term ? product : 0;
  });
  return static_cast<double>(sum) / (65535.0 * 65535.0);
}

namespace {

struct SharedEntities {
  double cosine = 0;
  std::size_t count = 0;
};

SharedEntities shared_entities(const Features& a, const Features& b) {
  SharedEntities shared;
  const std::span<const DocumentTerm> others = b.entities();
  auto right = others.begin();
  for (const DocumentTerm& left : a.entities()) {
    while (right != others.end() && right->term < left.term) ++right;
    if (right == others.end()) break;
    if (right->term != left.term) continue;
    shared.cosine += double{left.weight()} * double{right->weight()};
    ++shared.count;
  }
  return shared;
}

// Asked of every candidate.
bool in_arabic_script(std::string_view language) {
  if (language.size() == 2) return language == "ar" || language == "fa" || language == "ur";
  return language == "ckb";
}

}  // namespace

double event_similarity(double words, const Features& a, const Features& b,
                        const Parameters& parameters) {
  if (a.language().empty() || b.language().empty() || a.language() == b.language()) return words;
  const SharedEntities shared = shared_entities(a, b);
  if (shared.count < parameters.foreign_entities_least) return words;
  return std::max(words, parameters.foreign_share * shared.cosine);
}

bool in_other_scripts(const Features& a, const Features& b) {
  if (a.language().empty() || b.language().empty() || a.language() == b.language()) return false;
  return in_arabic_script(a.language().view()) != in_arabic_script(b.language().view());
}

bool comparable(const Features& a, const Features& b, const Parameters& parameters) {
  if (!in_other_scripts(a, b)) return true;
  return shared_entities(a, b).count >= parameters.foreign_entities_least;
}

std::vector<std::string> strongest_shared(const Document& document,
                                          std::span<const Mention> mentions,
                                          std::span<const Term> token_terms, const Features& own,
                                          const Features& other, std::size_t most) {
  std::vector<WeightedTerm> shared(std::min(own.terms().size(), other.terms().size()));
  std::size_t count = 0;
  walk_both(own, other, [&](const DocumentTerm& left, const DocumentTerm& right) {
    shared[count] = {left.term, left.weight() * right.weight()};
    count += left.term == right.term ? 1 : 0;
  });
  shared.resize(count);
  most = std::min(most, count);
  std::partial_sort(shared.begin(), shared.begin() + static_cast<std::ptrdiff_t>(most),
                    shared.end(), [](const WeightedTerm& a, const WeightedTerm& b) {
                      return a.weight != b.weight ? a.weight > b.weight : a.term < b.term;
                    });
  shared.resize(most);
  std::vector<std::string> names(shared.size());
  std::size_t missing = shared.size();
  std::uint64_t sieve = 0;  // most words fail here
  for (const WeightedTerm& one : shared) sieve |= std::uint64_t{1} << (one.term & 63u);
  const auto write = [&](Term term, std::string_view mark, std::string_view form) {
    for (std::size_t i = 0; i < shared.size(); ++i) {
      if (shared[i].term != term || !names[i].empty()) continue;
      names[i].append(mark).append(form);
      --missing;
    }
  };
  for (const Mention& mention : mentions) write(entity_term(mention), "@", mention.entity);
  // The strongest stand in the title, most of them.
  for (std::size_t i = 0; i < token_terms.size() && missing > 0; ++i) {
    const Term term = token_terms[i];
    if ((sieve >> (term & 63u) & 1u) != 0) write(term, {}, document.raw_form(document.tokens[i]));
  }
  return names;
}

}  // namespace wirewatch::feeds
