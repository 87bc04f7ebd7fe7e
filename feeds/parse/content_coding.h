// Content-Encoding: raw bytes as the server sent them → the body (RFC 9110 section 8.4).
#pragma once

#include <string>
#include <string_view>

#include "feeds/result.h"

namespace wirewatch::feeds {

struct DecodedBody {
  std::string bytes;
  bool complete = true;  // false: the last compressed stream had no end (cut off, no trailer)
};

// `encodings` is the header's value ("gzip", "br, gzip", empty). A gzip body without a label is
// recognised. Errors: `too_big` once more than `cap` bytes come out (counted while inflating, so a
// bomb costs no more than `cap`) or for more than five layers; `invalid` for a body that is not
// what its label says: the caller may ask again for identity.
Result<DecodedBody> decode_content(std::string_view bytes, std::string_view encodings,
                                   std::size_t cap);

}  // namespace wirewatch::feeds
