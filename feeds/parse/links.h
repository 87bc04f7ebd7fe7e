// Relative links of a document, made whole within bounds: an address that stands once goes into
// every link below it.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace wirewatch::feeds {

// What resolving may cost one document. Once it has cost that, links stay as they are written.
struct LinkBudget {
  std::size_t added = 16U << 20U;  // bytes by which links may grow
  std::size_t read = 64U << 20U;   // bytes of bases, each time that they are read
  bool exhausted = false;

  // False when there is no budget for so many bytes of bases.
  bool may_read(std::size_t bytes);
};

inline constexpr std::string_view kLinksLeftRelative =
    "relative links were no longer made whole: the addresses that they stand under are too long";

// Addresses that links stand under; longer ones are none (RFC 9110, section 4.1, asks for 8000
// octets).
inline constexpr std::size_t kLongestBase = 8192;

// `reference` against `base`; as written when that does not work or the budget is used up, empty
// when it is a script or data.
std::string resolve_link(std::string_view base, std::string_view reference, LinkBudget& budget);

// Whether `reference`, trimmed, means the same under every base: nothing, a whole address, or a
// script or data.
bool needs_no_base(std::string_view reference);

}  // namespace wirewatch::feeds
