// An item made ready for matching: cleaned text, normalised tokens with positions, language.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "feeds/mention.h"
#include "feeds/time.h"

namespace wirewatch::feeds {

struct Token {
  std::uint32_t start = 0;  // byte range in its field's own text (Document::title or ::text)
  std::uint32_t end = 0;
  std::uint32_t folded_start = 0;  // byte range in Document::folded
  std::uint32_t folded_length = 0;
  std::uint32_t position = 0;  // counts from 0 within each field
  std::uint32_t sentence = 0;  // counts from 0 within each field
  std::uint32_t paragraph = 0;
  Field field = Field::text;
};

// A word that nothing but a hyphen parts from the next.
struct Hyphen {
  std::uint32_t word = 0;    // of the tokens
  std::uint64_t closed = 0;  // word_hash of the folded forms of it and the next written as one
  bool operator==(const Hyphen&) const = default;
};

// What a document is made from; see make_document in feeds/text/document.h.
struct DocumentInput {
  std::string id;        // item id
  std::string feed;      // feed key
  std::string source;    // the outlet's name as people know it
  std::string url;       // the item's link
  std::string language;  // declared, may be empty or wrong
  std::string title;     // plain text
  std::string text;      // plain text, paragraphs parted by line breaks
  std::vector<std::string> authors;
  std::vector<std::string> categories;
  std::vector<std::string> feed_tags;
  Instant time{};  // published when sane, else first seen
};

// Immutable once made. Title tokens come first, then text tokens, each in reading order.
struct Document {
  std::string id;
  std::string feed;
  std::string source;
  std::string url;
  std::string
      language;       // BCP 47 primary tag, detected from the text: "en", "ar", "ckb", "" unknown
  std::string title;  // as given, trimmed and stripped of control and bidi characters
  std::string text;   // cleaned: page clutter and repeated paragraphs removed
  std::vector<std::string> authors;
  std::vector<std::string> categories;
  std::vector<std::string> feed_tags;
  Instant time{};

  std::string folded;                 // holds the folded forms, and bytes that are none
  std::vector<Token> tokens;          // title first
  std::vector<std::uint64_t> hashes;  // of the folded forms of tokens (feeds/text/word_hash.h)
  std::vector<Hyphen> hyphens;        // ascending
  std::vector<std::uint32_t> paragraph_starts;  // tokens that begin one, ascending
  std::uint32_t title_tokens = 0;
  std::uint32_t lead_tokens = 0;  // how many of the text's first tokens are the lead (at most 60)

  std::string_view folded_form(const Token& token) const {
    return std::string_view(folded).substr(token.folded_start, token.folded_length);
  }
  std::string_view raw_form(const Token& token) const {
    const std::string& field = token.field == Field::title ? title : text;
    return std::string_view(field).substr(token.start, token.end - token.start);
  }
};

}  // namespace wirewatch::feeds
