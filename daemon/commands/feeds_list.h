// `wirewatch feeds list`
#pragma once

#include "daemon/commands/command.h"

namespace wirewatch::daemon {

int feeds_list(const CommandLine& line);

}  // namespace wirewatch::daemon
