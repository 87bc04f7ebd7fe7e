#include <fmt/format.h>

#include <cmath>

#include "daemon/commands/config_for.h"
#include "feeds/stories/docs_jsonl.h"
#include "feeds/stories/last_stories.h"
#include "feeds/text/document.h"

namespace wirewatch::daemon {
namespace {

using Take = std::function<void(feeds::DocumentInput)>;

// Hands on each line's document; what is wrong with a line is told, and the rest goes on.
int each_document(const CommandLine& line, const Take& take) {
  const std::string path = line.words().empty() ? "-" : line.words()[0];
  int code = exit_ok;
  const bool read = each_line("stories", path, [&](const std::string& text, std::size_t number) {
    std::string doubt;
    auto input = feeds::read_document_line(text, {}, &doubt);
    if (!doubt.empty())
      complain("stories", fmt::format("{}:{}: {}; taken as unknown", path, number, doubt));
    if (!input) {
      code = complain("stories", fmt::format("{}:{}: {}", path, number, input.error().text));
      return true;
    }
    take(std::move(*input));
    return true;
  });
  return read ? code : exit_wrong;
}

void print_text(std::string_view id, std::string_view title, const feeds::Placement& placement) {
  if (placement.relation == feeds::Relation::fresh) {
    fmt::print("{}  new story  {}\n", id, title);
  } else {
    fmt::print("{}  {} of {} ({:.2f}), story {}  {}\n", id, to_string(placement.relation),
               placement.of, placement.similarity, placement.story, title);
  }
}

void print_merge(const feeds::StoryMerge& merge, bool json) {
  if (json) {
    fmt::print("{}\n", feeds::merge_line(merge));
  } else {
    fmt::print("story {} turns out to be story {}\n", merge.story, merge.into);
  }
}

void print_split(const feeds::StorySplit& split, bool json) {
  if (json) {
    fmt::print("{}\n", feeds::split_line(split));
  } else {
    fmt::print("{} documents of story {} turn out to be story {}\n", split.documents.size(),
               split.from, split.story);
  }
}

struct Placed {
  std::string id;
  std::string title;
  feeds::Placement placement;
};

// Every document with the story that it has at the end.
void print_final(std::vector<Placed> all, bool json) {
  feeds::LastStories last;
  for (const Placed& one : all) last.take(one.id, one.placement);
  for (Placed& one : all) {
    one.placement.story = last.of(one.id);
    if (json) {
      fmt::print("{}\n", feeds::placement_line(one.id, one.placement));
    } else {
      print_text(one.id, one.title, one.placement);
    }
  }
}

int place_all(const CommandLine& line, const Snapshot* snapshot) {
  feeds::StoryIndex index(snapshot != nullptr ? snapshot->settings.stories : feeds::StoryLimits{});
  const bool json = line.has("json");
  const bool at_last = line.has("final");
  std::vector<Placed> all;
  const int code = each_document(line, [&](feeds::DocumentInput input) {
    const feeds::Document document = feeds::make_document(std::move(input));
    std::vector<feeds::Mention> mentions;
    if (snapshot != nullptr) mentions = snapshot->gazetteer.find(document);
    feeds::Placement placement = index.place(document, mentions);
    if (at_last) {
      all.push_back({document.id, document.title, std::move(placement)});
      return;
    }
    if (json) {
      fmt::print("{}\n", feeds::placement_line(document.id, placement));
    } else {
      print_text(document.id, document.title, placement);
    }
    for (const feeds::StoryMerge& merge : placement.merges) print_merge(merge, json);
    if (placement.split) print_split(*placement.split, json);
  });
  if (at_last) print_final(std::move(all), json);
  return code;
}

int list_near(const CommandLine& line, const Snapshot* snapshot) {
  const std::string given = line.value_or("threshold", "0.5");
  char* end = nullptr;
  const double threshold = std::strtod(given.c_str(), &end);
  if (given.empty() || *end != '\0' || !(threshold > 0 && threshold <= 1))
    return complain("stories",
                    fmt::format("--threshold is \"{}\"; it must be above 0 and at most 1", given),
                    exit_misuse);
  const feeds::StoryLimits limits =
      snapshot != nullptr ? snapshot->settings.stories : feeds::StoryLimits{};
  feeds::NearPairs pairs(threshold, limits.window);
  const bool json = line.has("json");
  return each_document(line, [&](feeds::DocumentInput input) {
    for (const feeds::NearPair& pair :
         pairs.add(std::move(input.id), input.time, input.title, input.text)) {
      if (json) {
        fmt::print("{}\n", feeds::near_line(pair));
      } else {
        fmt::print("{}  {:.4f}  {}\n", pair.id, pair.similarity, pair.of);
      }
    }
  });
}

int run(const CommandLine& line) {
  std::shared_ptr<const Snapshot> snapshot;
  if (line.has("config")) {
    snapshot = config_for("stories", line);
    if (!snapshot) return exit_wrong;
  }
  if (line.has("near") && line.has("final"))
    return complain("stories", "--near and --final exclude each other", exit_misuse);
  if (line.has("threshold") && !line.has("near"))
    return complain("stories", "--threshold goes with --near", exit_misuse);
  return line.has("near") ? list_near(line, snapshot.get()) : place_all(line, snapshot.get());
}

}  // namespace

Command stories_command() {
  return {
      "stories",
      "stories [DOCS.jsonl|-] [--config FILE] [--final | --near [--threshold 0.5]] [--json]",
      "the story of each document: new, copy or same story",
      "Reads documents, one JSON object a line, in the order given, and prints for each at the\n"
      "moment it is placed whether it begins a story, copies an earlier document or tells the\n"
      "same event; of which, how near, and what they share. When a document shows that two\n"
      "stories are one, or that one is two, a line says so. With --config its entities help.\n\n"
      "With --near it lists, instead of stories, all pairs of documents within the story window\n"
      "whose titles and texts share so much: the exact share of their five-word sequences.",
      {{"config", "FILE", "a config whose entities and story window are used"},
       {"final", "", "print all at the end, with the stories as they are then"},
       {"near", "", "list pairs of near-identical texts instead"},
       {"threshold", "SHARE", "how near, above 0 and at most 1; 0.5 when not given"},
       {"json", "", "one JSON object a line"}},
      1,
      run};
}

}  // namespace wirewatch::daemon
