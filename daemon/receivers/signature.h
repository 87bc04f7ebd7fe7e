// Signatures as the Standard Webhooks specification 1.0 has them (symmetric, "v1").
// https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
#pragma once

#include <openssl/types.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "feeds/result.h"

namespace wirewatch::daemon {

// The key bytes of a secret: base64 after "whsec_", else the text itself. Errors: not base64, or
// empty; the text says so without the secret.
Result<std::string> signing_key(std::string_view secret);

// Signs with HMAC-SHA256 by each of `keys`. What follows from a key alone is worked out once, so
// signers are kept. One thread at a time.
class WebhookSigner {
 public:
  explicit WebhookSigner(const std::vector<std::string>& keys);
  ~WebhookSigner();
  WebhookSigner(const WebhookSigner&) = delete;
  WebhookSigner& operator=(const WebhookSigner&) = delete;

  // "v1," and base64 of the code over `id.timestamp.body`, for each key, parted by spaces.
  // `timestamp`: Unix seconds.
  std::string sign(std::string_view id, std::int64_t timestamp, std::string_view body);

 private:
  std::vector<EVP_MAC_CTX*> keyed_;
};

// The same, once.
std::string sign_webhook(const std::vector<std::string>& keys, std::string_view id,
                         std::int64_t timestamp, std::string_view body);

}  // namespace wirewatch::daemon
