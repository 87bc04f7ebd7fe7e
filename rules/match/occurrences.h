// Where in one document which of the rules' single tests (atoms) hold.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace wirewatch::rules {

using AtomId = std::uint32_t;
inline constexpr AtomId no_atom = 0xFFFFFFFFU;
inline constexpr std::uint32_t no_mention = 0xFFFFFFFFU;

// A place in a document where an atom holds.
struct Occurrence {
  std::uint32_t first = 0;  // word numbers of the Reading
  std::uint32_t last = 0;   // included
  std::uint32_t mention = no_mention;
};

struct Found {
  AtomId atom = no_atom;
  Occurrence where;
};

// All occurrences in one document. Its size follows the document's, never the number of rules. Its
// room is that of the document before: to get and give back so much for each cost a tenth of
// matching.
class Occurrences {
 public:
  // `found` ascends by `first` for each atom.
  explicit Occurrences(const std::vector<Found>& found);
  ~Occurrences();
  Occurrences(const Occurrences&) = delete;
  Occurrences& operator=(const Occurrences&) = delete;

  // In reading order.
  std::span<const Occurrence> of(AtomId atom) const {
    const Slot& slot = room_.slots[place(atom)];
    if (slot.atom != atom) return {};
    return std::span(room_.all).subspan(slot.begin, slot.count);
  }
  bool has(AtomId atom) const { return room_.slots[place(atom)].atom == atom; }
  // That occurred at all, once each, in no particular order.
  const std::vector<AtomId>& atoms() const { return room_.atoms; }

 private:
  struct Slot {
    AtomId atom = no_atom;
    std::uint32_t begin = 0;
    std::uint32_t count = 0;
  };
  // Of the atom, or the free one where it would stand.
  std::size_t place(AtomId atom) const {
    std::size_t at = (atom * 0x9E3779B1U) >> shift_;
    while (room_.slots[at].atom != atom && room_.slots[at].atom != no_atom) at = (at + 1) & mask_;
    return at;
  }

  // At least as long as this document needs.
  struct Room {
    std::vector<Occurrence> all;  // by atom
    std::vector<Slot> slots;      // open addressing, at most half full
    std::vector<AtomId> atoms;
  };
  static Room& spare();

  Room room_;
  std::size_t mask_ = 0;
  unsigned shift_ = 0;
};

}  // namespace wirewatch::rules
