// Signatures as the Standard Webhooks specification 1.0 has them (symmetric, "v1").
// https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "feeds/result.h"

namespace wirewatch::daemon {

// The key bytes of a secret: base64 after "whsec_", else the text itself. Errors: not base64, or
// empty; the text says so without the secret.
Result<std::string> signing_key(std::string_view secret);

// "v1," and base64 of HMAC-SHA256 over `id.timestamp.body`, for each key, parted by spaces.
// `timestamp`: Unix seconds.
std::string sign_webhook(const std::vector<std::string>& keys, std::string_view id,
                         std::int64_t timestamp, std::string_view body);

}  // namespace wirewatch::daemon
