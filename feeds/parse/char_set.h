// Sets of bytes and where the next one stands: what std::string_view's find_first_of does with a
// call for every byte, as a look into a table.
#pragma once

#include <array>
#include <cstddef>
#include <string_view>

namespace wirewatch::feeds {

class CharSet {
 public:
  constexpr explicit CharSet(std::string_view members) {
    for (const char c : members) has_[static_cast<unsigned char>(c)] = true;
  }
  constexpr bool has(char c) const { return has_[static_cast<unsigned char>(c)]; }

  // The first byte at or behind `from` that is in the set, or is none of it; text.size() for none.
  constexpr std::size_t find_in(std::string_view text, std::size_t from = 0) const {
    while (from < text.size() && !has(text[from])) ++from;
    return from < text.size() ? from : text.size();
  }
  constexpr std::size_t find_outside(std::string_view text, std::size_t from = 0) const {
    while (from < text.size() && has(text[from])) ++from;
    return from < text.size() ? from : text.size();
  }

 private:
  std::array<bool, 256> has_{};
};

}  // namespace wirewatch::feeds
