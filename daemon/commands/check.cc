#include <fmt/format.h>

#include "daemon/commands/check_archive.h"
#include "daemon/commands/check_replays.h"
#include "daemon/commands/check_secrets.h"
#include "daemon/commands/client.h"
#include "daemon/commands/command.h"
#include "daemon/commands/print.h"
#include "daemon/config/snapshot.h"
#include "feeds/json_writer.h"

namespace wirewatch::daemon {
namespace {

std::string to_json(const LoadOutcome& loaded) {
  JsonWriter json;
  json.begin_object();
  json.member("ok", loaded.snapshot != nullptr);
  if (loaded.snapshot) {
    json.member("feeds", loaded.snapshot->feeds.size());
    json.member("rules", loaded.snapshot->rules.rules().size());
    json.member("entities", loaded.snapshot->entities);
    json.member("receivers", loaded.snapshot->receivers.size());
  }
  json.key("messages").begin_array();
  for (const ConfigMessage& message : loaded.messages) {
    json.begin_object();
    json.member("severity", message.error ? "error" : "warning");
    json.member("file", message.file);
    json.member("line", message.line);
    json.member("column", message.column);
    json.member("text", message.text);
    json.member_if("hint", message.hint);
    json.member_if("rule", message.rule);
    json.end_object();
  }
  json.end_array();
  json.end_object();
  return json.take();
}

void print_rules(const Snapshot& snapshot) {
  for (std::size_t i = 0; i < snapshot.rules.rules().size(); ++i) {
    fmt::print("{}:\n  {}\n", snapshot.rules.rules()[i].name, snapshot.rules.canonical(i));
  }
}

int run(const CommandLine& line) {
  const std::string file = line.value_or("config", default_config());
  if (file.empty()) return complain("check", "no config: name one with --config FILE", exit_misuse);
  LoadOutcome loaded = load_config(file);
  if (loaded.snapshot && !has_error(loaded.messages)) {
    if (const auto store = Client::from(line).open_store()) {
      for (ConfigMessage& one : too_frequent_rules(*loaded.snapshot, **store)) {
        loaded.messages.push_back(std::move(one));
      }
    }
  }
  if (loaded.snapshot) {
    for (ConfigMessage& one : bad_replays(*loaded.snapshot)) {
      loaded.messages.push_back(std::move(one));
    }
    for (ConfigMessage& one : missing_secrets(*loaded.snapshot)) {
      loaded.messages.push_back(std::move(one));
    }
  }
  bool wrong = loaded.snapshot == nullptr;
  for (const ConfigMessage& message : loaded.messages) wrong = wrong || message.error;
  if (line.has("json")) {
    fmt::print("{}\n", to_json(loaded));
    return wrong ? exit_wrong : exit_ok;
  }
  for (const ConfigMessage& message : loaded.messages) fmt::print(stderr, "{}\n", to_text(message));
  if (loaded.snapshot && line.has("print")) print_rules(*loaded.snapshot);
  if (wrong) return exit_wrong;
  if (!line.has("print")) {
    const auto some = [](std::size_t number, std::string_view noun) {
      return counted(std::to_string(number), noun);
    };
    fmt::print("{}: good: {}, {}, {}, {}.\n", file, some(loaded.snapshot->feeds.size(), "feed"),
               some(loaded.snapshot->rules.rules().size(), "rule"),
               some(loaded.snapshot->entities, "entity"),
               some(loaded.snapshot->receivers.size(), "receiver"));
  }
  return exit_ok;
}

}  // namespace

Command check_command() {
  return {"check",
          "check [--config FILE] [--state FOLDER] [--print] [--json]",
          "validate the config and run the rules' examples",
          "Reads the config and everything it includes, compiles the rules and entities, runs\n"
          "every rule's examples and reads the files of replay sources. Opens no secret (it warns\n"
          "of files and variables of secrets that are not there) and no connection. Prints all\n"
          "errors, each with file:line:column. Where there is a database, it warns of rules that\n"
          "hold for more than 5 % of the archive. Exits 1 when something is wrong.",
          {{"config", "FILE", "the config to check"},
           {"state", "FOLDER", "the state folder (default: the config's)"},
           {"print", "", "print every rule in its canonical form"},
           {"json", "", "messages as JSON"}},
          0,
          run};
}

}  // namespace wirewatch::daemon
