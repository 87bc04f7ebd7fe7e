// How many files and sockets the process may hold.
#pragma once

namespace wirewatch::daemon {

// A connection takes two descriptors, and login shells allow 1024 (setrlimit(2): the hard limit may
// be used without a privilege). Bounded, since some libraries walk over all that are allowed.
void raise_descriptor_limit();

}  // namespace wirewatch::daemon
