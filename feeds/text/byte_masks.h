// Which byte of a text is what, 64 bytes at a time, as bits; and these bytes folded, for words that
// fold byte by byte. The only file of tokenising with code for certain processors.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

namespace wirewatch::feeds {

// Each byte is of one class. Those beyond ASCII are told apart as far as plain Arabic words and
// the commonest signs between words need it.
enum class ByteClass : std::uint8_t {
  other,  // parts words and means nothing else; has no mask
  letter,
  digit,
  stop,        // .
  hyphen,      // -
  comma,       // ,
  apostrophe,  // ' and `
  hard_break,  // ! ? and line feeds
  lead,        // begins a character of several bytes, none of the following three
  lead_d8,     // U+0600 to U+063F
  lead_d9,     // U+0640 to U+067F
  lead_e2,     // U+2000 to U+2FFF
  byte_80,     // second byte of U+2000 to U+203F behind E2
  d9_letter,   // 81 to 8A: U+0641 to U+064A behind D9
  byte_8c,     // the Arabic comma behind D8
  dash,        // 90 to 95, 9C, 9D: dashes and double quotation marks behind E2 80
  d8_letter,   // A0 to BF: U+0620 to U+063F behind D8
  count,
};

struct ByteMasks {
  std::array<std::uint64_t, static_cast<std::size_t>(ByteClass::count)> bits{};  // n: byte n
  bool beyond_ascii = false;  // whether there is any such byte; the masks from `lead` on are 0 else
  std::uint64_t of(ByteClass one) const { return bits[static_cast<std::size_t>(one)]; }
  void set(ByteClass one, std::uint64_t mask) { bits[static_cast<std::size_t>(one)] = mask; }
};

inline constexpr std::size_t mask_bytes = 64;

// Reads bytes[-1] to bytes[64] and writes 64 to `folded`: letters of ASCII small, and the letters
// U+0620 to U+064A as FoldTable has them, which keeps their two bytes. Other bytes stay.
using ReadMasks = void (*)(const char* bytes, char* folded, ByteMasks& masks);

// Writes base + n for every bit n of `bits`, ascending, as std::uint32_t, and may write up to
// places_beyond more of them behind. Returns how many they are.
using WritePlaces = std::size_t (*)(std::uint64_t bits, std::uint32_t base, char* out);
inline constexpr std::size_t places_beyond = 16;

// A way to read texts. All give the same results.
struct TextReader {
  ReadMasks masks;
  WritePlaces places;
};
std::span<const TextReader> text_readers();  // those that this processor can, plain code first
TextReader text_reader();                    // the fastest

}  // namespace wirewatch::feeds
