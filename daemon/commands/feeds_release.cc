#include <fmt/format.h>

#include "daemon/commands/client.h"
#include "daemon/commands/feeds_verbs.h"
#include "daemon/commands/print.h"

namespace wirewatch::daemon {

int release_feed(const CommandLine& line) {
  if (line.words().size() < 2) {
    return complain("feeds", "release which? feeds release NAME [--drop]", exit_misuse);
  }
  const std::string& name = line.words()[1];
  const bool drop = line.has("drop");
  const std::string target =
      with_query("/v1/feeds/release", {{"name", name}, {"drop", drop ? "1" : ""}});
  const auto answer = Client::from(line).ask("POST", target);
  if (!answer || answer->status != 200) return complain_about("feeds", answer);
  if (line.has("json")) {
    fmt::print("{}\n", answer->body);
    return exit_ok;
  }
  simdjson::dom::parser parser;
  const simdjson::dom::element root = parser.parse(answer->body);
  const std::string count = text_at(root, drop ? "dropped" : "released");
  if (count == "0") {
    fmt::print("nothing of \"{}\" is held\n", name);
  } else {
    fmt::print("{} of \"{}\" {}\n", counted(count, "held item"), name,
               drop ? "dropped: nobody hears of them" : "released");
  }
  return exit_ok;
}

}  // namespace wirewatch::daemon
