// Hashes that are the same on any machine and after any restart: ids and keys are made of them.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace wirewatch {

// XXH64-class quality is not needed here: this is FNV-1a, 64 bit, finished with a mixing step
// (the 64-bit finaliser of MurmurHash3), so that low bits are usable as table indices.
inline std::uint64_t hash64(std::string_view bytes, std::uint64_t seed = 0);

// The first 16 bytes of SHA-256 over the parts, each preceded by its length: 32 hex digits.
// For ids that people see and machines compare; collisions cannot be arranged by a feed.
std::string id_of(std::initializer_list<std::string_view> parts);

// Inside of the above.
namespace hash_steps {

inline constexpr std::uint64_t start = 0xcbf29ce484222325ULL;

inline std::uint64_t step(std::uint64_t h, char c) {
  return (h ^ static_cast<unsigned char>(c)) * 0x100000001b3ULL;
}

inline std::uint64_t finish(std::uint64_t h) {
  h ^= h >> 33U;
  h *= 0xff51afd7ed558ccdULL;
  h ^= h >> 33U;
  h *= 0xc4ceb9fe1a85ec53ULL;
  return h ^ h >> 33U;
}

}  // namespace hash_steps

std::uint64_t hash64(std::string_view bytes, std::uint64_t seed) {
  std::uint64_t h = hash_steps::start ^ (seed * 0x9e3779b97f4a7c15ULL);
  for (const char c : bytes) h = hash_steps::step(h, c);
  return hash_steps::finish(h);
}

}  // namespace wirewatch
