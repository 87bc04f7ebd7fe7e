// Hashes that are the same on any machine and after any restart: ids and keys are made of them.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace wirewatch {

// XXH64-class quality is not needed here: this is FNV-1a, 64 bit, finished with a mixing step
// (the 64-bit finaliser of MurmurHash3), so that low bits are usable as table indices.
std::uint64_t hash64(std::string_view bytes, std::uint64_t seed = 0);

// The first 16 bytes of SHA-256 over the parts, each preceded by its length: 32 hex digits.
// For ids that people see and machines compare; collisions cannot be arranged by a feed.
std::string id_of(std::initializer_list<std::string_view> parts);

}  // namespace wirewatch
