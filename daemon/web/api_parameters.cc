#include "daemon/web/api_parameters.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <string_view>
#include <vector>

#include "daemon/web/api_answers.h"

namespace wirewatch::daemon {
namespace {

struct Takes {
  std::string_view method;
  std::string_view path;  // with a slash at the end: and what is below it
  std::vector<std::string_view> names;
};

const std::vector<Takes>& requests() {
  static const std::vector<Takes> all = {
      {"GET", "/v1/status", {}},
      {"GET", "/v1/feeds", {"only"}},
      {"POST", "/v1/feeds/poll", {"name"}},
      {"POST", "/v1/feeds/release", {"name", "drop"}},
      {"GET", "/v1/alerts", {"rule", "story", "since", "waiting", "limit"}},
      {"GET", "/v1/alerts/", {}},
      {"GET", "/v1/deliveries", {"alert", "receiver", "state", "since", "until", "limit"}},
      {"POST",
       "/v1/deliveries/replay",
       {"id", "alert", "receiver", "state", "since", "until", "limit"}},
      {"GET", "/v1/items", {"text", "limit"}},
      {"GET", "/v1/why", {"item"}},
      {"GET", "/v1/stories/", {}},
      {"GET", "/v1/silences", {}},
      {"POST",
       "/v1/silences",
       {"rule", "story", "feed", "receiver", "for", "until", "up_to", "comment", "who"}},
      {"POST", "/v1/silences/end", {"id"}},
      {"POST", "/v1/stories/follow", {"story", "end", "who"}},
      {"POST", "/v1/alerts/verdict", {"alert", "verdict", "note", "who"}},
      {"POST", "/v1/reload", {}},
      {"POST", "/v1/clock", {"by"}},
  };
  return all;
}

const Takes* taken_by(const WebRequest& request) {
  for (const Takes& one : requests()) {
    const bool below = one.path.ends_with('/');
    if (one.method != request.method) continue;
    if (below ? request.path.starts_with(one.path) : request.path == one.path) return &one;
  }
  return nullptr;
}

std::optional<std::string> unknown(const WebRequest& request) {
  const Takes* const takes = taken_by(request);
  if (takes == nullptr) return std::nullopt;
  for (const auto& [name, value] : request.query) {
    if (std::find(takes->names.begin(), takes->names.end(), name) != takes->names.end()) continue;
    return fmt::format("there is no parameter \"{}\" here; {}", name,
                       takes->names.empty()
                           ? "this takes none"
                           : fmt::format("this takes {}", fmt::join(takes->names, ", ")));
  }
  return std::nullopt;
}

// One of a few words, or not given.
std::optional<std::string> none_of(const WebRequest& request, const std::string& name,
                                   const std::vector<std::string_view>& words) {
  const std::string text = parameter(request, name);
  if (text.empty() || std::find(words.begin(), words.end(), text) != words.end()) {
    return std::nullopt;
  }
  return words.size() == 1
             ? fmt::format("{}: \"{}\" is not {}", name, text, words[0])
             : fmt::format("{}: \"{}\" is none of {}", name, text, fmt::join(words, ", "));
}

std::optional<std::string> no_time(const WebRequest& request, const std::string& name) {
  const std::string text = parameter(request, name);
  if (text.empty() || from_iso8601(text)) return std::nullopt;
  return fmt::format("{}: \"{}\" is no time such as 2026-11-21T18:00:00Z", name, text);
}

std::optional<std::string> no_limit(const WebRequest& request) {
  const std::string text = parameter(request, "limit");
  const bool number = text.size() <= 6 && text.find_first_not_of("0123456789") == std::string::npos;
  if (text.empty() || (number && std::stoul(text) <= most_rows)) return std::nullopt;
  return fmt::format("limit: \"{}\" is no number up to {}", text, most_rows);
}

}  // namespace

std::optional<DeliveryState> delivery_state(const std::string& text) {
  for (const auto state :
       {DeliveryState::pending, DeliveryState::delivered, DeliveryState::dead, DeliveryState::held,
        DeliveryState::collected, DeliveryState::absorbed}) {
    if (text == to_string(state)) return state;
  }
  return std::nullopt;
}

std::optional<std::string> wrong_parameter(const WebRequest& request) {
  if (auto wrong = unknown(request)) return wrong;
  for (const std::string name : {"since", "until"}) {
    if (auto wrong = no_time(request, name)) return wrong;
  }
  if (auto wrong = none_of(request, "state",
                           {"pending", "delivered", "dead", "held", "collected", "absorbed"})) {
    return wrong;
  }
  if (auto wrong = none_of(request, "only", {"failing", "stale"})) return wrong;
  for (const std::string name : {"drop", "waiting", "end"}) {
    if (auto wrong = none_of(request, name, {"1"})) return wrong;
  }
  if (!parameter(request, "for").empty() && !parameter(request, "until").empty()) {
    return "for and until exclude each other";
  }
  return no_limit(request);
}

}  // namespace wirewatch::daemon
