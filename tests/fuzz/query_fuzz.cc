// Any bytes as a query, and any bytes as a document: nothing crashes, the canonical text reads
// back as the same tree, and every offset lies inside the text that it is about.
// Input: the query, a NUL, the title, a NUL, the text.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "feeds/text/document.h"
#include "rules/match/match_json.h"
#include "rules/match/passage.h"
#include "rules/match/rule_set.h"
#include "rules/query/parser.h"

namespace {

using namespace wirewatch;

void require(bool holds) {
  if (!holds) std::abort();
}

std::string take_part(std::string& rest) {
  const std::size_t end = rest.find('\0');
  std::string part = rest.substr(0, end);
  rest = end == std::string::npos ? "" : rest.substr(end + 1);
  return part;
}

const rules::Gazetteer& gazetteer() {
  static const rules::Gazetteer compiled = [] {
    rules::EntityDef iraq;
    iraq.id = "country:IQ";
    iraq.kind = "country";
    iraq.names = {"Iraq", "Iraqi", "العراق", "عراقي"};
    rules::EntityDef shatri;
    shatri.id = "hamid-al-shatri";
    shatri.kind = "person";
    shatri.names = {"Hamid al-Shatri", "حميد الشطري"};
    shatri.shorts = {"Shatri", "الشطري"};
    shatri.near = {"intelligence", "@country:IQ"};
    shatri.contexts_not = {"Shatri bridge"};
    return rules::Gazetteer::compile({iraq, shatri}).first;
  }();
  return compiled;
}

void check_parse(const std::string& query) {
  const rules::Parsed parsed = rules::parse(query);
  for (const rules::Diagnostic& d : parsed.diagnostics) {
    require(std::size_t{d.offset} + d.length <= query.size());
  }
  if (rules::has_error(parsed.diagnostics)) return;
  require(parsed.tree.has_value());
  const std::string canonical = rules::to_text(*parsed.tree);
  if (canonical.size() > rules::max_query_bytes) return;
  const rules::Parsed again = rules::parse(canonical);
  // Canonical text may need a pair of parentheses more than the deepest query allowed.
  for (const rules::Diagnostic& d : again.diagnostics) {
    if (d.text == "the query is nested too deeply") return;
  }
  require(again.tree && rules::same_tree(*again.tree, *parsed.tree));
}

void check_match(const rules::RuleSet& set, const feeds::Document& document) {
  const auto mentions = gazetteer().find(document);
  for (const feeds::Mention& mention : mentions) {
    require(mention.first_token <= mention.last_token);
    require(mention.last_token < document.tokens.size());
  }
  const auto matches = set.match(document, mentions);
  for (const rules::RuleMatch& match : matches) {
    for (const rules::MatchSpan& span : match.spans) {
      const bool title = span.field == feeds::Field::title;
      require(span.start < span.end);
      require(span.end <= (title ? document.title : document.text).size());
    }
    const rules::Passage passage = rules::passage_for(document, match);
    require(passage.text.size() <= rules::passage_bytes);
    for (const auto& mark : passage.marks) require(mark.end <= passage.text.size());
  }
  if (set.rules().empty()) return;
  const rules::Explained explained = set.explain(0, document, mentions);
  require(explained.holds == (!matches.empty() && matches[0].rule == 0));
  require(!rules::match_json(document, set, matches).empty());
  require(!rules::explain_json(explained).empty());
  require(!rules::explain_text(explained, document).empty());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string rest(reinterpret_cast<const char*>(data), size);
  rules::RuleDef rule;
  rule.name = "r";
  rule.query = take_part(rest);
  rules::RuleDef other;
  other.name = "other";
  other.query = "$r OR border";
  feeds::DocumentInput input;
  input.source = rule.query.substr(0, 100);
  input.url = "http://example.iq/" + input.source;
  input.feed_tags = {input.source, "wire"};
  input.title = take_part(rest);
  input.text = rest;
  check_parse(rule.query);
  check_match(rules::RuleSet::compile({rule, other}, gazetteer()).set, feeds::make_document(input));
  return 0;
}
