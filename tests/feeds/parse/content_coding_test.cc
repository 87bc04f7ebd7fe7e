// Rows 1 to 5 and 7 of the fault list, as far as they concern bytes.
#include "feeds/parse/content_coding.h"

#include <zlib.h>
#include <zstd.h>

namespace wirewatch::feeds {
namespace {

constexpr std::size_t kCap = 1U << 20U;

// zlib's `window_bits`: 31 gzip, 15 zlib, -15 bare deflate.
std::string deflate_with(std::string_view text, int window_bits) {
  z_stream stream{};
  EXPECT_EQ(deflateInit2(&stream, 9, Z_DEFLATED, window_bits, 9, Z_DEFAULT_STRATEGY), Z_OK);
  std::string out(deflateBound(&stream, text.size()) + 64, '\0');
  stream.next_in = const_cast<Bytef*>(reinterpret_cast<const Bytef*>(text.data()));
  stream.avail_in = static_cast<uInt>(text.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  EXPECT_EQ(deflate(&stream, Z_FINISH), Z_STREAM_END);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

std::string gzip(std::string_view text) {
  return deflate_with(text, 31);
}

std::string zstd(std::string_view text) {
  std::string out(ZSTD_compressBound(text.size()), '\0');
  out.resize(ZSTD_compress(out.data(), out.size(), text.data(), text.size(), 3));
  return out;
}

const std::string kText = "<rss><channel><title>Ferries and bridges</title></channel></rss>";
// "hello" in one uncompressed block (RFC 7932 section 9).
const std::string kBrotli("\x0b\x02\x80hello\x03", 9);

TEST(ContentCoding, EveryCodingIsDecoded) {
  const struct {
    std::string bytes;
    const char* label;
  } cases[] = {
      {kText, ""},
      {kText, "identity"},
      {gzip(kText), "gzip"},
      {gzip(kText), "X-GZIP"},
      {gzip(kText), ""},  // row 5: no label
      {deflate_with(kText, 15), "deflate"},
      {deflate_with(kText, -15), "deflate"},
      {zstd(kText), "zstd"},
      {gzip(zstd(kText)), "zstd, gzip"},
      {gzip(gzip(kText)), "gzip,gzip"},
  };
  for (const auto& c : cases) {
    const auto body = decode_content(c.bytes, c.label, kCap);
    ASSERT_TRUE(body.has_value()) << c.label;
    EXPECT_EQ(body->bytes, kText) << c.label;
    EXPECT_TRUE(body->complete) << c.label;
  }
  const auto brotli = decode_content(kBrotli, "br", kCap);
  ASSERT_TRUE(brotli.has_value());
  EXPECT_EQ(brotli->bytes, "hello");
}

TEST(ContentCoding, GzipMembersFollowOneAnother) {
  const auto body = decode_content(gzip("one ") + gzip("two"), "gzip", kCap);
  EXPECT_EQ(body->bytes, "one two");
}

// Rows 1 to 3.
TEST(ContentCoding, ABombStopsAtTheCap) {
  const std::string zeros(8U << 20U, '\0');
  const struct {
    std::string bytes;
    const char* label;
  } cases[] = {
      {gzip(zeros), "gzip"},
      {gzip(zeros), ""},
      {deflate_with(zeros, 15), "deflate"},
      {zstd(zeros), "zstd"},
      {gzip(gzip(zeros)), "gzip, gzip"},
  };
  for (const auto& c : cases) {
    const auto body = decode_content(c.bytes, c.label, kCap);
    ASSERT_TRUE(body.has_error()) << c.label;
    EXPECT_EQ(body.error().kind, ErrorKind::too_big);
    EXPECT_EQ(body.error().text, "the body is larger than 1048576 bytes when inflated");
  }
  EXPECT_EQ(decode_content(zeros, "", kCap).error().text, "the body is larger than 1048576 bytes");
}

// Row 3.
TEST(ContentCoding, MoreThanFiveLayersAreRefused) {
  std::string bytes = kText;
  for (int i = 0; i < 5; ++i) bytes = gzip(bytes);
  EXPECT_EQ(decode_content(bytes, "gzip, gzip, gzip, gzip, gzip", kCap)->bytes, kText);
  const auto six = decode_content(gzip(bytes), "gzip, gzip, gzip, gzip, gzip, gzip", kCap);
  ASSERT_TRUE(six.has_error());
  EXPECT_EQ(six.error().kind, ErrorKind::too_big);
  EXPECT_EQ(six.error().text, "the body is encoded more than 5 times over");
}

// Row 4.
TEST(ContentCoding, ABodyThatIsNotWhatItsLabelSaysIsInvalid) {
  for (const std::string label : {"gzip", "deflate", "br", "zstd"}) {
    const auto body = decode_content(kText, label, kCap);
    ASSERT_TRUE(body.has_error()) << label;
    EXPECT_EQ(body.error().kind, ErrorKind::invalid);
    EXPECT_EQ(body.error().text, "the body is not \"" + label + "\" as its label says");
  }
  EXPECT_EQ(decode_content("<grzy", "rot13, gzip", kCap).error().text,
            "the body is not \"gzip\" as its label says");
  EXPECT_EQ(decode_content("ebg13", "rot13", kCap).error().text,
            "content encoding \"rot13\" is none of gzip, deflate, br, zstd");
}

TEST(ContentCoding, ALabelThatIsNoCodingIsPassedByWhereTheBytesBearItOut) {
  for (const std::string label : {"utf-8", "none", "UTF-8, gzip", "binary"}) {
    const bool zipped = label.ends_with("gzip");
    const auto body = decode_content(zipped ? gzip(kText) : kText, label, kCap);
    ASSERT_TRUE(body.has_value()) << label;
    EXPECT_EQ(body->bytes, kText) << label;
  }
  EXPECT_EQ(decode_content(gzip(kText), "utf-8", kCap)->bytes, kText);
  EXPECT_EQ(decode_content("\xEF\xBB\xBF {}", "utf-8", kCap)->bytes, "\xEF\xBB\xBF {}");
  EXPECT_EQ(decode_content(std::string(kCap + 1, '<'), "utf-8", kCap).error().kind,
            ErrorKind::too_big);
}

// Row 7.
TEST(ContentCoding, ACutStreamIsIncomplete) {
  std::string text;
  for (int i = 0; i < 4000; ++i) text += std::to_string(i * 7919 % 10007);
  const struct {
    std::string bytes;
    const char* label;
  } cases[] = {
      {gzip(text), "gzip"},
      {gzip(text), ""},
      {deflate_with(text, 15), "deflate"},
      {zstd(text), "zstd"},
      {gzip(zstd(text)), "zstd, gzip"},
  };
  for (const auto& c : cases) {
    for (const std::size_t missing : {std::size_t{4}, c.bytes.size() / 2}) {
      const auto body = decode_content(
          std::string_view(c.bytes).substr(0, c.bytes.size() - missing), c.label, kCap);
      ASSERT_TRUE(body.has_value()) << c.label;
      EXPECT_FALSE(body->complete) << c.label << missing;
      EXPECT_TRUE(text.starts_with(body->bytes)) << c.label;
    }
  }
}

TEST(ContentCoding, AnEmptyBodyIsEmpty) {
  EXPECT_EQ(decode_content("", "gzip", kCap)->bytes, "");
  EXPECT_EQ(decode_content("", "", kCap)->bytes, "");
}

}  // namespace
}  // namespace wirewatch::feeds
