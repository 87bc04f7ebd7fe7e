#include "rules/match/match_json.h"

#include <fmt/format.h>

#include <algorithm>

#include "feeds/json_writer.h"

namespace wirewatch::rules {
namespace {

constexpr std::size_t shown_spans = 5;

const char* field_name(feeds::Field field) {
  return field == feeds::Field::title ? "title" : "text";
}

void write_spans(JsonWriter& out, const std::vector<MatchSpan>& spans) {
  out.key("spans").begin_array();
  for (const MatchSpan& span : spans) {
    out.begin_object();
    out.member("field", field_name(span.field));
    out.member("start", span.start).member("end", span.end);
    out.member("clause", span.clause);
    out.end_object();
  }
  out.end_array();
}

void write_explained(JsonWriter& out, const Explained& explained) {
  out.begin_object();
  out.member("clause", explained.clause).member("kind", explained.kind);
  out.member("holds", explained.holds);
  out.member_if("hint", explained.hint);
  if (explained.parts.empty()) write_spans(out, explained.spans);
  if (!explained.parts.empty()) {
    out.key("parts").begin_array();
    for (const Explained& part : explained.parts) write_explained(out, part);
    out.end_array();
  }
  out.end_object();
}

std::string words_of(const MatchSpan& span, const feeds::Document& document) {
  const std::string& field = span.field == feeds::Field::title ? document.title : document.text;
  return field.substr(span.start, span.end - span.start);
}

void add_lines(std::string& out, const Explained& explained, const feeds::Document& document,
               std::size_t depth) {
  out += std::string(2 * depth, ' ') + (explained.holds ? "+ " : "- ") + explained.clause;
  std::size_t shown = 0;
  for (const MatchSpan& span : explained.spans) {
    if (shown == shown_spans) {
      out += fmt::format(", {} more", explained.spans.size() - shown);
      break;
    }
    out += shown++ == 0 ? ": " : ", ";
    out +=
        fmt::format("“{}” ({} {})", words_of(span, document), field_name(span.field), span.start);
  }
  if (!explained.hint.empty()) {
    out += fmt::format("  (here in another form: {} finds it)", explained.hint);
  }
  out += '\n';
  for (const Explained& part : explained.parts) add_lines(out, part, document, depth + 1);
}

}  // namespace

std::string match_json(const feeds::Document& document, const RuleSet& rules,
                       const std::vector<RuleMatch>& matches) {
  JsonWriter out;
  out.begin_object().member("id", document.id).key("rules").begin_array();
  for (const RuleMatch& match : matches) {
    out.begin_object().member("rule", rules.rules().at(match.rule).name);
    write_spans(out, match.spans);
    out.member("entities", match.entities).end_object();
  }
  out.end_array().end_object();
  return out.take();
}

std::string explain_json(const Explained& explained) {
  JsonWriter out;
  write_explained(out, explained);
  return out.take();
}

std::string explain_text(const Explained& explained, const feeds::Document& document) {
  std::string text;
  add_lines(text, explained, document, 0);
  return text;
}

}  // namespace wirewatch::rules
