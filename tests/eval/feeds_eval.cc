// Asks the feed side from outside, for the evaluations in this folder: one JSON value a line in,
// one a line out.
//   feeds_eval dates      "Thu, 01 Jan 2004 19:48:21 GMT"  →  "2004-01-01T19:48:21Z" or null
//   feeds_eval urls       ["base", "reference"]            →  "https://…" or null
//   feeds_eval documents  "path of a feed document"        →  the neutral JSON, or {"error": "…"}
#include <fmt/format.h>
#include <simdjson.h>

#include <fstream>
#include <iostream>
#include <iterator>
#include <string>

#include "feeds/json_writer.h"
#include "feeds/parse/dates.h"
#include "feeds/parse/parse.h"
#include "feeds/url.h"

namespace {

using wirewatch::JsonWriter;

std::string quoted(const std::string& text) {
  JsonWriter w;
  w.begin_array();
  w.value(text);
  w.end_array();
  const std::string array = w.take();
  return array.substr(1, array.size() - 2);
}

std::string answer_date(const simdjson::dom::element& asked) {
  const auto date = wirewatch::feeds::parse_date(std::string_view(asked));
  return date ? quoted(wirewatch::to_iso8601(*date)) : "null";
}

std::string answer_url(const simdjson::dom::element& asked) {
  const std::string_view base(asked.at(0));
  const auto resolved = wirewatch::feeds::resolve_url(base, std::string_view(asked.at(1)));
  return resolved ? quoted(*resolved) : "null";
}

std::string answer_document(const simdjson::dom::element& asked) {
  std::ifstream file(std::string(std::string_view(asked)), std::ios::binary);
  const std::string bytes{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  const auto parsed = wirewatch::feeds::parse_feed(bytes, {});
  if (parsed.has_value()) return to_json(*parsed);
  return "{\"error\":" + quoted(parsed.error().text) + "}";
}

}  // namespace

int main(int argc, char** argv) {
  const std::string what = argc > 1 ? argv[1] : "";
  std::string (*answer)(const simdjson::dom::element&) = nullptr;
  if (what == "dates") answer = answer_date;
  if (what == "urls") answer = answer_url;
  if (what == "documents") answer = answer_document;
  if (answer == nullptr) {
    std::cerr << "feeds_eval: say one of dates, urls, documents\n";
    return 2;
  }
  simdjson::dom::parser parser;
  std::string line;
  while (std::getline(std::cin, line)) {
    simdjson::dom::element asked;
    if (parser.parse(line).get(asked) != simdjson::SUCCESS) {
      std::cerr << "feeds_eval: no JSON: " << line << "\n";
      return 1;
    }
    std::cout << answer(asked) << "\n";
  }
  return 0;
}
