#include "feeds/stories/pair_overlap.h"

#include <algorithm>
#include <bit>

namespace wirewatch::feeds {
namespace {

// The share of pairs that are there, or next but one to a pair that is.
template <typename IsThere>
double covered_share(std::size_t pairs, IsThere is_there) {
  constexpr std::size_t reach = 2;
  if (pairs == 0) return 0;
  std::size_t covered = 0;
  std::size_t next = 0;  // the first pair that is not counted yet
  for (std::size_t i = 0; i < pairs; ++i) {
    if (!is_there(i)) continue;
    const std::size_t from = std::max(next, i < reach ? 0 : i - reach);
    const std::size_t end = std::min(pairs, i + reach + 1);
    covered += end - from;
    next = end;
  }
  return static_cast<double>(covered) / static_cast<double>(pairs);
}

// At most half full.
std::size_t table_size(std::span<const Term> words) {
  return std::bit_ceil(std::max<std::size_t>(16, 2 * words.size()));
}

}  // namespace

// The slot of the pair, or the empty one where it belongs; those of rounds before `oldest` are
// empty.
std::size_t PairOverlap::place(const std::vector<Slot>& table, std::uint32_t pair,
                               std::uint32_t oldest) {
  const std::size_t mask = table.size() - 1;
  std::size_t at = pair & mask;
  while (table[at].round >= oldest && table[at].pair != pair) at = (at + 1) & mask;
  return at;
}

PairOverlap::PairOverlap(std::span<const Term> words) : own_(table_size(words)) {
  own_places_.reserve(words.size());
  for (std::size_t i = 0; i + 1 < words.size(); ++i) {
    const std::uint32_t pair = pair_hash(words[i], words[i + 1]);
    const std::size_t at = place(own_, pair, 1);
    own_places_.push_back(static_cast<std::uint32_t>(at));
    Slot& slot = own_[at];
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
    Slot& mine = own_[place(own_, pair, 1)];
    if (mine.round == round_) continue;
    if (mine.round > 0) {
      mine.round = round_;
      ++counts.shared;
      ++counts.others;
      continue;
    }
    Slot& other = others_[place(others_, pair, round_)];
    if (other.round == round_) continue;
    other = {pair, round_};
    ++counts.others;
  }
  return counts;
}

std::size_t PairOverlap::shared_with(std::span<const Term> words, std::size_t least) {
  constexpr std::size_t stretch = 32;  // of pairs: then it is asked whether enough can come
  ++round_;
  std::size_t shared = 0;
  const std::size_t pairs = words.empty() ? 0 : words.size() - 1;
  for (std::size_t i = 0; i < pairs && shared + (pairs - i) >= least;) {
    // Of a damaged copy's pairs about half are there: first those are chosen, without a branch.
    std::array<std::uint32_t, stretch> chosen;
    std::size_t count = 0;
    for (const std::size_t end = std::min(pairs, i + stretch); i < end; ++i) {
      chosen[count] = pair_hash(words[i], words[i + 1]);
      count += may_hold(chosen[count]) ? 1 : 0;
    }
    for (std::size_t k = 0; k < count; ++k) {
      Slot& mine = own_[place(own_, chosen[k], 1)];
      if (mine.round == 0) continue;
      shared += mine.round != round_ ? 1 : 0;
      mine.round = round_;
    }
  }
  return shared;
}

bool PairOverlap::holds(std::uint32_t pair) const {
  return may_hold(pair) && own_[place(own_, pair, 1)].round > 0;
}

double PairOverlap::covered(std::span<const Term> words) const {
  return covered_share(words.empty() ? 0 : words.size() - 1,
                       [&](std::size_t i) { return holds(pair_hash(words[i], words[i + 1])); });
}

double PairOverlap::own_covered() const {
  return covered_share(own_places_.size(),
                       [&](std::size_t i) { return own_[own_places_[i]].round == round_; });
}

}  // namespace wirewatch::feeds
