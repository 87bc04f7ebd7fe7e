#include <fmt/format.h>

#include <algorithm>

#include "daemon/commands/client.h"
#include "daemon/commands/config_for.h"
#include "daemon/commands/given.h"
#include "feeds/stories/docs_jsonl.h"
#include "feeds/text/document.h"
#include "rules/match/arabic_hint.h"
#include "rules/match/match_json.h"

namespace wirewatch::daemon {
namespace {

// As `examples` have it: one line alone is a text. More of them begin with a title.
feeds::DocumentInput plain_document(const std::string& content, const std::string& name) {
  feeds::DocumentInput plain;
  plain.id = name;
  const std::size_t first = content.find('\n');
  const bool more = first != std::string::npos &&
                    content.find_first_not_of(" \t\r\n", first) != std::string::npos;
  if (more) plain.title = content.substr(0, first);
  plain.text = more ? content.substr(first + 1) : content;
  return plain;
}

// An object a line, with the keys of DOCS.jsonl; those of an example need no "id".
Result<std::vector<feeds::DocumentInput>> json_documents(const std::string& content,
                                                         const std::string& name) {
  std::vector<feeds::DocumentInput> inputs;
  std::size_t number = 0;
  for (std::size_t start = 0; start < content.size();) {
    const std::size_t end = std::min(content.find('\n', start), content.size());
    const std::string text = content.substr(start, end - start);
    start = end + 1;
    const std::string place = fmt::format("{}:{}", name, ++number);
    if (text.find_first_not_of(" \t\r") == std::string::npos) continue;
    auto input = feeds::read_document_line(text, place);
    if (!input) {
      return Error{input.error().kind,
                   fmt::format("{}: {}; write {{\"title\": \"…\", \"text\": \"…\"}}, one object "
                               "a line, or plain text",
                               place, input.error().text)};
    }
    inputs.push_back(std::move(*input));
  }
  return inputs;
}

// A file holds DOCS.jsonl lines, or plain text; otherwise the item is one of the archive, of which
// `age` is told as it was when it came.
Result<std::vector<feeds::DocumentInput>> documents_for(const CommandLine& line, Span& age) {
  std::vector<feeds::DocumentInput> inputs;
  const std::string item = line.words().empty() ? line.value_or("item", "-") : line.words().front();
  const auto content = read_input(item);
  if (!content) {
    const auto store = Client::from(line).open_store();
    if (!store)
      return Error{ErrorKind::not_found,
                   fmt::format("\"{}\" is no readable file, and {}", item, store.error().text)};
    for (const DocumentRow& row : (*store)->find_items(item, 1)) {
      inputs.push_back(row.input);
      age = row.first_seen - row.input.time;
    }
    if (inputs.empty()) {
      return Error{ErrorKind::not_found,
                   fmt::format("\"{}\" is neither a file nor an item of the archive", item)};
    }
    return inputs;
  }
  const std::size_t first = content->find_first_not_of(" \t\r\n");
  const bool json = first != std::string::npos && (*content)[first] == '{';
  if (json) return json_documents(*content, item);
  inputs.push_back(plain_document(*content, item));
  return inputs;
}

int run(const CommandLine& line) {
  const std::string name = line.value_or("rule", "");
  if (name.empty()) return complain("explain", "which rule? --rule NAME", exit_misuse);
  if (line.has("item") && !line.words().empty()) {
    return complain("explain", "name the document once: as a word or with --item", exit_misuse);
  }
  const LoadedRules loaded = rules_for("explain", line);
  if (!loaded.snapshot) return exit_wrong;
  const auto rule = find_rule("explain", loaded, name);
  if (!rule) return exit_wrong;
  Span age{};
  auto inputs = documents_for(line, age);
  if (!inputs) return complain("explain", inputs.error().text);
  for (const feeds::DocumentInput& input : *inputs) {
    const feeds::Document document = feeds::make_document(input);
    const auto mentions = loaded.snapshot->gazetteer.find(document);
    rules::Explained explained = loaded.snapshot->rules.explain(*rule, document, mentions, age);
    rules::add_arabic_hints(explained, document);
    if (line.has("json")) {
      Given(input.title, input.text, document).place(explained);
      fmt::print("{}\n", rules::explain_json(explained));
    } else {
      fmt::print("{}  {}\n{} {}\n{}", document.id, document.title, name,
                 explained.holds ? "holds" : "does not hold",
                 rules::explain_text(explained, document));
    }
  }
  return exit_ok;
}

}  // namespace

Command explain_command() {
  return {
      "explain",
      "explain --rule R [FILE|ID|-] [--config FILE] [--json]",
      "a rule clause by clause: what held, what failed, where",
      "Prints the rule's query as a tree for a document: + where a clause holds, - where it does\n"
      "not, with the words that made it hold. The document is a file (DOCS.jsonl lines, or plain\n"
      "text whose first line is the title), standard input, or an item of the archive.\n\n"
      "  wirewatch explain --config my.yaml --rule border article.txt",
      client_options({{"rule", "NAME", "the rule"},
                      {"item", "FILE|ID", "the document, too (default: standard input)"}}),
      1,
      run};
}

}  // namespace wirewatch::daemon
