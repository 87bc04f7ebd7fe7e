// `alerts silence`, `follow`, `mute`, `right` and `wrong`: asks of the running daemon.
#include <fmt/format.h>
#include <pwd.h>
#include <unistd.h>

#include "daemon/commands/alerts_verbs.h"
#include "daemon/commands/client.h"
#include "daemon/commands/print.h"

namespace wirewatch::daemon {
namespace {

std::string who(const CommandLine& line) {
  if (const auto given = line.value("who")) return *given;
  const passwd* user = ::getpwuid(::getuid());
  return user == nullptr ? std::string() : user->pw_name;
}

// Sends it and prints `said` on success.
int post(const CommandLine& line, const std::string& path, const Query& query,
         const std::string& said) {
  const auto answer = Client::from(line).ask("POST", with_query(path, query));
  if (!answer || answer->status != 200) return complain_about("alerts", answer);
  if (line.has("json")) {
    fmt::print("{}\n", answer->body);
    return exit_ok;
  }
  simdjson::dom::parser parser;
  const simdjson::dom::element root = parser.parse(answer->body);
  fmt::print("{}\n", fmt::format(fmt::runtime(said), text_at(root, "id")));
  return exit_ok;
}

}  // namespace

int alerts_silence(const CommandLine& line) {
  const Query query = {{"rule", line.value_or("rule", "")},
                       {"story", line.value_or("story", "")},
                       {"feed", line.value_or("feed", "")},
                       {"receiver", line.value_or("receiver", "")},
                       {"for", line.value_or("for", "")},
                       {"until", line.value_or("until", "")},
                       {"up_to", line.value_or("up-to", "")},
                       {"comment", line.value_or("comment", "")},
                       {"who", who(line)}};
  return post(line, "/v1/silences", query,
              "silence {0} holds; `wirewatch alerts unsilence {0}` ends it");
}

int alerts_silences(const CommandLine& line) {
  const auto answer = Client::from(line).ask("GET", "/v1/silences");
  if (!answer || answer->status != 200) return complain_about("alerts", answer);
  if (line.has("json")) {
    fmt::print("{}\n", answer->body);
    return exit_ok;
  }
  simdjson::dom::parser parser;
  const simdjson::dom::element root = parser.parse(answer->body);
  std::size_t count = 0;
  for (const simdjson::dom::element silence : root["silences"].get_array()) {
    ++count;
    fmt::print("{}  until {}  up to {}", text_at(silence, "id"), when(text_at(silence, "until")),
               text_at(silence, "up_to"));
    for (const auto& [called, key] : {std::pair("rule", "rule"),
                                      {"story", "story"},
                                      {"feed", "feed_name"},
                                      {"receiver", "receiver"},
                                      {"comment", "comment"},
                                      {"who", "who"}}) {
      const auto value = text_at(silence, key);
      if (!value.empty()) fmt::print("  {}: {}", called, value);
    }
    fmt::print("\n");
  }
  if (count == 0) fmt::print("no silences\n");
  for (const simdjson::dom::element story : root["followed"].get_array()) {
    fmt::print("story {} is followed since {}  {}\n", text_at(story, "story"),
               when(text_at(story, "since")), text_at(story, "who"));
  }
  return exit_ok;
}

int alerts_unsilence(const CommandLine& line) {
  if (line.words().size() < 2) {
    return complain("alerts", "end which silence? alerts unsilence ID", exit_misuse);
  }
  return post(line, "/v1/silences/end", {{"id", line.words()[1]}}, "silence {} has ended");
}

int alerts_follow(const CommandLine& line, bool end) {
  if (line.words().size() < 2) {
    return complain("alerts", "which story? the id of a story, or of one of its alerts",
                    exit_misuse);
  }
  const Query query = {{"story", line.words()[1]}, {"who", who(line)}, {"end", end ? "1" : ""}};
  return post(line, "/v1/stories/follow", query,
              end ? "story {} is followed no longer"
                  : "story {} is followed: every further text of its own is told");
}

int alerts_mute(const CommandLine& line) {
  if (line.words().size() < 2) {
    return complain("alerts", "which story? the id of a story, or of one of its alerts",
                    exit_misuse);
  }
  const Query query = {{"story", line.words()[1]},
                       {"for", line.value_or("for", "30d")},
                       {"up_to", "critical"},
                       {"comment", line.value_or("comment", "muted")},
                       {"who", who(line)}};
  return post(line, "/v1/silences", query,
              "the story is muted; `wirewatch alerts unsilence {}` ends that");
}

int alerts_verdict(const CommandLine& line, bool right) {
  if (line.words().size() < 2) {
    return complain("alerts", "which alert? the beginning of its id is enough", exit_misuse);
  }
  const Query query = {{"alert", line.words()[1]},
                       {"verdict", right ? "right" : "wrong"},
                       {"note", line.value_or("note", "")},
                       {"who", who(line)}};
  return post(line, "/v1/alerts/verdict", query,
              right ? "noted: alert {} was right" : "noted: alert {} was wrong");
}

}  // namespace wirewatch::daemon
