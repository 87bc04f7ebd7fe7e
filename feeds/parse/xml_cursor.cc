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
  MarkupToken made{kind, text, false, at_, std::min(end, source_.size())};
  at_ = made.end;
  return made;
}

MarkupToken MarkupCursor::next() {
  if (at_ >= source_.size()) return token(MarkupToken::Kind::finished, source_.size(), {});
  if (source_[at_] != '<' || !begins_markup(at_)) return read_text();
  const char c = source_[at_ + 1];
  return c == '!' || c == '?' ? read_special() : read_tag();
}

MarkupToken MarkupCursor::read_text() {
  std::size_t end = source_.find('<', at_ + 1);
  while (end != std::string_view::npos && !begins_markup(end)) end = source_.find('<', end + 1);
  end = std::min(end, source_.size());
  return token(MarkupToken::Kind::text, end, source_.substr(at_, end - at_));
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
  if (equal_ignoring_case(rest.substr(0, 9), "<!DOCTYPE")) return read_declaration();
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
  const bool closing = source_[at_ + 1] == '/';
  const std::size_t content = at_ + (closing ? 2 : 1);
  const std::size_t stop = closing ? kBrackets.find_in(source_, content) : tag_end(content);
  const bool whole = stop < source_.size();
  const std::size_t end = whole && source_[stop] == '>' ? stop + 1 : stop;
  std::string_view text = source_.substr(content, stop - content);
  if (!whole && !closing) return token(MarkupToken::Kind::ignored, end, {});
  if (closing) {  // at the very end its '>' may be missing
    text = text.substr(0, kBlanks.find_in(text));
    return token(MarkupToken::Kind::end, end, text);
  }
  const bool empty = text.ends_with('/');
  if (empty) text.remove_suffix(1);
  MarkupToken made = token(MarkupToken::Kind::start, end, text);
  made.empty_element = empty;
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
