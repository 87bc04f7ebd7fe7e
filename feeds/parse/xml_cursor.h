// Cuts markup into tokens. One pass, each byte looked at a bounded number of times.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace wirewatch::feeds {

struct MarkupToken {
  enum class Kind : std::uint8_t {
    text,         // character data; a '<' that begins no markup is part of it
    cdata,        // the bytes between "<![CDATA[" and "]]>"
    start,        // "name attributes", a closing '/' left out
    end,          // "name"
    ignored,      // comments, processing instructions, declarations
    declaration,  // "<!DOCTYPE …" as a whole
    finished,
  };
  Kind kind = Kind::finished;
  std::string_view text;
  std::string_view name;       // start, end: the element's as written, where `text` begins
  bool empty_element = false;  // start: "<name/>"
  std::size_t begin = 0;       // byte offsets of the whole token
  std::size_t end = 0;
};

class MarkupCursor {
 public:
  explicit MarkupCursor(std::string_view source) : source_(source) {}
  MarkupToken next();
  // The same with character data read over.
  MarkupToken next_markup();
  // Goes on at a byte offset, forwards only.
  void seek(std::size_t at) {
    at_ = at;
    markup_ahead_ = false;
  }

 private:
  bool begins_markup(std::size_t at) const;
  std::size_t text_end(std::size_t from) const;
  MarkupToken read_markup();
  MarkupToken read_text();
  MarkupToken read_special();
  MarkupToken read_declaration();
  MarkupToken read_tag();
  std::size_t tag_end(std::size_t at) const;
  MarkupToken read_end_tag();
  MarkupToken token(MarkupToken::Kind kind, std::size_t end, std::string_view text);

  std::string_view source_;
  std::size_t at_ = 0;
  bool markup_ahead_ = false;        // at_ is known to begin markup
  bool no_instruction_end_ = false;  // "?>" does not occur any more
  bool no_declaration_end_ = false;  // one was read to the end of the source: no other is
};

// Reads attributes of a start token's text, one a call.
class AttributeCursor {
 public:
  // `tag` is the text of a start token.
  explicit AttributeCursor(std::string_view tag);
  explicit AttributeCursor(const MarkupToken& token)
      : rest_(token.text.substr(token.name.size())), element_(token.name) {}
  std::string_view element() const { return element_; }
  // False at the end. A value is raw; an attribute without one gets its name's absence: empty.
  bool next(std::string_view& name, std::string_view& value);

 private:
  std::string_view rest_;
  std::string_view element_;
};

}  // namespace wirewatch::feeds
