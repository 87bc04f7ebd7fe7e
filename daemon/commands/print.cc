#include "daemon/commands/print.h"

#include <fmt/format.h>

#include "daemon/loop/log.h"

namespace wirewatch::daemon {

std::string text_at(const simdjson::dom::element& object, std::string_view key) {
  simdjson::dom::element value;
  if (object[key].get(value) != simdjson::SUCCESS) return {};
  std::string_view text;
  if (value.get(text) == simdjson::SUCCESS) return escape_for_log(text);
  return simdjson::minify(value);
}

std::string percent_at(const simdjson::dom::element& object, std::string_view key) {
  double share = 0;
  return object[key].get(share) == simdjson::SUCCESS ? fmt::format("{:.0f} %", 100 * share) : "";
}

std::string list_at(const simdjson::dom::element& object, std::string_view key) {
  simdjson::dom::array values;
  std::string list;
  if (object[key].get(values) != simdjson::SUCCESS) return list;
  for (const simdjson::dom::element value : values) {
    std::string_view text;
    if (value.get(text) != simdjson::SUCCESS) continue;
    if (!list.empty()) list += ", ";
    list += escape_for_log(text);
  }
  return list;
}

std::string when(const std::string& iso) {
  if (iso.size() < 19) return iso;
  return iso.substr(0, 10) + " " + iso.substr(11, 8) + (iso.back() == 'Z' ? "Z" : "");
}

std::string counted(std::string_view number, std::string_view noun) {
  std::string text(number == "0" ? "no" : number);
  text += " ";
  if (number == "1") return text += noun;
  if (!noun.ends_with('y') || noun.ends_with("ay")) return text.append(noun) += "s";
  return text.append(noun.substr(0, noun.size() - 1)) += "ies";
}

std::string delivery_text(const simdjson::dom::element& delivery) {
  const std::string state = text_at(delivery, "state");
  const std::string answer = text_at(delivery, "answer");
  if (state == "absorbed") return "not sent by itself: " + answer;
  if (state == "held" || state == "collected") {
    const std::string how = state == "held" ? "held" : "kept for a digest";
    return fmt::format("{} until {}: {}", how, when(text_at(delivery, "due")), answer);
  }
  std::string text =
      fmt::format("{}, {}", state, counted(text_at(delivery, "attempts"), "attempt"));
  const std::string finished = text_at(delivery, "finished");
  if (!finished.empty()) text += ", " + when(finished);
  return answer.empty() ? text : text + " " + answer;
}

}  // namespace wirewatch::daemon
