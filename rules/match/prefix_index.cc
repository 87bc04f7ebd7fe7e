#include "rules/match/prefix_index.h"

#include <algorithm>

#include "feeds/hash.h"

namespace wirewatch::rules {
namespace {

constexpr std::size_t corners = 4096;
constexpr std::size_t long_length = 31;

}  // namespace

std::size_t PrefixIndex::corner(std::string_view folded) {
  const auto a = static_cast<unsigned char>(folded[0]);
  const auto b = static_cast<unsigned char>(folded[1]);
  return (a * 67U + b) % corners;
}

void PrefixIndex::add(std::string_view folded, AtomId atom) {
  if (folded.size() < 2) return;
  if (lengths_.empty()) lengths_.resize(corners);
  atoms_[hash64(folded)] = atom;
  const std::size_t length = folded.size();
  lengths_[corner(folded)] |= 1U << std::min(length, long_length);
  if (length < long_length) return;
  const auto at = std::lower_bound(long_ones_.begin(), long_ones_.end(), length);
  if (at == long_ones_.end() || *at != length) long_ones_.insert(at, length);
}

void PrefixIndex::find(std::string_view folded, std::size_t longer_than,
                       std::vector<AtomId>& out) const {
  if (folded.size() < 2) return;
  const std::uint32_t lengths = lengths_[corner(folded)];
  if (lengths == 0) return;
  const auto take = [&](std::size_t length) {
    const auto at = atoms_.find(hash64(folded.substr(0, length)));
    if (at != atoms_.end()) out.push_back(at->second);
  };
  const std::size_t most = std::min(folded.size(), long_length - 1);
  for (std::size_t length = std::max<std::size_t>(2, longer_than + 1); length <= most; ++length) {
    if ((lengths >> length & 1U) != 0) take(length);
  }
  if ((lengths >> long_length) == 0) return;
  for (const std::size_t length : long_ones_) {
    if (length > folded.size()) break;
    if (length > longer_than) take(length);
  }
}

}  // namespace wirewatch::rules
