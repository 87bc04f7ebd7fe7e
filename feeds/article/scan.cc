#include "feeds/article/scan.h"

#include <algorithm>
#include <array>

#include "feeds/article/style.h"
#include "feeds/parse/xml_cursor.h"
#include "feeds/parse/xml_text.h"

namespace wirewatch::feeds {
namespace {

template <std::size_t n>
bool is_one_of(std::string_view name, const std::array<std::string_view, n>& sorted) {
  return std::binary_search(sorted.begin(), sorted.end(), name);
}

// Their content is no text of the page.
constexpr std::array<std::string_view, 17> skipped = {
    "applet",  "audio",    "canvas",   "datalist", "iframe", "math",
    "noembed", "noframes", "noscript", "object",   "script", "select",
    "style",   "svg",      "template", "textarea", "video"};
// Formatting elements of the HTML standard but `a`, and tags that mean nothing here.
constexpr std::array<std::string_view, 22> transparent = {
    "b",        "big",    "blink",  "code",    "em",      "embed", "font",      "frame",
    "frameset", "i",      "image",  "isindex", "marquee", "nobr",  "plaintext", "s",
    "small",    "strike", "strong", "tt",      "u",       "wbr"};
constexpr std::array<std::string_view, 13> empty = {"area",   "base",  "br",   "col",  "hr",
                                                    "img",    "input", "link", "meta", "param",
                                                    "source", "track", "wbr"};
constexpr std::array<std::string_view, 9> table_parts = {
    "caption", "colgroup", "table", "tbody", "td", "tfoot", "th", "thead", "tr"};
constexpr std::array<std::string_view, 21> kept_attributes = {
    "aria-hidden", "aria-modal", "class", "content",  "datetime",  "dir",      "href",
    "hreflang",    "http-equiv", "id",    "itemprop", "itemscope", "itemtype", "lang",
    "name",        "property",   "rel",   "role",     "start",     "title",    "type"};
constexpr std::size_t longest_value = 4096;
constexpr std::size_t most_attributes = 64;
constexpr std::size_t longest_name = 40;
constexpr std::size_t most_json_ld = 32;

// Obsolete elements under the name that lays them out the same way.
std::string modern(std::string name) {
  if (name == "xmp" || name == "listing") return "pre";
  return name == "center" ? "div" : name;
}

// Does the start tag `name` end an open `top` that has no end tag of its own?
bool ends_implicitly(std::string_view name, std::string_view top) {
  if (top == "p") {
    return name == "p" || name == "div" || name == "ul" || name == "ol" || name == "table" ||
           name == "h1" || name == "h2" || name == "h3" || name == "h4" || name == "li" ||
           name == "td" || name == "tr" || name == "dt" || name == "dd" || name == "section" ||
           name == "article" || name == "blockquote" || name == "pre" || name == "figure" ||
           name == "hr" || name == "form";
  }
  if (top == "li") return name == "li";
  if (top == "dt" || top == "dd") return name == "dt" || name == "dd";
  if (top == "td" || top == "th") {
    return name == "td" || name == "th" || name == "tr" || name == "tbody" || name == "tfoot";
  }
  if (top == "tr") return name == "tr" || name == "tbody" || name == "tfoot" || name == "thead";
  if (top == "option") return name == "option";
  return false;
}

class Scanner {
 public:
  Scanner(std::string_view page, const ScanLimits& limits)
      : page_(page.substr(0, limits.input_bytes)), limits_(limits), cursor_(page_) {}
  ScannedPage run();

 private:
  void start(const MarkupToken& token);
  void end(std::string_view name);
  void skip(const MarkupToken& token, std::string_view name);
  bool write_tag(std::string_view name, std::string_view tag);
  void write_attribute(std::string_view name, std::string_view value);
  void write_text(std::string_view text);
  std::size_t find_end(std::size_t from, std::string_view name) const;

  std::string_view page_;
  ScanLimits limits_;
  MarkupCursor cursor_;
  ScannedPage result_;
  std::vector<std::string> names_;  // of open elements, lower case
  std::vector<bool> emitted_;
  std::size_t tags_ = 0;
};

std::size_t Scanner::find_end(std::size_t from, std::string_view name) const {
  for (std::size_t at = page_.find("</", from); at != std::string_view::npos;
       at = page_.find("</", at + 2)) {
    if (!equal_ignoring_case(page_.substr(at + 2, name.size()), name)) continue;
    const std::size_t after = at + 2 + name.size();
    if (after >= page_.size() || page_[after] == '>' || page_[after] == '/' ||
        static_cast<unsigned char>(page_[after]) <= ' ') {
      return at;
    }
  }
  return page_.size();
}

// `name="value"`, references as they are.
void Scanner::write_attribute(std::string_view name, std::string_view value) {
  std::string& out = result_.markup;
  out += ' ';
  out += name;
  out += "=\"";
  for (const char c : utf8_prefix(value, longest_value)) {
    if (c == '"') {
      out += "&quot;";
    } else {
      out += c;
    }
  }
  out += '"';
}

// False when the tag says nothing but its name: then a span need not be written.
bool Scanner::write_tag(std::string_view name, std::string_view tag) {
  std::string& out = result_.markup;
  const std::size_t before = out.size();
  out += '<';
  out += name;
  const std::size_t bare = out.size();
  AttributeCursor attributes(tag);
  std::string_view key;
  std::string_view value;
  for (std::size_t i = 0; i < most_attributes && attributes.next(key, value); ++i) {
    if (key.size() > longest_name) continue;
    const std::string small = lower(key);
    if (small == "hidden" || (small == "style" && style_hides(value))) {
      write_attribute("hidden", "");
    } else if (is_one_of(small, kept_attributes)) {
      write_attribute(small, value);
    }
  }
  if (name == "span" && out.size() == bare) {
    out.resize(before);
    return false;
  }
  out += '>';
  return true;
}

// Text cannot open a tag: MarkupCursor leaves only a '<' that begins none.
void Scanner::write_text(std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t next = std::min(text.find('<', at), text.size());
    result_.markup += text.substr(at, next - at);
    if (next < text.size()) result_.markup += "&lt;";
    at = next + 1;
  }
}

void Scanner::skip(const MarkupToken& token, std::string_view name) {
  const std::size_t end = find_end(token.end, name);
  if (name == "script" && result_.json_ld.size() < most_json_ld) {
    AttributeCursor attributes(token);
    std::string_view key;
    std::string_view value;
    while (attributes.next(key, value)) {
      if (equal_ignoring_case(key, "type") && lower(value).find("ld+json") != std::string::npos) {
        result_.json_ld.push_back(page_.substr(token.end, end - token.end));
        break;
      }
    }
  }
  cursor_.seek(end);
}

void Scanner::start(const MarkupToken& token) {
  const std::string_view written = token.name;
  if (written.empty() || written.size() > longest_name) return;
  std::string name = lower(written);
  for (const char c : name) {
    if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-')) return;
  }
  if (is_one_of(name, skipped)) {
    const bool drawing = name == "svg" || name == "math";  // these may close themselves
    if (!drawing || !token.empty_element) skip(token, name);
    return;
  }
  if (is_one_of(name, transparent) || ++tags_ > limits_.tags) return;
  if (is_one_of(name, empty)) {
    write_tag(name, token.text);
    return;
  }
  if (name == "title") {  // its content is text
    const std::size_t end = find_end(token.end, name);
    result_.markup += "<title>";
    write_text(page_.substr(token.end, std::min<std::size_t>(end - token.end, longest_value)));
    result_.markup += "</title>";
    cursor_.seek(end);
    return;
  }
  name = modern(std::move(name));
  while (!names_.empty() && ends_implicitly(name, names_.back())) {
    names_.pop_back();
    emitted_.pop_back();
  }
  if (names_.size() >= limits_.depth) return;
  emitted_.push_back(write_tag(name, token.text));
  names_.push_back(std::move(name));
}

void Scanner::end(std::string_view written) {
  if (written.size() > longest_name) return;
  std::string name = lower(written);
  if (name == "br" && ++tags_ <= limits_.tags) result_.markup += "<br>";
  name = modern(std::move(name));
  const bool in_table = is_one_of(name, table_parts);
  std::size_t at = names_.size();
  while (at > 0 && names_[at - 1] != name) {
    // The end of a div inside a cell belongs to no div around the table.
    if (!in_table && is_one_of(names_[at - 1], table_parts)) return;
    --at;
  }
  if (at == 0) return;
  if (emitted_[at - 1]) {
    result_.markup += "</";
    result_.markup += name;
    result_.markup += '>';
  }
  names_.resize(at - 1);
  emitted_.resize(at - 1);
}

ScannedPage Scanner::run() {
  for (MarkupToken token = cursor_.next(); token.kind != MarkupToken::Kind::finished;
       token = cursor_.next()) {
    const std::size_t left = limits_.markup_bytes - result_.markup.size();
    if (result_.markup.size() >= limits_.markup_bytes) break;
    if (token.kind == MarkupToken::Kind::text) write_text(utf8_prefix(token.text, left));
    if (token.kind == MarkupToken::Kind::start) {
      // To HTML, unlike XML, the slash of <a href=/b/> belongs to the address.
      if (token.empty_element) token.text = {token.text.data(), token.text.size() + 1};
      start(token);
    }
    if (token.kind == MarkupToken::Kind::end) end(token.name);
  }
  return std::move(result_);
}

}  // namespace

ScannedPage scan_page(std::string_view page, const ScanLimits& limits) {
  return Scanner(page, limits).run();
}

}  // namespace wirewatch::feeds
