#include "feeds/hash.h"

#include <gtest/gtest.h>

namespace wirewatch {
namespace {

TEST(Hash, IsTheSameOnAnyMachine) {
  EXPECT_EQ(hash64(""), 0xefd01f60ba992926ULL);
  EXPECT_EQ(hash64("border"), 0xd14ec449657364b2ULL);
}

}  // namespace
}  // namespace wirewatch
