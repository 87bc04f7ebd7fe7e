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

std::string_view XmlTree::raw_attribute(std::uint32_t node, Vocabulary vocabulary,
                                        std::string_view name) const {
  const XmlNode& n = nodes[node];
  for (std::uint32_t i = n.first_attribute; i < n.first_attribute + n.attributes; ++i) {
    const XmlAttribute& a = attributes[i];
    if (a.vocabulary == vocabulary && a.name == name) return a.value;
  }
  return {};
}

bool XmlTree::has_attribute(std::uint32_t node, std::string_view name) const {
  return raw_attribute(node, name).data() != nullptr;
}

std::string XmlTree::attribute(std::uint32_t node, std::string_view name) {
  const std::string_view raw = trim(raw_attribute(node, name));
  if (raw.find('&') == std::string_view::npos) return std::string(raw);
  return std::string(trim(decode_references(raw, &entities)));
}

std::string XmlTree::attribute(std::uint32_t node, Vocabulary vocabulary, std::string_view name) {
  return std::string(trim(decode_references(raw_attribute(node, vocabulary, name), &entities)));
}

std::string XmlTree::within_limit(std::string text) {
  if (text.size() <= text_limit) return text;
  text_was_cut = true;
  text.resize(utf8_prefix(text, text_limit).size());
  return text;
}

std::string XmlTree::text(std::uint32_t node) {
  const XmlNode& n = nodes[node];
  const std::string_view inner = source.substr(n.inner_begin, n.inner_end - n.inner_begin);
  // Nearly all are text alone, or one CDATA section alone.
  if (inner.size() <= text_limit) {
    if (inner.find('<') == std::string_view::npos)
      return within_limit(decode_references(inner, &entities));
    constexpr std::string_view kBegin = "<![CDATA[";
    const std::size_t end = inner.starts_with(kBegin) ? inner.find("]]>") : std::string_view::npos;
    if (end != std::string_view::npos && end + 3 == inner.size()) {
      return std::string(inner.substr(kBegin.size(), end - kBegin.size()));
    }
  }
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
    if (out.size() > text_limit) break;
  }
  return within_limit(std::move(out));
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
    if (out.size() > text_limit) break;
  }
  return within_limit(std::move(out));
}

}  // namespace wirewatch::feeds
