// Characters as matching sees them: what kind each is, and the form all its variants share.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace wirewatch::feeds::unicode {

enum class Kind : std::uint8_t {
  other,       // parts words: spaces, punctuation, symbols
  letter,      // of any script but Arabic
  arabic,      // a letter of the Arabic script; a word never mixes it with other letters
  digit,       // of any script
  mark,        // belongs to the letter before it, or is an invisible joiner
  apostrophe,  // ' and the many characters that are written for it
  ideograph,   // Han and kana: a word of its own
};

struct Folded {
  Kind kind = Kind::other;
  std::uint8_t length = 0;  // of `bytes`
  char bytes[6] = {};       // longer forms are `kept_apart`
  bool kept_apart() const { return length == 0xFF; }
};

// Per character: NFKC_Casefold, decomposed (NFD), marks of combining class 10 and above dropped,
// then letters that Unicode does not decompose (ł, ø, ı, …) and the Arabic letter forms: alef and
// yeh variants, teh marbuta as heh, Persian kaf and yeh, no tatweel, no harakat; all digits as
// 0 to 9. Folding works character by character, so it never depends on neighbours.
class FoldTable {
 public:
  static const FoldTable& get();
  Kind kind(char32_t code) const { return code < size ? entries_[code].kind : kind_beyond(code); }
  // Of characters below U+3000.
  const Folded& entry(char32_t code) const { return entries_[code]; }
  // Appends the folded form, which may be empty.
  void append(std::string& out, char32_t code) const;

 private:
  FoldTable();
  static Kind kind_beyond(char32_t code);
  static constexpr std::size_t size = 0x3000;
  Folded entries_[size];
};

}  // namespace wirewatch::feeds::unicode
