#include "rules/match/compiled.h"

#include <algorithm>
#include <array>
#include <boost/container/small_vector.hpp>

#include "feeds/prefetch.h"

namespace wirewatch::rules {
namespace {

// A word that many rules need is common in the texts that they are written for.
class Rarity {
 public:
  Rarity(const AtomTable& atoms, const std::vector<std::vector<Need>>& needs)
      : atoms_(atoms), uses_(atoms.size()) {
    for (const auto& rule : needs) {
      for (const Need& need : rule) {
        for (const AtomId atom : need.atoms) ++uses_[atom];
      }
    }
  }

  std::uint64_t cost(const Need& need) const {
    std::uint64_t sum = 0;
    for (const AtomId atom : need.atoms)
      sum += std::uint64_t{atoms_.weight(atom)} * (8 + uses_[atom]);
    return need.about_document ? sum * 50 : sum;
  }

 private:
  const AtomTable& atoms_;
  std::vector<std::uint32_t> uses_;
};

// The atoms of one document as a few bits: most of those asked for are not among them.
class FewAtoms {
 public:
  explicit FewAtoms(const std::vector<AtomId>& atoms) {
    for (const AtomId atom : atoms) bits_[place(atom) / 64] |= std::uint64_t{1} << place(atom) % 64;
  }
  bool may_hold(AtomId atom) const {
    return (bits_[place(atom) / 64] >> place(atom) % 64 & 1U) != 0;
  }

 private:
  static std::uint32_t place(AtomId atom) { return (atom * 0x9E3779B1U) >> 19U; }  // 8,192 of them
  std::array<std::uint64_t, 128> bits_{};
};

struct Filed {
  const Need* anchor = nullptr;
  AtomId second = no_atom;
};

Filed choose(const std::vector<Need>& needs, const Rarity& rarity) {
  Filed filed;
  for (const Need& need : needs) {
    if (filed.anchor == nullptr || rarity.cost(need) < rarity.cost(*filed.anchor))
      filed.anchor = &need;
  }
  const Need* second = nullptr;
  for (const Need& need : needs) {
    if (&need == filed.anchor || need.atoms.size() != 1) continue;
    if (second == nullptr || rarity.cost(need) < rarity.cost(*second)) second = &need;
  }
  if (second != nullptr) filed.second = second->atoms[0];
  return filed;
}

}  // namespace

void RuleSet::Compiled::file(const std::vector<std::vector<Need>>& needs) {
  const Rarity rarity(all.atoms(), needs);
  std::vector<Filed> filed(needs.size());
  posting_starts.assign(all.atoms().size() + 1, 0);
  for (std::uint32_t rule = 0; rule < needs.size(); ++rule) {
    if (rules[rule].only_named) continue;
    filed[rule] = choose(needs[rule], rarity);
    if (filed[rule].anchor == nullptr) {
      always.push_back(rule);
    } else {
      for (const AtomId atom : filed[rule].anchor->atoms) ++posting_starts[atom + 1];
    }
  }
  has_postings.assign(all.atoms().size() / 64 + 1, 0);
  for (std::size_t atom = 0; atom + 1 < posting_starts.size(); ++atom) {
    if (posting_starts[atom + 1] > 0) has_postings[atom / 64] |= std::uint64_t{1} << (atom % 64);
  }
  for (std::size_t i = 1; i < posting_starts.size(); ++i)
    posting_starts[i] += posting_starts[i - 1];
  postings.resize(posting_starts.back());
  std::vector<std::uint32_t> next(posting_starts.begin(), posting_starts.end() - 1);
  for (std::uint32_t rule = 0; rule < filed.size(); ++rule) {
    if (filed[rule].anchor == nullptr) continue;
    for (const AtomId atom : filed[rule].anchor->atoms) {
      postings[next[atom]++] = {rule, filed[rule].second};
    }
  }
}

std::vector<std::uint32_t> RuleSet::Compiled::candidates(const Occurrences& found) const {
  std::vector<std::uint32_t> result = always;
  const FewAtoms few(found.atoms());
  // What is read next is fetched from memory meanwhile: where the lists begin, then the lists.
  boost::container::small_vector<AtomId, 256> filed;
  for (const AtomId atom : found.atoms()) {
    if ((has_postings[atom / 64] >> (atom % 64) & 1U) == 0) continue;
    feeds::prefetch(&posting_starts[atom]);
    filed.push_back(atom);
  }
  for (const AtomId atom : filed) feeds::prefetch(&postings[posting_starts[atom]]);
  for (const AtomId atom : filed) {
    const Posting* end = postings.data() + posting_starts[atom + 1];
    for (const Posting* at = postings.data() + posting_starts[atom]; at != end; ++at) {
      if (at->second != no_atom && (!few.may_hold(at->second) || !found.has(at->second))) continue;
      result.push_back(at->rule);
    }
  }
  std::sort(result.begin(), result.end());
  result.erase(std::unique(result.begin(), result.end()), result.end());
  return result;
}

}  // namespace wirewatch::rules
