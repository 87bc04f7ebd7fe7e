#include "feeds/stories/pair_overlap.h"

#include <algorithm>
#include <bit>

namespace wirewatch::feeds {
namespace {

// At most half full.
std::size_t table_size(std::span<const Term> words) {
  return std::bit_ceil(std::max<std::size_t>(16, 2 * words.size()));
}

}  // namespace

std::uint32_t pair_hash(Term first, Term second) {
  const std::uint64_t mixed =
      (std::uint64_t{first} * 0x9E3779B97F4A7C15u) ^ (std::uint64_t{second} * 0xC2B2AE3D27D4EB4Fu);
  return static_cast<std::uint32_t>((mixed * 0xFF51AFD7ED558CCDu) >> 32);
}

// The slot of the pair, or the empty one where it belongs; those of rounds before `oldest` are
// empty.
PairOverlap::Slot& PairOverlap::place(std::vector<Slot>& table, std::uint32_t pair,
                                      std::uint32_t oldest) {
  const std::size_t mask = table.size() - 1;
  std::size_t at = pair & mask;
  while (table[at].round >= oldest && table[at].pair != pair) at = (at + 1) & mask;
  return table[at];
}

PairOverlap::PairOverlap(std::span<const Term> words) : own_(table_size(words)) {
  for (std::size_t i = 0; i + 1 < words.size(); ++i) {
    const std::uint32_t pair = pair_hash(words[i], words[i + 1]);
    Slot& slot = place(own_, pair, 1);
    if (slot.round == 0) ++own_count_;
    slot = {pair, 1};
    sieve_[pair >> 24u] |= std::uint64_t{1} << (pair >> 18u & 63u);
  }
}

PairOverlap::Counts PairOverlap::with(std::span<const Term> words) {
  ++round_;
  if (others_.size() < table_size(words)) others_.assign(table_size(words), {});
  Counts counts;
  for (std::size_t i = 0; i + 1 < words.size(); ++i) {
    const std::uint32_t pair = pair_hash(words[i], words[i + 1]);
    Slot& mine = place(own_, pair, 1);
    if (mine.round == round_) continue;
    if (mine.round > 0) {
      mine.round = round_;
      ++counts.shared;
      ++counts.others;
      continue;
    }
    Slot& other = place(others_, pair, round_);
    if (other.round == round_) continue;
    other = {pair, round_};
    ++counts.others;
  }
  return counts;
}

std::size_t PairOverlap::shared_with(std::span<const Term> words, std::size_t least) {
  constexpr std::size_t stretch = 32;  // of words: then it is asked whether enough can come
  ++round_;
  std::size_t shared = 0;
  for (std::size_t i = 0; i + 1 < words.size(); ++i) {
    if (i % stretch == 0 && shared + (words.size() - 1 - i) < least) break;
    const std::uint32_t pair = pair_hash(words[i], words[i + 1]);
    if (!may_hold(pair)) continue;
    Slot& mine = place(own_, pair, 1);
    if (mine.round == 0 || mine.round == round_) continue;
    mine.round = round_;
    ++shared;
  }
  return shared;
}

bool PairOverlap::holds(std::uint32_t pair) const {
  if (!may_hold(pair)) return false;
  const std::size_t mask = own_.size() - 1;
  std::size_t at = pair & mask;
  while (own_[at].round > 0 && own_[at].pair != pair) at = (at + 1) & mask;
  return own_[at].round > 0;
}

double PairOverlap::covered(std::span<const Term> words) const {
  constexpr std::size_t reach = 2;
  if (words.size() < 2) return 0;
  const std::size_t pairs = words.size() - 1;
  std::size_t covered = 0;
  std::size_t next = 0;  // the first pair that is not counted yet
  for (std::size_t i = 0; i < pairs; ++i) {
    if (!holds(pair_hash(words[i], words[i + 1]))) continue;
    const std::size_t from = std::max(next, i < reach ? 0 : i - reach);
    const std::size_t end = std::min(pairs, i + reach + 1);
    covered += end - from;
    next = end;
  }
  return static_cast<double>(covered) / static_cast<double>(pairs);
}

}  // namespace wirewatch::feeds
