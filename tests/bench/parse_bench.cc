// Feed bytes → items, ours beside libxml2 (BENCH_FEEDS: XML) and simdjson (BENCH_JSON: JSON Feeds).
// Run by tests/bench/parse and tests/bench/json.
#include <benchmark/benchmark.h>
#include <simdjson.h>

#include "feeds/parse/parse.h"
#include "tests/bench/files.h"
#include "tests/bench/peers/libxml2_items.h"

namespace {

using namespace wirewatch;

// Every file once an iteration; the counter `items` is checked by the script: a reader that
// finds less has not done the work.
template <class Read>
void over(benchmark::State& state, const std::vector<std::string>& files, const Read& read) {
  std::size_t items = 0;
  for (auto _ : state) {
    items = 0;
    for (const std::string& file : files) items += read(file);
  }
  state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations() * bench::bytes_of(files)));
  state.counters["items"] = static_cast<double>(items);
}

std::size_t ours(const std::string& file) {
  feeds::ParseContext context;
  context.url = "https://www.outlet.example/feed";
  const auto parsed = feeds::parse_feed(file, context);
  return parsed.has_value() ? parsed->items.size() : 0;
}

std::size_t libxml2(const std::string& file) {
  return bench::libxml2_items(file).size();
}

struct JsonItem {
  std::string id, url, title, content, summary, published;
  std::vector<std::string> tags;
};

// On demand, fields as they come, each to a string.
std::size_t simdjson_items(simdjson::ondemand::parser& parser,
                           const simdjson::padded_string& file) {
  std::vector<JsonItem> items;
  auto document = parser.iterate(file);
  for (auto entry : document["items"].get_array()) {
    JsonItem& item = items.emplace_back();
    for (auto field : entry.get_object()) {
      const std::string_view key = field.unescaped_key();
      auto value = field.value();
      std::string* target = key == "id"               ? &item.id
                            : key == "url"            ? &item.url
                            : key == "title"          ? &item.title
                            : key == "content_html"   ? &item.content
                            : key == "summary"        ? &item.summary
                            : key == "date_published" ? &item.published
                                                      : nullptr;
      if (target != nullptr) {
        *target = std::string_view(value);
      } else if (key == "tags") {
        for (auto tag : value.get_array()) item.tags.emplace_back(std::string_view(tag));
      }
    }
  }
  return items.size();
}

void ours_feeds(benchmark::State& state) {
  static const auto files = bench::files_of("BENCH_FEEDS");
  over(state, files, ours);
}

void libxml2_feeds(benchmark::State& state) {
  static const auto files = bench::files_of("BENCH_FEEDS");
  over(state, files, libxml2);
}

void ours_json(benchmark::State& state) {
  static const auto files = bench::files_of("BENCH_JSON");
  over(state, files, ours);
}

void simdjson_json(benchmark::State& state) {
  static const auto files = bench::files_of("BENCH_JSON");
  std::vector<simdjson::padded_string> padded;
  for (const std::string& file : files) padded.emplace_back(file);
  simdjson::ondemand::parser parser;
  std::size_t items = 0;
  for (auto _ : state) {
    items = 0;
    for (const auto& file : padded) items += simdjson_items(parser, file);
  }
  state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations() * bench::bytes_of(files)));
  state.counters["items"] = static_cast<double>(items);
}

BENCHMARK(ours_feeds);
BENCHMARK(libxml2_feeds);
BENCHMARK(ours_json);
BENCHMARK(simdjson_json);

}  // namespace

BENCHMARK_MAIN();
