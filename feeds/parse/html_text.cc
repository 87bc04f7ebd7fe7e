#include "feeds/parse/html_text.h"

#include <algorithm>
#include <array>

#include "feeds/parse/html_names.h"
#include "feeds/parse/xml_cursor.h"
#include "feeds/parse/xml_text.h"

namespace wirewatch::feeds {
namespace {

constexpr std::size_t kLongestLegacyName = 6;

bool is_alphanumeric(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

// A reference without its ';', as HTML still reads it: numbers, and the names of Latin-1.
std::size_t append_legacy_reference(std::string& out, std::string_view text, std::size_t at) {
  const std::string_view rest = text.substr(at + 1, 12);
  std::size_t length = 0;
  if (rest.starts_with('#')) {
    length = 1;
    const bool hexadecimal = rest.size() > 1 && (rest[1] == 'x' || rest[1] == 'X');
    if (hexadecimal) ++length;
    while (length < rest.size() && is_alphanumeric(rest[length]) &&
           (hexadecimal || (rest[length] >= '0' && rest[length] <= '9'))) {
      ++length;
    }
  } else {
    while (length < rest.size() && is_alphanumeric(rest[length])) ++length;
    if (length > kLongestLegacyName) return 0;
  }
  if (length < 2) return 0;
  const std::string whole = "&" + std::string(rest.substr(0, length)) + ";";
  std::string decoded;
  if (append_reference(decoded, whole, 0, nullptr) == 0) return 0;
  const bool latin1 = decoded.size() == 1 || (decoded.size() == 2 && decoded[0] <= '\xC3');
  if (rest[0] != '#' && !latin1) return 0;
  out += decoded;
  return length + 1;
}

// Lays text out: at most one blank between words, one or two line breaks between blocks.
class Layout {
 public:
  void text(std::string_view text, bool keep_lines);
  void blank() { blank_ = true; }
  void line() { lines_ = std::max(lines_, 1); }
  void explicit_line() { lines_ = std::min(lines_ + 1, 2); }
  void paragraph() { lines_ = 2; }
  std::string take() { return std::move(out_); }

 private:
  void put(std::string_view bytes);

  std::string out_;
  bool blank_ = false;
  int lines_ = 0;
};

void Layout::put(std::string_view bytes) {
  if (!out_.empty()) {
    if (lines_ > 0) {
      out_.append(static_cast<std::size_t>(lines_), '\n');
    } else if (blank_) {
      out_ += ' ';
    }
  }
  lines_ = 0;
  blank_ = false;
  out_ += bytes;
}

// `text` has its references decoded. Blank lines part paragraphs when `keep_lines`.
void Layout::text(std::string_view text, bool keep_lines) {
  int newlines = 0;
  for (std::size_t at = 0; at < text.size();) {
    const char c = text[at];
    const std::string_view rest = text.substr(at);
    std::size_t length = 0;
    if (c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f') length = 1;
    if (rest.starts_with("\xC2\xA0")) length = 2;
    if (rest.starts_with("\xEF\xBB\xBF")) {  // a byte order mark inside: nothing to see
      at += 3;
      continue;
    }
    if (length > 0) {
      blank_ = true;
      if (c == '\n' && ++newlines > 1 && keep_lines) paragraph();
      at += length;
      continue;
    }
    newlines = 0;
    std::size_t end = at + 1;
    while (end < text.size() && static_cast<unsigned char>(text[end]) > ' ' &&
           text[end] != '\xC2' && text[end] != '\xEF') {
      ++end;
    }
    put(text.substr(at, end - at));
    at = end;
  }
}

// Where the element's end tag begins, from `from` on; the end of `html` without one.
std::size_t find_end_tag(std::string_view html, std::size_t from, std::string_view name) {
  for (std::size_t at = html.find("</", from); at != std::string_view::npos;
       at = html.find("</", at + 2)) {
    if (equal_ignoring_case(html.substr(at + 2, name.size()), name)) return at;
  }
  return html.size();
}

void start_element(Layout& layout, HtmlRole role) {
  if (role == HtmlRole::block) layout.paragraph();
  if (role == HtmlRole::line) layout.line();
  if (role == HtmlRole::line_break) layout.explicit_line();
  if (role == HtmlRole::cell) layout.blank();
}

void end_element(Layout& layout, HtmlRole role) {
  if (role == HtmlRole::block) layout.paragraph();
  if (role == HtmlRole::line) layout.line();
  if (role == HtmlRole::cell) layout.blank();
}

std::string layout_html(std::string_view html, bool only_known_tags) {
  Layout layout;
  MarkupCursor cursor(html);
  const bool plain = html.find('<') == std::string_view::npos;
  bool preformatted = false;
  for (MarkupToken token = cursor.next(); token.kind != MarkupToken::Kind::finished;
       token = cursor.next()) {
    if (token.kind == MarkupToken::Kind::text || token.kind == MarkupToken::Kind::cdata) {
      layout.text(decode_html_references(token.text), plain || preformatted);
      continue;
    }
    if (token.kind == MarkupToken::Kind::ignored || token.kind == MarkupToken::Kind::declaration) {
      // "<" and letters, but never a ">": no tag at all.
      const bool no_tag = token.end == html.size() && token.end - token.begin > 1 &&
                          html[token.begin + 1] != '!' && html[token.begin + 1] != '?';
      if (no_tag) layout.text(decode_html_references(html.substr(token.begin)), false);
      continue;
    }
    const std::string_view name = AttributeCursor(token.text).element();
    const HtmlRole role = html_role(name);
    if (role == HtmlRole::unknown && only_known_tags) {
      layout.text(decode_html_references(html.substr(token.begin, token.end - token.begin)), false);
      continue;
    }
    if (token.kind == MarkupToken::Kind::end) {
      end_element(layout, role);
    } else if (role == HtmlRole::hidden && !token.empty_element) {
      cursor.seek(find_end_tag(html, token.end, name));
    } else {
      start_element(layout, role);
    }
    if (equal_ignoring_case(name, "pre")) preformatted = token.kind == MarkupToken::Kind::start;
  }
  return layout.take();
}

}  // namespace

std::string decode_html_references(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t next = std::min(text.find('&', at), text.size());
    out += text.substr(at, next - at);
    at = next;
    if (at == text.size()) break;
    std::size_t taken = append_reference(out, text, at, nullptr);
    if (taken == 0) taken = append_legacy_reference(out, text, at);
    if (taken == 0) out += '&';
    at += std::max<std::size_t>(taken, 1);
  }
  return out;
}

std::string html_to_text(std::string_view html) {
  return layout_html(html, /*only_known_tags=*/false);
}

std::string html_to_line(std::string_view html) {
  return collapse_blanks(layout_html(html, /*only_known_tags=*/true));
}

}  // namespace wirewatch::feeds
