// The verbs below `entities`, one group a file.
#pragma once

#include "daemon/commands/command.h"

namespace wirewatch::daemon {

int entities_list(const CommandLine& line);
int entities_show(const CommandLine& line);
int entities_import(const CommandLine& line);
int entities_resolve(const CommandLine& line);
int entities_compare(const CommandLine& line);

}  // namespace wirewatch::daemon
