#include "feeds/text/fold.h"

#include <unicode/normalizer2.h>
#include <unicode/uchar.h>
#include <unicode/uscript.h>

#include <cstring>

#include "feeds/text/utf8.h"

namespace wirewatch::feeds::unicode {
namespace {

// 0: Unicode's own folding does.
char32_t special(char32_t code) {
  switch (code) {
    case 0x131:  // ı
      return 'i';
    case 0xF8:  // ø
      return 'o';
    case 0x142:  // ł
      return 'l';
    case 0x111:  // đ
    case 0xF0:   // ð
      return 'd';
    case 0x127:  // ħ
      return 'h';
    case 0x671:  // alef wasla
    case 0x672:
    case 0x673:
    case 0x675:
      return 0x627;
    case 0x649:  // alef maqsura
    case 0x6CC:  // Farsi yeh
    case 0x6D2:  // yeh barree
    case 0x6D0:
      return 0x64A;
    case 0x629:  // teh marbuta
    case 0x6BE:  // heh doachashmee
    case 0x6C1:  // heh goal
    case 0x6C3:  // teh marbuta goal
    case 0x6D5:  // ae, as Sorani writes it
      return 0x647;
    case 0x6A9:  // keheh
    case 0x6AA:  // swash kaf
      return 0x643;
    default:
      return 0;
  }
}

bool is_apostrophe(char32_t code) {
  switch (code) {
    case '\'':
    case '`':
    case 0xB4:
    case 0x2BB:
    case 0x2BC:
    case 0x2BD:
    case 0x2BE:
    case 0x2BF:
    case 0x2C8:
    case 0x2018:
    case 0x2019:
    case 0x201B:
    case 0x2032:
    case 0xFF07:
      return true;
    default:
      return false;
  }
}

bool is_joiner(char32_t code) {
  return code == 0x200C || code == 0x200D || code == 0xAD || code == 0x640;
}

UScriptCode script_of(char32_t code) {
  UErrorCode error = U_ZERO_ERROR;
  const UScriptCode script = uscript_getScript(static_cast<UChar32>(code), &error);
  return U_FAILURE(error) != 0 ? USCRIPT_UNKNOWN : script;
}

Kind kind_of(char32_t code) {
  if (is_apostrophe(code)) return Kind::apostrophe;
  if (is_joiner(code)) return Kind::mark;
  const auto point = static_cast<UChar32>(code);
  const auto mask = U_MASK(u_charType(point));
  if ((mask & U_GC_ND_MASK) != 0) return Kind::digit;
  if ((mask & U_GC_M_MASK) != 0) return Kind::mark;
  if ((mask & (U_GC_L_MASK | U_GC_NL_MASK)) == 0) return Kind::other;
  switch (script_of(code)) {
    case USCRIPT_HAN:
    case USCRIPT_HIRAGANA:
    case USCRIPT_KATAKANA:
      return Kind::ideograph;
    case USCRIPT_ARABIC:
      return Kind::arabic;
    default:
      return Kind::letter;
  }
}

void fold_slowly(std::string& out, char32_t code) {
  if (is_joiner(code) || is_apostrophe(code)) return;
  const auto point = static_cast<UChar32>(code);
  const auto digit = u_charDigitValue(point);
  if (digit >= 0 && u_charType(point) == U_DECIMAL_DIGIT_NUMBER) {
    out.push_back(static_cast<char>('0' + digit));
    return;
  }
  UErrorCode error = U_ZERO_ERROR;
  const auto* casefold = icu::Normalizer2::getNFKCCasefoldInstance(error);
  const auto* nfd = icu::Normalizer2::getNFDInstance(error);
  if (U_FAILURE(error) != 0) return append(out, code);
  const bool hangul = code >= 0xAC00 && code <= 0xD7A3;  // syllables stay whole
  icu::UnicodeString form = casefold->normalize(icu::UnicodeString(point), error);
  if (!hangul) form = nfd->normalize(form, error);
  if (U_FAILURE(error) != 0) return append(out, code);
  for (std::int32_t i = 0; i < form.length();) {
    const auto part = static_cast<char32_t>(form.char32At(i));
    i += U16_LENGTH(part);
    // Vowel signs of Indic scripts have class 0 and viramas 9: they carry the word and stay.
    if (u_getCombiningClass(static_cast<UChar32>(part)) >= 10 || is_joiner(part)) continue;
    const char32_t other = special(part);
    append(out, other != 0 ? other : part);
  }
}

}  // namespace

FoldTable::FoldTable() {
  std::string form;
  for (char32_t code = 0; code < size; ++code) {
    Folded& entry = entries_[code];
    entry.kind = kind_of(code);
    form.clear();
    if (entry.kind != Kind::other) fold_slowly(form, code);
    if (form.size() > sizeof entry.bytes) {
      entry.length = 0xFF;
      continue;
    }
    entry.length = static_cast<std::uint8_t>(form.size());
    std::memcpy(entry.bytes, form.data(), form.size());
  }
}

const FoldTable& FoldTable::get() {
  static const FoldTable table;
  return table;
}

Kind FoldTable::kind_beyond(char32_t code) {
  return kind_of(code);
}

void FoldTable::append(std::string& out, char32_t code) const {
  if (code < size && !entries_[code].kept_apart()) {
    out.append(entries_[code].bytes, entries_[code].length);
  } else {
    fold_slowly(out, code);
  }
}

}  // namespace wirewatch::feeds::unicode
