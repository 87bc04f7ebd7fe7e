#include "rules/match/stemming.h"

#include <libstemmer.h>

#include <algorithm>

namespace wirewatch::rules {
namespace {

constexpr std::uint32_t english = 1;
constexpr std::size_t longest_word = 200;  // bytes; longer "words" are their own stems

bool has_arabic_letters(std::string_view word) {
  // U+0600…U+07FF begin with D8…DF in UTF-8; folding has turned presentation forms into these.
  return std::any_of(word.begin(), word.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte >= 0xD8 && byte <= 0xDB;
  });
}

bool other_arabic_script(std::string_view language) {
  static constexpr std::array<std::string_view, 7> languages = {"fa", "ckb", "ku", "ur",
                                                                "ps", "sd",  "ug"};
  return std::find(languages.begin(), languages.end(), language) != languages.end();
}

// Of a language without a stemmer, the one whose endings are most like its own.
std::string_view stemmed_as(std::string_view language) {
  struct Like {
    std::string_view stemmer, languages;  // a blank around each
  };
  static constexpr Like likes[] = {
      {"no", " nb nn "},         {"sv", " fo is "}, {"ru", " bg mk be "}, {"sr", " hr bs "},
      {"nl", " af fy li "},      {"de", " lb "},    {"es", " ast "},      {"pt", " gl "},
      {"it", " co scn "},        {"fr", " oc "},    {"tr", " az "},       {"id", " ms jv su "},
      {"hi", " mr sa mai bho "},
  };
  const std::string sought = " " + std::string(language) + " ";
  for (const Like& like : likes) {
    if (like.languages.find(sought) != std::string_view::npos) return like.stemmer;
  }
  return language;
}

}  // namespace

const std::vector<std::string>& stem_languages() {
  static const std::vector<std::string> languages = {
      "ar", "en", "hy", "eu", "ca", "da", "nl", "fi", "fr", "de", "el", "hi", "hu", "id",
      "ga", "it", "lt", "ne", "no", "pt", "ro", "ru", "sr", "es", "sv", "ta", "tr", "yi"};
  return languages;
}

StemLanguages::StemLanguages(std::string_view document_language) {
  if (!other_arabic_script(document_language)) arabic_[arabic_count_++] = arabic_language;
  others_[others_count_++] = english;
  const auto& all = stem_languages();
  const auto found = std::find(all.begin() + 1, all.end(), stemmed_as(document_language));
  if (found == all.end() || *found == "en") return;
  others_[others_count_++] = static_cast<std::uint32_t>(found - all.begin());
}

std::span<const std::uint32_t> StemLanguages::of(std::string_view folded_word) const {
  if (has_arabic_letters(folded_word)) return {arabic_.data(), arabic_count_};
  return {others_.data(), others_count_};
}

std::vector<std::uint32_t> languages_of_query_word(std::string_view folded_word) {
  if (has_arabic_letters(folded_word)) return {arabic_language};
  std::vector<std::uint32_t> languages;
  for (std::uint32_t i = english; i < stem_languages().size(); ++i) languages.push_back(i);
  return languages;
}

Stemming::~Stemming() {
  for (sb_stemmer* stemmer : stemmers_) {
    if (stemmer != nullptr) sb_stemmer_delete(stemmer);
  }
}

std::string_view Stemming::stem(std::uint32_t language, std::string_view folded_word) {
  if (folded_word.size() > longest_word || language >= stem_languages().size()) return folded_word;
  sb_stemmer*& stemmer = stemmers_[language];
  if (stemmer == nullptr) stemmer = sb_stemmer_new(stem_languages()[language].c_str(), nullptr);
  if (stemmer == nullptr) return folded_word;
  // sb_symbol is unsigned char.
  const auto* symbols = reinterpret_cast<const sb_symbol*>(folded_word.data());
  const sb_symbol* stem = sb_stemmer_stem(stemmer, symbols, static_cast<int>(folded_word.size()));
  if (stem == nullptr) return folded_word;
  return {reinterpret_cast<const char*>(stem),
          static_cast<std::size_t>(sb_stemmer_length(stemmer))};
}

}  // namespace wirewatch::rules
