// Values that fill one column: lists, mentions and sketches as length-prefixed bytes (byte-exact,
// whatever a feed sends), and zstd frames for long text.
//
// Format: a number is LEB128 (7 bits a byte, low bits first, high bit: more follows); a string is
// its length in bytes and its bytes; a list is its count and its entries.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "feeds/identity/identity.h"
#include "feeds/identity/publisher.h"
#include "feeds/mention.h"

namespace wirewatch::daemon {

std::string pack(const std::vector<std::string>& list);
std::string pack(const std::vector<feeds::Mention>& mentions);
std::string pack(const feeds::TextSketch& sketch);
std::string pack(const std::vector<feeds::DatedItem>& dates);

// The reverse. Throw StoreFailure (invalid) for bytes that `pack` did not write.
std::vector<std::string> unpack_list(std::string_view bytes);
std::vector<feeds::Mention> unpack_mentions(std::string_view bytes);
feeds::TextSketch unpack_sketch(std::string_view bytes);
std::vector<feeds::DatedItem> unpack_dates(std::string_view bytes);

// Keeps zstd's working memory between calls. One thread at a time.
class Zstd {
 public:
  Zstd();
  ~Zstd();
  std::string compress(std::string_view text);     // level 3; empty stays empty
  std::string decompress(std::string_view frame);  // throws StoreFailure (invalid)

 private:
  struct Contexts;
  std::unique_ptr<Contexts> contexts_;
};

}  // namespace wirewatch::daemon
