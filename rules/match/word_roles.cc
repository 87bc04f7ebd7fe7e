#include "rules/match/word_roles.h"

#include <bit>

namespace wirewatch::rules {
namespace {

// The lowest bit of each of eight bytes, side by side: each lands in the top byte at its own place,
// and no two of the other products meet.
std::uint64_t gathered(std::uint64_t eight) {
  return (eight & 0x0101010101010101ULL) * 0x0102040810204080ULL >> 56U;
}

}  // namespace

WordRoles::WordRoles(const HashTable<std::uint8_t>& roles)
    : bytes_(std::bit_ceil(2 * roles.size() + 1)) {
  roles.each([this](std::uint64_t hash, std::uint8_t all) {
    std::uint8_t& byte = bytes_[place(hash)];
    byte = static_cast<std::uint8_t>(byte | all);
  });
}

WordRoles::Masks WordRoles::of(std::span<const std::uint64_t> hashes) const {
  Masks masks;
  const auto put = [&masks](std::uint64_t bytes, std::size_t n) {
    masks.alone |= gathered(bytes) << n;
    masks.first |= gathered(bytes >> 1U) << n;
    masks.second |= gathered(bytes >> 2U) << n;
  };
  const auto byte = [&](std::size_t n) { return std::uint64_t{bytes_[place(hashes[n])]}; };
  std::size_t n = 0;
  for (; n + 8 <= hashes.size(); n += 8) {  // written out: g++ does not unroll it
    put(byte(n) | byte(n + 1) << 8U | byte(n + 2) << 16U | byte(n + 3) << 24U | byte(n + 4) << 32U |
            byte(n + 5) << 40U | byte(n + 6) << 48U | byte(n + 7) << 56U,
        n);
  }
  for (; n < hashes.size(); ++n) put(byte(n), n);
  return masks;
}

}  // namespace wirewatch::rules
