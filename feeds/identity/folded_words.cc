#include "feeds/identity/folded_words.h"

#include <unicode/uchar.h>
#include <unicode/utf8.h>

#include <array>
#include <utility>

namespace wirewatch::feeds {
namespace {

constexpr std::uint64_t kStart = 0xcbf29ce484222325ULL;  // FNV-1a, 64 bit
constexpr std::uint64_t kPrime = 0x100000001b3ULL;

std::uint64_t mixed(std::uint64_t h) {  // the finaliser of MurmurHash3
  h ^= h >> 33U;
  h *= 0xff51afd7ed558ccdULL;
  h ^= h >> 33U;
  h *= 0xc4ceb9fe1a85ec53ULL;
  return h ^ (h >> 33U);
}

bool between(UChar32 c, UChar32 low, UChar32 high) {
  return c >= low && c <= high;
}

bool without_spaces(UChar32 c) {
  return between(c, 0x0e00, 0x0eff) || between(c, 0x1000, 0x109f) || between(c, 0x1780, 0x17ff) ||
         between(c, 0x3040, 0x30ff) || between(c, 0x3400, 0x9fff) || between(c, 0xf900, 0xfaff) ||
         between(c, 0x20000, 0x3ffff);
}

bool ascii_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

// Characters that writers and tools put in or leave out without a reader seeing it.
bool invisible(UChar32 c) {
  return c == 0x00ad || c == 0x0640 || between(c, 0x200b, 0x200f) || between(c, 0x202a, 0x202e) ||
         between(c, 0x2060, 0x2069) || between(c, 0xfe00, 0xfe0f) || c == 0xfeff;
}

class WordReader {
 public:
  explicit WordReader(std::vector<std::uint64_t>& words) : words_(words) {}

  void take(UChar32 c) {
    if (c >= 0x80 && invisible(c)) return;
    if (c >= 0x80 && without_spaces(c) && u_isalnum(c) != 0) {
      end_word();
      const auto code = static_cast<std::uint64_t>(c);
      if (run_ > 0) words_.push_back(mixed((previous_ << 32U) | code));
      previous_ = code;
      ++run_;
      return;
    }
    end_run();
    if (!is_word_character(c)) {
      end_word();
      return;
    }
    hash_ = (hash_ ^ static_cast<std::uint64_t>(folded(c))) * kPrime;
    in_word_ = true;
  }

  void finish() {
    end_run();
    end_word();
  }

 private:
  static UChar32 folded(UChar32 c) {
    if (c < 0x80) return between(c, 'A', 'Z') ? c + 32 : c;
    return u_foldCase(c, U_FOLD_CASE_DEFAULT);
  }

  static bool is_word_character(UChar32 c) {
    if (c < 0x80) return ascii_letter(static_cast<char>(c)) || between(c, '0', '9');
    return u_isalnum(c) != 0 || (U_GET_GC_MASK(c) & U_GC_M_MASK) != 0;
  }

  void end_word() {
    if (in_word_) words_.push_back(mixed(hash_));
    in_word_ = false;
    hash_ = kStart;
  }

  // A run of a single character has no pair: it is a word by itself.
  void end_run() {
    if (run_ == 1) words_.push_back(mixed(previous_));
    run_ = 0;
  }

  std::vector<std::uint64_t>& words_;
  std::uint64_t hash_ = kStart;
  bool in_word_ = false;
  std::uint64_t previous_ = 0;  // the last character of a run in a script without spaces
  std::size_t run_ = 0;
};

constexpr std::array<std::pair<std::string_view, UChar32>, 8> kNames = {{{"amp", '&'},
                                                                         {"lt", '<'},
                                                                         {"gt", '>'},
                                                                         {"quot", '"'},
                                                                         {"apos", '\''},
                                                                         {"nbsp", ' '},
                                                                         {"shy", 0xad},
                                                                         {"zwnj", 0x200c}}};

// Reads "&#8217;" at the front of `text`: how long it is (0: it is none) and what it stands for.
// Names that are not listed count as punctuation, which most of them are.
std::pair<std::size_t, UChar32> character_reference(std::string_view text) {
  const std::size_t end = text.substr(0, 12).find(';');
  if (end == std::string_view::npos || end < 2) return {0, 0};
  std::string_view body = text.substr(1, end - 1);
  if (body[0] != '#') {
    for (const char c : body) {
      if (!ascii_letter(c) && (c < '0' || c > '9')) return {0, 0};
    }
    for (const auto& [name, c] : kNames) {
      if (body == name) return {end + 1, c};
    }
    return {end + 1, ' '};
  }
  body.remove_prefix(1);
  const bool hex = !body.empty() && (body[0] == 'x' || body[0] == 'X');
  if (hex) body.remove_prefix(1);
  if (body.empty()) return {0, 0};
  UChar32 value = 0;
  for (const char c : body) {
    const int digit = u_digit(static_cast<UChar32>(static_cast<unsigned char>(c)), hex ? 16 : 10);
    if (digit < 0) return {0, 0};
    value = value * (hex ? 16 : 10) + digit;
    if (value > 0x10ffff) return {end + 1, ' '};
  }
  return {end + 1, value};
}

}  // namespace

void append_folded_words(std::string_view text, std::vector<std::uint64_t>& words) {
  WordReader reader(words);
  std::size_t next_close = 0;  // of the ">" behind the current position; looked up once for each
  std::size_t i = 0;
  while (i < text.size()) {
    const char c = text[i];
    if (c == '<' && i + 1 < text.size() &&
        (ascii_letter(text[i + 1]) || text[i + 1] == '/' || text[i + 1] == '!')) {
      if (next_close != std::string_view::npos && next_close <= i) next_close = text.find('>', i);
      if (next_close != std::string_view::npos) {
        reader.take(' ');
        i = next_close + 1;
        continue;
      }
    }
    if (c == '&') {
      const auto [length, meant] = character_reference(text.substr(i));
      if (length > 0) {
        reader.take(meant);
        i += length;
        continue;
      }
    }
    if (static_cast<unsigned char>(c) < 0x80) {
      reader.take(c);
      ++i;
      continue;
    }
    // One code point is at most four bytes, which ICU's macro wants to see as 32-bit indices.
    const std::string_view rest = text.substr(i, 4);
    const auto* bytes = reinterpret_cast<const std::uint8_t*>(rest.data());
    const int length = static_cast<int>(rest.size());
    int used = 0;
    UChar32 code = 0;
    U8_NEXT(bytes, used, length, code);
    reader.take(code < 0 ? ' ' : code);
    i += static_cast<std::size_t>(used);
  }
  reader.finish();
}

}  // namespace wirewatch::feeds
