// Sub-verbs of `alerts` that stand in files of their own.
#pragma once

#include "daemon/commands/command.h"

namespace wirewatch::daemon {

int alerts_preview(const CommandLine& line);  // alerts preview --receiver X [--rule R | ALERT]

}  // namespace wirewatch::daemon
