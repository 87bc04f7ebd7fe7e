#include "feeds/text/tidy_scan.h"

#include <array>
#include <bit>
#include <cstdint>

#include "feeds/text/processor.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace wirewatch::feeds::unicode {
namespace {

constexpr bool is_looked_at(unsigned byte) {
  if (byte < 0x20) return byte != '\n';
  for (const unsigned one : {0x7FU, 0x9CU, 0xC2U, 0xE1U, 0xE2U, 0xE3U, 0xEFU, 0xF3U}) {
    if (byte == one) return true;
  }
  return false;
}

constexpr std::array<bool, 256> looked_at = [] {
  std::array<bool, 256> bytes{};
  for (unsigned byte = 0; byte < bytes.size(); ++byte) bytes[byte] = is_looked_at(byte);
  return bytes;
}();

std::size_t scan_plain(std::string_view bytes, std::size_t at) {
  while (at < bytes.size() && !looked_at[static_cast<unsigned char>(bytes[at])]) ++at;
  return at;
}

#if defined(__x86_64__)

using Nibbles = std::array<std::uint8_t, 16>;

// A bit for each first half of a byte that some byte looked at has; by first half which bit, by
// second half the bits of all first halves with which it makes such a byte.
constexpr Nibbles first_halves = [] {
  Nibbles bits{};
  unsigned next = 1;
  for (unsigned high = 0; high < 16; ++high) {
    bool any = false;
    for (unsigned low = 0; low < 16; ++low) any = any || is_looked_at(high << 4U | low);
    if (!any) continue;
    bits[high] = static_cast<std::uint8_t>(next);
    next <<= 1U;
  }
  return bits;
}();

constexpr Nibbles second_halves = [] {
  Nibbles bits{};
  for (unsigned byte = 0; byte < 256; ++byte) {
    if (!is_looked_at(byte)) continue;
    bits[byte & 15U] = static_cast<std::uint8_t>(bits[byte & 15U] | first_halves[byte >> 4U]);
  }
  return bits;
}();

#define WITH_AVX2 __attribute__((target("avx2")))

WITH_AVX2 inline __m256i table(const Nibbles& values) {
  return _mm256_broadcastsi128_si256(
      _mm_loadu_si128(reinterpret_cast<const __m128i*>(values.data())));
}

WITH_AVX2 std::size_t scan_avx2(std::string_view bytes, std::size_t at) {
  constexpr std::size_t block = 32;
  const __m256i half = _mm256_set1_epi8(0x0F);
  const __m256i first = table(first_halves);
  const __m256i second = table(second_halves);
  for (; at + block <= bytes.size(); at += block) {
    const __m256i here = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(bytes.data() + at));
    const __m256i high = _mm256_and_si256(_mm256_srli_epi16(here, 4), half);
    const __m256i low = _mm256_and_si256(here, half);
    const __m256i found =
        _mm256_and_si256(_mm256_shuffle_epi8(first, high), _mm256_shuffle_epi8(second, low));
    const __m256i none = _mm256_cmpeq_epi8(found, _mm256_setzero_si256());
    const auto places = ~static_cast<std::uint32_t>(_mm256_movemask_epi8(none));
    if (places != 0) return at + static_cast<std::size_t>(std::countr_zero(places));
  }
  return scan_plain(bytes, at);
}

#undef WITH_AVX2

#endif

}  // namespace

TidyScan tidy_scan_plain() {
  return scan_plain;
}

TidyScan tidy_scan() {
#if defined(__x86_64__)
  if (vectors() != Vectors::none) return scan_avx2;
#endif
  return scan_plain;
}

}  // namespace wirewatch::feeds::unicode
