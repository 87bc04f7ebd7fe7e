// Bottom-k sketches: Cohen and Kaplan, "Summarizing data using bottom-k sketches" (PODC 2007). The
// k smallest hashes of the union are a random sample of it; the share of them that lies in both
// sets estimates the Jaccard similarity, within about 1/sqrt(k).
#include <algorithm>

#include "feeds/identity/folded_words.h"
#include "feeds/identity/identity.h"
#include "feeds/identity/keys.h"

namespace wirewatch::feeds {
namespace {

constexpr std::size_t kSketch = 64;

void keep_smallest(TextSketch& hashes) {
  std::sort(hashes.begin(), hashes.end());
  hashes.erase(std::unique(hashes.begin(), hashes.end()), hashes.end());
  if (hashes.size() > kSketch) hashes.resize(kSketch);
}

}  // namespace

TextSketch sketch_words(const std::vector<std::uint64_t>& words) {
  TextSketch sketch;
  const auto add = [&sketch](std::uint64_t hash) {
    sketch.push_back(static_cast<std::uint32_t>(hash >> 32U));
    if (sketch.size() >= 64 * kSketch) keep_smallest(sketch);
  };
  // Single words alone would make all texts of one language alike: pairs count as well.
  for (std::size_t i = 0; i < words.size(); ++i) {
    add(words[i]);
    if (i > 0) add((words[i - 1] * 0x9e3779b97f4a7c15ULL) ^ (words[i] * 0xd6e8feb86659fd93ULL));
  }
  keep_smallest(sketch);
  return sketch;
}

TextSketch sketch_text(std::string_view title, std::string_view text) {
  std::vector<std::uint64_t> words;
  append_folded_words(title, words);
  append_folded_words(text, words);
  return sketch_words(words);
}

double sketch_similarity(const TextSketch& a, const TextSketch& b) {
  if (a.empty() && b.empty()) return 1;
  std::size_t taken = 0;
  std::size_t common = 0;
  std::size_t i = 0;
  std::size_t j = 0;
  while (taken < kSketch && (i < a.size() || j < b.size())) {
    if (j == b.size() || (i < a.size() && a[i] < b[j])) {
      ++i;
    } else if (i == a.size() || b[j] < a[i]) {
      ++j;
    } else {
      ++common;
      ++i;
      ++j;
    }
    ++taken;
  }
  return static_cast<double>(common) / static_cast<double>(taken);
}

}  // namespace wirewatch::feeds
