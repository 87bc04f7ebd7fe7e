// The hash that words are matched by. It lives as long as the process does: nothing keeps it on
// disk (what is stored is made with hash64).
#pragma once

#include <array>
#include <bit>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

namespace wirewatch::feeds {

// How far word_hash_in() may read behind a word's first byte, whatever the word's length.
inline constexpr std::size_t word_hash_reach = 16;

// Inside of the below: eight bytes at a time, multiplied to 128 bits and folded, as wyhash does
// (Wang Yi, https://github.com/wangyi-fudan/wyhash, its final version's formula for short keys).
namespace word_hash_steps {

__extension__ using Wide = unsigned __int128;

inline constexpr std::uint64_t first = 0x2d358dccaa6c78a5ULL;
inline constexpr std::uint64_t second = 0x8bb84b93962eacc9ULL;
inline constexpr std::uint64_t third = 0x4b33a62ed433d4a3ULL;

inline std::uint64_t mix(std::uint64_t a, std::uint64_t b) {
  const Wide product = static_cast<Wide>(a) * b;
  return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64U);
}

// Little-endian on any machine.
inline std::uint64_t eight(const char* at) {
  std::uint64_t bytes = 0;
  std::memcpy(&bytes, at, sizeof bytes);
  if constexpr (std::endian::native == std::endian::big) bytes = __builtin_bswap64(bytes);
  return bytes;
}

// The bits of the first n of eight bytes, for n from -8 (none) to 16 (all), at 8 + n.
inline constexpr auto masks = [] {
  std::array<std::uint64_t, 25> all{};
  for (std::size_t n = 1; n <= 16; ++n) all[8 + n] = ~std::uint64_t{0} >> (n < 8 ? 64 - 8 * n : 0);
  return all;
}();

}  // namespace word_hash_steps

// Of the `length` bytes at `word`; `word_hash_reach` bytes from there may be read. Words of up to
// 16 bytes, nearly all, take the same few steps whatever their length: no branch to guess. They
// need no length, as no word has a zero byte.
inline std::uint64_t word_hash_in(const char* word, std::size_t length) {
  using namespace word_hash_steps;
  const auto part = [](const char* at, std::size_t bytes) {
    return std::array{(eight(at) & masks[8 + bytes]) ^ first, eight(at + 8) & masks[bytes]};
  };
  if (length <= word_hash_reach) [[likely]] {
    const auto [a, b] = part(word, length);
    return mix(a, b ^ second);
  }
  std::uint64_t seed = second ^ length * first;
  const char* at = word;
  std::size_t left = length;
  for (; left > word_hash_reach; left -= word_hash_reach, at += word_hash_reach) {
    seed = mix(eight(at) ^ first, eight(at + 8) ^ seed);
  }
  // The last bytes, and some again, so as not to read further.
  const auto [a, b] = part(at + left - word_hash_reach, word_hash_reach);
  return mix(mix(a, b ^ seed), third);
}

inline std::uint64_t word_hash(std::string_view word) {
  if (word.size() >= word_hash_reach) return word_hash_in(word.data(), word.size());
  char padded[word_hash_reach] = {};
  if (!word.empty()) std::memcpy(padded, word.data(), word.size());
  return word_hash_in(padded, word.size());
}

// Of two words written as one.
inline std::uint64_t word_hash(std::string_view first, std::string_view second) {
  char both[64];
  const std::size_t length = first.size() + second.size();
  if (length > sizeof both) return word_hash(std::string(first).append(second));
  if (!first.empty()) std::memcpy(both, first.data(), first.size());
  if (!second.empty()) std::memcpy(both + first.size(), second.data(), second.size());
  return word_hash(std::string_view(both, length));
}

}  // namespace wirewatch::feeds
