// Where things live on a machine: the state folder, the runtime folder and the control socket.
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace wirewatch::daemon {

// `--state`, else the config's `state:`, else $STATE_DIRECTORY, else $XDG_STATE_HOME/wirewatch,
// else ~/.local/state/wirewatch. Absolute.
std::string state_folder(const std::optional<std::string>& option, const std::string& configured);

// Where the daemon puts its socket: $RUNTIME_DIRECTORY, else the state folder.
std::string control_socket(const std::string& state_folder);

// Where a verb looks for a running daemon, in order: the two above, then /run/wirewatch.
std::vector<std::string> control_socket_candidates(const std::string& state_folder);

}  // namespace wirewatch::daemon
