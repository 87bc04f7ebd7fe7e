// Memory that was freed and that the allocator still holds.
#pragma once

namespace wirewatch::daemon {

// Gives it back to the system: reading a large config takes several times what stays of it, and
// what is freed lies between what stays. Takes a millisecond for each ten megabytes or so; any
// thread.
void give_back_memory();

}  // namespace wirewatch::daemon
