// Where a config keeps its state, found without reading the rest of it.
#pragma once

#include <string>

#include "daemon/config/source.h"

namespace wirewatch::daemon {

// Of the lines that begin with `state:` the last that can be read by itself; empty: there is none.
std::string state_on_its_line(const SourceFile& file);

// What load_config() says of `state:`, which stands only in the main file. With thousands of rules,
// entities or feeds the rest takes seconds, and verbs ask before they do anything. Empty: the file
// says nothing of it, or cannot be read.
std::string configured_state_folder(const std::string& config_file);

}  // namespace wirewatch::daemon
