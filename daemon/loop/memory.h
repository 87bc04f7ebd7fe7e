// How the program asks the system for memory, and when it gives it back.
#pragma once

namespace wirewatch::daemon {

// To be called before anything else: memory is asked for in large steps, large arrays lie between
// the others and not in maps of their own (each of which the system would hand out empty, page by
// page, and take back whole), and all threads share one heap: those of other threads grow by a call
// to the system for every page or two.
void settle_allocator();

// Gives back what was freed and what the allocator still holds: reading a large config takes
// several times what stays of it, and what is freed lies between what stays. Takes a millisecond
// for each ten megabytes or so; any thread.
void give_back_memory();

}  // namespace wirewatch::daemon
