#include "feeds/text/byte_masks.h"

#include <bit>
#include <cstring>

#include "feeds/text/processor.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace wirewatch::feeds {
namespace {

constexpr ByteClass class_of(unsigned byte) {
  const unsigned lower = byte | 0x20U;
  if (lower >= 'a' && lower <= 'z') return ByteClass::letter;
  if (byte >= '0' && byte <= '9') return ByteClass::digit;
  if (byte == '.') return ByteClass::stop;
  if (byte == '-') return ByteClass::hyphen;
  if (byte == ',') return ByteClass::comma;
  if (byte == '\'' || byte == '`') return ByteClass::apostrophe;
  if (byte == '!' || byte == '?' || byte == '\n') return ByteClass::hard_break;
  if (byte == 0xD8) return ByteClass::lead_d8;
  if (byte == 0xD9) return ByteClass::lead_d9;
  if (byte == 0xE2) return ByteClass::lead_e2;
  if (byte >= 0xC0) return ByteClass::lead;
  if (byte >= 0xA0) return ByteClass::d8_letter;
  if (byte == 0x80) return ByteClass::byte_80;
  if (byte >= 0x81 && byte <= 0x8A) return ByteClass::d9_letter;
  if (byte == 0x8C) return ByteClass::byte_8c;
  if ((byte >= 0x90 && byte <= 0x95) || byte == 0x9C || byte == 0x9D) return ByteClass::dash;
  return ByteClass::other;
}

constexpr std::array<ByteClass, 256> classes = [] {
  std::array<ByteClass, 256> all{};
  for (unsigned byte = 0; byte < all.size(); ++byte) all[byte] = class_of(byte);
  return all;
}();

// What is added to the second byte of a letter U+0620 to U+062F, and to its first, to fold it: alef
// and its variants, waw and yeh with hamza, teh marbuta.
constexpr std::array<std::uint8_t, 16> added_behind_d8 = {0,
                                                          0,
                                                          0xA7 - 0xA2,
                                                          0xA7 - 0xA3,
                                                          0x100 + 0x88 - 0xA4,
                                                          0xA7 - 0xA5,
                                                          0x100 + 0x8A - 0xA6,
                                                          0,
                                                          0,
                                                          0x100 + 0x87 - 0xA9,
                                                          0,
                                                          0,
                                                          0,
                                                          0,
                                                          0,
                                                          0};
constexpr std::array<std::uint8_t, 16> added_to_d8 = {0, 0, 0, 0, 1, 0, 1, 0,
                                                      0, 1, 0, 0, 0, 0, 0, 0};
constexpr unsigned alef_maqsura = 0x89;  // behind D9; becomes yeh, the next letter

std::uint8_t fold_arabic(std::uint8_t before, std::uint8_t byte, std::uint8_t after) {
  unsigned folded = byte;
  if (before == 0xD8 && byte >= 0xA0 && byte <= 0xAF) folded += added_behind_d8[byte - 0xA0U];
  if (byte == 0xD8 && after >= 0xA0 && after <= 0xAF) folded += added_to_d8[after - 0xA0U];
  if (before == 0xD9 && byte == alef_maqsura) ++folded;
  return static_cast<std::uint8_t>(folded);
}

void read_plain(const char* bytes, char* folded, ByteMasks& masks) {
  masks = {};
  for (std::size_t i = 0; i < mask_bytes; ++i) {
    const auto byte = static_cast<std::uint8_t>(bytes[i]);
    const std::uint64_t bit = std::uint64_t{1} << i;
    masks.bits[static_cast<std::size_t>(classes[byte])] |= bit;
    std::uint8_t small = byte;
    if (byte >= 'A' && byte <= 'Z') small |= 0x20U;
    if (byte >= 0x80) {
      masks.beyond_ascii = true;
      small = fold_arabic(static_cast<std::uint8_t>(bytes[static_cast<std::ptrdiff_t>(i) - 1]),
                          byte, static_cast<std::uint8_t>(bytes[i + 1]));
    }
    folded[i] = static_cast<char>(small);
  }
  masks.bits[0] = 0;
}

std::size_t places_plain(std::uint64_t bits, std::uint32_t base, char* out) {
  std::size_t count = 0;
  for (; bits != 0; bits &= bits - 1, ++count) {
    const std::uint32_t place = base + static_cast<std::uint32_t>(std::countr_zero(bits));
    std::memcpy(out + count * sizeof place, &place, sizeof place);
  }
  return count;
}

#if defined(__x86_64__)

#define WITH_AVX2 __attribute__((target("avx2")))

WITH_AVX2 inline __m256i load(const char* at) {
  return _mm256_loadu_si256(reinterpret_cast<const __m256i*>(at));
}

WITH_AVX2 inline __m256i each(unsigned byte) {
  return _mm256_set1_epi8(static_cast<char>(byte));
}

// FF where the byte lies from `low` to `high`.
WITH_AVX2 inline __m256i between(__m256i bytes, unsigned low, unsigned high) {
  const __m256i above = _mm256_sub_epi8(bytes, each(low));
  return _mm256_cmpeq_epi8(_mm256_min_epu8(above, each(high - low)), above);
}

WITH_AVX2 inline __m256i equal(__m256i bytes, unsigned byte) {
  return _mm256_cmpeq_epi8(bytes, each(byte));
}

WITH_AVX2 inline __m256i table(const std::array<std::uint8_t, 16>& values) {
  return _mm256_broadcastsi128_si256(
      _mm_loadu_si128(reinterpret_cast<const __m128i*>(values.data())));
}

// values[byte - A0] for bytes A0 to AF, else 0: the shuffle gives 0 where the high bit is set.
WITH_AVX2 inline __m256i looked_up(const std::array<std::uint8_t, 16>& values, __m256i bytes) {
  const __m256i index = _mm256_adds_epu8(_mm256_xor_si256(bytes, each(0xA0)), each(0x70));
  return _mm256_shuffle_epi8(table(values), index);
}

// The two halves of a block.
struct Block {
  __m256i low;
  __m256i high;
};

WITH_AVX2 inline std::uint64_t mask_of(__m256i low, __m256i high) {
  const auto bits = [](__m256i found) __attribute__((target("avx2"))) {
    return std::uint64_t{static_cast<std::uint32_t>(_mm256_movemask_epi8(found))};
  };
  return bits(low) | bits(high) << 32U;
}

// Letters made small, those of both sizes marked.
WITH_AVX2 inline __m256i fold_letters(__m256i bytes, __m256i& letters) {
  letters = between(_mm256_or_si256(bytes, each(0x20)), 'a', 'z');
  return _mm256_or_si256(bytes, _mm256_and_si256(letters, each(0x20)));
}

WITH_AVX2 inline __m256i any_of(__m256i a, __m256i b) {
  return _mm256_or_si256(a, b);
}

WITH_AVX2 void fold_arabic_block(const char* bytes, char* folded) {
  const __m256i here = load(bytes);
  const __m256i before = load(bytes - 1);
  const __m256i second = _mm256_and_si256(looked_up(added_behind_d8, here), equal(before, 0xD8));
  const __m256i first =
      _mm256_and_si256(looked_up(added_to_d8, load(bytes + 1)), equal(here, 0xD8));
  const __m256i yeh = _mm256_and_si256(equal(before, 0xD9), equal(here, alef_maqsura));
  const __m256i added = _mm256_sub_epi8(_mm256_add_epi8(second, first), yeh);  // FF is -1
  _mm256_storeu_si256(reinterpret_cast<__m256i*>(folded), _mm256_add_epi8(load(folded), added));
}

WITH_AVX2 void mark_beyond_ascii(const Block& block, ByteMasks& masks) {
  const auto equals = [&block](unsigned byte) __attribute__((target("avx2"))) {
    return mask_of(equal(block.low, byte), equal(block.high, byte));
  };
  const auto within = [&block](unsigned low, unsigned high) __attribute__((target("avx2"))) {
    return mask_of(between(block.low, low, high), between(block.high, low, high));
  };
  const std::uint64_t d8 = equals(0xD8);
  const std::uint64_t d9 = equals(0xD9);
  const std::uint64_t e2 = equals(0xE2);
  masks.set(ByteClass::lead_d8, d8);
  masks.set(ByteClass::lead_d9, d9);
  masks.set(ByteClass::lead_e2, e2);
  masks.set(ByteClass::lead, within(0xC0, 0xFF) & ~(d8 | d9 | e2));
  masks.set(ByteClass::byte_80, equals(0x80));
  masks.set(ByteClass::d9_letter, within(0x81, 0x8A));
  masks.set(ByteClass::byte_8c, equals(0x8C));
  masks.set(ByteClass::dash, within(0x90, 0x95) | within(0x9C, 0x9D));
  masks.set(ByteClass::d8_letter, within(0xA0, 0xBF));
}

WITH_AVX2 void read_avx2(const char* bytes, char* folded, ByteMasks& masks) {
  const Block block{load(bytes), load(bytes + 32)};
  const auto equals = [&block](char byte) __attribute__((target("avx2"))) {
    const auto wanted = static_cast<unsigned char>(byte);
    return mask_of(equal(block.low, wanted), equal(block.high, wanted));
  };
  masks = {};
  Block letters{};
  const Block small{fold_letters(block.low, letters.low), fold_letters(block.high, letters.high)};
  _mm256_storeu_si256(reinterpret_cast<__m256i*>(folded), small.low);
  _mm256_storeu_si256(reinterpret_cast<__m256i*>(folded + 32), small.high);
  masks.set(ByteClass::letter, mask_of(letters.low, letters.high));
  masks.set(ByteClass::digit, mask_of(between(block.low, '0', '9'), between(block.high, '0', '9')));
  masks.set(ByteClass::stop, equals('.'));
  masks.set(ByteClass::hyphen, equals('-'));
  masks.set(ByteClass::comma, equals(','));
  masks.set(ByteClass::apostrophe, equals('\'') | equals('`'));
  masks.set(ByteClass::hard_break, equals('\n') | equals('!') | equals('?'));
  if (_mm256_movemask_epi8(any_of(block.low, block.high)) == 0) return;
  masks.beyond_ascii = true;
  mark_beyond_ascii(block, masks);
  if ((masks.of(ByteClass::lead_d8) | masks.of(ByteClass::lead_d9) |
       (std::uint64_t{static_cast<unsigned char>(bytes[-1])} >> 7U)) == 0) {
    return;
  }
  fold_arabic_block(bytes, folded);
  fold_arabic_block(bytes + 32, folded + 32);
}

#undef WITH_AVX2

#define WITH_AVX512 __attribute__((target("avx512f,avx512bw,avx512vbmi2,bmi,bmi2,popcnt")))

WITH_AVX512 inline __m512i load_64(const char* at) {
  return _mm512_loadu_si512(at);
}

WITH_AVX512 inline __m512i each_64(unsigned byte) {
  return _mm512_set1_epi8(static_cast<char>(byte));
}

WITH_AVX512 inline std::uint64_t equal_64(__m512i bytes, unsigned byte) {
  return _mm512_cmpeq_epi8_mask(bytes, each_64(byte));
}

WITH_AVX512 inline std::uint64_t between_64(__m512i bytes, unsigned low, unsigned high) {
  return _mm512_cmple_epu8_mask(_mm512_sub_epi8(bytes, each_64(low)), each_64(high - low));
}

WITH_AVX512 inline __m512i looked_up_64(const std::array<std::uint8_t, 16>& values, __m512i bytes) {
  const __m512i table = _mm512_maskz_broadcast_i32x4(
      0xFFFF, _mm_loadu_si128(reinterpret_cast<const __m128i*>(values.data())));
  const __m512i index = _mm512_adds_epu8(_mm512_xor_si512(bytes, each_64(0xA0)), each_64(0x70));
  return _mm512_shuffle_epi8(table, index);
}

WITH_AVX512 inline __m512i add_where(std::uint64_t places, __m512i to, __m512i added) {
  return _mm512_mask_add_epi8(to, places, to, added);
}

WITH_AVX512 inline __m512i fold_arabic_64(const char* bytes, __m512i folded) {
  const __m512i here = load_64(bytes);
  const __m512i before = load_64(bytes - 1);
  folded = add_where(equal_64(before, 0xD8), folded, looked_up_64(added_behind_d8, here));
  folded = add_where(equal_64(here, 0xD8), folded, looked_up_64(added_to_d8, load_64(bytes + 1)));
  return add_where(equal_64(before, 0xD9) & equal_64(here, alef_maqsura), folded, each_64(1));
}

WITH_AVX512 void mark_beyond_ascii_64(__m512i block, ByteMasks& masks) {
  const std::uint64_t d8 = equal_64(block, 0xD8);
  const std::uint64_t d9 = equal_64(block, 0xD9);
  const std::uint64_t e2 = equal_64(block, 0xE2);
  masks.set(ByteClass::lead_d8, d8);
  masks.set(ByteClass::lead_d9, d9);
  masks.set(ByteClass::lead_e2, e2);
  masks.set(ByteClass::lead, between_64(block, 0xC0, 0xFF) & ~(d8 | d9 | e2));
  masks.set(ByteClass::byte_80, equal_64(block, 0x80));
  masks.set(ByteClass::d9_letter, between_64(block, 0x81, 0x8A));
  masks.set(ByteClass::byte_8c, equal_64(block, 0x8C));
  masks.set(ByteClass::dash, between_64(block, 0x90, 0x95) | between_64(block, 0x9C, 0x9D));
  masks.set(ByteClass::d8_letter, between_64(block, 0xA0, 0xBF));
}

WITH_AVX512 void read_avx512(const char* bytes, char* folded, ByteMasks& masks) {
  const __m512i block = load_64(bytes);
  const __m512i lower = _mm512_or_si512(block, each_64(0x20));
  const std::uint64_t letters = between_64(lower, 'a', 'z');
  __m512i small = _mm512_mask_mov_epi8(block, letters, lower);
  masks = {};
  masks.set(ByteClass::letter, letters);
  masks.set(ByteClass::digit, between_64(block, '0', '9'));
  masks.set(ByteClass::stop, equal_64(block, '.'));
  masks.set(ByteClass::hyphen, equal_64(block, '-'));
  masks.set(ByteClass::comma, equal_64(block, ','));
  masks.set(ByteClass::apostrophe, equal_64(block, '\'') | equal_64(block, '`'));
  masks.set(ByteClass::hard_break,
            equal_64(block, '\n') | equal_64(block, '!') | equal_64(block, '?'));
  if (_mm512_movepi8_mask(block) != 0) {
    masks.beyond_ascii = true;
    mark_beyond_ascii_64(block, masks);
    if ((masks.of(ByteClass::lead_d8) | masks.of(ByteClass::lead_d9) |
         (std::uint64_t{static_cast<unsigned char>(bytes[-1])} >> 7U)) != 0) {
      small = fold_arabic_64(bytes, small);
    }
  }
  _mm512_storeu_si512(folded, small);
}

constexpr std::array<std::uint8_t, 64> counted = [] {
  std::array<std::uint8_t, 64> all{};
  for (unsigned n = 0; n < all.size(); ++n) all[n] = static_cast<std::uint8_t>(n);
  return all;
}();

// The bytes 0 to 63, those whose bit is set moved together, made 32 bits wide sixteen at a time.
WITH_AVX512 std::size_t places_avx512(std::uint64_t bits, std::uint32_t base, char* out) {
  const auto count = static_cast<std::size_t>(std::popcount(bits));
  const __m512i all = _mm512_maskz_compress_epi8(
      bits, _mm512_loadu_si512(reinterpret_cast<const char*>(counted.data())));
  const __m512i from = _mm512_set1_epi32(static_cast<int>(base));
  const auto write = [&](__m128i sixteen, std::size_t n) __attribute__((target("avx512f"))) {
    _mm512_storeu_si512(out + 4 * n,
                        _mm512_add_epi32(_mm512_maskz_cvtepu8_epi32(0xFFFF, sixteen), from));
  };
  // Those with a mask: for the others, g++ 12 warns of its own header.
  write(_mm512_maskz_extracti32x4_epi32(0xF, all, 0), 0);
  if (count > 16) write(_mm512_maskz_extracti32x4_epi32(0xF, all, 1), 16);
  if (count > 32) write(_mm512_maskz_extracti32x4_epi32(0xF, all, 2), 32);
  if (count > 48) write(_mm512_maskz_extracti32x4_epi32(0xF, all, 3), 48);
  return count;
}

#undef WITH_AVX512

constexpr std::array<TextReader, 3> readers = {TextReader{read_plain, places_plain},
                                               TextReader{read_avx2, places_plain},
                                               TextReader{read_avx512, places_avx512}};

#else

constexpr std::array<TextReader, 1> readers = {TextReader{read_plain, places_plain}};

#endif

}  // namespace

std::span<const TextReader> text_readers() {
  return std::span(readers).first(1 + static_cast<std::size_t>(vectors()));
}

TextReader text_reader() {
  return readers[static_cast<std::size_t>(vectors())];
}

}  // namespace wirewatch::feeds
