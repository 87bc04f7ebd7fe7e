// Where a cleaned text stood in the text that was given.
#pragma once

#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

namespace wirewatch::feeds {

// `cleaned` is what make_document made of `given`: its title, or its text. Keeps one place for each
// byte of `cleaned`, so that people who hold `given` can be told where in it something stands.
class Origin {
 public:
  Origin(std::string_view given, std::string_view cleaned);

  // Byte range in `cleaned` → byte range in `given`, both UTF-8; line breaks and whatever stood in
  // between are inside it when the range goes over them. A range that is empty, or that `given`
  // does not hold, comes back as it is.
  std::pair<std::uint32_t, std::uint32_t> range(std::uint32_t start, std::uint32_t end) const;

 private:
  struct Place {
    std::uint32_t start = 0;  // of the character in `given`
    std::uint32_t end = 0;    // 0: this byte came from nowhere
  };
  std::vector<Place> places_;  // one for each byte of `cleaned`
};

}  // namespace wirewatch::feeds
