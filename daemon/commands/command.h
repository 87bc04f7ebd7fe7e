// The command line: one binary, one file a verb. See `wirewatch --help`.
#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "feeds/result.h"
#include "feeds/time.h"

namespace wirewatch::daemon {

enum ExitCode : int { exit_ok = 0, exit_wrong = 1, exit_misuse = 2 };

struct OptionSpec {
  std::string_view name;   // without the dashes: "config"
  std::string_view value;  // what it takes, for the help: "FILE"; empty: a flag
  std::string_view help;
};

// The words after the verb, checked against its options.
class CommandLine {
 public:
  // Accepts "--name value", "--name=value", "--" and flags; "-" is a word. Error: an unknown option
  // (the nearest one is named), a value missing or given to a flag.
  static Result<CommandLine> parse(std::span<const std::string> arguments,
                                   std::span<const OptionSpec> options);

  bool has(std::string_view option) const;
  std::optional<std::string> value(std::string_view option) const;
  std::vector<std::string> given() const;  // the names of all options, sorted
  std::string value_or(std::string_view option, std::string otherwise) const;
  const std::vector<std::string>& words() const { return words_; }

 private:
  std::map<std::string, std::string, std::less<>> values_;
  std::vector<std::string> words_;
};

// What one word of a verb takes beside --config, --state and --json: "list" takes "since".
struct WordOptions {
  std::string_view word;
  std::vector<std::string_view> takes;
};

// "list takes no --note; it takes --limit, --since" where an option is given that belongs to
// another word of the verb: to pass over it would answer another question. nullopt: none is, or
// `word` is not in `words`.
std::optional<std::string> misplaced_option(const CommandLine& line, std::string_view word,
                                            std::span<const WordOptions> words);

struct Command {
  std::string_view name;
  std::string_view usage;    // "run [--config FILE] [--state FOLDER]"
  std::string_view summary;  // one line for the overview
  std::string_view help;     // what it does, an example, its exit codes
  std::vector<OptionSpec> options;
  std::size_t most_words = 0;
  int (*run)(const CommandLine& line);
};

// Every verb, in the order of the overview.
const std::vector<Command>& commands();

// One per file.
Command run_command();
Command check_command();
Command reload_command();
Command parse_command();
Command extract_command();
Command match_command();
Command explain_command();
Command stories_command();
Command feeds_command();
Command entities_command();
Command alerts_command();
Command story_command();
Command why_command();
Command test_receiver_command();
Command status_command();
Command backtest_command();
Command rules_command();

// What `main` does with its arguments: finds the verb, prints help, returns the exit code.
int dispatch(std::span<const std::string> arguments);

// Errors go to standard error as "wirewatch VERB: text".
int complain(std::string_view verb, std::string_view text, int code = exit_wrong);

// A file's content, or standard input for "-". Error: named, with the system's reason.
Result<std::string> read_input(const std::string& path);

// "90s", "15m", "24h", "7d". Error: what is right.
Result<Span> read_duration(const std::string& text);

// The config the verbs use when none is named: $WIREWATCH_CONFIG, ./wirewatch.yaml,
// /etc/wirewatch/config.yaml — the first that exists; empty when none does.
std::string default_config();

}  // namespace wirewatch::daemon
