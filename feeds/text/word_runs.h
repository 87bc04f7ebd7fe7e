// The easy part of splitting a text, in bulk: runs of bytes that are words as they stand, and the
// places between them that somebody has to look at.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "feeds/text/byte_masks.h"

namespace wirewatch::feeds {

// A run of letters and digits of ASCII, or of plain letters of the Arabic script.
struct Run {
  std::uint32_t start;  // bytes of the text
  std::uint32_t end;
};

// Where more happens than that a word ends or begins.
struct Event {
  std::uint32_t at;
  // Whether the run that ends here, or goes on over this place, may be a part of a longer word or
  // none at all: the characters decide. Otherwise all runs before it are words, and here stands one
  // of . ! ? or a line feed.
  bool joins;
  std::uint32_t runs;  // of the window, that begin before `at`
};

// Looks through a text window by window.
class RunFinder {
 public:
  // `folded` has room for as many bytes as the text, and mask_bytes more. Both outlive this.
  RunFinder(std::string_view text, char* folded, TextReader read)
      : text_(text), folded_(folded), read_(read) {}

  static constexpr std::size_t window = 32 * mask_bytes;  // bytes at most

  // Looks from `from` on, where no word goes on; returns where this window ends: at a place where
  // none does either, or at `from` itself where one run fills all of it. Folds what it looks at.
  // After it, runs and events are those of the window, in order.
  std::size_t look(std::size_t from);

  std::span<Run> runs() { return {runs_, edge_count_ / 2}; }
  std::span<const Event> events() const { return {events_, event_count_}; }
  // Where behind a run something like a hyphen stands, ascending.
  std::span<const std::uint32_t> hyphens() const { return {hyphens_, hyphen_count_}; }

 private:
  static constexpr std::size_t blocks = window / mask_bytes;

  struct Marks {
    std::uint64_t words = 0;
    std::uint64_t joins = 0;
    std::uint64_t breaks = 0;
    std::uint64_t hyphens = 0;
  };
  struct Carry;
  void read_block(std::size_t at, ByteMasks& masks) const;
  static Marks marks_of(const ByteMasks& here, const ByteMasks& next, Carry& carry);
  void take(std::size_t at, const Marks& marks);

  std::string_view text_;
  char* folded_;
  TextReader read_;
  std::size_t edge_count_ = 0;  // starts and ends of runs in turn; odd where one has not ended
  std::size_t event_count_ = 0;
  std::size_t hyphen_count_ = 0;
  // Written before it is read: not cleared, since most texts are short.
  Run runs_[blocks * mask_bytes / 2 + 1 + places_beyond / 2];
  Event events_[blocks * mask_bytes];
  std::uint32_t hyphens_[blocks * mask_bytes / 2];
};

}  // namespace wirewatch::feeds
