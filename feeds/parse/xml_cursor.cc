#include "feeds/parse/xml_cursor.h"

#include <algorithm>

#include "feeds/parse/char_set.h"
#include "feeds/parse/xml_text.h"

namespace wirewatch::feeds {
namespace {

constexpr CharSet kBlanks(" \t\r\n\f");
constexpr CharSet kBlanksOrSlash(" \t\r\n\f/");
constexpr CharSet kAfterAttributeName(" \t\r\n\f/=");
constexpr CharSet kInTag("<>=");
constexpr CharSet kNameEnds(" \t\r\n\f/<>=");
constexpr CharSet kBrackets("<>");

bool begins_name(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == ':' ||
         static_cast<unsigned char>(c) >= 0x80;
}

}  // namespace

bool MarkupCursor::begins_markup(std::size_t at) const {
  if (at + 1 >= source_.size()) return false;
  const char c = source_[at + 1];
  if (c == '!' || c == '?') return true;
  if (c == '/') return at + 2 < source_.size() && begins_name(source_[at + 2]);
  return begins_name(c);
}

MarkupToken MarkupCursor::token(MarkupToken::Kind kind, std::size_t end, std::string_view text) {
  MarkupToken made{kind, text, {}, false, at_, std::min(end, source_.size())};
  at_ = made.end;
  markup_ahead_ = false;
  return made;
}

MarkupToken MarkupCursor::next() {
  if (at_ >= source_.size()) return token(MarkupToken::Kind::finished, source_.size(), {});
  if (!markup_ahead_ && (source_[at_] != '<' || !begins_markup(at_))) return read_text();
  return read_markup();
}

MarkupToken MarkupCursor::next_markup() {
  if (!markup_ahead_) at_ = text_end(at_);
  if (at_ >= source_.size()) return token(MarkupToken::Kind::finished, source_.size(), {});
  return read_markup();
}

MarkupToken MarkupCursor::read_markup() {
  const char c = source_[at_ + 1];
  if (c == '/') return read_end_tag();
  return c == '!' || c == '?' ? read_special() : read_tag();
}

// Where the next markup begins, from `from` on; the end of the source for none.
std::size_t MarkupCursor::text_end(std::size_t from) const {
  std::size_t end = source_.find('<', from);
  while (end != std::string_view::npos && !begins_markup(end)) end = source_.find('<', end + 1);
  return std::min(end, source_.size());
}

MarkupToken MarkupCursor::read_text() {
  const std::size_t end = text_end(at_ + 1);
  MarkupToken made = token(MarkupToken::Kind::text, end, source_.substr(at_, end - at_));
  markup_ahead_ = end < source_.size();
  return made;
}

MarkupToken MarkupCursor::read_special() {
  const std::string_view rest = source_.substr(at_);
  if (rest.starts_with("<![CDATA[")) {
    const std::size_t close = source_.find("]]>", at_ + 9);
    const std::size_t stop = std::min(close, source_.size());
    return token(MarkupToken::Kind::cdata, close == std::string_view::npos ? stop : stop + 3,
                 source_.substr(at_ + 9, stop - at_ - 9));
  }
  if (rest.starts_with("<!--")) {
    const std::size_t close = source_.find("-->", at_ + 4);
    const bool open = close == std::string_view::npos;
    return token(MarkupToken::Kind::ignored, open ? source_.size() : close + 3, {});
  }
  if (rest.starts_with("<?") && !no_instruction_end_) {
    const std::size_t close = source_.find("?>", at_ + 2);
    if (close != std::string_view::npos) {
      return token(MarkupToken::Kind::ignored, close + 2, {});
    }
    no_instruction_end_ = true;
  }
  if (!no_declaration_end_ && equal_ignoring_case(rest.substr(0, 9), "<!DOCTYPE")) {
    return read_declaration();
  }
  const std::size_t close = source_.find('>', at_);
  return token(MarkupToken::Kind::ignored,
               close == std::string_view::npos ? source_.size() : close + 1, {});
}

// Quotes and the brackets of an internal subset may hold '>'.
MarkupToken MarkupCursor::read_declaration() {
  std::size_t at = at_ + 9;
  bool subset = false;
  while (at < source_.size()) {
    const char c = source_[at];
    if (c == '"' || c == '\'') {
      at = source_.find(c, at + 1);
      if (at == std::string_view::npos) break;
    } else if (subset && source_.substr(at).starts_with("<!--")) {
      at = source_.find("-->", at + 4);
      if (at == std::string_view::npos) break;
      at += 2;
    } else if (c == '[') {
      subset = true;
    } else if (c == ']') {
      subset = false;
    } else if (c == '>' && !subset) {
      return token(MarkupToken::Kind::declaration, at + 1, source_.substr(at_, at + 1 - at_));
    }
    ++at;
  }
  no_declaration_end_ = true;
  const std::size_t close = source_.find('>', at_);
  return token(MarkupToken::Kind::ignored,
               close == std::string_view::npos ? source_.size() : close + 1, {});
}

// Where the tag's '>' stands, or the '<' of the next tag when it was forgotten.
std::size_t MarkupCursor::tag_end(std::size_t at) const {
  while (true) {
    at = kInTag.find_in(source_, at);
    if (at == source_.size() || source_[at] != '=') return at;
    at = kBlanks.find_outside(source_, at + 1);
    if (at == source_.size()) return at;
    if (source_[at] != '"' && source_[at] != '\'') continue;
    const std::size_t close = source_.find(source_[at], at + 1);
    at = close == std::string_view::npos ? at + 1 : close + 1;
  }
}

MarkupToken MarkupCursor::read_tag() {
  const std::size_t content = at_ + 1;
  std::size_t name_end = kNameEnds.find_in(source_, content);
  const std::size_t stop = tag_end(name_end);
  const bool whole = stop < source_.size();
  const std::size_t end = whole && source_[stop] == '>' ? stop + 1 : stop;
  if (!whole) return token(MarkupToken::Kind::ignored, end, {});
  std::string_view text = source_.substr(content, stop - content);
  // Such a name ends like any other attribute.
  if (source_[name_end] == '=') name_end = content + kBlanksOrSlash.find_in(text);
  const bool empty = text.ends_with('/');
  if (empty) text.remove_suffix(1);
  MarkupToken made = token(MarkupToken::Kind::start, end, text);
  made.name = text.substr(0, name_end - content);
  made.empty_element = empty;
  return made;
}

MarkupToken MarkupCursor::read_end_tag() {
  const std::size_t content = at_ + 2;
  const std::size_t name_end = kNameEnds.find_in(source_, content);
  const std::size_t stop = kBrackets.find_in(source_, name_end);
  const bool whole = stop < source_.size();  // at the very end its '>' may be missing
  const std::size_t end = whole && source_[stop] == '>' ? stop + 1 : stop;
  std::string_view text = source_.substr(content, stop - content);
  text = text.substr(0, kBlanks.find_in(text, name_end - content));
  MarkupToken made = token(MarkupToken::Kind::end, end, text);
  made.name = text.substr(0, kBlanksOrSlash.find_in(text, name_end - content));
  return made;
}

AttributeCursor::AttributeCursor(std::string_view tag) {
  const std::size_t end = kBlanksOrSlash.find_in(tag);
  element_ = tag.substr(0, end);
  rest_ = tag.substr(end);
}

bool AttributeCursor::next(std::string_view& name, std::string_view& value) {
  rest_.remove_prefix(kBlanksOrSlash.find_outside(rest_));
  if (rest_.empty()) return false;
  const std::size_t name_end = kAfterAttributeName.find_in(rest_, 1);
  name = rest_.substr(0, name_end);
  value = {};
  rest_.remove_prefix(name_end);
  const std::size_t equals = kBlanks.find_outside(rest_);
  if (equals == rest_.size() || rest_[equals] != '=') return true;
  rest_.remove_prefix(equals + 1);
  rest_.remove_prefix(kBlanks.find_outside(rest_));
  if (rest_.empty()) return true;
  if (rest_[0] == '"' || rest_[0] == '\'') {
    const std::size_t close = std::min(rest_.find(rest_[0], 1), rest_.size());
    value = rest_.substr(1, close - 1);
    rest_.remove_prefix(std::min(close + 1, rest_.size()));
  } else {
    const std::size_t close = kBlanks.find_in(rest_);
    value = rest_.substr(0, close);
    rest_.remove_prefix(close);
  }
  return true;
}

}  // namespace wirewatch::feeds
