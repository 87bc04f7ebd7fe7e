// Asking for memory before it is needed.
#pragma once

#include <cstddef>

namespace wirewatch::feeds {

inline constexpr std::size_t line_size = 64;  // of the cache, in bytes

// Asks for the line of the cache that `address` lies in, and goes on; any address will do. g++
// takes a function of which nothing is seen but __builtin_prefetch for one without effect, and
// leaves out the calls: the empty statement is there to be seen.
[[gnu::always_inline]] inline void prefetch(const void* address) {
  __builtin_prefetch(address);
  asm volatile("");
}

}  // namespace wirewatch::feeds
