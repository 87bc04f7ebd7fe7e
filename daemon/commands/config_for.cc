#include "daemon/commands/config_for.h"

#include <fmt/format.h>

#include <fstream>
#include <iostream>
#include <vector>

#include "daemon/commands/client.h"
#include "daemon/commands/print.h"
#include "rules/diagnostic.h"

namespace wirewatch::daemon {

std::optional<std::string> config_of_daemon(const CommandLine& line) {
  const auto answer = Client::from(line).ask("GET", "/v1/status");
  simdjson::dom::parser parser;
  simdjson::dom::element root;
  if (!answer || answer->status != 200 ||
      parser.parse(answer->body).get(root) != simdjson::SUCCESS) {
    return std::nullopt;
  }
  return std::string(text_at(root, "config"));
}

std::string config_file_for(const CommandLine& line) {
  if (line.has("state") && !line.has("config")) {
    if (auto running = config_of_daemon(line)) return std::move(*running);
  }
  return line.value_or("config", default_config());
}

LoadedRules rules_for(std::string_view verb, const CommandLine& line) {
  const std::string file = config_file_for(line);
  if (!file.empty()) return load_rules(verb, file);
  complain(verb, "no config: name one with --config FILE", exit_misuse);
  return {};
}

std::shared_ptr<const Snapshot> config_for(std::string_view verb, const CommandLine& line) {
  return rules_for(verb, line).snapshot;
}

std::optional<std::size_t> find_rule(std::string_view verb, const LoadedRules& rules,
                                     const std::string& name) {
  const auto& all = rules.snapshot->rules.rules();
  std::vector<std::string> names;
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (all[i].name == name) return i;
    names.push_back(all[i].name);
  }
  if (rules.left_out.contains(name)) return std::nullopt;
  const std::string nearest = rules::nearest_name(name, names);
  complain(verb, fmt::format("there is no rule \"{}\"{}", name,
                             nearest.empty() ? "" : "; did you mean \"" + nearest + "\"?"));
  return std::nullopt;
}

LoadedRules load_rules(std::string_view verb, const std::string& file) {
  LoadedRules rules;
  const LoadOutcome loaded = load_config(file);
  rules.snapshot = loaded.snapshot;
  for (const ConfigMessage& message : loaded.messages) {
    if (!message.error) continue;
    if (!loaded.snapshot) fmt::print(stderr, "{}\n", to_text(message));
    if (!message.rule.empty()) rules.left_out.insert(message.rule);
  }
  if (!loaded.snapshot || rules.left_out.empty()) return rules;
  const std::size_t count = rules.left_out.size();
  const std::string what = count == 1 ? fmt::format("rule \"{}\" is", *rules.left_out.begin())
                                      : fmt::format("{} rules are", count);
  complain(verb, fmt::format("{} left out; `wirewatch check --config {}` says why", what, file));
  return rules;
}

bool each_line(std::string_view verb, const std::string& path,
               const std::function<bool(const std::string& line, std::size_t number)>& take) {
  std::ifstream file;
  if (path != "-") {
    file.open(path, std::ios::binary);
    if (!file) {
      complain(verb, fmt::format("cannot read \"{}\"", path));
      return false;
    }
  }
  std::istream& input = path == "-" ? std::cin : file;
  std::string line;
  for (std::size_t number = 1; std::getline(input, line); ++number) {
    if (line.find_first_not_of(" \t\r") == std::string::npos) continue;
    if (!take(line, number)) return true;
  }
  return true;
}

}  // namespace wirewatch::daemon
