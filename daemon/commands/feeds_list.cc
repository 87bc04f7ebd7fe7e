#include "daemon/commands/feeds_list.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <vector>

#include "daemon/commands/client.h"
#include "daemon/commands/print.h"
#include "daemon/web/queries.h"

namespace wirewatch::daemon {
namespace {

using Feed = simdjson::dom::element;
constexpr std::array<std::string_view, 5> order = {"paused", "failing", "stale", "not polled yet",
                                                   "good"};

std::size_t rank_of(const Feed& feed) {
  const auto at = std::find(order.begin(), order.end(), text_at(feed, "status"));
  return static_cast<std::size_t>(at - order.begin());
}

// Those that need a look first, then by name.
std::vector<Feed> sorted(const simdjson::dom::array& feeds) {
  std::vector<Feed> all(feeds.begin(), feeds.end());
  std::stable_sort(all.begin(), all.end(), [](const Feed& a, const Feed& b) {
    const std::size_t rank_a = rank_of(a);
    const std::size_t rank_b = rank_of(b);
    return rank_a != rank_b ? rank_a < rank_b : text_at(a, "name") < text_at(b, "name");
  });
  return all;
}

std::string shown(const Feed& feed, const char* key, const char* otherwise) {
  const std::string text = text_at(feed, key);
  return text.empty() ? otherwise : when(text);
}

std::string next_poll(const Feed& feed) {
  if (text_at(feed, "finished") == "true") return "finished";
  return "next poll " + shown(feed, "next_poll", "when asked");
}

void print_feed(const Feed& feed, std::size_t width) {
  const std::string status = text_at(feed, "status");
  fmt::print("{:<{}}  {:<14}  {:<30}  last change {:<20}  {}\n", text_at(feed, "name"), width,
             status, next_poll(feed), shown(feed, "last_change", "never"), text_at(feed, "rhythm"));
  const std::string failure = text_at(feed, "failure");
  const std::string stale = text_at(feed, "stale_since");
  const std::string gaps = text_at(feed, "gaps");
  const std::string moved = text_at(feed, "moved_to");
  if (status != "good") fmt::print("    {}\n", text_at(feed, "url"));
  if (!failure.empty()) {
    fmt::print("    failed {} in a row: {}\n", counted(text_at(feed, "failures"), "time"), failure);
  }
  if (!stale.empty()) {
    fmt::print("    stale, noticed {}: nothing new for far longer than usual\n", when(stale));
  }
  if (gaps != "0") {
    fmt::print("    {}, the last {}: items were probably lost\n", counted(gaps, "gap"),
               shown(feed, "last_gap", "unknown"));
  }
  if (!text_at(feed, "held_since").empty()) {
    fmt::print("    {} since {}: republished, it seems; `wirewatch feeds release`\n",
               counted(text_at(feed, "held"), "held item"), when(text_at(feed, "held_since")));
  }
  if (!moved.empty()) fmt::print("    redirects for good to {}\n", moved);
  if (!text_at(feed, "websub").empty()) fmt::print("    hub: {}\n", text_at(feed, "websub"));
  for (const simdjson::dom::element warning : feed["warnings"].get_array()) {
    fmt::print("    warning: {}\n", std::string_view(warning));
  }
}

int print(const CommandLine& line, const std::string& body) {
  constexpr std::size_t least_width = 16;
  constexpr std::size_t most_width = 40;
  if (line.has("json")) {
    fmt::print("{}\n", body);
    return exit_ok;
  }
  simdjson::dom::parser parser;
  const simdjson::dom::element root = parser.parse(body);
  const std::vector<Feed> feeds = sorted(root["feeds"].get_array());
  std::size_t width = least_width;
  std::map<std::size_t, std::size_t> counts;
  for (const Feed& feed : feeds) {
    width = std::max(width, std::min(text_at(feed, "name").size(), most_width));
    ++counts[rank_of(feed)];
  }
  for (const Feed& feed : feeds) print_feed(feed, width);
  std::string sum;
  for (const auto& [rank, count] : counts) {
    if (rank < order.size())
      sum += fmt::format("{} {} {}", sum.empty() ? ":" : ",", count, order[rank]);
  }
  fmt::print("{}{}\n", counted(std::to_string(feeds.size()), "feed"), sum);
  return exit_ok;
}

}  // namespace

int feeds_list(const CommandLine& line) {
  if (line.has("failing") && line.has("stale")) {
    return complain("feeds", "--failing and --stale exclude each other", exit_misuse);
  }
  const std::string only = line.has("failing") ? "failing" : line.has("stale") ? "stale" : "";
  const Client client = Client::from(line);
  if (const auto answer = client.ask("GET", with_query("/v1/feeds", {{"only", only}}))) {
    if (answer->status != 200) return complain_about("feeds", answer);
    return print(line, answer->body);
  }
  const auto store = client.open_store();
  if (!store) return complain("feeds", store.error().text);
  return print(line, stored_feeds_json(**store, only));
}

}  // namespace wirewatch::daemon
