#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <iostream>

#include "daemon/commands/config_for.h"
#include "daemon/commands/rule_yaml.h"
#include "daemon/commands/rules.h"

namespace wirewatch::daemon {
namespace {

// An option's value; without it, what is typed at a terminal; else nothing.
std::string asked(const CommandLine& line, const char* option, const char* question) {
  if (const auto value = line.value(option)) return *value;
  if (::isatty(STDIN_FILENO) == 0) return {};
  fmt::print(stderr, "{} ", question);
  std::string answer;
  std::getline(std::cin, answer);
  return answer;
}

std::string file_text(const rules::RuleDef& rule) {
  return fmt::format(
      "# {}\n"
      "# The language of `match` is on the page docs/rules.md. After a change:\n"
      "#   wirewatch check      runs the examples below\n"
      "#   wirewatch backtest   tells what it would have alerted on the archive\n"
      "# severity: low, normal, high or critical. alert: the receivers; left out, all of them.\n"
      "# max_age: older items do not alert. Add examples for whatever matched wrongly.\n"
      "rules:\n{}",
      rule.name, rule_yaml(rule, rule.query, true));
}

// The rule beside those that there are: its errors are told.
bool compiles(const Snapshot& snapshot, const rules::RuleDef& rule) {
  std::vector<rules::RuleDef> all = snapshot.rules.rules();
  all.push_back(rule);
  bool good = true;
  for (const auto& found : rules::RuleSet::compile(all, snapshot.gazetteer).diagnostics) {
    if (found.subject != rule.name) continue;
    const bool error = found.severity == rules::Severity::error;
    fmt::print(stderr, "{}: {}{}\n", error ? "error" : "warning", found.text,
               found.hint.empty() ? "" : " (" + found.hint + ")");
    good = good && !error;
  }
  return good;
}

bool write_new(const std::string& path, const std::string& text) {
  std::error_code ignored;  // open() below says what is wrong
  std::filesystem::create_directories(std::filesystem::path(path).parent_path(), ignored);
  const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
  if (file < 0) {
    complain("rules", fmt::format("cannot write \"{}\": {}", path, std::strerror(errno)));
    return false;
  }
  const bool whole = ::write(file, text.data(), text.size()) == static_cast<ssize_t>(text.size());
  const bool closed = ::close(file) == 0;
  if (whole && closed) return true;
  complain("rules", fmt::format("cannot write \"{}\" to its end", path));
  return false;
}

bool read_severity(const std::string& text, rules::RuleDef& rule) {
  if (text.empty()) return true;
  for (const auto severity : {rules::AlertSeverity::low, rules::AlertSeverity::normal,
                              rules::AlertSeverity::high, rules::AlertSeverity::critical}) {
    if (rules::to_string(severity) != text) continue;
    rule.severity = severity;
    return true;
  }
  return false;
}

void add_example(const std::string& text, bool must_match, rules::RuleDef& rule) {
  if (text.empty()) return;
  rules::Example& example = rule.examples.emplace_back();
  example.text = text;
  example.must_match = must_match;
}

}  // namespace

int rules_new(const CommandLine& line) {
  if (line.words().size() < 2) {
    return complain("rules", "a new rule of which name? rules new NAME --match QUERY", exit_misuse);
  }
  const auto snapshot = config_for("rules", line);
  if (!snapshot) return exit_wrong;
  rules::RuleDef rule;
  rule.name = line.words()[1];
  rule.query = asked(line, "match", "What must hold? (border AND @country:IQ)");
  if (rule.query.empty()) {
    return complain("rules", "what must hold? --match \"border AND @country:IQ\"", exit_misuse);
  }
  const std::string severity = asked(line, "severity", "Severity? (low, normal, high, critical)");
  if (!read_severity(severity, rule)) {
    return complain("rules", fmt::format("\"{}\" is none of low, normal, high, critical", severity),
                    exit_misuse);
  }
  const std::string receiver = asked(line, "alert", "Whom does it tell? (empty: all receivers)");
  const auto is_named = [&](const ReceiverConfig& one) { return one.name == receiver; };
  const auto& receivers = snapshot->receivers;
  if (!receiver.empty() && std::none_of(receivers.begin(), receivers.end(), is_named)) {
    return complain("rules", fmt::format("there is no receiver \"{}\"", receiver));
  }
  if (!receiver.empty()) rule.receivers.push_back(receiver);
  add_example(asked(line, "example", "A text that must match? (may be empty)"), true, rule);
  add_example(asked(line, "no-example", "A text that must not? (may be empty)"), false, rule);
  if (!compiles(*snapshot, rule)) return exit_wrong;
  const auto folder = std::filesystem::path(snapshot->config_file).parent_path() / "rules.d";
  const std::string path = line.value_or("out", (folder / (rule.name + ".yaml")).string());
  if (!write_new(path, file_text(rule))) return exit_wrong;
  fmt::print("{} is written\n", path);
  const auto& folders = snapshot->folders;
  const auto parent = std::filesystem::absolute(path).lexically_normal().parent_path();
  if (std::find(folders.begin(), folders.end(), parent.string()) == folders.end()) {
    const bool beside = parent.parent_path() == folder.parent_path();
    fmt::print("it counts once {} includes it: `include: [{}]`\n", snapshot->config_file,
               beside ? parent.filename().string() : parent.string());
  }
  return exit_ok;
}

}  // namespace wirewatch::daemon
