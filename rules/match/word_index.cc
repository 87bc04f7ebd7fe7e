#include "rules/match/word_index.h"

#include <string>

#include "feeds/hash.h"

namespace wirewatch::rules {

std::uint64_t joined_hash(const Reading& reading, std::uint32_t i) {
  return hash64(std::string(reading.folded(i)).append(reading.folded(i + 1)));
}

// Word hashes are well mixed already; the state only has to tell them apart.
std::uint64_t WordIndex::step_key(std::uint32_t state, std::uint64_t word) {
  std::uint64_t key = word ^ (std::uint64_t{state} * 0x9e3779b97f4a7c15ULL);
  key ^= key >> 32U;
  return key * 0xd6e8feb86659fd93ULL;
}

WordIndex::State& WordIndex::grow(State& from, std::uint64_t word) {
  if (from.number == 0) from.number = ++numbers_;
  return next_[step_key(from.number, word)];
}

void WordIndex::end_here(State& state, AtomId atom) {
  if (state.atom == no_atom) {
    state.atom = atom;
  } else if ((state.atom & many) != 0) {
    lists_[state.atom & ~many].push_back(atom);
  } else {
    lists_.push_back({state.atom, atom});
    state.atom = static_cast<std::uint32_t>(lists_.size() - 1) | many;
  }
}

void WordIndex::add(std::span<const std::uint64_t> words, AtomId atom) {
  // `number` is set before the map may move its states, so no reference outlives its use.
  State* state = &first_[words[0]];
  for (const std::uint64_t word : words.subspan(1)) state = &grow(*state, word);
  end_here(*state, atom);
}

void WordIndex::finish() {
  first_sieve_ = Sieve(first_);
  next_sieve_ = Sieve(next_);
}

void WordIndex::take(const Reading& reading, State state, std::uint32_t first, std::uint32_t last,
                     std::vector<Found>& out) const {
  while (true) {
    if ((state.atom & many) == 0) {
      out.push_back({state.atom, {first, last, no_mention}});
    } else if (state.atom != no_atom) {
      for (const AtomId atom : lists_[state.atom & ~many]) {
        out.push_back({atom, {first, last, no_mention}});
      }
    }
    if (state.number == 0 || last + 1 >= reading.size() || !reading.runs_on(last)) return;
    const std::uint32_t next = last + 1;
    if (next + 1 < reading.size() && reading.joined(next)) {
      const State* closed = next_.find(step_key(state.number, joined_hash(reading, next)));
      if (closed != nullptr) take(reading, *closed, first, next + 1, out);
    }
    const std::uint64_t key = step_key(state.number, reading.token(next).hash);
    if (!next_sieve_.may_hold(key)) return;
    const State* further = next_.find(key);
    if (further == nullptr) return;
    state = *further;
    last = next;
  }
}

std::size_t WordIndex::bytes() const {
  std::size_t total = first_.bytes() + next_.bytes() + first_sieve_.bytes() + next_sieve_.bytes();
  for (const auto& list : lists_) total += sizeof(list) + list.capacity() * sizeof(AtomId);
  return total;
}

}  // namespace wirewatch::rules
