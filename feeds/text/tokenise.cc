#include "feeds/text/tokenise.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>

#include "feeds/text/abbreviations.h"
#include "feeds/text/fold.h"
#include "feeds/text/utf8.h"

namespace wirewatch::feeds {
namespace {

using unicode::Decoded;
using unicode::Kind;

// A character with its kind; `length` 0 past the end.
struct Char {
  char32_t code = 0;
  std::uint32_t length = 0;
  Kind kind = Kind::other;
};

bool is_stop(char32_t code) {
  return code == '.' || code == 0x2026;
}

// Ends a sentence whatever stands before it.
bool is_terminator(char32_t code) {
  return code == '!' || code == '?' || code == 0x61F || code == 0x6D4 || code == 0x964 ||
         code == 0x203D;
}

// Written without a space behind it.
bool is_wide_terminator(char32_t code) {
  return code == 0x3002 || code == 0xFF01 || code == 0xFF1F || code == 0xFF0E;
}

bool is_closer(char32_t code) {
  return code == '"' || code == '\'' || code == ')' || code == ']' || code == 0x2019 ||
         code == 0x201D || code == 0xBB || code == 0x203A;
}

bool is_part_of_word(Kind kind) {
  return kind != Kind::other && kind != Kind::apostrophe;
}

constexpr std::size_t spare = 16;  // bytes kept free behind the folded forms

// Writes the letters that `text` begins with in lower case to `out`, at most eight, and returns
// how many they are. `out` has room for eight whatever that is: all are written at once.
inline std::size_t lower_letters(std::string_view text, char* out) {
  constexpr std::uint64_t ones = 0x0101010101010101U;
  constexpr std::uint64_t high = ones * 0x80;
  std::uint64_t bytes = 0;
  if (text.size() >= sizeof bytes) {
    std::memcpy(&bytes, text.data(), sizeof bytes);
  } else {
    std::memcpy(&bytes, text.data(), text.size());
  }
  const std::uint64_t lower = bytes | ones * 0x20;
  const std::uint64_t low_bits = lower & ~high;
  // The high bit of each byte: from 'a' on, and not beyond 'z', and ASCII.
  const std::uint64_t from_a = low_bits + ones * (0x80 - 'a');
  const std::uint64_t beyond_z = low_bits + ones * (0x7F - 'z');
  const std::uint64_t others = ~(from_a & ~beyond_z & ~bytes) & high;
  std::memcpy(out, &lower, sizeof lower);
  if constexpr (std::endian::native == std::endian::little) {
    return static_cast<std::size_t>(std::countr_zero(others)) / 8;
  } else {
    return static_cast<std::size_t>(std::countl_zero(others)) / 8;
  }
}

// Bytes of ASCII that end any word of letters: all but letters, digits, apostrophes and the stop.
constexpr std::array<bool, 256> parts_words = [] {
  std::array<bool, 256> parts{};
  for (unsigned c = 0; c < 0x80; ++c) {
    const unsigned lower = c | 0x20U;
    const bool inside = (lower >= 'a' && lower <= 'z') || (c >= '0' && c <= '9');
    parts[c] = !inside && c != '\'' && c != '`' && c != '.';
  }
  return parts;
}();

class Tokeniser {
 public:
  explicit Tokeniser(std::string_view text) : text_(text), table_(unicode::FoldTable::get()) {}

  Words run() {
    result_.words.reserve(text_.size() / 6 + 1);
    result_.folded.resize(text_.size() + spare);
    while (at_ < text_.size()) {
      const char c = text_[at_];
      if (c == ' ') {
        ++at_;
        continue;
      }
      if (plain_word() || plain_arabic_word()) continue;
      const Char next = peek(at_);
      if (next.kind == Kind::other) {
        between(next);
      } else if (next.kind == Kind::apostrophe || next.kind == Kind::mark) {
        at_ += next.length;
      } else {
        word(next);
      }
    }
    result_.folded.resize(used_);
    return std::move(result_);
  }

 private:
  Char peek(std::size_t at) const {
    if (at >= text_.size()) return {};
    const char c = text_[at];
    if (static_cast<unsigned char>(c) < 0x80) {
      const auto code = static_cast<char32_t>(c);
      return {code, 1, table_.entry(code).kind};
    }
    const Decoded decoded = unicode::decode(text_, at);
    return {decoded.code, decoded.length, table_.kind(decoded.code)};
  }

  void between(const Char& c) {
    if (c.code == '\n') {
      end_paragraph();
    } else if (is_terminator(c.code) || is_wide_terminator(c.code)) {
      end_sentence_if_parted(is_wide_terminator(c.code));
    } else if (is_stop(c.code) && !stop_belongs_to_word()) {
      end_sentence_if_parted(false);
    }
    at_ += c.length;
  }

  void end_paragraph() {
    if (sentence_has_words_) ++sentence_;
    if (paragraph_has_words_) ++paragraph_;
    sentence_has_words_ = paragraph_has_words_ = false;
  }

  // `at_` is on a character that can end a sentence: it does so before white space or the end.
  void end_sentence_if_parted(bool needs_no_space) {
    std::size_t next = at_;
    // Bounded, so that a megabyte of dots stays linear: a run is looked at from its last few.
    for (int i = 0; i < 8 && next < text_.size(); ++i) {
      const Decoded decoded = unicode::decode(text_, next);
      const char32_t code = decoded.code;
      if (i > 0 && !is_stop(code) && !is_terminator(code) && !is_closer(code)) break;
      next += decoded.length;
    }
    const bool parted = next >= text_.size() || text_[next] == ' ' || text_[next] == '\n';
    if ((parted || needs_no_space) && sentence_has_words_) {
      ++sentence_;
      sentence_has_words_ = false;
    }
  }

  // Is the stop at `at_` a part of the word before it ("Mr.", "Dec. 8", "U.S. troops")?
  bool stop_belongs_to_word() const {
    if (result_.words.empty() || result_.words.back().end != at_) return false;
    const Word& before = result_.words.back();
    const auto folded =
        std::string_view(result_.folded).substr(before.folded_start, before.folded_length);
    if (is_title_word(folded)) return true;
    const bool initial =
        before.end - before.start == 1 && text_[before.start] >= 'A' && text_[before.start] <= 'Z';
    if (!initial && !last_is_acronym_ && !is_abbreviation(folded)) return starts_lower(at_ + 1);
    if (at_ + 1 >= text_.size() || text_[at_ + 1] == '\n') return false;
    return !opener_follows(at_ + 1);
  }

  // "… at 5 p.m. on": a small letter behind the space says that the sentence goes on.
  bool starts_lower(std::size_t at) const {
    if (at >= text_.size() || text_[at] != ' ') return false;
    return at + 1 < text_.size() && text_[at + 1] >= 'a' && text_[at + 1] <= 'z';
  }

  bool opener_follows(std::size_t at) const {
    std::string folded;
    bool capital = false;
    for (; at < text_.size() && folded.size() < 12; ++at) {
      const char c = text_[at];
      const bool upper = c >= 'A' && c <= 'Z';
      if (!upper && (c < 'a' || c > 'z')) {
        if (folded.empty() && (c == ' ' || c == '"')) continue;
        break;
      }
      if (folded.empty()) capital = upper;
      folded.push_back(upper ? static_cast<char>(c - 'A' + 'a') : c);
    }
    return capital && is_opener(folded);
  }

  // The bulk of most texts: nothing but letters of ASCII up to a byte that surely ends a word.
  // False, with nothing taken, where no such word begins.
  bool plain_word() {
    std::size_t at = at_;
    std::size_t used = used_;
    std::size_t taken = 0;
    do {
      char* const out = room(used);
      taken = lower_letters(text_.substr(at), out);
      at += taken;
      used += taken;
    } while (taken == sizeof(std::uint64_t));
    if (at == at_ || (at < text_.size() && !parts_words[static_cast<unsigned char>(text_[at])])) {
      return false;
    }
    add_word(at_, at, used_, used, false);
    at_ = at;
    used_ = used;
    return true;
  }

  // The same for letters of the Arabic script and marks on them: U+0600 to U+06FF are two bytes
  // each in UTF-8, the first of them D8 to DB.
  bool plain_arabic_word() {
    std::size_t at = at_;
    std::size_t used = used_;
    for (bool ends = false; !ends && at < text_.size();) {
      const auto lead = static_cast<unsigned char>(text_[at]);
      if (lead < 0xD8 || lead > 0xDB || at + 1 == text_.size()) {
        if (at == at_ || (lead != '.' && !parts_words[lead])) return false;
        break;
      }
      const auto next = static_cast<unsigned char>(text_[at + 1]);
      const unicode::Folded& folded = table_.entry((lead & 0x1FU) << 6U | (next & 0x3FU));
      ends = folded.kind == Kind::other;
      if (ends ? at == at_ : !is_arabic(folded, at > at_)) return false;
      if (ends) break;
      std::memcpy(room(used), folded.bytes, sizeof folded.bytes);
      used += folded.length;
      at += 2;
    }
    if (used > used_) add_word(at_, at, used_, used, false);
    at_ = at;
    used_ = used;
    return true;
  }

  static bool is_arabic(const unicode::Folded& folded, bool inside) {
    return !folded.kept_apart() &&
           (folded.kind == Kind::arabic || (folded.kind == Kind::mark && inside));
  }

  // A word by its bytes in the text and in `folded`.
  void add_word(std::size_t begin, std::size_t end, std::size_t folded_begin,
                std::size_t folded_end, bool acronym) {
    Word made;
    made.start = static_cast<std::uint32_t>(begin);
    made.end = static_cast<std::uint32_t>(end);
    made.folded_start = static_cast<std::uint32_t>(folded_begin);
    made.folded_length = static_cast<std::uint32_t>(folded_end - folded_begin);
    made.sentence = sentence_;
    made.paragraph = paragraph_;
    sentence_has_words_ = paragraph_has_words_ = true;
    last_is_acronym_ = acronym;
    result_.words.push_back(made);
  }

  void word(const Char& first) {
    const std::size_t begin = at_;
    const std::size_t folded_begin = used_;
    digits_only_ = true;
    script_ = Kind::other;
    letters_since_dot_ = 0;
    acronym_ = false;
    std::size_t end = at_;
    if (first.kind == Kind::ideograph) {
      append_folded(first.code);
      end = at_ += first.length;
    } else {
      end = letters();
    }
    if (used_ == folded_begin) return;
    add_word(begin, end, folded_begin, used_, acronym_);
  }

  // Takes the characters of one word; returns where its last one ends.
  std::size_t letters() {
    std::size_t end = at_;
    while (at_ < text_.size()) {
      if (takes_ascii_letters()) {
        end = at_;
        continue;
      }
      if (text_[at_] == ' ') break;
      const Char c = peek(at_);
      if (c.kind == Kind::ideograph || !takes(c)) break;
      if (c.kind == Kind::other || c.kind == Kind::apostrophe) {
        if (!takes_inner(c)) break;
        continue;
      }
      if (c.kind != Kind::digit) digits_only_ = false;
      if (c.kind == Kind::letter) ++letters_since_dot_;
      if (c.kind == Kind::letter || c.kind == Kind::arabic) script_ = c.kind;
      append_folded(c.code);
      end = at_ += c.length;
    }
    return end;
  }

  // A run of plain letters needs no table. False where none begins here.
  bool takes_ascii_letters() {
    if (script_ == Kind::arabic) return false;
    const std::size_t first = at_;
    std::size_t taken = 0;
    do {
      taken = lower_letters(text_.substr(at_), room(used_));
      at_ += taken;
      used_ += taken;
    } while (taken == sizeof(std::uint64_t));
    if (at_ == first) return false;
    digits_only_ = false;
    script_ = Kind::letter;
    letters_since_dot_ += static_cast<int>(at_ - first);
    return true;
  }

  // Where the folded form goes on: behind `used` bytes, with `spare` bytes to write on.
  char* room(std::size_t used) {
    if (result_.folded.size() - used < spare) result_.folded.resize(2 * result_.folded.size());
    return result_.folded.data() + used;
  }

  void append_folded(char32_t code) {
    scratch_.clear();
    table_.append(scratch_, code);
    for (const char c : scratch_) append_byte(c);
  }

  void append_byte(char c) {
    *room(used_) = c;
    ++used_;
  }

  // Latin and Arabic letters never share a word ("964mediaصورة" is two).
  bool takes(const Char& c) const {
    const bool letter = c.kind == Kind::letter || c.kind == Kind::arabic;
    return !letter || script_ == Kind::other || script_ == c.kind;
  }

  // An apostrophe, comma or stop inside a word; false where the word ends.
  bool takes_inner(const Char& c) {
    const Char next = peek(at_ + c.length);
    if (c.kind == Kind::apostrophe) {
      if (next.kind != Kind::letter && next.kind != Kind::arabic) return false;
      at_ += c.length;
      if (next.code != 's' && next.code != 'S') return true;
      if (is_part_of_word(peek(at_ + next.length).kind)) return true;
      at_ += next.length;  // the possessive
      return false;
    }
    if (next.kind == Kind::digit && digits_only_) return takes_number_mark(c);
    if (c.code != '.' || letters_since_dot_ != 1 || next.kind != Kind::letter) return false;
    if (is_part_of_word(peek(at_ + 1 + next.length).kind)) return false;
    acronym_ = true;
    letters_since_dot_ = 0;
    at_ += c.length;
    return true;
  }

  // "1,905" and "3.5", but not "3, 5" or "2,24 and".
  bool takes_number_mark(const Char& c) {
    if (c.code == '.' || c.code == 0x66B) {
      append_byte('.');
      at_ += c.length;
      return true;
    }
    if (c.code != ',' && c.code != 0x66C) return false;
    std::size_t at = at_ + c.length;
    int digits = 0;
    for (; digits < 4; ++digits) {
      const Char digit = peek(at);
      if (digit.kind != Kind::digit) break;
      at += digit.length;
    }
    if (digits != 3) return false;
    at_ += c.length;
    return true;
  }

  std::string_view text_;
  const unicode::FoldTable& table_;
  Words result_;          // `folded` is longer than what is used of it, until the end
  std::size_t used_ = 0;  // bytes of `folded`
  std::string scratch_;
  std::size_t at_ = 0;
  std::uint32_t sentence_ = 0;
  std::uint32_t paragraph_ = 0;
  bool sentence_has_words_ = false;
  bool paragraph_has_words_ = false;
  bool last_is_acronym_ = false;
  // Of the word being read:
  bool digits_only_ = true;
  bool acronym_ = false;
  Kind script_ = Kind::other;
  int letters_since_dot_ = 0;
};

}  // namespace

Words tokenise(std::string_view text) {
  return Tokeniser(text).run();
}

}  // namespace wirewatch::feeds
