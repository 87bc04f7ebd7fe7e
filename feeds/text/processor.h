// What the processor can that the build does not ask for: where a file has code for more than one
// kind, it chooses here.
#pragma once

#include <cstdint>

namespace wirewatch::feeds {

enum class Vectors : std::uint8_t {
  none,    // whatever every processor of its kind has
  avx2,    // 32 bytes at a time
  avx512,  // 64, with BW and VBMI2: Ice Lake, Zen 4 and later
};

inline Vectors vectors() {
#if defined(__x86_64__)
  static const Vectors best = [] {
    if (__builtin_cpu_supports("avx512bw") != 0 && __builtin_cpu_supports("avx512vbmi2") != 0) {
      return Vectors::avx512;
    }
    return __builtin_cpu_supports("avx2") != 0 ? Vectors::avx2 : Vectors::none;
  }();
  return best;
#else
  return Vectors::none;
#endif
}

}  // namespace wirewatch::feeds
