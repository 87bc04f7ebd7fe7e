// Reading values out of a tree.
#include <algorithm>

#include "feeds/parse/xml.h"
#include "feeds/parse/xml_cursor.h"

namespace wirewatch::feeds {

std::string_view XmlTree::raw_attribute(std::uint32_t node, std::string_view name) const {
  const XmlNode& n = nodes[node];
  for (std::uint32_t i = n.first_attribute; i < n.first_attribute + n.attributes; ++i) {
    const XmlAttribute& a = attributes[i];
    if (a.vocabulary == Vocabulary::core && equal_ignoring_case(a.name, name)) return a.value;
  }
  return {};
}

bool XmlTree::has_attribute(std::uint32_t node, std::string_view name) const {
  return raw_attribute(node, name).data() != nullptr;
}

std::string XmlTree::attribute(std::uint32_t node, std::string_view name) {
  return std::string(trim(decode_references(raw_attribute(node, name), &entities)));
}

std::string XmlTree::attribute(std::uint32_t node, Vocabulary vocabulary, std::string_view name) {
  const XmlNode& n = nodes[node];
  for (std::uint32_t i = n.first_attribute; i < n.first_attribute + n.attributes; ++i) {
    const XmlAttribute& a = attributes[i];
    if (a.vocabulary == vocabulary && a.name == name) {
      return std::string(trim(decode_references(a.value, &entities)));
    }
  }
  return {};
}

std::string XmlTree::text(std::uint32_t node) {
  const XmlNode& n = nodes[node];
  std::string_view inner = source.substr(n.inner_begin, n.inner_end - n.inner_begin);
  MarkupCursor cursor(inner);
  std::string out;
  for (MarkupToken token = cursor.next(); token.kind != MarkupToken::Kind::finished;
       token = cursor.next()) {
    if (token.kind == MarkupToken::Kind::cdata) {
      out += token.text.substr(0, text_limit + 1);
    } else if (token.kind == MarkupToken::Kind::text) {
      // A reference takes at most about ten times the bytes of its text.
      out += decode_references(token.text.substr(0, 10 * text_limit), &entities);
    }
    if (out.size() > text_limit) {
      text_was_cut = true;
      out.resize(utf8_prefix(out, text_limit).size());
      break;
    }
  }
  return out;
}

std::string XmlTree::markup(std::uint32_t node) {
  const XmlNode& n = nodes[node];
  const std::string_view inner = source.substr(n.inner_begin, n.inner_end - n.inner_begin);
  MarkupCursor cursor(inner);
  std::string out;
  for (MarkupToken token = cursor.next(); token.kind != MarkupToken::Kind::finished;
       token = cursor.next()) {
    if (token.kind == MarkupToken::Kind::cdata) {
      out += escape_markup(token.text.substr(0, text_limit + 1));
    } else if (token.kind != MarkupToken::Kind::ignored &&
               token.kind != MarkupToken::Kind::declaration) {
      out += inner.substr(token.begin, std::min(token.end - token.begin, text_limit + 1));
    }
    if (out.size() > text_limit) {
      text_was_cut = true;
      out.resize(utf8_prefix(out, text_limit).size());
      break;
    }
  }
  return out;
}

}  // namespace wirewatch::feeds
