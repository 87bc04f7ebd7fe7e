// A document as the matcher reads it: its own words, then those of its source, tags, address and
// so on, all under one numbering. Everything in rules/match is a range of these numbers.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "feeds/document.h"
#include "rules/query/node.h"

namespace wirewatch::rules {

// Half-open range of word numbers.
struct Extent {
  std::uint32_t begin = 0;
  std::uint32_t end = 0;
  bool empty() const { return begin >= end; }
};

// Which fields about the document are read: bit n for Scope n.
using FieldMask = std::uint32_t;
inline FieldMask mask_of(Scope scope) {
  return 1U << static_cast<unsigned>(scope);
}
inline constexpr FieldMask all_fields = 0xFFFFFFFFU;

// Keeps a reference to the document.
class Reading {
 public:
  // `age`: how long before it was first seen the document was published; negative is none.
  Reading(const feeds::Document& document, FieldMask fields, Span age);

  const feeds::Document& document() const { return document_; }
  std::uint32_t size() const { return own_ + static_cast<std::uint32_t>(extra_.size()); }
  std::uint32_t own_words() const { return own_; }  // of title and text: the first ones
  std::int64_t age_seconds() const { return age_seconds_; }
  std::uint32_t text_words() const { return own_ - document_.title_tokens; }

  const feeds::Token& token(std::uint32_t i) const {
    return i < own_ ? document_.tokens[i] : extra_[i - own_];
  }
  // Of token(i): the document's own words and those behind them, each in one piece of memory.
  std::uint64_t hash(std::uint32_t i) const {
    return i < own_ ? document_.hashes[i] : extra_hashes_[i - own_];
  }
  std::span<const std::uint64_t> own_hashes() const { return document_.hashes; }
  std::span<const std::uint64_t> extra_hashes() const { return extra_hashes_; }
  // Words before a hyphen, ascending: all that may be joined().
  std::span<const feeds::Hyphen> own_hyphens() const { return document_.hyphens; }
  std::span<const feeds::Hyphen> extra_hyphens() const { return extra_hyphens_; }
  // Words that begin a paragraph or a value, ascending: those before them do not run on. Said apart
  // from the tokens, which are many and far from the processor.
  std::span<const std::uint32_t> own_starts() const { return document_.paragraph_starts; }
  std::span<const std::uint32_t> extra_starts() const { return extra_starts_; }
  std::string_view folded(std::uint32_t i) const;
  std::string_view raw(std::uint32_t i) const;
  // Do two neighbours stand in one paragraph (or in one value of a field)?
  bool runs_on(std::uint32_t i) const {  // i to i + 1, which exists
    const feeds::Token& a = token(i);
    const feeds::Token& b = token(i + 1);
    return a.paragraph == b.paragraph && a.field == b.field;
  }
  // Is word i joined by one hyphen to word i + 1, so that both count as one word as well?
  bool joined(std::uint32_t i) const;
  // word_hash of words i and i + 1 written as one.
  std::uint64_t joined_hash(std::uint32_t i) const;

  // title, lead, text, and the fields about the document; the whole document for the others.
  Extent extent(Scope scope) const;

  // One paragraph, or one value of a field, as it was written.
  struct Stretch {
    std::string_view text;
    std::uint32_t offset = 0;  // of `text` in what its words' start and end count from
    Extent words;
  };
  std::vector<Stretch> stretches() const;  // in order; those without words are left out

 private:
  void add_value(std::string_view value);
  void add_field(Scope scope, const std::vector<std::string>& values);

  const feeds::Document& document_;
  std::uint32_t own_ = 0;
  std::int64_t age_seconds_ = 0;
  std::vector<feeds::Token> extra_;  // start and end count in extra_raw_
  std::vector<std::uint64_t> extra_hashes_;
  std::vector<feeds::Hyphen> extra_hyphens_;  // numbers of this reading
  std::vector<std::uint32_t> extra_starts_;   // likewise
  std::string extra_raw_;
  std::string extra_folded_;
  std::vector<Stretch> values_;  // `text` is set by stretches()
  std::array<Extent, scope_count> extents_{};
};

}  // namespace wirewatch::rules
