#include "feeds/hash.h"

#include <gtest/gtest.h>

namespace wirewatch {
namespace {

TEST(Hash, OfARangeIsThatOfItsBytes) {
  const std::string bytes = "border guards held the smuggler ـ حرس الحدود";
  for (std::size_t begin = 0; begin <= bytes.size(); ++begin) {
    for (std::size_t length = 0; begin + length <= bytes.size(); ++length) {
      EXPECT_EQ(hash64_within(bytes, begin, length), hash64(bytes.substr(begin, length)))
          << begin << " " << length;
    }
  }
}

TEST(Hash, IsTheSameOnAnyMachine) {
  EXPECT_EQ(hash64(""), 0xefd01f60ba992926ULL);
  EXPECT_EQ(hash64("border"), 0xd14ec449657364b2ULL);
}

}  // namespace
}  // namespace wirewatch
