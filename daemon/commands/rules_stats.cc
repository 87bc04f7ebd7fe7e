#include <fmt/format.h>
#include <simdjson.h>

#include <algorithm>
#include <map>
#include <set>

#include "daemon/commands/client.h"
#include "daemon/commands/print.h"
#include "daemon/commands/rules.h"
#include "daemon/commands/since.h"
#include "daemon/config/snapshot.h"
#include "daemon/loop/log.h"
#include "feeds/json_writer.h"

namespace wirewatch::daemon {
namespace {

struct RuleCounts {
  std::size_t matched = 0;  // documents
  std::size_t alerts = 0;
  std::size_t updates = 0;
  std::size_t right = 0;  // verdicts: of each who judged an alert, the last
  std::size_t wrong = 0;
  Instant last_match{};
  Instant last_alert{};
};

// What rules are called today, by the names that they had before.
using Renamed = std::map<std::string, std::string>;

const std::string& name_today(const Renamed& renamed, const std::string& name) {
  const auto found = renamed.find(name);
  return found == renamed.end() ? name : found->second;
}

// What was decided is kept with each document, under the rule's name of then.
void count(const DocumentRow& row, const Renamed& renamed, simdjson::dom::parser& parser,
           std::map<std::string, RuleCounts>& rules) {
  simdjson::dom::array traced;
  if (parser.parse(row.trace).get(traced) != simdjson::SUCCESS) return;
  for (const simdjson::dom::element one : traced) {
    std::string_view name, action;
    if (one["rule"].get(name) != simdjson::SUCCESS) continue;
    if (one["action"].get(action) != simdjson::SUCCESS) continue;
    RuleCounts& counts = rules[name_today(renamed, std::string(name))];
    ++counts.matched;
    counts.last_match = std::max(counts.last_match, row.first_seen);
    if (action == "update") ++counts.updates;
    if (action != "alert") continue;
    ++counts.alerts;
    counts.last_alert = std::max(counts.last_alert, row.first_seen);
  }
}

std::string instant_text(Instant instant) {
  return instant == Instant{} ? "" : to_iso8601(instant);
}

// The last verdict of each person on each alert, the newest first.
std::vector<JudgedAlert> last_verdicts(Reader& store, Instant since) {
  std::set<std::pair<std::string, std::string>> judged;
  std::vector<JudgedAlert> last;
  for (JudgedAlert& one : store.judged(since)) {
    if (judged.emplace(one.verdict.alert, one.verdict.who).second) last.push_back(std::move(one));
  }
  return last;
}

void print_verdicts(const std::vector<JudgedAlert>& verdicts) {
  constexpr std::size_t most = 20;
  std::size_t shown = 0;
  for (const JudgedAlert& one : verdicts) {
    if (++shown > most) break;
    const VerdictRow& verdict = one.verdict;
    fmt::print("{} {}  {}  {}: {}\n", verdict.good ? "right" : "wrong",
               when(to_iso8601(verdict.at)), verdict.alert.substr(0, 12), one.rule,
               escape_for_log(one.headline));
    const std::string note = escape_for_log(verdict.note);
    if (!note.empty() || !verdict.who.empty()) {
      fmt::print("    {}{}{}\n", note, note.empty() || verdict.who.empty() ? "" : " — ",
                 escape_for_log(verdict.who));
    }
  }
  if (verdicts.size() > most) fmt::print("and {} more verdicts: --json\n", verdicts.size() - most);
}

void print_json(const std::map<std::string, RuleCounts>& rules, Instant since,
                std::size_t documents, const std::vector<JudgedAlert>& verdicts) {
  JsonWriter json;
  json.begin_object().member("since", to_iso8601(since)).member("documents", documents);
  json.key("rules").begin_array();
  for (const auto& [name, counts] : rules) {
    const double share =
        documents == 0 ? 0 : static_cast<double>(counts.matched) / static_cast<double>(documents);
    json.begin_object().member("rule", name).member("matched", counts.matched);
    json.member("share", share).member("alerts", counts.alerts).member("updates", counts.updates);
    json.member("right", counts.right).member("wrong", counts.wrong);
    json.member_if("last_match", instant_text(counts.last_match));
    json.member_if("last_alert", instant_text(counts.last_alert)).end_object();
  }
  json.end_array().key("verdicts").begin_array();
  for (const JudgedAlert& one : verdicts) {
    json.begin_object().member("alert", one.verdict.alert).member("rule", one.rule);
    json.member("headline", one.headline).member("verdict", one.verdict.good ? "right" : "wrong");
    json.member("at", to_iso8601(one.verdict.at)).member_if("note", one.verdict.note);
    json.member_if("who", one.verdict.who).end_object();
  }
  fmt::print("{}\n", json.end_array().end_object().take());
}

void print_table(const std::map<std::string, RuleCounts>& rules, std::size_t documents) {
  fmt::print("{:<32} {:>9} {:>7} {:>7} {:>8} {:>6} {:>6}  {}\n", "rule", "documents", "share",
             "alerts", "updates", "right", "wrong", "last alert");
  for (const auto& [name, counts] : rules) {
    const double share =
        documents == 0 ? 0
                       : 100 * static_cast<double>(counts.matched) / static_cast<double>(documents);
    const std::string last = instant_text(counts.last_alert);
    fmt::print("{:<32} {:>9} {:>6.1f}% {:>7} {:>8} {:>6} {:>6}  {}\n", name, counts.matched, share,
               counts.alerts, counts.updates, counts.right, counts.wrong,
               last.empty() ? "never" : when(last));
  }
}

}  // namespace

int rules_stats(const CommandLine& line) {
  const auto since = read_since(line.value_or("since", "7d"));
  if (!since) return complain("rules", since.error().text, exit_misuse);
  const auto store = Client::from(line).open_store();
  if (!store) return complain("rules", store.error().text);
  std::map<std::string, RuleCounts> rules;
  Renamed renamed;
  const std::string file = line.value_or("config", default_config());
  if (!file.empty()) {  // rules that never held are told as well
    const LoadOutcome loaded = load_config(file);
    if (loaded.snapshot) {
      for (const rules::RuleDef& rule : loaded.snapshot->rules.rules()) {
        rules[rule.name];
        for (const std::string& earlier : rule.was) renamed.emplace(earlier, rule.name);
      }
    }
  }
  std::size_t documents = 0;
  simdjson::dom::parser parser;
  (*store)->documents_since(since->from, [&](const DocumentRow& row) {
    if (row.first_seen < since->from) return true;
    ++documents;
    count(row, renamed, parser, rules);
    return true;
  });
  std::vector<JudgedAlert> verdicts = last_verdicts(**store, since->from);
  for (JudgedAlert& one : verdicts) {
    one.rule = name_today(renamed, one.rule);
    ++(one.verdict.good ? rules[one.rule].right : rules[one.rule].wrong);
  }
  if (line.has("json")) {
    print_json(rules, since->from, documents, verdicts);
    return exit_ok;
  }
  fmt::print("{} in {}\n", counted(std::to_string(documents), "document"), since->words);
  print_table(rules, documents);
  print_verdicts(verdicts);
  return exit_ok;
}

}  // namespace wirewatch::daemon
