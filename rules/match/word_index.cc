#include "rules/match/word_index.h"

#include <algorithm>
#include <bit>
#include <utility>

namespace wirewatch::rules {

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
  const auto note = [this](std::uint64_t word, std::uint8_t role) {
    std::uint8_t& all = role_of_[word];
    all = static_cast<std::uint8_t>(all | role);
  };
  if (words.size() == 1) {
    note(words[0], WordRoles::alone);
    return end_here(words_[words[0]], atom);
  }
  note(words[0], WordRoles::first);
  note(words[1], WordRoles::second);
  // `number` is set before the map may move its states, so no reference outlives its use.
  State* state = &pairs_[pair_key(words[0], words[1])];
  for (const std::uint64_t word : words.subspan(2)) state = &grow(*state, word);
  end_here(*state, atom);
}

void WordIndex::finish() {
  roles_ = WordRoles(std::exchange(role_of_, {}));
  word_sieve_ = Sieve(words_);
  pair_sieve_ = Sieve(pairs_);
  next_sieve_ = Sieve(next_);
}

WordIndex::Places WordIndex::places(std::span<const std::uint64_t> hashes, std::size_t from) const {
  const std::size_t count = std::min<std::size_t>(hashes.size() - from, stride);
  const std::uint64_t* const at = hashes.data() + from;
  const bool followed = from + count < hashes.size();  // the last word of all has no next
  Places found;
  if (!roles_.made()) {  // examples are tried before all rules are in
    found.words = ~std::uint64_t{0} >> (stride - count);
    found.pairs = followed ? found.words : found.words >> 1U;
    return found;
  }
  const WordRoles::Masks roles = roles_.of({at, count});
  std::uint64_t seconds = roles.second >> 1U;
  if (followed && roles_.may_be(at[count], WordRoles::second)) {
    seconds |= std::uint64_t{1} << (count - 1);
  }
  for (std::uint64_t bits = roles.alone; bits != 0; bits &= bits - 1) {
    const auto n = static_cast<unsigned>(std::countr_zero(bits));
    found.words |= std::uint64_t{word_sieve_.may_hold(at[n])} << n;
  }
  for (std::uint64_t bits = roles.first & seconds; bits != 0; bits &= bits - 1) {
    const auto n = static_cast<unsigned>(std::countr_zero(bits));
    found.pairs |= std::uint64_t{pair_sieve_.may_hold(pair_key(at[n], at[n + 1]))} << n;
  }
  for (std::uint64_t bits = found.words; bits != 0; bits &= bits - 1) {
    words_.prefetch(at[std::countr_zero(bits)]);
  }
  for (std::uint64_t bits = found.pairs; bits != 0; bits &= bits - 1) {
    const auto n = static_cast<unsigned>(std::countr_zero(bits));
    pairs_.prefetch(pair_key(at[n], at[n + 1]));
  }
  return found;
}

// The pair's state; null where none begins so.
const WordIndex::State* WordIndex::pair(std::uint64_t first, std::uint64_t second) const {
  const std::uint64_t key = pair_key(first, second);
  if (pair_sieve_.made() && !pair_sieve_.may_hold(key)) return nullptr;
  return pairs_.find(key);
}

void WordIndex::report(const State& state, std::uint32_t first, std::uint32_t last,
                       std::vector<Found>& out) const {
  if ((state.atom & many) == 0) {
    out.push_back({state.atom, {first, last, no_mention}});
  } else if (state.atom != no_atom) {
    for (const AtomId atom : lists_[state.atom & ~many]) {
      out.push_back({atom, {first, last, no_mention}});
    }
  }
}

void WordIndex::take_word(std::uint64_t hash, std::uint32_t first, std::uint32_t last,
                          std::vector<Found>& out) const {
  const State* state = words_.find(hash);
  if (state != nullptr) report(*state, first, last, out);
}

void WordIndex::take_pairs(const Reading& reading, std::uint64_t hash, std::uint32_t first,
                           std::uint32_t last, std::vector<Found>& out) const {
  const std::uint32_t next = last + 1;
  if (next >= reading.size() || !reading.runs_on(last)) return;
  if (next + 1 < reading.size() && reading.joined(next)) {
    const State* closed = pair(hash, reading.joined_hash(next));
    if (closed != nullptr) take(reading, *closed, first, next + 1, out);
  }
  const State* state = pair(hash, reading.hash(next));
  if (state != nullptr) take(reading, *state, first, next, out);
}

void WordIndex::find(const Reading& reading, std::uint32_t i, const Places& places, std::uint32_t n,
                     std::vector<Found>& out) const {
  const std::uint64_t hash = reading.hash(i);
  if ((places.words >> n & 1U) != 0) take_word(hash, i, i, out);
  if ((places.pairs >> n & 1U) == 0) return;
  const State* state = pairs_.find(pair_key(hash, reading.hash(i + 1)));
  if (state != nullptr) take(reading, *state, i, i + 1, out);
}

bool WordIndex::may_join(const Reading& reading, std::uint32_t i, std::uint64_t hash) const {
  if (!roles_.made()) return true;
  if (roles_.may_be(hash, WordRoles::alone | WordRoles::first)) return true;
  return i > 0 && roles_.may_be(hash, WordRoles::second) &&
         roles_.may_be(reading.hash(i - 1), WordRoles::first);
}

void WordIndex::find_joined(const Reading& reading, std::uint32_t i, std::uint64_t hash,
                            std::vector<Found>& out) const {
  take_word(hash, i, i + 1, out);
  take_pairs(reading, hash, i, i + 1, out);
}

void WordIndex::find_before_joined(const Reading& reading, std::uint32_t i, std::uint64_t hash,
                                   std::vector<Found>& out) const {
  if (i == 0) return;
  const State* state = pair(reading.hash(i - 1), hash);
  if (state != nullptr && reading.runs_on(i - 1)) take(reading, *state, i - 1, i + 1, out);
}

void WordIndex::take(const Reading& reading, State state, std::uint32_t first, std::uint32_t last,
                     std::vector<Found>& out) const {
  while (true) {
    report(state, first, last, out);
    const std::uint32_t next = last + 1;
    if (state.number == 0 || next >= reading.size()) return;
    // Whether the text goes on there at all is asked last: it takes a look at the tokens.
    if (next + 1 < reading.size() && reading.joined(next) && reading.runs_on(last)) {
      const State* closed = next_.find(step_key(state.number, reading.joined_hash(next)));
      if (closed != nullptr) take(reading, *closed, first, next + 1, out);
    }
    const std::uint64_t key = step_key(state.number, reading.hash(next));
    if (next_sieve_.made() && !next_sieve_.may_hold(key)) return;
    const State* further = next_.find(key);
    if (further == nullptr || !reading.runs_on(last)) return;
    state = *further;
    last = next;
  }
}

std::size_t WordIndex::bytes() const {
  std::size_t total = roles_.bytes() + words_.bytes() + pairs_.bytes() + next_.bytes() +
                      word_sieve_.bytes() + pair_sieve_.bytes() + next_sieve_.bytes();
  for (const auto& list : lists_) total += sizeof(list) + list.capacity() * sizeof(AtomId);
  return total;
}

}  // namespace wirewatch::rules
