#include <fmt/format.h>

#include "daemon/commands/config_for.h"
#include "feeds/stories/docs_jsonl.h"
#include "feeds/text/document.h"

namespace wirewatch::daemon {
namespace {

void print_text(const feeds::Document& document, const feeds::Placement& placement) {
  if (placement.relation == feeds::Relation::fresh) {
    fmt::print("{}  new story  {}\n", document.id, document.title);
    return;
  }
  fmt::print("{}  {} of {} ({:.2f}), story {}  {}\n", document.id, to_string(placement.relation),
             placement.of, placement.similarity, placement.story, document.title);
}

int run(const CommandLine& line) {
  std::shared_ptr<const Snapshot> snapshot;
  if (line.has("config")) {
    snapshot = config_for("stories", line);
    if (!snapshot) return exit_wrong;
  }
  const std::string path = line.words().empty() ? "-" : line.words()[0];
  feeds::StoryIndex index(snapshot ? snapshot->settings.stories : feeds::StoryLimits{});
  int code = exit_ok;
  const bool read = each_line("stories", path, [&](const std::string& text, std::size_t number) {
    auto input = feeds::read_document_line(text);
    if (!input) {
      code = complain("stories", fmt::format("{}:{}: {}", path, number, input.error().text));
      return true;
    }
    const feeds::Document document = feeds::make_document(std::move(*input));
    std::vector<feeds::Mention> mentions;
    if (snapshot) mentions = snapshot->gazetteer.find(document);
    const feeds::Placement placement = index.place(document, mentions);
    if (line.has("json")) {
      fmt::print("{}\n", feeds::placement_line(document.id, placement));
    } else {
      print_text(document, placement);
    }
    return true;
  });
  return read ? code : exit_wrong;
}

}  // namespace

Command stories_command() {
  return {
      "stories",
      "stories [DOCS.jsonl|-] [--config FILE] [--json]",
      "the story of each document: new, copy or same story",
      "Reads documents, one JSON object a line, in the order given, and prints for each at the\n"
      "moment it is placed whether it begins a story, copies an earlier document or tells the\n"
      "same event; of which, how near, and what they share. With --config its entities help.",
      {{"config", "FILE", "a config whose entities and story window are used"},
       {"json", "", "one JSON object a line"}},
      1,
      run};
}

}  // namespace wirewatch::daemon
