// The sub-verbs of `wirewatch feeds` that have a file of their own.
#pragma once

#include "daemon/commands/command.h"

namespace wirewatch::daemon {

int feeds_add(const CommandLine& line);       // feeds add URL
int feeds_discover(const CommandLine& line);  // feeds discover URL
int feeds_export(const CommandLine& line);    // feeds export
int feeds_import(const CommandLine& line);    // feeds import FILE.opml
int release_feed(const CommandLine& line);    // feeds release NAME [--drop]

}  // namespace wirewatch::daemon
