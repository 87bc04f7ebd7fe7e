#include "feeds/text/tokenise.h"

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

class Tokeniser {
 public:
  explicit Tokeniser(std::string_view text) : text_(text), table_(unicode::FoldTable::get()) {}

  Words run() {
    result_.words.reserve(text_.size() / 6 + 1);
    result_.folded.reserve(text_.size());
    while (at_ < text_.size()) {
      const Char next = peek(at_);
      if (next.kind == Kind::other) {
        between(next);
      } else if (next.kind == Kind::apostrophe || next.kind == Kind::mark) {
        at_ += next.length;
      } else {
        word(next);
      }
    }
    return std::move(result_);
  }

 private:
  Char peek(std::size_t at) const {
    if (at >= text_.size()) return {};
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

  void word(const Char& first) {
    Word made;
    made.start = static_cast<std::uint32_t>(at_);
    made.folded_start = static_cast<std::uint32_t>(result_.folded.size());
    digits_only_ = true;
    script_ = Kind::other;
    letters_since_dot_ = 0;
    acronym_ = false;
    std::size_t end = at_;
    if (first.kind == Kind::ideograph) {
      table_.append(result_.folded, first.code);
      end = at_ += first.length;
    } else {
      end = letters();
    }
    made.end = static_cast<std::uint32_t>(end);
    made.folded_length = static_cast<std::uint32_t>(result_.folded.size() - made.folded_start);
    if (made.folded_length == 0) return;
    made.sentence = sentence_;
    made.paragraph = paragraph_;
    sentence_has_words_ = paragraph_has_words_ = true;
    last_is_acronym_ = acronym_;
    result_.words.push_back(made);
  }

  // Takes the characters of one word; returns where its last one ends.
  std::size_t letters() {
    std::size_t end = at_;
    while (at_ < text_.size()) {
      if (takes_ascii_letters()) {
        end = at_;
        continue;
      }
      const Char c = peek(at_);
      if (c.kind == Kind::ideograph || !takes(c)) break;
      if (c.kind == Kind::other || c.kind == Kind::apostrophe) {
        if (!takes_inner(c)) break;
        continue;
      }
      if (c.kind != Kind::digit) digits_only_ = false;
      if (c.kind == Kind::letter) ++letters_since_dot_;
      if (c.kind == Kind::letter || c.kind == Kind::arabic) script_ = c.kind;
      table_.append(result_.folded, c.code);
      end = at_ += c.length;
    }
    return end;
  }

  // The bulk of most texts: a run of plain letters needs no table. False where none begins here.
  bool takes_ascii_letters() {
    if (script_ == Kind::arabic) return false;
    const std::size_t first = at_;
    for (; at_ < text_.size(); ++at_) {
      const char c = text_[at_];
      if (c >= 'a' && c <= 'z') {
        result_.folded.push_back(c);
      } else if (c >= 'A' && c <= 'Z') {
        result_.folded.push_back(static_cast<char>(c - 'A' + 'a'));
      } else {
        break;
      }
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
      result_.folded.push_back('.');
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
  Words result_;
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
