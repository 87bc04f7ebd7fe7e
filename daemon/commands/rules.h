// The verbs of `wirewatch rules`, one file each.
#pragma once

#include "daemon/commands/command.h"

namespace wirewatch::daemon {

int rules_list(const CommandLine& line);
int rules_stats(const CommandLine& line);
int rules_export(const CommandLine& line);
int rules_new(const CommandLine& line);

}  // namespace wirewatch::daemon
