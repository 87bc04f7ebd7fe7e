#include "feeds/parse/html_names.h"

#include <string>
#include <unordered_map>

#include "feeds/parse/xml_text.h"

namespace wirewatch::feeds {
namespace {

using RoleTable = std::unordered_map<std::string_view, HtmlRole>;

void add(RoleTable& table, HtmlRole role, std::string_view names) {
  while (!names.empty()) {
    const std::size_t end = std::min(names.find(' '), names.size());
    table.emplace(names.substr(0, end), role);
    names.remove_prefix(std::min(end + 1, names.size()));
  }
}

// Elements of the WHATWG HTML standard with the `display` its rendering section gives them, and
// the obsolete ones that feeds still carry.
RoleTable make_table() {
  RoleTable table;
  add(table, HtmlRole::block,
      "address article aside blockquote body center details dialog dir div dl fieldset figcaption "
      "figure footer form h1 h2 h3 h4 h5 h6 header hgroup hr html legend main menu nav ol p pre "
      "search section summary table ul xmp listing plaintext");
  add(table, HtmlRole::line, "li dt dd tr option optgroup caption thead tbody tfoot");
  add(table, HtmlRole::line_break, "br");
  add(table, HtmlRole::cell, "td th img sup");
  add(table, HtmlRole::hidden,
      "script style template noscript iframe noembed noframes object select textarea svg audio "
      "video");
  add(table, HtmlRole::inline_run,
      "a abbr acronym applet area b base basefont bdi bdo big blink button canvas cite code col "
      "colgroup data datalist del dfn em embed font frame frameset head i input ins kbd label link "
      "map mark marquee math meta meter nobr output param picture progress q rb rp rt rtc "
      "ruby s samp slot small source span strike strong sub time title track tt u var wbr");
  return table;
}

}  // namespace

HtmlRole html_role(std::string_view name) {
  static const RoleTable table = make_table();
  if (name.size() > 12) return HtmlRole::unknown;
  const auto found = table.find(lower(name));
  return found == table.end() ? HtmlRole::unknown : found->second;
}

}  // namespace wirewatch::feeds
