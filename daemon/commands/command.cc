#include "daemon/commands/command.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>

#include "daemon/version.h"
#include "rules/diagnostic.h"

namespace wirewatch::daemon {
namespace {

constexpr std::size_t most_input = 1ULL << 30U;

std::string nearest_option(std::string_view wrong, std::span<const OptionSpec> options) {
  std::vector<std::string> names;
  for (const OptionSpec& option : options) names.emplace_back(option.name);
  const std::string nearest = rules::nearest_name(std::string(wrong), names);
  return nearest.empty() ? std::string() : fmt::format("; did you mean --{}?", nearest);
}

const OptionSpec* find_option(std::span<const OptionSpec> options, std::string_view name) {
  const auto found = std::find_if(options.begin(), options.end(),
                                  [name](const OptionSpec& spec) { return spec.name == name; });
  return found == options.end() ? nullptr : &*found;
}

void print_overview() {
  fmt::print(
      "wirewatch {} watches news feeds and alerts people in chat, once per story.\n\n"
      "  wirewatch VERB [OPTIONS]        wirewatch VERB --help explains a verb\n\n",
      version);
  for (const Command& command : commands()) {
    fmt::print("  {:<14} {}\n", command.name, command.summary);
  }
  fmt::print(
      "\nA first try:   wirewatch check --config docs/examples/iraq-syria.yaml\n"
      "               wirewatch run --config docs/examples/iraq-syria.yaml\n"
      "Every verb takes --json where it prints results. Exit codes: 0 good, 1 something is wrong,\n"
      "2 the command line is.\n");
}

void print_help(const Command& command) {
  fmt::print("wirewatch {}\n\n{}\n", command.usage, command.help);
  if (command.options.empty()) return;
  fmt::print("\nOptions:\n");
  for (const OptionSpec& option : command.options) {
    const std::string left = option.value.empty()
                                 ? fmt::format("--{}", option.name)
                                 : fmt::format("--{} {}", option.name, option.value);
    fmt::print("  {:<22} {}\n", left, option.help);
  }
}

}  // namespace

Result<CommandLine> CommandLine::parse(std::span<const std::string> arguments,
                                       std::span<const OptionSpec> options) {
  CommandLine line;
  bool only_words = false;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const std::string& argument = arguments[i];
    if (only_words || argument == "-" || !argument.starts_with("--")) {
      line.words_.push_back(argument);
      continue;
    }
    if (argument == "--") {
      only_words = true;
      continue;
    }
    const std::size_t equals = argument.find('=');
    const std::string name = argument.substr(2, equals == std::string::npos ? equals : equals - 2);
    const OptionSpec* option = find_option(options, name);
    if (option == nullptr) {
      return Error{ErrorKind::invalid,
                   fmt::format("there is no option --{}{}", name, nearest_option(name, options))};
    }
    if (option->value.empty()) {
      if (equals != std::string::npos) {
        return Error{ErrorKind::invalid, fmt::format("--{} takes no value", name)};
      }
      line.values_[name] = "";
      continue;
    }
    if (equals == std::string::npos && i + 1 == arguments.size()) {
      return Error{ErrorKind::invalid, fmt::format("--{} needs {}", name, option->value)};
    }
    line.values_[name] = equals == std::string::npos ? arguments[++i] : argument.substr(equals + 1);
  }
  return line;
}

bool CommandLine::has(std::string_view option) const {
  return values_.find(option) != values_.end();
}

std::optional<std::string> CommandLine::value(std::string_view option) const {
  const auto found = values_.find(option);
  if (found == values_.end()) return std::nullopt;
  return found->second;
}

std::vector<std::string> CommandLine::given() const {
  std::vector<std::string> names;
  for (const auto& [name, value] : values_) names.push_back(name);
  return names;
}

std::string CommandLine::value_or(std::string_view option, std::string otherwise) const {
  return value(option).value_or(std::move(otherwise));
}

std::optional<std::string> misplaced_option(const CommandLine& line, std::string_view word,
                                            std::span<const WordOptions> words) {
  const auto found = std::find_if(words.begin(), words.end(),
                                  [word](const WordOptions& one) { return one.word == word; });
  if (found == words.end()) return std::nullopt;
  for (const std::string& name : line.given()) {
    if (name == "config" || name == "state" || name == "json") continue;
    if (std::find(found->takes.begin(), found->takes.end(), name) != found->takes.end()) continue;
    std::string takes;
    for (const std::string_view one : found->takes)
      takes += fmt::format("{} --{}", takes.empty() ? "; it takes" : ",", one);
    return fmt::format("{} takes no --{}{}", word, name, takes);
  }
  return std::nullopt;
}

int dispatch(std::span<const std::string> arguments) {
  const auto asks_help = [](const std::string& word) { return word == "--help" || word == "-h"; };
  if (arguments.empty() || asks_help(arguments[0]) || arguments[0] == "help") {
    print_overview();
    return arguments.empty() ? exit_misuse : exit_ok;
  }
  if (arguments[0] == "--version") {
    fmt::print("wirewatch {}\n", version);
    return exit_ok;
  }
  std::vector<std::string> names;
  for (const Command& command : commands()) {
    names.emplace_back(command.name);
    if (command.name != arguments[0]) continue;
    const auto rest = arguments.subspan(1);
    if (std::any_of(rest.begin(), rest.end(), asks_help)) {
      print_help(command);
      return exit_ok;
    }
    const auto line = CommandLine::parse(rest, command.options);
    if (!line) return complain(command.name, line.error().text, exit_misuse);
    if (line->words().size() > command.most_words) {
      const std::string& word = line->words()[command.most_words];
      const bool config = find_option(command.options, "config") != nullptr &&
                          (word.ends_with(".yaml") || word.ends_with(".yml"));
      return complain(
          command.name,
          fmt::format("\"{0}\" is too much{1}; usage: wirewatch {2}", word,
                      config ? "; a config is named with --config " + word : "", command.usage),
          exit_misuse);
    }
    try {
      return command.run(*line);
    } catch (const std::exception& failure) {  // a damaged database, a disk that fails
      return complain(command.name, failure.what());
    }
  }
  const std::string nearest = rules::nearest_name(arguments[0], names);
  fmt::print(stderr, "wirewatch: there is no verb \"{}\"{}; wirewatch --help lists them\n",
             arguments[0], nearest.empty() ? "" : fmt::format("; did you mean \"{}\"?", nearest));
  return exit_misuse;
}

int complain(std::string_view verb, std::string_view text, int code) {
  fmt::print(stderr, "wirewatch {}: {}\n", verb, text);
  return code;
}

Result<std::string> read_input(const std::string& path) {
  if (path == "-") {
    return std::string(std::istreambuf_iterator<char>(std::cin), std::istreambuf_iterator<char>());
  }
  std::error_code error;
  const auto size = std::filesystem::file_size(path, error);
  if (error) {
    return Error{ErrorKind::not_found,
                 fmt::format("cannot read \"{}\": {}", path, error.message())};
  }
  if (size > most_input) {
    return Error{ErrorKind::too_big, fmt::format("\"{}\" is larger than 1 GiB", path)};
  }
  std::ifstream file(path, std::ios::binary);
  if (!file) return Error{ErrorKind::not_found, fmt::format("cannot read \"{}\"", path)};
  return std::string(std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>());
}

Result<Span> read_duration(const std::string& text) {
  const Error wrong{ErrorKind::invalid,
                    fmt::format("\"{}\" is no duration such as 90s, 15m, 24h or 7d", text)};
  std::size_t used = 0;
  while (used < text.size() && text[used] >= '0' && text[used] <= '9') ++used;
  if (used == 0 || used > 9 || used + 1 != text.size()) return wrong;
  const long number = std::stol(text.substr(0, used));
  // A hundred years: beyond, microseconds could overflow.
  if (text[used] != 's' && number > 36500L * (text[used] == 'd' ? 1 : 1440)) return wrong;
  switch (text[used]) {
    case 's':
      return Span(std::chrono::seconds(number));
    case 'm':
      return Span(std::chrono::minutes(number));
    case 'h':
      return Span(std::chrono::hours(number));
    case 'd':
      return Span(std::chrono::hours(24 * number));
    default:
      return wrong;
  }
}

std::string default_config() {
  const char* const named = std::getenv("WIREWATCH_CONFIG");
  if (named != nullptr && *named != '\0') return named;
  for (const char* path : {"wirewatch.yaml", "/etc/wirewatch/config.yaml"}) {
    std::error_code hidden;  // a folder that this user may not enter
    if (std::filesystem::exists(path, hidden)) return path;
  }
  return {};
}

const std::vector<Command>& commands() {
  static const std::vector<Command> all = {
      run_command(),          check_command(),   reload_command(),  status_command(),
      feeds_command(),        alerts_command(),  story_command(),   why_command(),
      parse_command(),        extract_command(), match_command(),   explain_command(),
      backtest_command(),     rules_command(),   stories_command(), entities_command(),
      test_receiver_command()};
  return all;
}

}  // namespace wirewatch::daemon
