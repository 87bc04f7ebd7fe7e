#include "feeds/stories/near_pairs.h"

#include <unicode/uchar.h>

#include <algorithm>
#include <cmath>

#include "feeds/hash.h"
#include "feeds/stories/memory.h"
#include "feeds/text/utf8.h"

namespace wirewatch::feeds {
namespace {

constexpr std::size_t shingle_words = 5;

bool is_word(char32_t character) {
  const auto code = static_cast<UChar32>(character);
  return code == '_' || (U_GET_GC_MASK(code) & (U_GC_L_MASK | U_GC_N_MASK)) != 0;
}

void add_words(std::string_view text, std::vector<std::uint64_t>& words) {
  std::string word;
  for (std::size_t i = 0; i < text.size();) {
    const unicode::Decoded decoded = unicode::decode(text, i);
    i += decoded.length;
    if (is_word(decoded.code)) {
      const UChar32 lower = u_tolower(static_cast<UChar32>(decoded.code));
      unicode::append(word, static_cast<char32_t>(lower));
    } else if (!word.empty()) {
      words.push_back(hash64(word));
      word.clear();
    }
  }
  if (!word.empty()) words.push_back(hash64(word));
}

std::uint64_t mixed(const std::uint64_t* words, std::size_t count) {
  std::uint64_t hash = 0x9E3779B97F4A7C15u;
  for (std::size_t i = 0; i < count; ++i) {
    hash = (hash ^ words[i]) * 0xFF51AFD7ED558CCDu;
    hash ^= hash >> 32;
  }
  return hash;
}

std::size_t shared_count(const std::vector<std::uint64_t>& a, const std::vector<std::uint64_t>& b) {
  std::size_t shared = 0;
  for (auto left = a.begin(), right = b.begin(); left != a.end() && right != b.end();) {
    if (*left == *right) ++shared;
    const bool forward_left = *left <= *right;
    const bool forward_right = *right <= *left;
    if (forward_left) ++left;
    if (forward_right) ++right;
  }
  return shared;
}

double resemblance(const std::vector<std::uint64_t>& a, const std::vector<std::uint64_t>& b) {
  const auto shared = static_cast<double>(shared_count(a, b));
  return shared / (static_cast<double>(a.size() + b.size()) - shared);
}

}  // namespace

std::vector<std::uint64_t> five_word_shingles(std::string_view title, std::string_view text) {
  std::vector<std::uint64_t> words;
  add_words(title, words);
  add_words(text, words);
  std::vector<std::uint64_t> shingles;
  if (words.empty()) return shingles;
  if (words.size() < shingle_words) return {mixed(words.data(), words.size())};
  for (std::size_t i = 0; i + shingle_words <= words.size(); ++i)
    shingles.push_back(mixed(words.data() + i, shingle_words));
  std::sort(shingles.begin(), shingles.end());
  shingles.erase(std::unique(shingles.begin(), shingles.end()), shingles.end());
  return shingles;
}

std::vector<NearPair> NearPairs::add(std::string id, Instant time, std::string_view title,
                                     std::string_view text) {
  Known document{std::move(id), time, five_word_shingles(title, text)};
  const std::size_t size = document.shingles.size();
  const auto most_needed =
      static_cast<std::size_t>(std::ceil(threshold_ * static_cast<double>(size) - 1e-9));
  const std::size_t prefix = size == 0 ? 0 : size - std::max<std::size_t>(most_needed, 1) + 1;
  const auto number = static_cast<std::uint32_t>(documents_.size());
  std::vector<std::uint32_t> candidates;
  for (std::size_t i = 0; i < prefix; ++i) {
    std::vector<std::uint32_t>& known = by_shingle_[document.shingles[i]];
    candidates.insert(candidates.end(), known.begin(), known.end());
    known.push_back(number);
  }
  std::sort(candidates.begin(), candidates.end());
  candidates.erase(std::unique(candidates.begin(), candidates.end()), candidates.end());
  std::vector<NearPair> pairs;
  for (const std::uint32_t candidate : candidates) {
    const Known& other = documents_[candidate];
    const auto fewer = static_cast<double>(std::min(size, other.shingles.size()));
    const auto more = static_cast<double>(std::max(size, other.shingles.size()));
    if (fewer < threshold_ * more || time_between(time, other.time) > window_) continue;
    const double similarity = resemblance(document.shingles, other.shingles);
    if (similarity >= threshold_) pairs.push_back({document.id, other.id, similarity});
  }
  documents_.push_back(std::move(document));
  return pairs;
}

}  // namespace wirewatch::feeds
