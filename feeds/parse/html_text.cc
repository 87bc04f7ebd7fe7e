#include "feeds/parse/html_text.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <vector>

#include "feeds/parse/char_set.h"
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
  enum class Breaks { none, blank_lines, all };  // which line breaks of the source count
  void text(std::string_view text, Breaks breaks);
  // Stands before the next text; nothing when none follows in the same line.
  void mark(std::string mark) { mark_ = std::move(mark); }
  void blank() { blank_ = true; }
  void line() { lines_ = std::max(lines_, 1); }
  void explicit_line() { lines_ = std::min(lines_ + 1, 2); }
  void paragraph() { lines_ = 2; }
  std::string take() { return std::move(out_); }

 private:
  void put(std::string_view bytes);

  std::string out_;
  std::string mark_;
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
  if (!mark_.empty()) out_ += mark_;
  mark_.clear();
  out_ += bytes;
}

// `text` has its references decoded.
void Layout::text(std::string_view text, Breaks breaks) {
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
      if (c == '\n' && ++newlines > 1 && breaks != Breaks::none) paragraph();
      if (c == '\n' && breaks == Breaks::all) line();
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

// Reads HTML token by token into a layout.
class Reader {
 public:
  Reader(std::string_view html, bool only_known_tags)
      : html_(html),
        only_known_tags_(only_known_tags),
        plain_(html.find('<') == std::string_view::npos),
        cursor_(html) {}
  std::string run();

 private:
  void tag(const MarkupToken& token);
  void start(std::string_view name, HtmlRole role, std::string_view tag);
  void end(std::string_view name, HtmlRole role);
  void no_tag(std::string_view source) {
    layout_.text(decode_html_references(source), Layout::Breaks::none);
  }
  Layout::Breaks breaks() const {
    if (preformatted_) return Layout::Breaks::all;
    return plain_ ? Layout::Breaks::blank_lines : Layout::Breaks::none;
  }

  std::string_view html_;
  bool only_known_tags_;
  bool plain_;
  MarkupCursor cursor_;
  Layout layout_;
  bool preformatted_ = false;
  std::vector<int> lists_;  // of open lists: the next number, or -1 for a bulleted one
};

// The number that a list begins with.
int list_start(std::string_view tag) {
  AttributeCursor attributes(tag);
  std::string_view name;
  std::string_view value;
  while (attributes.next(name, value)) {
    if (!equal_ignoring_case(name, "start")) continue;
    int number = 0;
    const auto read = std::from_chars(value.data(), value.data() + value.size(), number);
    const bool sane = read.ec == std::errc() && number >= 0 && number < 10'000;
    return sane ? number : 1;
  }
  return 1;
}

void Reader::start(std::string_view name, HtmlRole role, std::string_view tag) {
  constexpr std::size_t deepest = 64;
  if (role == HtmlRole::block) layout_.paragraph();
  if (role == HtmlRole::line) layout_.line();
  if (role == HtmlRole::line_break) layout_.explicit_line();
  if (role == HtmlRole::cell) layout_.blank();
  const bool numbered = equal_ignoring_case(name, "ol");
  if ((numbered || equal_ignoring_case(name, "ul")) && lists_.size() < deepest) {
    lists_.push_back(numbered ? list_start(tag) : -1);
  }
  if (only_known_tags_ || !equal_ignoring_case(name, "li") || lists_.empty()) return;
  int& number = lists_.back();
  layout_.mark(number < 0 ? "• " : std::to_string(number++) + ". ");
}

void Reader::end(std::string_view name, HtmlRole role) {
  if (role == HtmlRole::block) layout_.paragraph();
  if (role == HtmlRole::line) layout_.line();
  if (role == HtmlRole::cell) layout_.blank();
  const bool list = equal_ignoring_case(name, "ol") || equal_ignoring_case(name, "ul");
  if (list && !lists_.empty()) lists_.pop_back();
  if (list || equal_ignoring_case(name, "li")) layout_.mark("");
}

void Reader::tag(const MarkupToken& token) {
  const std::string_view name = token.name;
  const HtmlRole role = html_role(name);
  if (role == HtmlRole::unknown && only_known_tags_) {
    no_tag(html_.substr(token.begin, token.end - token.begin));
    return;
  }
  if (token.kind == MarkupToken::Kind::end) {
    end(name, role);
  } else if (role == HtmlRole::hidden && !token.empty_element) {
    cursor_.seek(find_end_tag(html_, token.end, name));
  } else {
    start(name, role, token.text);
  }
  if (equal_ignoring_case(name, "pre")) preformatted_ = token.kind == MarkupToken::Kind::start;
}

std::string Reader::run() {
  for (MarkupToken token = cursor_.next(); token.kind != MarkupToken::Kind::finished;
       token = cursor_.next()) {
    if (token.kind == MarkupToken::Kind::text || token.kind == MarkupToken::Kind::cdata) {
      if (token.text.find('&') == std::string_view::npos) {
        layout_.text(token.text, breaks());
      } else {
        layout_.text(decode_html_references(token.text), breaks());
      }
    } else if (token.kind == MarkupToken::Kind::start || token.kind == MarkupToken::Kind::end) {
      tag(token);
    } else {
      // "<" and letters, but never a ">": no tag at all.
      const bool open = token.end == html_.size() && token.end - token.begin > 1 &&
                        html_[token.begin + 1] != '!' && html_[token.begin + 1] != '?';
      if (open) no_tag(html_.substr(token.begin));
    }
  }
  return layout_.take();
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
  return Reader(html, /*only_known_tags=*/false).run();
}

std::string html_to_line(std::string_view html) {
  // Most titles: nothing to decode, to lay out or to leave out (a byte order mark begins with EF).
  constexpr CharSet kMeansMore("<&\xEF");
  if (kMeansMore.find_in(html) == html.size()) return collapse_blanks(html);
  return collapse_blanks(Reader(html, /*only_known_tags=*/true).run());
}

}  // namespace wirewatch::feeds
