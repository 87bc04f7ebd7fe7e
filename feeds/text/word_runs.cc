#include "feeds/text/word_runs.h"

#include <algorithm>
#include <bit>
#include <cstring>

namespace wirewatch::feeds {
namespace {

static_assert(sizeof(Run) == 2 * sizeof(std::uint32_t));

// How many bits are set; without the instruction for it, which not every processor has.
std::size_t ones_in(std::uint64_t bits) {
  bits -= bits >> 1U & 0x5555555555555555ULL;
  bits = (bits & 0x3333333333333333ULL) + (bits >> 2U & 0x3333333333333333ULL);
  return ((bits + (bits >> 4U)) & 0x0F0F0F0F0F0F0F0FULL) * 0x0101010101010101ULL >> 56U;
}

// The mask of the bytes one or two places on.
std::uint64_t one_on(std::uint64_t here, std::uint64_t next) {
  return here >> 1U | next << 63U;
}
std::uint64_t two_on(std::uint64_t here, std::uint64_t next) {
  return here >> 2U | next << 62U;
}

// The mask of the bytes one place before; `last` is the last bit of the block before, kept for the
// next block.
std::uint64_t one_before(std::uint64_t here, std::uint64_t& last) {
  const std::uint64_t moved = here << 1U | last;
  last = here >> 63U;
  return moved;
}

}  // namespace

// The last bits of the block before.
struct RunFinder::Carry {
  std::uint64_t ascii = 0;
  std::uint64_t digits = 0;
  std::uint64_t pairs = 0;
  std::uint64_t arabic = 0;
};

// Blocks at the ends of the text are padded with blanks.
void RunFinder::read_block(std::size_t at, ByteMasks& masks) const {
  if (at >= 1 && at + mask_bytes < text_.size()) {
    return read_.masks(text_.data() + at, folded_ + at, masks);
  }
  if (at >= text_.size()) {
    masks = {};
    return;
  }
  char padded[1 + mask_bytes + 1];
  std::memset(padded, ' ', sizeof padded);
  const std::size_t before = at == 0 ? 0 : 1;
  const std::size_t count = std::min(text_.size() - at, mask_bytes + 1);
  std::memcpy(padded + 1 - before, text_.data() + at - before, before + count);
  read_.masks(padded + 1, folded_ + at, masks);
}

RunFinder::Marks RunFinder::marks_of(const ByteMasks& here, const ByteMasks& next, Carry& carry) {
  const auto mask = [&here](ByteClass one) { return here.of(one); };
  const auto followed_by = [&](ByteClass one) { return one_on(here.of(one), next.of(one)); };
  const std::uint64_t digits = mask(ByteClass::digit);
  const std::uint64_t ascii = mask(ByteClass::letter) | digits;
  std::uint64_t arabic = 0;  // both bytes of each letter
  std::uint64_t pairs = 0;   // first ones
  std::uint64_t strange = 0;
  std::uint64_t leads = 0;
  std::uint64_t next_leads = 0;
  if (here.beyond_ascii || next.beyond_ascii || carry.pairs != 0) {
    const auto leads_of = [](const ByteMasks& masks) {
      return masks.of(ByteClass::lead) | masks.of(ByteClass::lead_d8) |
             masks.of(ByteClass::lead_d9) | masks.of(ByteClass::lead_e2);
    };
    leads = leads_of(here);
    next_leads = leads_of(next);
    pairs = (mask(ByteClass::lead_d8) & followed_by(ByteClass::d8_letter)) |
            (mask(ByteClass::lead_d9) & followed_by(ByteClass::d9_letter));
    const std::uint64_t signs = (mask(ByteClass::lead_d8) & followed_by(ByteClass::byte_8c)) |
                                (mask(ByteClass::lead_e2) & followed_by(ByteClass::byte_80) &
                                 two_on(here.of(ByteClass::dash), next.of(ByteClass::dash)));
    strange = leads & ~pairs & ~signs;
    arabic = pairs | one_before(pairs, carry.pairs);
  }
  const std::uint64_t words = ascii | arabic;
  const std::uint64_t next_ascii = next.of(ByteClass::letter) | next.of(ByteClass::digit);
  const std::uint64_t word_may_follow = one_on(ascii | leads, next_ascii | next_leads);
  const std::uint64_t behind_ascii = one_before(ascii, carry.ascii);
  const std::uint64_t behind_arabic = one_before(arabic, carry.arabic);
  const std::uint64_t behind_digit = one_before(digits, carry.digits);
  const std::uint64_t signs_in_words = (mask(ByteClass::apostrophe) | mask(ByteClass::stop)) &
                                       (behind_ascii | behind_arabic) & word_may_follow;
  Marks marks;
  marks.words = words;
  marks.joins = strange | signs_in_words | (ascii & behind_arabic) | (pairs & behind_ascii) |
                (mask(ByteClass::comma) & behind_digit & followed_by(ByteClass::digit));
  marks.breaks = mask(ByteClass::hard_break) | (mask(ByteClass::stop) & ~marks.joins);
  marks.hyphens =
      (mask(ByteClass::hyphen) | mask(ByteClass::lead_e2)) & (behind_ascii | behind_arabic);
  return marks;
}

void RunFinder::take(std::size_t at, const Marks& marks) {
  const auto base = static_cast<std::uint32_t>(at);
  const auto place = [base](std::uint64_t bits) {
    return base + static_cast<std::uint32_t>(std::countr_zero(bits));
  };
  // Every edge between words and the rest: starts and ends in turn, as runs lie in memory.
  const std::size_t before = edge_count_;
  const std::uint64_t edges = marks.words ^ (marks.words << 1U | (before & 1U));
  char* const out = reinterpret_cast<char*>(runs_) + before * sizeof(std::uint32_t);
  edge_count_ += read_.places(edges, base, out);
  for (std::uint64_t bits = marks.joins | marks.breaks; bits != 0; bits &= bits - 1) {
    const std::uint64_t lowest = bits & (~bits + 1);
    const std::size_t edges_before = before + ones_in(edges & (lowest - 1));
    events_[event_count_++] = {place(bits), (marks.joins & lowest) != 0,
                               static_cast<std::uint32_t>((edges_before + 1) / 2)};
  }
  for (std::uint64_t bits = marks.hyphens; bits != 0; bits &= bits - 1) {
    hyphens_[hyphen_count_++] = place(bits);
  }
}

std::size_t RunFinder::look(std::size_t from) {
  edge_count_ = event_count_ = hyphen_count_ = 0;
  Carry carry;
  ByteMasks masks[2];
  read_block(from, masks[0]);
  std::size_t at = from;
  for (std::size_t i = 0; i < blocks && at < text_.size(); ++i, at += mask_bytes) {
    read_block(at + mask_bytes, masks[(i + 1) % 2]);
    take(at, marks_of(masks[i % 2], masks[(i + 1) % 2], carry));
  }
  if (edge_count_ % 2 == 0) return std::min(at, text_.size());
  Run& last = runs_[edge_count_ / 2];
  if (at < text_.size()) return last.start;
  last.end = static_cast<std::uint32_t>(text_.size());
  ++edge_count_;
  return text_.size();
}

}  // namespace wirewatch::feeds
