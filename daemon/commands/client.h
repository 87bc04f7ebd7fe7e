// How a verb reaches the running daemon, or the database when none runs.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "daemon/commands/command.h"
#include "daemon/store/reader.h"

namespace wirewatch::daemon {

struct DaemonAnswer {
  int status = 0;
  std::string body;  // JSON
};

using Query = std::vector<std::pair<std::string, std::string>>;

// "/v1/why" with {{"item", "a b"}} → "/v1/why?item=a%20b". Empty values are left out.
std::string with_query(const std::string& path, const Query& query);

class Client {
 public:
  // Finds the state folder from --state and --config as `run` does; a config that cannot be read
  // counts as naming none. Where neither names one, the user has none of their own and the service
  // has one, the service's is meant: so `sudo wirewatch why X` works while it is stopped, too.
  static Client from(const CommandLine& line);

  // nullopt: no daemon answers at any of the sockets. Waits at most a minute, for a reload ten,
  // and eight seconds for one that does not even say that it lives; a daemon that was reached and
  // does not answer makes a 504, and no POST goes out twice. One found
  // outside the state folder (/run/wirewatch) is asked only when it runs on the config or state
  // folder that the command line names, if it names one: another daemon's answer would be a wrong
  // one. A state folder that this user may not look into makes a 403.
  std::optional<DaemonAnswer> ask(const std::string& method, const std::string& target) const;

  // The database itself, read-only. Error: not there, or not readable for this user.
  Result<std::unique_ptr<Reader>> open_store() const;

  const std::string& state() const { return state_; }

 private:
  bool is_meant(const std::string& socket, std::optional<DaemonAnswer>& silent) const;

  std::string state_;
  bool state_named_ = false;
  std::string named_config_;  // --config
};

// The options every such verb takes.
std::vector<OptionSpec> client_options(std::vector<OptionSpec> more = {});

// Prints an API error as `wirewatch VERB: …`, or how to start a daemon when there is none.
int complain_about(std::string_view verb, const std::optional<DaemonAnswer>& answer);

}  // namespace wirewatch::daemon
