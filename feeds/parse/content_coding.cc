#include "feeds/parse/content_coding.h"

#include <brotli/decode.h>
#include <fmt/format.h>
#include <zlib.h>
#include <zstd.h>

#include <algorithm>
#include <array>
#include <memory>
#include <vector>

#include "feeds/parse/xml_text.h"

namespace wirewatch::feeds {
namespace {

constexpr std::size_t kMaxLayers = 5;
constexpr std::size_t kChunk = 64U << 10U;
constexpr int kGzipOrZlib = MAX_WBITS + 32;  // zlib tells the two apart by their headers
constexpr int kRawDeflate = -MAX_WBITS;

Error too_big(std::size_t cap) {
  return {ErrorKind::too_big, fmt::format("the body is larger than {} bytes when inflated", cap)};
}

Error not_as_labelled(std::string_view label) {
  return {ErrorKind::invalid, fmt::format("the body is not \"{}\" as its label says", label)};
}

struct InflateCloser {
  void operator()(z_stream* stream) const {
    inflateEnd(stream);
    delete stream;
  }
};
struct BrotliCloser {
  void operator()(BrotliDecoderState* state) const { BrotliDecoderDestroyInstance(state); }
};
struct ZstdCloser {
  void operator()(ZSTD_DStream* stream) const { ZSTD_freeDStream(stream); }
};

bool looks_like_gzip(std::string_view bytes) {
  return bytes.size() >= 3 && bytes.starts_with("\x1F\x8B\x08");
}

Result<DecodedBody> inflate_body(std::string_view bytes, int window_bits, std::string_view label,
                                 std::size_t cap) {
  auto* raw = new z_stream{};
  const std::unique_ptr<z_stream, InflateCloser> stream(raw);
  if (inflateInit2(raw, window_bits) != Z_OK) {
    return Error{ErrorKind::internal, "zlib could not start"};
  }
  // zlib's interface predates const.
  raw->next_in = const_cast<Bytef*>(reinterpret_cast<const Bytef*>(bytes.data()));
  raw->avail_in = static_cast<uInt>(bytes.size());
  DecodedBody body;
  body.complete = false;
  std::vector<char> chunk(kChunk);
  while (true) {
    raw->next_out = reinterpret_cast<Bytef*>(chunk.data());
    raw->avail_out = static_cast<uInt>(chunk.size());
    const int status = inflate(raw, Z_NO_FLUSH);
    const std::size_t made = chunk.size() - raw->avail_out;
    if (body.bytes.size() + made > cap) return too_big(cap);
    body.bytes.append(chunk.data(), made);
    if (status == Z_STREAM_END) {
      body.complete = true;
      const auto* rest = reinterpret_cast<const char*>(raw->next_in);
      // RFC 1952 section 2.2: a gzip file is a series of members. Anything else is padding.
      const bool another = looks_like_gzip({rest, raw->avail_in});
      if (!another || inflateReset(raw) != Z_OK) return body;
      body.complete = false;
      continue;
    }
    if (status != Z_OK && status != Z_BUF_ERROR) {
      if (body.bytes.empty()) return not_as_labelled(label);
      return body;  // damaged further on: what came out is all there is, and it is not whole
    }
    if (made == 0 && (raw->avail_in == 0 || status == Z_BUF_ERROR)) return body;
  }
}

// RFC 9110 section 8.4.1.2 means zlib's format; some servers send the bare stream.
Result<DecodedBody> inflate_deflate(std::string_view bytes, std::size_t cap) {
  const bool zlib_header =
      bytes.size() >= 2 && (bytes[0] & 0x0F) == 8 &&
      (static_cast<unsigned char>(bytes[0]) * 256U + static_cast<unsigned char>(bytes[1])) % 31 ==
          0;
  return inflate_body(bytes, zlib_header ? kGzipOrZlib : kRawDeflate, "deflate", cap);
}

Result<DecodedBody> decode_brotli(std::string_view bytes, std::size_t cap) {
  const std::unique_ptr<BrotliDecoderState, BrotliCloser> state(
      BrotliDecoderCreateInstance(nullptr, nullptr, nullptr));
  if (!state) return Error{ErrorKind::internal, "brotli could not start"};
  const auto* next_in = reinterpret_cast<const std::uint8_t*>(bytes.data());
  std::size_t available_in = bytes.size();
  DecodedBody body;
  std::vector<std::uint8_t> chunk(kChunk);
  while (true) {
    std::uint8_t* next_out = chunk.data();
    std::size_t available_out = chunk.size();
    const BrotliDecoderResult status = BrotliDecoderDecompressStream(
        state.get(), &available_in, &next_in, &available_out, &next_out, nullptr);
    const std::size_t made = chunk.size() - available_out;
    if (body.bytes.size() + made > cap) return too_big(cap);
    body.bytes.append(reinterpret_cast<const char*>(chunk.data()), made);
    if (status == BROTLI_DECODER_RESULT_SUCCESS) return body;
    if (status == BROTLI_DECODER_RESULT_NEEDS_MORE_OUTPUT) continue;
    body.complete = false;
    const bool cut = status == BROTLI_DECODER_RESULT_NEEDS_MORE_INPUT;
    if (!cut && body.bytes.empty()) return not_as_labelled("br");
    return body;
  }
}

Result<DecodedBody> decode_zstd(std::string_view bytes, std::size_t cap) {
  const std::unique_ptr<ZSTD_DStream, ZstdCloser> stream(ZSTD_createDStream());
  if (!stream) return Error{ErrorKind::internal, "zstd could not start"};
  // RFC 8878 section 3.1.1.1.2: 8 MiB windows are what a web client has to take.
  ZSTD_DCtx_setParameter(stream.get(), ZSTD_d_windowLogMax, 23);
  ZSTD_inBuffer in{bytes.data(), bytes.size(), 0};
  DecodedBody body;
  std::vector<char> chunk(kChunk);
  while (true) {
    ZSTD_outBuffer out{chunk.data(), chunk.size(), 0};
    const std::size_t status = ZSTD_decompressStream(stream.get(), &out, &in);
    if (ZSTD_isError(status) != 0) {
      body.complete = false;
      if (body.bytes.empty()) return not_as_labelled("zstd");
      return body;
    }
    if (body.bytes.size() + out.pos > cap) return too_big(cap);
    body.bytes.append(chunk.data(), out.pos);
    body.complete = status == 0;
    if (in.pos == in.size && out.pos < out.size) return body;
  }
}

std::vector<std::string> split_layers(std::string_view encodings) {
  std::vector<std::string> layers;
  while (!encodings.empty() && layers.size() <= kMaxLayers) {
    const std::size_t comma = std::min(encodings.find(','), encodings.size());
    std::string name = lower(trim(encodings.substr(0, comma)));
    if (!name.empty() && name != "identity") layers.push_back(std::move(name));
    encodings.remove_prefix(std::min(comma + 1, encodings.size()));
  }
  return layers;
}

// How every format of a feed begins, behind a byte order mark and blanks.
bool begins_like_a_feed(std::string_view bytes) {
  if (bytes.starts_with("\xEF\xBB\xBF")) bytes.remove_prefix(3);
  const std::size_t first = bytes.find_first_not_of(" \t\r\n");
  return first != std::string_view::npos &&
         std::string_view("<{[").find(bytes[first]) != std::string_view::npos;
}

// As it came: gzip is recognised, anything else is what it is.
Result<DecodedBody> unlabelled(std::string_view bytes, std::size_t cap) {
  if (looks_like_gzip(bytes)) return inflate_body(bytes, kGzipOrZlib, "gzip", cap);
  if (bytes.size() > cap) {
    return Error{ErrorKind::too_big, fmt::format("the body is larger than {} bytes", cap)};
  }
  DecodedBody body;
  body.bytes = std::string(bytes);
  return body;
}

Result<DecodedBody> decode_layer(std::string_view bytes, std::string_view name, std::size_t cap) {
  if (name == "gzip" || name == "x-gzip") {
    if (!looks_like_gzip(bytes)) return not_as_labelled("gzip");
    return inflate_body(bytes, kGzipOrZlib, "gzip", cap);
  }
  if (name == "deflate") return inflate_deflate(bytes, cap);
  if (name == "br") return decode_brotli(bytes, cap);
  if (name == "zstd") return decode_zstd(bytes, cap);
  // Some servers name a charset here, or "none": what can be seen to be no coding is passed by.
  if (looks_like_gzip(bytes) || begins_like_a_feed(bytes)) return unlabelled(bytes, cap);
  return Error{ErrorKind::invalid,
               fmt::format("content encoding \"{}\" is none of gzip, deflate, br, zstd",
                           utf8_prefix(name, 40))};
}

}  // namespace

Result<DecodedBody> decode_content(std::string_view bytes, std::string_view encodings,
                                   std::size_t cap) {
  const std::vector<std::string> layers = split_layers(encodings);
  if (layers.size() > kMaxLayers) {
    return Error{ErrorKind::too_big,
                 fmt::format("the body is encoded more than {} times over", kMaxLayers)};
  }
  DecodedBody body;
  bool decoded = false;
  // The header names them in the order they were applied.
  for (auto layer = layers.rbegin(); layer != layers.rend(); ++layer) {
    const std::string_view input = decoded ? std::string_view(body.bytes) : bytes;
    if (input.empty()) break;
    Result<DecodedBody> inner = decode_layer(input, *layer, cap);
    if (inner.has_error()) return inner.error();
    inner->complete = inner->complete && body.complete;
    body = std::move(*inner);
    decoded = true;
  }
  if (!decoded) return unlabelled(bytes, cap);
  return body;
}

}  // namespace wirewatch::feeds
