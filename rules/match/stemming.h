// Word stems by language: Snowball (https://snowballstem.org), on folded words.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

struct sb_stemmer;

namespace wirewatch::rules {

// Languages with a stemmer; an index into this list names one below.
const std::vector<std::string>& stem_languages();
inline constexpr std::uint32_t arabic_language = 0;

// The languages in which the words of one document may be stemmed: those of Arabic letters in
// Arabic, unless the document is in another language of that script; all others in the document's
// language and in English, since short texts are easily taken for a neighbour of it.
class StemLanguages {
 public:
  explicit StemLanguages(std::string_view document_language);
  std::span<const std::uint32_t> of(std::string_view folded_word) const;

 private:
  std::array<std::uint32_t, 1> arabic_{};
  std::array<std::uint32_t, 2> others_{};
  std::size_t arabic_count_ = 0;
  std::size_t others_count_ = 0;
};

// The languages in which a query's word must be stemmed so that every document finds it.
std::vector<std::uint32_t> languages_of_query_word(std::string_view folded_word);

// Not shared between threads: make one for each document. Stemmers are made when first used.
class Stemming {
 public:
  Stemming() = default;
  ~Stemming();
  Stemming(const Stemming&) = delete;
  Stemming& operator=(const Stemming&) = delete;

  // The stem of a folded word; the word itself where the algorithm leaves it alone.
  std::string_view stem(std::uint32_t language, std::string_view folded_word);

 private:
  std::array<sb_stemmer*, 32> stemmers_{};
};

}  // namespace wirewatch::rules
