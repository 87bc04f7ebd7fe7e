#include "rules/match/rule_set.h"

#include <fmt/format.h>

#include "daemon/commands/config_for.h"
#include "daemon/commands/given.h"
#include "feeds/stories/docs_jsonl.h"
#include "feeds/text/document.h"
#include "rules/match/match_json.h"

namespace wirewatch::daemon {
namespace {

void print_text(const feeds::Document& document, const rules::RuleSet& set,
                const std::vector<rules::RuleMatch>& matches) {
  fmt::print("{}  {}\n", document.id, document.title);
  if (matches.empty()) fmt::print("    no rule holds\n");
  for (const rules::RuleMatch& match : matches) {
    fmt::print("    {}:", set.rules()[match.rule].name);
    for (const rules::MatchSpan& span : match.spans) {
      const std::string& field = span.field == feeds::Field::title ? document.title : document.text;
      fmt::print(" {}", std::string_view(field).substr(span.start, span.end - span.start));
      if (&span != &match.spans.back()) fmt::print(",");
    }
    fmt::print("\n");
  }
}

int run(const CommandLine& line) {
  const auto snapshot = config_for("match", line);
  if (!snapshot) return exit_wrong;
  const std::string path = line.words().empty() ? "-" : line.words()[0];
  int code = exit_ok;
  const bool read = each_line("match", path, [&](const std::string& text, std::size_t number) {
    auto input = feeds::read_document_line(text);
    if (!input) {
      code = complain("match", fmt::format("{}:{}: {}", path, number, input.error().text));
      return true;
    }
    const feeds::Document document = feeds::make_document(*input);
    const auto mentions = snapshot->gazetteer.find(document);
    auto matches = snapshot->rules.match(document, mentions);
    if (line.has("json")) {
      const Given given(input->title, input->text, document);
      for (rules::RuleMatch& match : matches) given.place(match.spans);
      fmt::print("{}\n", rules::match_json(document, snapshot->rules, matches));
    } else {
      print_text(document, snapshot->rules, matches);
    }
    return true;
  });
  return read ? code : exit_wrong;
}

}  // namespace

Command match_command() {
  return {
      "match",
      "match --config FILE [DOCS.jsonl|-] [--json]",
      "which rules hold for each document, and where",
      "Reads documents, one JSON object a line ({\"id\",\"title\",\"text\",\"lang\"?,\"source\"?,\n"
      "\"published\"?}), and prints the rules that hold for each with the words that made them\n"
      "hold. Feeds and receivers of the config are not opened. With --json one line a document:\n"
      "{\"id\",\"rules\":[{\"rule\",\"spans\":[{\"field\",\"start\",\"end\",\"clause\"}],"
      "\"entities\":[]}]};\n"
      "spans are UTF-8 byte offsets into the document's own field.",
      {{"config", "FILE", "the config with the rules"}, {"json", "", "one JSON object a line"}},
      1,
      run};
}

}  // namespace wirewatch::daemon
