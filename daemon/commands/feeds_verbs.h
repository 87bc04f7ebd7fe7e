// The sub-verbs of `wirewatch feeds` that have a file of their own.
#pragma once

#include "daemon/commands/command.h"

namespace wirewatch::daemon {

int feeds_discover(const CommandLine& line);  // feeds discover URL

}  // namespace wirewatch::daemon
