// stories_bench FILE… [--documents N]: how fast, and in how much memory, documents find their
// stories. Reads DOCS.jsonl files (".gz" through zcat) once and cycles through them as one stream:
// each round every tenth word is changed, and the time goes on by half a second a document, so that
// the window fills. Prints a line each tenth of the stream: documents a second of this process's
// time on the CPU, making the document included and not, and the memory that it holds.
#include <fmt/format.h>
#include <sys/resource.h>

#include <cstdlib>
#include <ctime>
#include <fstream>

#include "feeds/stories/docs_jsonl.h"
#include "feeds/stories/story_index.h"
#include "feeds/text/document.h"
#include "tests/eval/evaluation.h"

namespace wirewatch {
namespace {

double cpu_seconds() {
  return static_cast<double>(std::clock()) / CLOCKS_PER_SEC;
}

double resident_megabytes() {
  std::ifstream file("/proc/self/statm");
  double pages = 0;
  file >> pages >> pages;
  return pages * 4096 / 1e6;
}

// Every tenth word gets the round's number, beginning with another in each round.
std::string varied(const std::string& text, std::size_t round) {
  if (round == 0) return text;
  std::string out;
  out.reserve(text.size() + text.size() / 10);
  const std::string mark = std::to_string(round);
  std::size_t word = round;
  for (const char c : text) {
    if (c == ' ' && ++word % 10 == 0) out += mark;
    out.push_back(c);
  }
  return out;
}

// What the store gives back for a document.
struct Kept {
  std::string id;
  Instant time{};
  std::string packed;
  feeds::Placement placement;
};
constexpr std::size_t kept_for_restart = 20'000;

void restart(const std::vector<Kept>& kept) {
  const double start = cpu_seconds();
  std::size_t bytes = 0;
  feeds::StoryIndex index;
  for (const Kept& one : kept) {
    if (!index.remember(one.id, one.time, one.packed, one.placement)) return;
    bytes += one.packed.size();
  }
  const double took = cpu_seconds() - start;
  fmt::print(
      "restart: {:.2f} s for 200000 documents of {} bytes each (reach 5 s), as {} took {:.2f} s\n",
      took * 200'000 / static_cast<double>(kept.size()), bytes / kept.size(), kept.size(), took);
}

int run(int argc, char** argv) {
  std::size_t documents = 1'000'000;
  std::vector<feeds::DocumentInput> inputs;
  for (int i = 1; i < argc; ++i) {
    if (std::string(argv[i]) == "--documents" && i + 1 < argc) {
      documents = static_cast<std::size_t>(std::atoll(argv[++i]));
    } else {
      for (feeds::DocumentInput& input : eval::read_inputs(argv[i]))
        inputs.push_back(std::move(input));
    }
  }
  if (inputs.empty()) {
    fmt::print(stderr, "stories_bench: name one or more DOCS.jsonl files\n");
    return 2;
  }
  const double before = resident_megabytes();
  fmt::print("texts to cycle through: {}, {:.0f} MB\n", inputs.size(), before);
  feeds::StoryIndex index;
  std::vector<Kept> kept;
  double making = 0;
  double placing = 0;
  double total = 0;
  const std::size_t step = std::max<std::size_t>(1, documents / 10);
  for (std::size_t i = 0; i < documents; ++i) {
    const std::size_t round = i / inputs.size();
    feeds::DocumentInput input = inputs[i % inputs.size()];
    input.id = fmt::format("{}-{}", i % inputs.size(), round);
    input.title = varied(input.title, round);
    input.text = varied(input.text, round);
    input.time = from_unix_micros(1'700'000'000'000'000 + static_cast<std::int64_t>(i) * 500'000);
    const double start = cpu_seconds();
    const Instant time = input.time;
    const feeds::Document document = feeds::make_document(std::move(input));
    const double made = cpu_seconds();
    feeds::Placement placement = index.place(document, {});
    const double placed = cpu_seconds();
    if (i + kept_for_restart >= documents)
      kept.push_back({document.id, time, index.packed(document.id), std::move(placement)});
    making += made - start;
    placing += placed - made;
    if ((i + 1) % step != 0) continue;
    total += making + placing;
    fmt::print("{:>9} documents  {:>7.0f}/s with making  {:>7.0f}/s placing  {:>5.0f} MB\n", i + 1,
               static_cast<double>(step) / (making + placing), static_cast<double>(step) / placing,
               resident_megabytes() - before);
    std::fflush(stdout);
    making = placing = 0;
  }
  fmt::print("all: {:.0f}/s (reach 10000)\n", static_cast<double>(documents) / total);
  restart(kept);
  return 0;
}

}  // namespace
}  // namespace wirewatch

int main(int argc, char** argv) {
  return wirewatch::run(argc, argv);
}
