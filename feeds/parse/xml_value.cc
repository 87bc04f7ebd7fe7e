#include "feeds/parse/xml_value.h"

#include <algorithm>
#include <optional>
#include <vector>

#include "feeds/parse/html_text.h"
#include "feeds/parse/person.h"
#include "feeds/url.h"

namespace wirewatch::feeds {
namespace {

// What stands once goes into every item below it; longer ones are no language tags (RFC 5646,
// section 4.4.1: 35 letters).
constexpr std::size_t kLongestLanguage = 64;

// An attribute of XML itself; empty when it is absent or longer than `longest` bytes.
std::string stated_of(XmlTree& tree, std::uint32_t node, std::string_view name,
                      std::size_t longest) {
  const std::string_view raw = tree.raw_attribute(node, Vocabulary::xml, name);
  if (raw.empty() || raw.size() > longest) return {};
  std::string stated = tree.attribute(node, Vocabulary::xml, name);
  return stated.size() > longest ? std::string() : stated;
}

std::string stated_base(XmlTree& tree, std::uint32_t node) {
  const std::string_view raw = tree.raw_attribute(node, Vocabulary::xml, "base");
  if (raw.empty() || raw.size() > kLongestBase || !tree.links.may_read(raw.size())) return {};
  return stated_of(tree, node, "base", kLongestBase);
}

enum class Writing : std::uint8_t { text, html, xhtml, base64 };

int base64_digit(char c) {
  if (c >= 'A' && c <= 'Z') return c - 'A';
  if (c >= 'a' && c <= 'z') return c - 'a' + 26;
  if (c >= '0' && c <= '9') return c - '0' + 52;
  if (c == '+' || c == '-') return 62;
  if (c == '/' || c == '_') return 63;
  return -1;
}

// RFC 4648 section 4, white space ignored; nullopt when it is something else.
std::optional<std::string> decode_base64(std::string_view text) {
  std::string out;
  unsigned bits = 0;
  int count = 0;
  for (const char c : text) {
    if (c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '=') continue;
    const int digit = base64_digit(c);
    if (digit < 0) return std::nullopt;
    bits = (bits << 6) | static_cast<unsigned>(digit);
    if (++count % 4 != 1) {
      const unsigned shift = 6 - 2 * static_cast<unsigned>((count - 1) % 4);
      out += static_cast<char>((bits >> shift) & 0xFF);
    }
  }
  return out;
}

std::string trimmed(std::string text) {
  const std::string_view inner = trim(text);
  if (inner.size() == text.size()) return text;
  const auto begin = static_cast<std::size_t>(inner.data() - text.data());
  text.resize(begin + inner.size());
  text.erase(0, begin);
  return text;
}

Writing writing_of(XmlTree& tree, std::uint32_t node) {
  const bool plain = tree.nodes[node].attributes == 0 && !tree.has_children(node);
  if (plain) {
    return tree.nodes[node].vocabulary == Vocabulary::atom ? Writing::text : Writing::html;
  }
  const std::string type = lower(tree.attribute(node, "type"));
  const std::string mode = lower(tree.attribute(node, "mode"));
  if (mode == "base64") return Writing::base64;
  if (tree.has_children(node)) return Writing::xhtml;
  if (tree.nodes[node].vocabulary != Vocabulary::atom && type.empty()) return Writing::html;
  if (type == "xhtml" || type.ends_with("+xml") || type.ends_with("/xml")) {
    return mode == "escaped" ? Writing::html : Writing::xhtml;
  }
  if (type.find("html") != std::string::npos) return Writing::html;
  if (type.empty() && mode == "escaped") return Writing::html;
  const bool binary = type == "application/octet-stream" || type.starts_with("image/") ||
                      type.starts_with("audio/") || type.starts_with("video/");
  return binary ? Writing::base64 : Writing::text;
}

// The div that Atom's xhtml constructs are wrapped in is not part of them.
std::string xhtml_inside(XmlTree& tree, std::uint32_t node) {
  std::uint32_t only = 0;
  int children = 0;
  tree.each_child(node, [&](std::uint32_t child) {
    only = child;
    ++children;
  });
  const bool wrapped = children == 1 && tree.nodes[only].name == "div" &&
                       tree.attribute(node, "type").find("xhtml") != std::string::npos;
  return tree.markup(wrapped ? only : node);
}

}  // namespace

bool XmlSource::has_base(std::uint32_t node) const {
  for (std::uint32_t at = node;; at = tree.nodes[at].parent) {
    if (!stated_base(tree, at).empty()) return true;
    if (tree.nodes[at].parent == at) return false;
  }
}

std::string XmlSource::base(std::uint32_t node) const {
  std::vector<std::string> bases;  // innermost first
  for (std::uint32_t at = node;; at = tree.nodes[at].parent) {
    std::string stated = stated_base(tree, at);
    if (!stated.empty()) bases.push_back(std::move(stated));
    if (tree.nodes[at].parent == at) break;
  }
  std::string result(url);
  for (auto stated = bases.rbegin(); stated != bases.rend(); ++stated) {
    auto resolved = resolve_url(result, *stated);
    if (resolved && resolved->size() <= kLongestBase) result = std::move(*resolved);
  }
  return result;
}

std::string XmlSource::resolve(std::uint32_t node, std::string_view reference) const {
  reference = trim(reference);
  const bool alone = tree.links.exhausted || needs_no_base(reference);
  return resolve_link(alone ? std::string() : base(node), reference, tree.links);
}

std::string XmlSource::line(std::uint32_t node) const {
  return collapse_blanks(tree.text(node));
}

std::string XmlSource::html(std::uint32_t node) const {
  switch (writing_of(tree, node)) {
    case Writing::text:
      return escape_markup(trim(tree.text(node)));
    case Writing::xhtml:
      return trimmed(xhtml_inside(tree, node));
    case Writing::base64: {
      const std::string text = tree.text(node);
      return decode_base64(text).value_or(text);
    }
    case Writing::html:
      break;
  }
  return trimmed(tree.text(node));
}

std::string XmlSource::title(std::uint32_t node) const {
  if (writing_of(tree, node) == Writing::text) return collapse_blanks(tree.text(node));
  return html_to_line(html(node));
}

Author XmlSource::person(std::uint32_t node) const {
  if (!tree.has_children(node)) return parse_person(html_to_line(tree.text(node)));
  Author author;
  bool structured = false;
  tree.each_child(node, [&](std::uint32_t child) {
    const std::string_view name = tree.nodes[child].name;
    if (name == "name") author.name = line(child);
    if (name == "email") author.email = line(child);
    if (name == "uri" || name == "url" || name == "homepage") {
      author.uri = resolve(child, tree.text(child));
    }
    structured = structured || !name.empty();
  });
  if (!structured) return parse_person(tree.text(node));
  if (author.email.empty() && author.name.find('@') != std::string::npos) {
    const Author both = parse_person(author.name);
    author.name = both.name;
    author.email = both.email;
  }
  return author;
}

std::string XmlSource::language(std::uint32_t node) const {
  for (std::uint32_t at = node;; at = tree.nodes[at].parent) {
    std::string stated = stated_of(tree, at, "lang", kLongestLanguage);
    if (!stated.empty() || tree.nodes[at].parent == at) return stated;
  }
}

}  // namespace wirewatch::feeds
