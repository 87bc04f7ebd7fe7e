// The sub-verbs of `wirewatch feeds` that have a file of their own.
#pragma once

#include "daemon/commands/command.h"

namespace wirewatch::daemon {

int release_feed(const CommandLine& line);  // feeds release NAME [--drop]

}  // namespace wirewatch::daemon
