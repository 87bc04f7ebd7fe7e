#include "tests/bench/peers/libxml2_items.h"

#include <libxml/parser.h>

namespace wirewatch::bench {
namespace {

struct Sax {
  std::vector<SaxItem> items;
  bool inside = false;            // of an item
  int depth = 0;                  // below it
  std::string* target = nullptr;  // of the element that is being read
  std::string text;
};

std::string_view view(const xmlChar* text) {
  return text == nullptr ? std::string_view() : reinterpret_cast<const char*>(text);
}

// The five pointers of each attribute: name, prefix, uri, value, end of the value.
std::string attribute(int count, const xmlChar** all, std::string_view name) {
  for (int i = 0; i < count; ++i) {
    const xmlChar** one = all + 5L * i;
    if (view(one[0]) == name) {
      return {reinterpret_cast<const char*>(one[3]), reinterpret_cast<const char*>(one[4])};
    }
  }
  return {};
}

std::string* field_of(SaxItem& item, std::string_view name, std::string_view prefix) {
  if (name == "title" && prefix.empty()) return &item.title;
  if (name == "link" && prefix.empty()) return &item.link;
  if (name == "guid" || name == "id") return &item.guid;
  if (name == "description" || name == "summary") return &item.summary;
  if (name == "encoded" || (name == "content" && prefix.empty())) return &item.content;
  if (name == "pubDate" || name == "published" || name == "date") return &item.published;
  if (name == "creator" || name == "author") return &item.author;
  if (name == "category" || name == "subject") return &item.categories.emplace_back();
  return nullptr;
}

void started(void* context, const xmlChar* local, const xmlChar* prefix, const xmlChar*, int,
             const xmlChar**, int attributes, int, const xmlChar** values) {
  Sax& sax = *static_cast<Sax*>(context);
  const std::string_view name = view(local);
  if (!sax.inside) {
    if (name != "item" && name != "entry") return;
    sax.inside = true;
    sax.depth = 0;
    sax.items.emplace_back();
    return;
  }
  if (++sax.depth != 1) return;
  SaxItem& item = sax.items.back();
  sax.target = field_of(item, name, view(prefix));
  sax.text.clear();
  if (attributes == 0) return;
  if (name == "link") item.link = attribute(attributes, values, "href");
  if (name == "enclosure") item.enclosures.push_back(attribute(attributes, values, "url"));
  if (name == "category") item.categories.back() = attribute(attributes, values, "term");
}

void characters(void* context, const xmlChar* text, int length) {
  Sax& sax = *static_cast<Sax*>(context);
  if (sax.target == nullptr) return;
  sax.text.append(reinterpret_cast<const char*>(text), static_cast<std::size_t>(length));
}

void ended(void* context, const xmlChar*, const xmlChar*, const xmlChar*) {
  Sax& sax = *static_cast<Sax*>(context);
  if (!sax.inside) return;
  if (sax.depth-- == 0) {
    sax.inside = false;
    return;
  }
  if (sax.depth != 0 || sax.target == nullptr) return;
  if (!sax.text.empty()) *sax.target = sax.text;
  sax.target = nullptr;
}

}  // namespace

std::vector<SaxItem> libxml2_items(std::string_view bytes) {
  const std::size_t start = bytes.find_first_not_of(" \t\r\n");
  if (start != std::string_view::npos) bytes.remove_prefix(start);
  xmlSAXHandler handler{};
  handler.initialized = XML_SAX2_MAGIC;
  handler.startElementNs = started;
  handler.endElementNs = ended;
  handler.characters = characters;
  handler.cdataBlock = characters;
  Sax sax;
  xmlParserCtxtPtr context = xmlCreatePushParserCtxt(&handler, &sax, nullptr, 0, "feed");
  xmlCtxtUseOptions(context,
                    XML_PARSE_RECOVER | XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING);
  xmlParseChunk(context, bytes.data(), static_cast<int>(bytes.size()), 1);
  if (context->myDoc != nullptr) xmlFreeDoc(context->myDoc);
  xmlFreeParserCtxt(context);
  return std::move(sax.items);
}

}  // namespace wirewatch::bench
