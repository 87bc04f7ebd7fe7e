#include "tests/bench/peers/word_hash.h"

#include <immintrin.h>

#include <cstring>

namespace wirewatch::bench {
namespace {

// Bit n: byte n is a letter, a digit or beyond ASCII.
__attribute__((target("avx2"))) std::uint32_t word_bytes(const char* at) {
  const __m256i bytes = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(at));
  const __m256i small = _mm256_or_si256(bytes, _mm256_set1_epi8(0x20));
  const auto between = [](__m256i x, char low, char high) __attribute__((target("avx2"))) {
    return _mm256_and_si256(_mm256_cmpgt_epi8(x, _mm256_set1_epi8(static_cast<char>(low - 1))),
                            _mm256_cmpgt_epi8(_mm256_set1_epi8(static_cast<char>(high + 1)), x));
  };
  const __m256i letters = _mm256_or_si256(between(small, 'a', 'z'), between(bytes, '0', '9'));
  return static_cast<std::uint32_t>(_mm256_movemask_epi8(_mm256_or_si256(letters, bytes)));
}

std::uint64_t hash_of(const char* word, std::size_t length) {
  std::uint64_t hash = length;
  while (length > 0) {
    std::uint64_t part = 0;
    const std::size_t taken = length < 8 ? length : 8;
    std::memcpy(&part, word, taken);
    hash = (hash ^ part) * 0x9E3779B97F4A7C15ULL;
    hash ^= hash >> 32U;
    word += taken;
    length -= taken;
  }
  return hash;
}

}  // namespace

bool has_avx2() {
  return __builtin_cpu_supports("avx2") != 0;
}

WordHashes hash_words(std::string_view text) {
  WordHashes result;
  std::size_t begin = 0;
  bool inside = false;
  char padded[32];
  for (std::size_t at = 0; at < text.size(); at += 32) {
    const char* block = text.data() + at;
    if (text.size() - at < 32) {
      std::memset(padded, ' ', sizeof padded);
      std::memcpy(padded, block, text.size() - at);
      block = padded;
    }
    const std::uint32_t mask = word_bytes(block);
    std::uint32_t edges = mask ^ (mask << 1U | (inside ? 1U : 0U));
    for (; edges != 0; edges &= edges - 1) {
      const std::size_t edge = at + static_cast<std::size_t>(__builtin_ctz(edges));
      if (inside) {
        result.sum += hash_of(text.data() + begin, edge - begin);
        ++result.words;
      }
      begin = edge;
      inside = !inside;
    }
  }
  if (inside) {
    result.sum += hash_of(text.data() + begin, text.size() - begin);
    ++result.words;
  }
  return result;
}

}  // namespace wirewatch::bench
