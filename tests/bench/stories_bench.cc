// stories_bench FILE… [--stream N] [--rows]: how fast, and in how much memory, documents find their
// stories, and whether a restart changes a decision. Reads DOCS.jsonl files (".gz" through zcat)
// once and cycles through them, mixed, as one stream of N documents (1,000,000 if not said): each
// round every tenth word is another one, and the time goes on by half a second a document, so that
// the memory of stories fills. Every twentieth text comes again 50 documents later without its last
// tenth. Prints, for each tenth of the stream, documents a second of this process's time on the CPU
// and the memory that it holds beside the texts, by how much the index reckons it wrong, and
// whether documents had to leave for others (full); then what streams that are meant to be slow
// take. With --rows as "name<TAB>value".
#include <fmt/format.h>
#include <malloc.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <deque>
#include <fstream>
#include <random>
#include <unordered_map>

#include "feeds/hash.h"
#include "feeds/stories/docs_jsonl.h"
#include "feeds/stories/story_index.h"
#include "feeds/text/document.h"
#include "tests/bench/stories_worst.h"
#include "tests/eval/evaluation.h"

namespace wirewatch {
namespace {

double cpu_seconds() {
  timespec now{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

double resident_megabytes() {
  std::ifstream file("/proc/self/statm");
  double pages = 0;
  file >> pages >> pages;
  return pages * 4096 / 1e6;
}

// Asked for and not given back yet, by all of the program.
double held_megabytes() {
  const auto info = mallinfo2();
  return static_cast<double>(info.uordblks + info.hblkhd) / 1e6;
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

// The documents of the stream, one after the other.
class Stream {
 public:
  explicit Stream(std::vector<feeds::DocumentInput> inputs) : inputs_(std::move(inputs)) {
    std::shuffle(inputs_.begin(), inputs_.end(), std::mt19937(1));
  }

  feeds::DocumentInput next() {
    if (!again_.empty() && again_.front().first <= made_) {
      feeds::DocumentInput copy = std::move(again_.front().second);
      again_.pop_front();
      copy.time = tick();
      return copy;
    }
    const std::size_t round = made_ / inputs_.size();
    feeds::DocumentInput input = inputs_[made_ % inputs_.size()];
    input.id = fmt::format("{}-{}", made_ % inputs_.size(), round);
    input.title = varied(input.title, round);
    input.text = varied(input.text, round);
    // Shorter ones are told apart by less than a tenth.
    if (++made_ % 20 == 0 && input.text.size() > 400) {
      again_.emplace_back(made_ + 50, input);
      again_.back().second.id = "again-" + input.id;
      std::string& text = again_.back().second.text;
      text.resize(text.rfind(' ', text.size() * 9 / 10));
    }
    input.time = tick();
    return input;
  }

 private:
  Instant tick() { return from_unix_micros(1'700'000'000'000'000 + ticks_++ * 500'000); }

  std::vector<feeds::DocumentInput> inputs_;
  std::size_t made_ = 0;
  std::int64_t ticks_ = 0;
  std::deque<std::pair<std::size_t, feeds::DocumentInput>> again_;
};

// What the store gives back for the documents of a restart. In a file: it is not ours to hold.
class Archive {
 public:
  void put(const feeds::Document& document, const feeds::Placement& placement,
           const std::string& packed) {
    put(document.id);
    put(document.time);
    put(placement.story);
    put(placement.copy_group);
    put(placement.relation);
    put(placement.of);
    put(placement.similarity);
    put(packed);
    ++size_;
  }
  // What a placement changes for documents that were put earlier, or never.
  void changed(const feeds::Placement& placement) {
    for (const feeds::StoryMerge& merge : placement.merges) merges_[merge.story] = merge.into;
    if (!placement.split) return;
    merges_.erase(placement.split->story);
    for (const feeds::StorySplit::Left& left : placement.split->documents)
      moved_[left.id] = placement.split->story;
  }

  // A new index, and what it took to fill it.
  feeds::StoryIndex restore(double& seconds) {
    std::rewind(file_);
    feeds::StoryIndex index;
    seconds = 0;
    std::string id;
    std::string packed;
    Instant time{};
    feeds::Placement placement;
    for (std::size_t i = 0; i < size_; ++i) {
      get(id);
      get(time);
      get(placement.story);
      get(placement.copy_group);
      get(placement.relation);
      get(placement.of);
      get(placement.similarity);
      get(packed);
      std::string& story = placement.story;
      if (const auto left = moved_.find(id); left != moved_.end()) story = left->second;
      for (auto at = merges_.find(story); at != merges_.end(); at = merges_.find(story))
        story = at->second;
      const double start = cpu_seconds();
      if (!index.remember(id, time, packed, placement)) std::exit(1);
      seconds += cpu_seconds() - start;
    }
    const double start = cpu_seconds();
    index.enter_words();
    index.enter_pairs();
    seconds += cpu_seconds() - start;
    return index;
  }
  std::size_t size() const { return size_; }

 private:
  template <typename Value>
  void put(const Value& value) {
    std::fwrite(&value, sizeof value, 1, file_);
  }
  void put(const std::string& text) {
    put(text.size());
    std::fwrite(text.data(), 1, text.size(), file_);
  }
  template <typename Value>
  void get(Value& value) {
    if (std::fread(&value, sizeof value, 1, file_) != 1) std::exit(1);
  }
  void get(std::string& text) {
    std::size_t size = 0;
    get(size);
    text.resize(size);
    if (std::fread(text.data(), 1, size, file_) != size) std::exit(1);
  }

  std::FILE* file_ = std::tmpfile();
  std::size_t size_ = 0;
  std::unordered_map<std::string, std::string> merges_;
  std::unordered_map<std::string, std::string> moved_;  // by document
};

std::string line_of(const std::string& id, const feeds::Placement& placement) {
  std::string line = feeds::placement_line(id, placement);
  for (const feeds::StoryMerge& merge : placement.merges) line += feeds::merge_line(merge);
  if (placement.split) line += feeds::split_line(*placement.split);
  return line;
}

struct Figures {
  double making = 0;
  double placing = 0;
  double longest = 0;
  std::uint64_t decisions = 0;  // a hash of all
  std::size_t again = 0;
  std::size_t found = 0;
  std::unordered_map<std::string, std::string> groups;  // of texts that come again
};

class Bench {
 public:
  Bench(std::vector<feeds::DocumentInput> inputs, bool rows)
      : stream_(std::move(inputs)),
        rows_(rows),
        before_(resident_megabytes()),
        held_before_(held_megabytes()) {}

  void run(std::size_t documents) {
    const std::size_t step = std::max<std::size_t>(1, documents / 10);
    for (std::size_t i = 0; i < documents; ++i) {
      place_next(i + kept_for_restart >= documents);
      if ((i + 1) % step == 0) tell_tenth(i + 1, step);
    }
    tell("longest ms", figures_.longest * 1e3);
    tell("copies found %", 100.0 * static_cast<double>(figures_.found) /
                               static_cast<double>(std::max<std::size_t>(1, figures_.again)));
    fmt::print("decisions{}{:016x}\n", rows_ ? "\t" : "  ", figures_.decisions);
    restart();
  }

 private:
  static constexpr std::size_t kept_for_restart = 200'000;
  static constexpr std::size_t placed_after = 5'000;

  void tell(const char* name, double value) {
    if (rows_) {
      fmt::print("{}\t{:.4f}\n", name, value);
    } else {
      fmt::print("{:<32}{:.2f}\n", name, value);
    }
    std::fflush(stdout);
  }

  void place_next(bool kept) {
    feeds::DocumentInput input = stream_.next();
    const double start = cpu_seconds();
    const feeds::Document document = feeds::make_document(std::move(input));
    const double made = cpu_seconds();
    const feeds::Placement placement = index_.place(document, {});
    const double placed = cpu_seconds();
    figures_.making += made - start;
    figures_.placing += placed - made;
    figures_.longest = std::max(figures_.longest, placed - made);
    figures_.decisions = hash64(line_of(document.id, placement), figures_.decisions);
    archive_.changed(placement);
    if (kept) archive_.put(document, placement, index_.packed(document.id));
    count_copy(document.id, placement);
  }

  void count_copy(const std::string& id, const feeds::Placement& placement) {
    if (!id.starts_with("again-")) {
      figures_.groups[id] = placement.copy_group;
      recent_.push_back(id);
      if (recent_.size() <= 200) return;
      figures_.groups.erase(recent_.front());
      recent_.pop_front();
      return;
    }
    ++figures_.again;
    const auto first = figures_.groups.find(id.substr(6));
    if (placement.relation == feeds::Relation::copy && first != figures_.groups.end() &&
        placement.copy_group == first->second)
      ++figures_.found;
  }

  void tell_tenth(std::size_t documents, std::size_t step) {
    const auto count = static_cast<double>(step);
    const double all = figures_.making + figures_.placing;
    if (!rows_) fmt::print("-- after {} documents\n", documents);
    tell("placed a second", count / figures_.placing);
    tell("made and placed a second", count / all);
    tell("resident MB", resident_megabytes() - before_);
    tell("held MB", held_megabytes() - held_before_);
    tell("reckoned MB", static_cast<double>(index_.bytes()) / 1e6);
    // No text of the stream is an edit of another.
    tell("full", index_.size() < documents ? 1 : 0);
    figures_.making = figures_.placing = 0;
  }

  void restart() {
    double seconds = 0;
    feeds::StoryIndex again = archive_.restore(seconds);
    tell("restart s", seconds * 200'000 / static_cast<double>(archive_.size()));
    std::size_t other = 0;
    for (std::size_t i = 0; i < placed_after; ++i) {
      const feeds::Document document = feeds::make_document(stream_.next());
      const std::string straight = line_of(document.id, index_.place(document, {}));
      if (straight != line_of(document.id, again.place(document, {}))) ++other;
    }
    tell("other decisions after a restart", static_cast<double>(other));
  }

  Stream stream_;
  bool rows_;
  double before_;
  double held_before_;
  feeds::StoryIndex index_;
  Archive archive_;
  Figures figures_;
  std::deque<std::string> recent_;
};

int run(int argc, char** argv) {
  std::size_t documents = 1'000'000;
  bool rows = false;
  std::vector<feeds::DocumentInput> inputs;
  for (int i = 1; i < argc; ++i) {
    const std::string word = argv[i];
    if (word == "--stream" && i + 1 < argc) {
      documents = static_cast<std::size_t>(std::atoll(argv[++i]));
    } else if (word == "--rows") {
      rows = true;
    } else {
      for (feeds::DocumentInput& input : eval::read_inputs(argv[i]))
        inputs.push_back(std::move(input));
    }
  }
  if (inputs.empty()) {
    fmt::print(stderr, "stories_bench: name one or more DOCS.jsonl files\n");
    return 2;
  }
  if (documents > 0) Bench(std::move(inputs), rows).run(documents);
  bench::place_worst_cases(rows);
  return 0;
}

}  // namespace
}  // namespace wirewatch

int main(int argc, char** argv) {
  return wirewatch::run(argc, argv);
}
