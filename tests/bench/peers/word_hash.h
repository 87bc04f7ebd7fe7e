// The floor of any text pass: splits ASCII text at everything but letters and digits and hashes
// each word, with AVX2. No folding, no Unicode, no sentences.
#pragma once

#include <cstdint>
#include <string_view>

namespace wirewatch::bench {

bool has_avx2();
// The sum of the words' hashes, and their number.
struct WordHashes {
  std::uint64_t sum = 0;
  std::size_t words = 0;
};
WordHashes hash_words(std::string_view text);

}  // namespace wirewatch::bench
