#include "feeds/parse/xml.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "feeds/parse/doctype.h"
#include "feeds/parse/vocabulary.h"
#include "feeds/parse/xml_cursor.h"

namespace wirewatch::feeds {
namespace {

constexpr std::size_t kMaxNodes = 200'000;       // at one time: items leave the tree when complete
constexpr std::size_t kMaxAttributes = 500'000;  // likewise
constexpr std::size_t kMaxNamespaces = 64;       // in scope; further declarations mean nothing

struct Binding {
  std::string_view prefix;
  Vocabulary vocabulary;
  std::size_t depth;
};

constexpr std::size_t kMaxKnownUris = 16;

struct KnownUri {
  std::string_view uri;
  std::optional<Vocabulary> vocabulary;
};

bool is_void_html(std::string_view name) {
  return name == "br" || name == "hr" || name == "img" || name == "wbr" || name == "input";
}

bool is_feed_word(Vocabulary vocabulary) {
  return vocabulary == Vocabulary::core || vocabulary == Vocabulary::atom;
}

class Reader {
 public:
  Reader(XmlTree& tree, const ParseLimits& limits, const OnItem& on_item)
      : tree_(tree), limits_(limits), on_item_(on_item) {}
  Result<XmlOutcome> read();

 private:
  Result<void> start(const MarkupToken& token);
  Result<void> read_attributes(AttributeCursor& cursor, XmlNode& node);
  void declare(std::string_view name, std::string_view value);
  std::optional<Vocabulary> vocabulary_of(std::string_view uri);
  Vocabulary resolve(std::string_view prefix) const;
  void close_forgotten(const XmlNode& next);
  void end(const MarkupToken& token);
  void pop(std::size_t inner_end);
  void warn_once(bool& flag, std::string text);
  const XmlNode& top() const { return tree_.nodes[open_.back()]; }

  XmlTree& tree_;
  const ParseLimits& limits_;
  const OnItem& on_item_;
  std::vector<std::uint32_t> open_;
  std::vector<Binding> bindings_;
  std::vector<KnownUri> known_uris_;
  XmlOutcome outcome_;
  bool wants_items_ = true;
  bool channel_closed_ = false;
  bool warned_unclosed_ = false;
  bool warned_stray_ = false;
};

void Reader::warn_once(bool& flag, std::string text) {
  if (!flag) outcome_.warnings.push_back(std::move(text));
  flag = true;
}

Vocabulary Reader::resolve(std::string_view prefix) const {
  for (auto i = bindings_.rbegin(); i != bindings_.rend(); ++i) {
    if (i->prefix == prefix) return i->vocabulary;
  }
  return vocabulary_of_prefix(prefix);
}

// Some generators declare the same few namespaces on every element.
std::optional<Vocabulary> Reader::vocabulary_of(std::string_view uri) {
  for (const KnownUri& known : known_uris_) {
    if (known.uri == uri) return known.vocabulary;
  }
  const auto vocabulary = vocabulary_of_uri(uri);
  if (known_uris_.size() < kMaxKnownUris) known_uris_.push_back({uri, vocabulary});
  return vocabulary;
}

void Reader::declare(std::string_view name, std::string_view value) {
  if (bindings_.size() >= kMaxNamespaces) return;
  const std::string_view prefix = name.size() > 5 ? name.substr(6) : std::string_view();
  Vocabulary vocabulary = Vocabulary::foreign;
  if (const auto known = vocabulary_of(value)) {
    vocabulary = *known;
  } else if (trim(value).empty() || (prefix.empty() && open_.empty())) {
    vocabulary = Vocabulary::core;
  } else if (!prefix.empty()) {
    vocabulary = vocabulary_of_prefix(prefix);
  }
  bindings_.push_back({prefix, vocabulary, open_.size()});
}

Result<void> Reader::read_attributes(AttributeCursor& cursor, XmlNode& node) {
  node.first_attribute = static_cast<std::uint32_t>(tree_.attributes.size());
  std::string_view name;
  std::string_view value;
  bool prefixed = false;
  while (cursor.next(name, value)) {
    if (node.attributes >= limits_.attributes) {
      return Error{ErrorKind::too_big,
                   fmt::format("element \"{}\" has more than {} attributes",
                               utf8_prefix(node.written, 60), limits_.attributes)};
    }
    if (tree_.attributes.size() >= kMaxAttributes) {
      return Error{ErrorKind::too_big, fmt::format("more than {} attributes in one item or outside "
                                                   "of items",
                                                   kMaxAttributes)};
    }
    if (name == "xmlns" || name.starts_with("xmlns:")) {
      declare(name, value);
    } else {
      prefixed = prefixed || name.find(':') != std::string_view::npos;
    }
    tree_.attributes.push_back({name, value, Vocabulary::core});
    ++node.attributes;
  }
  if (!prefixed) return {};
  // Prefixes can be declared after their use within one tag.
  for (std::uint32_t i = 0; i < node.attributes; ++i) {
    XmlAttribute& attribute = tree_.attributes[node.first_attribute + i];
    const std::size_t colon = attribute.name.find(':');
    if (colon == std::string_view::npos || attribute.name.starts_with("xmlns:")) continue;
    attribute.vocabulary = resolve(attribute.name.substr(0, colon));
    attribute.name.remove_prefix(colon + 1);
  }
  return {};
}

// End tags that were left out: an item ends where the next begins, a title where a link begins.
void Reader::close_forgotten(const XmlNode& next) {
  if (open_.empty() || !is_feed_word(next.vocabulary) || next.name.empty()) return;
  if (next.name == "item" || next.name == "entry") {
    for (std::size_t i = open_.size(); i-- > 0;) {
      const XmlNode& node = tree_.nodes[open_[i]];
      if (node.name == "content" || node.vocabulary == Vocabulary::xhtml) return;
      if (node.name != "channel" && node.name != "feed" && node.name != "rss" &&
          node.name != "rdf") {
        continue;
      }
      if (i + 1 < open_.size()) {
        warn_once(warned_unclosed_,
                  fmt::format("element \"{}\" is never closed", utf8_prefix(top().written, 60)));
      }
      while (open_.size() > i + 1) pop(next.outer_begin);
      return;
    }
    return;
  }
  const XmlNode& open = top();
  if (!is_feed_word(open.vocabulary)) return;
  const bool leaf = open.name == "title" || open.name == "link" || open.name == "guid" ||
                    open.name == "pubdate" || open.name == "description";
  const bool closes = next.name == "pubdate" || next.name == "guid" || next.name == "link" ||
                      next.name == "description";
  if (leaf && closes && !(open.name == "description" && next.name == "link")) {
    warn_once(warned_unclosed_,
              fmt::format("element \"{}\" is never closed", utf8_prefix(open.written, 60)));
    pop(next.outer_begin);
  }
}

Result<void> Reader::start(const MarkupToken& token) {
  AttributeCursor cursor(token);
  XmlNode node;
  node.written = cursor.element();
  node.outer_begin = token.begin;
  node.inner_begin = token.end;
  node.inner_end = token.end;
  if (open_.size() >= limits_.depth) {
    return Error{ErrorKind::too_big,
                 fmt::format("elements are nested deeper than {}", limits_.depth)};
  }
  if (tree_.nodes.size() >= kMaxNodes) {
    return Error{ErrorKind::too_big,
                 fmt::format("more than {} elements in one item or outside of items", kMaxNodes)};
  }
  const std::size_t colon = node.written.find(':');
  const bool prefixed = colon != std::string_view::npos;
  const auto prefix = prefixed ? node.written.substr(0, colon) : std::string_view();
  node.local = prefixed ? node.written.substr(colon + 1) : node.written;
  node.name = known_name(node.local);
  node.vocabulary = resolve(prefix);
  close_forgotten(node);
  const std::size_t bound = bindings_.size();
  const Result<void> attributes = read_attributes(cursor, node);
  if (attributes.has_error()) return attributes;
  if (bindings_.size() != bound) node.vocabulary = resolve(prefix);

  const auto index = static_cast<std::uint32_t>(tree_.nodes.size());
  node.parent = open_.empty() ? index : open_.back();
  node.end = index + 1;
  outcome_.found_root = true;
  tree_.nodes.push_back(node);
  open_.push_back(index);
  if (token.empty_element || (open_.size() > 3 && is_void_html(node.name))) pop(token.end);
  return {};
}

void Reader::pop(std::size_t inner_end) {
  const std::uint32_t index = open_.back();
  open_.pop_back();
  while (!bindings_.empty() && bindings_.back().depth >= open_.size()) bindings_.pop_back();
  XmlNode& node = tree_.nodes[index];
  node.end = static_cast<std::uint32_t>(tree_.nodes.size());
  node.inner_end = std::max(inner_end, node.inner_begin);
  if (open_.empty()) outcome_.root_closed = true;
  if (node.name == "channel" && open_.size() == 1 && top().name == "rss") channel_closed_ = true;
  if (!is_feed_word(node.vocabulary)) return;
  const bool is_page = node.name == "url" && open_.size() == 1 && top().name == "urlset";
  if (node.name != "item" && node.name != "entry" && !is_page) return;
  const std::size_t first_attribute = node.first_attribute;
  if (wants_items_) wants_items_ = on_item_(tree_, index);
  tree_.nodes.resize(index);
  tree_.attributes.resize(first_attribute);
}

void Reader::end(const MarkupToken& token) {
  std::size_t match = open_.size();
  for (std::size_t i = open_.size(); i-- > 0 && match == open_.size();) {
    if (equal_ignoring_case(tree_.nodes[open_[i]].written, token.text)) match = i;
  }
  if (match == open_.size()) {
    warn_once(warned_stray_,
              fmt::format("end tag \"{}\" closes nothing", utf8_prefix(token.text, 60)));
    return;
  }
  if (match + 1 < open_.size()) {
    warn_once(warned_unclosed_,
              fmt::format("element \"{}\" is never closed", utf8_prefix(top().written, 60)));
  }
  while (open_.size() > match) pop(token.begin);
}

Result<XmlOutcome> Reader::read() {
  MarkupCursor cursor(tree_.source);
  while (!outcome_.root_closed) {
    const MarkupToken token = cursor.next_markup();
    if (token.kind == MarkupToken::Kind::finished) break;
    if (token.kind == MarkupToken::Kind::declaration && open_.empty()) {
      const Result<void> declared = read_doctype(token.text, tree_.entities);
      if (declared.has_error()) return declared.error();
    } else if (token.kind == MarkupToken::Kind::start) {
      const Result<void> started = start(token);
      if (started.has_error()) return started.error();
    } else if (token.kind == MarkupToken::Kind::end) {
      end(token);
    }
  }
  if (!outcome_.root_closed && channel_closed_) {
    outcome_.warnings.emplace_back("the document ends before its root element does");
    while (!open_.empty()) pop(tree_.source.size());
  }
  return std::move(outcome_);
}

}  // namespace

Result<XmlOutcome> read_xml(XmlTree& tree, const ParseLimits& limits, const OnItem& on_item) {
  return Reader(tree, limits, on_item).read();
}

}  // namespace wirewatch::feeds
