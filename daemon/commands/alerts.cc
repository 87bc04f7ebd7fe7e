#include <fmt/format.h>

#include "daemon/commands/alerts_verbs.h"
#include "daemon/commands/client.h"
#include "daemon/commands/print.h"
#include "daemon/commands/since.h"
#include "daemon/config/snapshot.h"
#include "daemon/web/known_names.h"
#include "daemon/web/queries.h"

namespace wirewatch::daemon {
namespace {

void print_list(const simdjson::dom::element& root) {
  const simdjson::dom::array alerts = root["alerts"].get_array();
  if (alerts.begin() == alerts.end()) fmt::print("no alerts\n");
  for (const simdjson::dom::element alert : alerts) {
    fmt::print("{}  {}  {:<8} {}: {}\n", when(text_at(alert, "created")),
               text_at(alert, "id").substr(0, 12), text_at(alert, "severity"),
               text_at(alert, "rule"), text_at(alert, "headline"));
    const std::string told = text_at(alert, "revision");
    if (told == "0") {
      fmt::print("    nobody was told: {}\n", text_at(alert, "reason"));
    } else {
      fmt::print("    {} ({})\n", list_at(alert, "sources"), counted(told, "message"));
    }
  }
}

void print_one(const simdjson::dom::element& alert) {
  const std::string url = text_at(alert, "url");
  fmt::print("{}\n{}{}alert {}  story {}\nrule {} ({}); {}; first told {}, last change {}\n",
             text_at(alert, "headline"), url, url.empty() ? "" : "\n", text_at(alert, "id"),
             text_at(alert, "story"), text_at(alert, "rule"), text_at(alert, "severity"),
             text_at(alert, "reason"), when(text_at(alert, "created")),
             when(text_at(alert, "updated")));
  fmt::print("sources: {}\n", list_at(alert, "sources"));
  for (const simdjson::dom::element delivery : alert["deliveries"].get_array()) {
    fmt::print("  revision {} to {:<14} {}\n", text_at(delivery, "revision"),
               text_at(delivery, "receiver"), delivery_text(delivery));
  }
  for (const simdjson::dom::element verdict : alert["verdicts"].get_array()) {
    fmt::print("  {} {}  {} {}\n", text_at(verdict, "verdict"), when(text_at(verdict, "at")),
               text_at(verdict, "note"), text_at(verdict, "who"));
  }
}

int print_answer(const CommandLine& line, const std::string& body, bool one) {
  if (line.has("json")) {
    fmt::print("{}\n", body);
    return exit_ok;
  }
  simdjson::dom::parser parser;
  const simdjson::dom::element root = parser.parse(body);
  if (one) {
    print_one(root);
  } else {
    print_list(root);
  }
  return exit_ok;
}

Result<AlertFilter> filter_from(const CommandLine& line) {
  AlertFilter filter;
  filter.waiting = line.has("waiting");
  if (const auto limit = line.value("limit")) {
    if (limit->empty() || limit->size() > 6 ||
        limit->find_first_not_of("0123456789") != std::string::npos) {
      return Error{ErrorKind::invalid, fmt::format("--limit takes a number, not \"{}\"", *limit)};
    }
    filter.limit = std::stoul(*limit);
    if (filter.limit == 0) return Error{ErrorKind::invalid, "--limit takes a number above 0"};
  }
  if (const auto since = line.value("since")) {
    const auto from = read_since(*since);
    if (!from) return from.error();
    filter.since = from->from;
  }
  return filter;
}

int list(const CommandLine& line) {
  auto filter = filter_from(line);
  if (!filter) return complain("alerts", filter.error().text, exit_misuse);
  const std::string rule = line.value_or("rule", "");
  const Client client = Client::from(line);
  const std::string target =
      with_query("/v1/alerts", {{"rule", rule},
                                {"limit", std::to_string(filter->limit)},
                                {"waiting", filter->waiting ? "1" : ""},
                                {"since", filter->since ? to_iso8601(*filter->since) : ""}});
  if (const auto answer = client.ask("GET", target)) {
    if (answer->status != 200) return complain_about("alerts", answer);
    return print_answer(line, answer->body, false);
  }
  const auto store = client.open_store();
  if (!store) return complain("alerts", store.error().text);
  if (!rule.empty()) {
    const bool of_others = line.has("state") && !line.has("config");  // of whom nothing names it
    const std::string config =
        of_others ? std::string() : line.value_or("config", default_config());
    const LoadOutcome loaded = config.empty() ? LoadOutcome{} : load_config(config);
    const auto unknown = unknown_rule(**store, loaded.snapshot.get(), rule);
    if (unknown) return complain("alerts", *unknown);
    filter->rules = names_of_rule(loaded.snapshot.get(), rule);
  }
  return print_answer(line, alerts_json(**store, *filter), false);
}

int show(const CommandLine& line) {
  if (line.words().size() < 2) return complain("alerts", "show which? alerts show ID", exit_misuse);
  const Client client = Client::from(line);
  if (const auto answer = client.ask("GET", "/v1/alerts/" + line.words()[1])) {
    if (answer->status != 200) return complain_about("alerts", answer);
    return print_answer(line, answer->body, true);
  }
  const auto store = client.open_store();
  if (!store) return complain("alerts", store.error().text);
  const auto found = alert_json(**store, line.words()[1]);
  if (!found) {
    return complain(
        "alerts", fmt::format("no alert's id begins with \"{}\", or several do", line.words()[1]));
  }
  return print_answer(line, *found, true);
}

int replay(const CommandLine& line) {
  const std::string alert = line.words().size() > 1 ? line.words()[1] : "";
  std::string since;
  if (const auto given = line.value("since")) {
    const auto from = read_since(*given);
    if (!from) return complain("alerts", from.error().text, exit_misuse);
    since = to_iso8601(from->from);
  }
  const Query query = {{"alert", alert},
                       {"id", line.value_or("delivery", "")},
                       {"receiver", line.value_or("receiver", "")},
                       {"state", line.value_or("delivery-state", alert.empty() ? "dead" : "")},
                       {"since", since},
                       {"until", line.value_or("until", "")}};
  const auto answer = Client::from(line).ask("POST", with_query("/v1/deliveries/replay", query));
  if (!answer || answer->status != 200) return complain_about("alerts", answer);
  if (line.has("json")) {
    fmt::print("{}\n", answer->body);
    return exit_ok;
  }
  simdjson::dom::parser parser;
  const std::uint64_t replayed = parser.parse(answer->body)["replayed"];
  fmt::print("{} {} in the queue again\n", counted(std::to_string(replayed), "message"),
             replayed == 1 ? "is" : "are");
  return exit_ok;
}

const std::vector<WordOptions>& taken_options() {
  static const std::vector<WordOptions> all = {
      {"list", {"rule", "since", "limit", "waiting"}},
      {"show", {}},
      {"replay", {"receiver", "since", "until", "delivery", "delivery-state"}},
      {"preview", {"receiver", "rule"}},
      {"silence", {"for", "until", "rule", "story", "feed", "receiver", "up-to", "comment", "who"}},
      {"silences", {}},
      {"unsilence", {}},
      {"follow", {"who"}},
      {"unfollow", {"who"}},
      {"mute", {"for", "comment", "who"}},
      {"right", {"note", "who"}},
      {"wrong", {"note", "who"}}};
  return all;
}

int run(const CommandLine& line) {
  const std::string what = line.words().empty() ? "list" : line.words()[0];
  const auto misplaced = misplaced_option(line, what, taken_options());
  if (misplaced) return complain("alerts", *misplaced, exit_misuse);
  if (what == "list") return list(line);
  if (what == "show") return show(line);
  if (what == "replay") return replay(line);
  if (what == "preview") return alerts_preview(line);
  if (what == "silence") return alerts_silence(line);
  if (what == "silences") return alerts_silences(line);
  if (what == "unsilence") return alerts_unsilence(line);
  if (what == "follow" || what == "unfollow") return alerts_follow(line, what == "unfollow");
  if (what == "mute") return alerts_mute(line);
  if (what == "right" || what == "wrong") return alerts_verdict(line, what == "right");
  return complain("alerts",
                  fmt::format("\"{}\" is none of list, show, replay, preview, silence, silences, "
                              "unsilence, follow, unfollow, mute, right, wrong",
                              what),
                  exit_misuse);
}

}  // namespace

Command alerts_command() {
  return {
      "alerts",
      "alerts list|show|replay|preview|silence|follow|mute|right|wrong … [OPTIONS]",
      "list and show alerts, send dead letters again, silence, follow, judge",
      "  alerts list [--rule R] [--since 7d] [--limit N]      newest first; with --waiting also\n"
      "                         those of which nobody was told yet, and why\n"
      "  alerts show ID         one alert and what each receiver answered; the beginning of an\n"
      "                         id is enough\n"
      "  alerts replay ALERT    sends every delivery of that alert again, under its own id\n"
      "  alerts replay --receiver R [--since T] [--until T]   its dead letters\n"
      "  alerts preview --receiver X [--rule R | ALERT]   the exact request, without secrets\n"
      "  alerts silence --for 2h [--rule R] [--story S] [--feed F] [--receiver X]\n"
      "                 [--up-to high] [--comment C]      who is silenced is not told\n"
      "  alerts silences        those that hold, and followed stories; alerts unsilence ID ends "
      "one\n"
      "  alerts follow STORY    every further text is told; alerts unfollow STORY\n"
      "  alerts mute STORY      nobody hears of it for 30 days (--for)\n"
      "  alerts right|wrong ALERT [--note N]               a verdict, for `rules stats`",
      client_options({{"rule", "RULE", "list, preview, silence: this rule"},
                      {"waiting", "", "list: also what waits or is silenced"},
                      {"since", "SPAN|DATE", "list, replay: 3h, 7d, a date or an instant"},
                      {"until", "INSTANT", "replay, silence: up to then"},
                      {"limit", "N", "list: at most so many (default 100)"},
                      {"receiver", "NAME", "replay, preview, silence: that receiver"},
                      {"story", "ID", "silence: this story"},
                      {"feed", "NAME", "silence: reports of this feed"},
                      {"for", "TIME", "silence, mute: 2h, 3d"},
                      {"up-to", "SEVERITY", "silence: higher ones are told (default high)"},
                      {"comment", "TEXT", "silence, mute: why"},
                      {"note", "TEXT", "right, wrong: why"},
                      {"who", "NAME", "instead of your user's name"},
                      {"delivery", "ID", "replay: one delivery"},
                      {"delivery-state", "STATE", "replay: dead (default), delivered, pending …"}}),
      2,
      run};
}

}  // namespace wirewatch::daemon
