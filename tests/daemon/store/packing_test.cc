#include "daemon/store/packing.h"

#include <gmock/gmock.h>

#include "daemon/store/failure.h"
#include "daemon/store/packed_reports.h"

namespace wirewatch::daemon {
namespace {

TEST(Packing, ListsKeepEveryByte) {
  const std::vector<std::string> list = {"", std::string("a\0b", 3), "\xff\xfe",
                                         std::string(1000, 'x')};
  EXPECT_EQ(unpack_list(pack(list)), list);
  EXPECT_EQ(unpack_list(pack(std::vector<std::string>())), std::vector<std::string>());
}

TEST(Packing, OfReportsStoredBeforeTheirTextsWereKeptTheItemIsKnown) {
  const std::vector<rules::Report> old = {{"one", "", "", {}, false, false},
                                          {"two", "", "", {}, false, false}};
  EXPECT_EQ(unpack_reports(pack(std::vector<std::string>{"one", "two"})), old);
  EXPECT_EQ(pack(old), pack(std::vector<std::string>{"one", "two"}));
}

TEST(Packing, WhatIsNoReportIsLeftOut) {
  for (const char* entry :
       {"one x c g Post", "one 12x c g Post", "one 99999999999999999999 c g P"}) {
    const auto reports = unpack_reports(pack(std::vector<std::string>{entry}));
    ASSERT_EQ(reports.size(), 1U);
    EXPECT_EQ(reports[0].item, "one");
    EXPECT_EQ(reports[0].copy_group, "");
  }
  EXPECT_TRUE(unpack_heard(pack(std::vector<std::string>{"g", "x g", ""})).empty());
}

TEST(Packing, SketchesKeepEveryBit) {
  const feeds::TextSketch sketch = {0, 127, 128, 16384, 4294967295U};
  EXPECT_EQ(unpack_sketch(pack(sketch)), sketch);
}

TEST(Packing, EveryCutOfAPackedListIsNoticed) {
  const std::string whole = pack(std::vector<std::string>{"one", "two"});
  for (std::size_t size = 0; size < whole.size(); ++size) {
    EXPECT_THROW(unpack_list(whole.substr(0, size)), StoreFailure) << size;
  }
}

TEST(Packing, AHugeCountTakesNoMemory) {
  EXPECT_THROW(unpack_list("\xff\xff\xff\xff\xff\xff\xff\xff\x7f"), StoreFailure);
  EXPECT_THROW(unpack_mentions("\xff\xff\xff\xff\xff\xff\xff\xff\x7f"), StoreFailure);
  EXPECT_THROW(unpack_sketch("\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\x7f"), StoreFailure);
}

TEST(Zstd, TextComesBackAndRepetitionIsCheap) {
  Zstd zstd;
  const std::string text(100000, 'a');
  EXPECT_LT(zstd.compress(text).size(), 100U);
  EXPECT_EQ(zstd.decompress(zstd.compress(text)), text);
  EXPECT_EQ(zstd.decompress(zstd.compress("")), "");
}

TEST(Zstd, WhatIsNoFrameIsRefused) {
  Zstd zstd;
  const std::string frame = zstd.compress("some text that is long enough to be cut");
  EXPECT_THROW(zstd.decompress("no frame"), StoreFailure);
  EXPECT_THROW(zstd.decompress(frame.substr(0, frame.size() - 5)), StoreFailure);
}

}  // namespace
}  // namespace wirewatch::daemon
