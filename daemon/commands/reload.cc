#include <fmt/format.h>
#include <simdjson.h>

#include "daemon/commands/client.h"

namespace wirewatch::daemon {
namespace {

int run(const CommandLine& line) {
  const std::optional<DaemonAnswer> answer = Client::from(line).ask("POST", "/v1/reload");
  if (!answer || (answer->status != 200 && answer->status != 409)) {
    return complain_about("reload", answer);
  }
  const int code = answer->status == 200 ? exit_ok : exit_wrong;
  if (line.has("json")) {
    fmt::print("{}\n", answer->body);
    return code;
  }
  simdjson::dom::parser parser;
  const simdjson::dom::element root = parser.parse(answer->body);
  for (const simdjson::dom::element message : root["messages"].get_array()) {
    fmt::print(stderr, "{}\n", std::string_view(message));
  }
  const bool accepted = root["accepted"];
  const char* const verdict = !accepted         ? "refused"
                              : code == exit_ok ? "accepted"
                                                : "accepted but for the rules above";
  fmt::print("{}; generation {} is live\n", verdict, std::uint64_t(root["generation"]));
  return code;
}

}  // namespace

Command reload_command() {
  return {
      "reload",
      "reload [--config FILE | --state FOLDER] [--json]",
      "make the daemon take its files now",
      "Asks the running daemon to read its files again, waits for the result and prints what is\n"
      "wrong with them. Exits 1 when they were refused or a rule was held back; what ran before\n"
      "runs on.",
      client_options(),
      0,
      run};
}

}  // namespace wirewatch::daemon
