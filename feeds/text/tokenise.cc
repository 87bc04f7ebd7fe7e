#include "feeds/text/tokenise.h"

#include <algorithm>
#include <bit>
#include <cstring>

#include "feeds/text/abbreviations.h"
#include "feeds/text/fold.h"
#include "feeds/text/utf8.h"
#include "feeds/text/word_hash.h"
#include "feeds/text/word_runs.h"

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

// Most of a text goes in bulk (RunFinder); where more happens than that words begin and end, this
// takes one character or word after the other. `at_` is always at a place where no word goes on.
class Tokeniser {
 public:
  Tokeniser(std::string_view text, Field field, Words& into)
      : text_(text),
        table_(unicode::FoldTable::get()),
        into_(into),
        first_(into.words.size()),
        first_hyphen_(into.hyphens.size()),
        count_(first_),
        base_(static_cast<std::uint32_t>(into.folded.size())),
        field_(field) {}

  // What is folded in bulk stands in `folded` where it stands in the text; the rest behind that.
  void run(TextReader read) {
    into_.folded.resize(base_ + text_.size() + std::max(mask_bytes, word_hash_reach));
    // Room for the usual, but not written to before it is used.
    into_.words.reserve(count_ + text_.size() / 5 + 1);
    into_.hashes.reserve(count_ + text_.size() / 5 + 1);
    RunFinder finder(text_, into_.folded.data() + base_, read);
    while (at_ < text_.size()) {
      const std::size_t end = finder.look(at_);
      if (end == at_) {
        // Letters of both scripts in turn are one run and many words: not one look for each.
        const std::size_t behind = std::min(text_.size(), at_ + RunFinder::window);
        while (at_ < behind) step();
      } else {
        hyphens_ = finder.hyphens();
        take_window(finder.runs(), finder.events(), end);
      }
    }
    into_.words.resize(count_);
    into_.hashes.resize(count_);
    into_.folded.resize(base_ + text_.size());
    into_.folded += apart_;
    keep_hyphens();
  }

 private:
  void take_window(std::span<Run> runs, std::span<const Event> events, std::size_t end) {
    Run* run = runs.data();
    Run* const last = run + runs.size();
    make_room(runs.size());
    for (const Event& event : events) {
      if (event.at < at_) continue;
      if (event.at >= end) break;
      Run* before = std::max(run, runs.data() + event.runs);
      // What touches a place that may join words is for step() to read.
      if (event.joins && before != run && before[-1].end >= event.at) --before;
      take({run, before});
      run = before;
      if (!event.joins) {
        at_ = event.at;
        break_here();
        continue;
      }
      at_ = run != last && run->start < event.at ? run->start : event.at;
      while (at_ <= event.at) step();
      while (run != last && run->end <= at_) ++run;
      if (run != last && run->start < at_) run->start = static_cast<std::uint32_t>(at_);
      make_room(static_cast<std::size_t>(last - run));
    }
    take({run, last});
    at_ = std::max(at_, end);
  }

  // Words as they stand; there is room for them.
  void take(std::span<const Run> runs) {
    if (runs.empty()) return;
    note_paragraph();
    note_hyphens(runs);
    Word* word = into_.words.data() + count_;
    std::uint64_t* hash = into_.hashes.data() + count_;
    const char* const folded = into_.folded.data() + base_;
    const auto position = static_cast<std::uint32_t>(count_ - first_);
    count_ += runs.size();
    // Two members at a time: the compiler makes worse of eight single ones.
    static_assert(sizeof(Word) == 32 && sizeof(Run) == 8);
    std::uint64_t place = side_by_side(position, sentence_);
    const std::uint64_t next_place = side_by_side(1, 0);
    const std::uint64_t about = side_by_side(paragraph_, static_cast<std::uint32_t>(field_));
    for (const Run run : runs) {
      const std::uint32_t length = run.end - run.start;
      *hash++ = word_hash_in(folded + run.start, length);
      char* const members = reinterpret_cast<char*>(word++);
      const auto write = [members](std::size_t at, std::uint64_t two) {
        std::memcpy(members + at, &two, sizeof two);
      };
      write(0, side_by_side(run.start, run.end));
      write(8, side_by_side(base_ + run.start, length));
      write(16, place);
      write(24, about);
      place += next_place;
    }
    sentence_has_words_ = paragraph_has_words_ = true;
    last_is_acronym_ = false;
  }

  // As two members stand in memory.
  static std::uint64_t side_by_side(std::uint32_t first, std::uint32_t second) {
    const bool little = std::endian::native == std::endian::little;
    return little ? first | std::uint64_t{second} << 32U : second | std::uint64_t{first} << 32U;
  }

  // A word follows: the first of its paragraph?
  void note_paragraph() {
    if (paragraph_has_words_) return;
    into_.paragraph_starts.push_back(static_cast<std::uint32_t>(count_));
  }

  // Which of these runs, the next words, stand before something like a hyphen.
  void note_hyphens(std::span<const Run> runs) {
    for (; !hyphens_.empty() && hyphens_[0] <= runs.back().end; hyphens_ = hyphens_.subspan(1)) {
      const auto ends = [](const Run& run, std::uint32_t end) { return run.end < end; };
      const auto run = std::lower_bound(runs.begin(), runs.end(), hyphens_[0], ends);
      if (run->end != hyphens_[0]) continue;
      before_hyphen(static_cast<std::uint32_t>(count_ - first_) +
                    static_cast<std::uint32_t>(run - runs.begin()));
    }
  }

  // One character between words, or one word.
  void step() {
    const Char next = peek(at_);
    if (next.kind == Kind::other) {
      between(next);
    } else if (next.kind == Kind::apostrophe || next.kind == Kind::mark) {
      at_ += next.length;
    } else {
      word(next);
    }
  }

  // So that so many more words can be written. The vectors are longer than what is used of them.
  void make_room(std::size_t words) {
    const std::size_t wanted = count_ + words;
    if (wanted <= into_.words.size()) return;
    if (wanted > into_.words.capacity()) {
      into_.words.reserve(2 * wanted);
      into_.hashes.reserve(2 * wanted);
    }
    into_.words.resize(wanted);
    into_.hashes.resize(wanted);
  }

  void before_hyphen(std::uint32_t position) {
    into_.hyphens.push_back({static_cast<std::uint32_t>(first_) + position, 0});
  }

  // Of the words that something like a hyphen follows, those that it parts from a next word.
  void keep_hyphens() {
    const auto parts = [this](std::uint32_t i) {
      if (i + 1 >= count_) return false;
      const std::uint32_t end = into_.words[i].end;
      const std::string_view gap = text_.substr(end, into_.words[i + 1].start - end);
      return gap == "-" || gap == "\xE2\x80\x90" || gap == "\xE2\x80\x91";
    };
    auto& all = into_.hyphens;
    const auto ours = all.begin() + static_cast<std::ptrdiff_t>(first_hyphen_);
    all.erase(std::remove_if(ours, all.end(), [&](const Hyphen& one) { return !parts(one.word); }),
              all.end());
    for (std::size_t i = first_hyphen_; i < all.size(); ++i) {
      all[i].closed = word_hash(into_.folded_form(all[i].word), into_.folded_form(all[i].word + 1));
    }
  }

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

  // One of . ! ? or a line feed, behind which no word goes on.
  void break_here() {
    const char c = text_[at_];
    if (c == '\n') {
      end_paragraph();
    } else if (c != '.' || !stop_belongs_to_word()) {
      end_sentence_if_parted(false);
    }
    ++at_;
  }

  void end_paragraph() {
    if (sentence_has_words_) ++sentence_;
    if (paragraph_has_words_) ++paragraph_;
    sentence_has_words_ = paragraph_has_words_ = false;
  }

  // `at_` is on a character that can end a sentence: it does so before white space or the end.
  void end_sentence_if_parted(bool needs_no_space) {
    if (!sentence_has_words_) return;
    std::size_t next = at_;
    // Bounded, so that a megabyte of dots stays linear: a run is looked at from its last few.
    for (int i = 0; i < 8 && next < text_.size(); ++i) {
      if (text_[next] == ' ' || text_[next] == '\n') break;
      const Decoded decoded = unicode::decode(text_, next);
      const char32_t code = decoded.code;
      if (i > 0 && !is_stop(code) && !is_terminator(code) && !is_closer(code)) break;
      next += decoded.length;
    }
    const bool parted = next >= text_.size() || text_[next] == ' ' || text_[next] == '\n';
    if (parted || needs_no_space) {
      ++sentence_;
      sentence_has_words_ = false;
    }
  }

  // Is the stop at `at_` a part of the word before it ("Mr.", "Dec. 8", "U.S. troops")?
  bool stop_belongs_to_word() const {
    if (count_ == first_ || into_.words[count_ - 1].end != at_) return false;
    const Word& before = into_.words[count_ - 1];
    const std::string_view folded = folded_form(before);
    const Shortened kind = shortened(folded);
    if (kind == Shortened::title) return true;
    const bool initial =
        before.end - before.start == 1 && text_[before.start] >= 'A' && text_[before.start] <= 'Z';
    if (!initial && !last_is_acronym_ && kind == Shortened::none) return starts_lower(at_ + 1);
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

  std::string_view folded_form(const Word& one) const {
    const std::size_t bulk = base_ + text_.size();
    if (one.folded_start < bulk) {
      return std::string_view(into_.folded).substr(one.folded_start, one.folded_length);
    }
    return std::string_view(apart_).substr(one.folded_start - bulk, one.folded_length);
  }

  void word(const Char& first) {
    const std::size_t begin = at_;
    const std::size_t folded_begin = apart_.size();
    digits_only_ = true;
    script_ = Kind::other;
    letters_since_dot_ = 0;
    acronym_ = false;
    std::size_t end = at_;
    if (first.kind == Kind::ideograph) {
      table_.append(apart_, first.code);
      end = at_ += first.length;
    } else {
      end = letters();
    }
    const std::string_view folded = std::string_view(apart_).substr(folded_begin);
    if (folded.empty()) return;
    make_room(1);
    note_paragraph();
    const auto position = static_cast<std::uint32_t>(count_ - first_);
    into_.hashes[count_] = word_hash(folded);
    Word& made = into_.words[count_++];
    made.start = static_cast<std::uint32_t>(begin);
    made.end = static_cast<std::uint32_t>(end);
    made.folded_start = static_cast<std::uint32_t>(base_ + text_.size() + folded_begin);
    made.folded_length = static_cast<std::uint32_t>(folded.size());
    made.position = position;
    made.sentence = sentence_;
    made.paragraph = paragraph_;
    made.field = field_;
    const char next = end < text_.size() ? text_[end] : '\0';
    if (next == '-' || next == '\xE2') before_hyphen(position);
    sentence_has_words_ = paragraph_has_words_ = true;
    last_is_acronym_ = acronym_;
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
      table_.append(apart_, c.code);
      end = at_ += c.length;
    }
    return end;
  }

  // A run of plain letters needs no table. False where none begins here.
  bool takes_ascii_letters() {
    if (script_ == Kind::arabic) return false;
    const std::size_t first = at_;
    for (; at_ < text_.size(); ++at_) {
      const auto lower = static_cast<char>(text_[at_] | 0x20);
      if (lower < 'a' || lower > 'z') break;
      apart_.push_back(lower);
    }
    if (at_ == first) return false;
    digits_only_ = false;
    script_ = Kind::letter;
    letters_since_dot_ += static_cast<int>(at_ - first);
    return true;
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
      apart_.push_back('.');
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
  Words& into_;
  const std::size_t first_;  // of the words here
  const std::size_t first_hyphen_;
  std::size_t count_;         // of all words
  const std::uint32_t base_;  // where `folded` begins for this text
  const Field field_;
  std::span<const std::uint32_t> hyphens_;  // of the window, those not yet looked at
  std::string apart_;                       // folded forms of words that were not folded in bulk
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
  Words words;
  tokenise(text, Field::text, words);
  return words;
}

void tokenise(std::string_view text, Field field, Words& into, TextReader read) {
  Tokeniser(text, field, into).run(read);
}

}  // namespace wirewatch::feeds
