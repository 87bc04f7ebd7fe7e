#include "feeds/text/language.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <utility>

#include "feeds/text/tokenise.h"
#include "feeds/text/utf8.h"

namespace wirewatch::feeds {
namespace {

constexpr std::size_t looked_at_bytes = 4096;
constexpr std::size_t looked_at_words = 600;

struct Letters {
  std::size_t latin = 0, arabic = 0, cyrillic = 0, hebrew = 0, greek = 0, han = 0, kana = 0,
              hangul = 0, devanagari = 0, thai = 0, armenian = 0, georgian = 0;
  std::size_t sorani = 0, persian = 0, urdu = 0, ukrainian = 0;
};

void count_arabic(Letters& letters, char32_t code) {
  ++letters.arabic;
  switch (code) {
    case 0x6CE:  // ێ
    case 0x6C6:  // ۆ
    case 0x6B5:  // ڵ
    case 0x695:  // ڕ
    case 0x6D5:  // ە
      ++letters.sorani;
      break;
    case 0x679:  // ٹ
    case 0x688:  // ڈ
    case 0x691:  // ڑ
    case 0x6D2:  // ے
    case 0x6BA:  // ں
      ++letters.urdu;
      break;
    case 0x67E:  // پ
    case 0x686:  // چ
    case 0x698:  // ژ
    case 0x6AF:  // گ
    case 0x6CC:  // ی
    case 0x6A9:  // ک
      ++letters.persian;
      break;
    default:
      break;
  }
}

// `code` is beyond ASCII.
void count(Letters& letters, char32_t code) {
  const auto within = [code](char32_t low, char32_t high) { return code >= low && code <= high; };
  if (within(0xC0, 0x24F) || within(0x1E00, 0x1EFF)) {
    ++letters.latin;
  } else if (within(0x620, 0x6D5) || within(0xFB50, 0xFEFC)) {
    count_arabic(letters, code);
  } else if (within(0x400, 0x52F)) {
    ++letters.cyrillic;
    const bool ukrainian = code == 0x456 || code == 0x457 || code == 0x454 || code == 0x491;
    if (ukrainian) ++letters.ukrainian;
  } else if (within(0x5D0, 0x5EA)) {
    ++letters.hebrew;
  } else if (within(0x370, 0x3FF)) {
    ++letters.greek;
  } else if (within(0x4E00, 0x9FFF)) {
    ++letters.han;
  } else if (within(0x3040, 0x30FF)) {
    ++letters.kana;
  } else if (within(0xAC00, 0xD7A3)) {
    ++letters.hangul;
  } else if (within(0x900, 0x97F)) {
    ++letters.devanagari;
  } else if (within(0xE00, 0xE7F)) {
    ++letters.thai;
  } else if (within(0x530, 0x58F)) {
    ++letters.armenian;
  } else if (within(0x10A0, 0x10FF)) {
    ++letters.georgian;
  }
}

// A block at a time, as the tokeniser reads texts; letters that are neither ASCII nor common Arabic
// ones each by itself.
Letters count_letters(std::string_view text) {
  const ReadMasks read = text_reader().masks;
  Letters letters;
  const std::size_t end = std::min(text.size(), looked_at_bytes);
  for (std::size_t at = 0; at < end; at += mask_bytes) {
    std::array<char, mask_bytes + 2> block;
    block.fill(' ');
    text.copy(block.data() + 1, std::min(end - at, mask_bytes), at);
    char folded[mask_bytes];
    ByteMasks masks;
    read(block.data() + 1, folded, masks);
    const auto count_of = [](std::uint64_t mask) {
      return static_cast<std::size_t>(std::popcount(mask));
    };
    letters.latin += count_of(masks.of(ByteClass::letter));
    if (!masks.beyond_ascii) continue;
    const std::uint64_t pairs =
        (masks.of(ByteClass::lead_d8) & masks.of(ByteClass::d8_letter) >> 1U) |
        (masks.of(ByteClass::lead_d9) & masks.of(ByteClass::d9_letter) >> 1U);
    letters.arabic += count_of(pairs);
    const std::uint64_t leads = masks.of(ByteClass::lead) | masks.of(ByteClass::lead_d8) |
                                masks.of(ByteClass::lead_d9) | masks.of(ByteClass::lead_e2);
    for (std::uint64_t bits = leads & ~pairs; bits != 0; bits &= bits - 1) {
      const auto place = static_cast<std::size_t>(std::countr_zero(bits));
      count(letters, unicode::decode(text, at + place).code);
    }
  }
  return letters;
}

// Frequent small words, folded; a word may stand in several lists.
struct Frequent {
  std::string_view language;
  std::string_view words;
};
constexpr Frequent frequent[] = {
    {"en",
     "the of and to in a is that for on with as was were at by it from his he has have be "
     "are this not but an said after their they who will its been which or had over"},
    {"fr",
     "le la les de des du et en un une que qui dans pour sur par au aux est pas plus avec ce "
     "cette son sa ses il elle ont ete sont mais nous leur apres ne"},
    {"de",
     "der die das und in den von zu mit des auf fur ist im dem nicht ein eine als auch es an "
     "werden aus er hat dass sie nach wird bei einer um am sind noch wie einem uber"},
    {"es",
     "el la los las de del y en que un una por con para es se no su al lo como mas fue ha "
     "sus este esta pero entre ser sobre tras"},
    {"it",
     "il lo la i gli le di del della dei delle e che un una per con in non da dal dalla si "
     "sono nel nella al alla piu come anche ha stato"},
    {"pt",
     "o os as de do da dos das e que um uma em no na nos nas por para com nao se ao mais "
     "foi sua seu pelo pela como ser entre apos"},
    {"nl",
     "de het een en van in op te dat die is voor met niet zijn aan er om ook als bij naar "
     "uit door over maar wordt werd heeft hij ze nog"},
    {"sv",
     "och att det i en som pa ar av for med den till ett har inte om de vid fran sig var "
     "efter men kan ska"},
    {"tr",
     "ve bir bu da de icin ile olarak cok daha gibi sonra kadar olan oldugunu ancak ise her "
     "ne en diye olan gore turkiye yeni iki bin ya o"},
    {"kmr",
     "u li ji di de ku bi ye ne xwe ser ev ew ji bo re wan wi we hate kir kirin dike dikin "
     "hatin navbera der heye min te jî yen yê ên"},
    {"id",
     "yang dan di dari untuk dengan ini itu pada dalam tidak ke akan oleh juga karena telah "
     "sebagai adalah mereka bisa"},
    {"pl", "w i z na do nie sie ze to jest o po od jak za przez dla oraz ale ma tym byl ktory"},
};
constexpr std::size_t languages = std::size(frequent);

// The languages of each frequent word, by its hash, bit n for the n-th. Every word of a text is
// looked up, and nobody can guess which are found: so a word stands in one of two places, and both
// are looked at without asking (cuckoo hashing).
class FrequentWords {
 public:
  FrequentWords() {
    static_assert(languages <= 12);  // see latin_language
    for (std::uint32_t i = 0; i < languages; ++i) {
      for (const std::uint64_t word : tokenise(frequent[i].words).hashes) add(word, 1U << i);
    }
  }

  std::uint32_t languages_of(std::uint64_t word) const {
    const Entry& a = first_[first_place(word)];
    const Entry& b = second_[second_place(word)];
    return (a.word == word ? a.languages : 0U) | (b.word == word ? b.languages : 0U);
  }

 private:
  struct Entry {
    std::uint64_t word = 0;
    std::uint32_t languages = 0;
  };
  static constexpr std::size_t places = 1024;  // some 400 words: far from where moving words ends

  static std::size_t first_place(std::uint64_t word) { return word % places; }
  static std::size_t second_place(std::uint64_t word) { return (word >> 32U) % places; }

  void add(std::uint64_t word, std::uint32_t language) {
    for (Entry* known : {&first_[first_place(word)], &second_[second_place(word)]}) {
      if (known->word != word) continue;
      known->languages |= language;
      return;
    }
    Entry moved{word, language};
    for (int moves = 0; moved.languages != 0 && moves < 1000; ++moves) {
      std::swap(moved, first_[first_place(moved.word)]);
      if (moved.languages != 0) std::swap(moved, second_[second_place(moved.word)]);
    }
  }

  std::array<Entry, places> first_{};
  std::array<Entry, places> second_{};
};

// For each of four bits a number of 16 bits, 1 where it is set.
constexpr std::array<std::uint64_t, 16> spread = [] {
  std::array<std::uint64_t, 16> all{};
  for (std::size_t bits = 0; bits < all.size(); ++bits) {
    for (unsigned n = 0; n < 4; ++n) all[bits] |= std::uint64_t{bits >> n & 1U} << (16 * n);
  }
  return all;
}();

std::string latin_language(std::span<const std::uint64_t> words) {
  static const FrequentWords known;
  const std::size_t looked_at = std::min(words.size(), looked_at_words);
  std::array<std::uint64_t, 3> sums{};  // hits of four languages each
  for (std::size_t i = 0; i < looked_at; ++i) {
    const std::uint32_t in = known.languages_of(words[i]);
    sums[0] += spread[in & 15U];
    sums[1] += spread[in >> 4U & 15U];
    sums[2] += spread[in >> 8U];
  }
  std::array<std::size_t, languages> hits = {};
  for (std::size_t l = 0; l < languages; ++l) hits[l] = sums[l / 4] >> (16 * (l % 4)) & 0xFFFFU;
  std::size_t best = 0;
  std::size_t second = 0;  // hits of the runner-up
  for (std::size_t l = 1; l < languages; ++l) {
    if (hits[l] > hits[best]) {
      second = hits[best];
      best = l;
    } else {
      second = std::max(second, hits[l]);
    }
  }
  if (hits[best] < 2 || hits[best] * 12 < looked_at || hits[best] == second) return {};
  return std::string(frequent[best].language);
}

// Languages of which nothing here knows, with what they are taken for: by their script, or because
// they share the small words of a language that is known.
struct Unknown {
  std::string_view taken_for;
  std::string_view languages;  // a blank around each
};
constexpr Unknown unknown[] = {
    {"ru", " bg sr mk "},  // neighbours with letters of their own are not told apart yet
    {"uk", " be rue "},
    {"hi", " mr ne sa mai bho kok new hne "},
    {"he", " yi "},
    {"zh", " yue "},
    {"sv", " da no nb nn fo is "},
    {"id", " ms jv su "},
    {"nl", " af fy li "},
    {"es", " ca gl ast "},
    {"pt", " gl "},
    {"it", " co scn "},
    {"fr", " oc "},
    {"de", " lb "},
    {"tr", " az "},
    {"pl", " cs sk sl hr bs sr "},
};

std::string arabic_language(const Letters& letters) {
  if (letters.sorani * 25 >= letters.arabic) return "ckb";
  if (letters.urdu * 50 >= letters.arabic) return "ur";
  if (letters.persian * 25 >= letters.arabic) return "fa";
  return "ar";
}

}  // namespace

std::string detect_language(std::string_view text, std::span<const std::uint64_t> words) {
  const Letters letters = count_letters(text);
  const std::size_t east_asian = letters.han + letters.kana + letters.hangul;
  const std::size_t all = letters.latin + letters.arabic + letters.cyrillic + letters.hebrew +
                          letters.greek + east_asian + letters.devanagari + letters.thai +
                          letters.armenian + letters.georgian;
  const auto most = [all](std::size_t part) { return part * 2 > all; };
  if (all < 4) return {};
  if (most(letters.latin)) return latin_language(words);
  if (most(letters.arabic)) return arabic_language(letters);
  if (most(letters.cyrillic)) return letters.ukrainian * 40 >= letters.cyrillic ? "uk" : "ru";
  if (most(letters.hebrew)) return "he";
  if (most(letters.greek)) return "el";
  if (most(east_asian)) {
    if (letters.hangul * 2 > east_asian) return "ko";
    return letters.kana * 10 > east_asian ? "ja" : "zh";
  }
  if (most(letters.devanagari)) return "hi";
  if (most(letters.thai)) return "th";
  if (most(letters.armenian)) return "hy";
  return most(letters.georgian) ? "ka" : "";
}

// "ы" is every fiftieth letter of Russian; Bulgarian, Serbian and Macedonian do not write it.
static bool is_plainly_russian(std::string_view text) {
  constexpr std::string_view yery = "\u044B";
  std::size_t seen = 0;
  for (std::size_t at = text.find(yery); at != std::string_view::npos;
       at = text.find(yery, at + 2)) {
    ++seen;
  }
  return seen * 300 > text.size() / 2;  // letters of two bytes
}

bool is_mistaken_for(std::string_view declared, std::string_view detected, std::string_view text) {
  if (declared.empty() || declared == detected) return false;
  std::string sought = " ";
  sought += declared;
  sought += ' ';
  const bool may_be = std::any_of(std::begin(unknown), std::end(unknown), [&](const Unknown& one) {
    return one.taken_for == detected && one.languages.find(sought) != std::string_view::npos;
  });
  return may_be && !(detected == "ru" && is_plainly_russian(text));
}

}  // namespace wirewatch::feeds
