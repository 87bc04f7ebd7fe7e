#include "tests/bench/stories_worst.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <ctime>
#include <random>
#include <string>
#include <vector>

#include "feeds/stories/story_index.h"
#include "feeds/text/document.h"

namespace wirewatch::bench {
namespace {

constexpr std::size_t documents = 100'000;

double cpu_milliseconds() {
  timespec now{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) * 1e3 + static_cast<double>(now.tv_nsec) * 1e-6;
}

// Words of two to four syllables; the same number is always the same word.
std::string word(std::size_t number) {
  static constexpr const char* syllables[] = {"ba", "do",  "ki", "lu",  "me",  "nor", "pa",  "sil",
                                              "ta", "ven", "wo", "zar", "hir", "gam", "fel", "rud"};
  std::string text;
  for (std::size_t left = number + 256; left > 0; left /= 16) text += syllables[left % 16];
  return text;
}

class Case {
 public:
  explicit Case(const char* name) : name_(name) {}

  const feeds::Placement& place(feeds::DocumentInput input) {
    const feeds::Document document = feeds::make_document(std::move(input));
    const double start = cpu_milliseconds();
    last_ = index_.place(document, {});
    const double took = cpu_milliseconds() - start;
    longest_ = std::max(longest_, took);
    all_ += took;
    ++count_;
    return last_;
  }
  // What came before is not what is measured.
  void begin() {
    longest_ = all_ = 0;
    count_ = 0;
  }
  std::size_t size() const { return index_.size(); }

  void tell(bool rows, double share) const {
    tell(rows, "longest ms", longest_);
    tell(rows, "placed a second", static_cast<double>(count_) * 1e3 / all_);
    tell(rows, "as meant %", share * 100);
  }

 private:
  void tell(bool rows, const char* what, double value) const {
    const std::string name = fmt::format("{} {}", name_, what);
    if (rows) {
      fmt::print("{}\t{:.3f}\n", name, value);
    } else {
      fmt::print("{:<40}{:.3f}\n", name, value);
    }
    std::fflush(stdout);
  }

  const char* name_;
  feeds::StoryIndex index_;
  feeds::Placement last_;
  double longest_ = 0;
  double all_ = 0;
  std::size_t count_ = 0;
};

class Words {
 public:
  // `count` words of the `many` from `first` on.
  std::string some(std::size_t count, std::size_t first, std::size_t many) {
    std::string text;
    for (std::size_t i = 0; i < count; ++i) {
      if (i > 0) text += i % 12 == 0 ? ". " : " ";
      text += word(first + random_() % many);
    }
    return text + ".";
  }

 private:
  std::mt19937 random_{7};
};

Instant second(std::size_t number) {
  return from_unix_micros(1'700'000'000'000'000 + static_cast<std::int64_t>(number) * 1'000'000);
}

feeds::DocumentInput report(std::size_t number, std::string title, std::string text, Instant time) {
  feeds::DocumentInput input;
  input.id = fmt::format("r{}", number);
  input.title = std::move(title);
  input.text = std::move(text);
  input.time = time;
  return input;
}

double share(std::size_t part) {
  return static_cast<double>(part) / static_cast<double>(documents);
}

void same_text(bool rows) {
  Case one("the same text");
  Words words;
  const std::string title = words.some(8, 0, 2000);
  const std::string text = words.some(400, 0, 2000);
  std::size_t copies = 0;
  for (std::size_t i = 0; i < documents; ++i)
    if (one.place(report(i, title, text, second(i))).copy_group == "r0") ++copies;
  one.tell(rows, share(copies));
}

// Words of their own beside some thirty that all have.
void one_event(bool rows) {
  Case one("one event");
  Words words;
  std::size_t together = 0;
  for (std::size_t i = 0; i < documents; ++i) {
    const feeds::Placement& placement =
        one.place(report(i, words.some(6, 0, 12),
                         words.some(40, 0, 30) + " " + words.some(20, 1000, 60'000), second(i)));
    if (placement.story == "r0") ++together;
  }
  one.tell(rows, share(together));
}

// A week's documents; then the next one comes when all of them have gone out of the window.
void after_a_pause(bool rows) {
  Case one("after a pause");
  Words words;
  const auto next = [&](std::size_t i, std::size_t at) {
    one.place(report(i, words.some(6, 0, 60'000), words.some(120, 0, 60'000), second(at)));
  };
  for (std::size_t i = 0; i < documents; ++i) next(i, i);
  one.begin();
  for (std::size_t i = documents; i < 2 * documents; ++i) next(i, i + 10 * 86'400);
  one.tell(rows, share(one.size()));
}

}  // namespace

void place_worst_cases(bool rows) {
  same_text(rows);
  one_event(rows);
  after_a_pause(rows);
}

}  // namespace wirewatch::bench
