#include "daemon/receivers/signature.h"

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/params.h>

#include <array>
#include <new>

#include "daemon/receivers/base64.h"

namespace wirewatch::daemon {
namespace {

const unsigned char* bytes_of(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

// Looked up once: OpenSSL asks its providers by name.
EVP_MAC* hmac() {
  static EVP_MAC* const found = EVP_MAC_fetch(nullptr, "HMAC", nullptr);
  if (found == nullptr) throw std::bad_alloc();
  return found;
}

}  // namespace

Result<std::string> signing_key(std::string_view secret) {
  constexpr std::string_view prefix = "whsec_";
  const Error wrong{ErrorKind::invalid,
                    "a signing secret that begins with \"whsec_\" must go on in base64"};
  if (secret.empty()) return Error{ErrorKind::invalid, "a signing secret is empty"};
  if (secret.substr(0, prefix.size()) != prefix) return std::string(secret);
  std::string text(secret.substr(prefix.size()));
  while (!text.empty() && text.back() == '=') text.pop_back();
  const std::size_t bytes = text.size() * 3 / 4;
  if (bytes == 0 || text.size() % 4 == 1) return wrong;
  const std::size_t padding = (4 - text.size() % 4) % 4;
  text.append(padding, '=');
  std::string key(text.size() / 4 * 3, '\0');
  const int length = EVP_DecodeBlock(reinterpret_cast<unsigned char*>(key.data()), bytes_of(text),
                                     static_cast<int>(text.size()));
  if (length < 0) return wrong;
  key.resize(bytes);
  return key;
}

WebhookSigner::WebhookSigner(const std::vector<std::string>& keys) {
  for (const std::string& key : keys) {
    EVP_MAC_CTX* const context = EVP_MAC_CTX_new(hmac());
    if (context == nullptr) throw std::bad_alloc();
    keyed_.push_back(context);
    char digest[] = "SHA256";
    const OSSL_PARAM parameters[] = {
        OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest, 0),
        OSSL_PARAM_construct_end()};
    if (EVP_MAC_init(context, bytes_of(key), key.size(), parameters) != 1) throw std::bad_alloc();
  }
}

WebhookSigner::~WebhookSigner() {
  for (EVP_MAC_CTX* const context : keyed_) EVP_MAC_CTX_free(context);
}

std::string WebhookSigner::sign(std::string_view id, std::int64_t timestamp,
                                std::string_view body) {
  std::string start(id);
  start += '.' + std::to_string(timestamp) + '.';
  std::string out;
  for (EVP_MAC_CTX* const context : keyed_) {
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    std::size_t length = 0;
    // Without a key it begins anew with the one it has.
    const bool done = EVP_MAC_init(context, nullptr, 0, nullptr) == 1 &&
                      EVP_MAC_update(context, bytes_of(start), start.size()) == 1 &&
                      EVP_MAC_update(context, bytes_of(body), body.size()) == 1 &&
                      EVP_MAC_final(context, digest.data(), &length, digest.size()) == 1;
    if (!done) throw std::bad_alloc();
    if (!out.empty()) out += ' ';
    out += "v1," + base64({reinterpret_cast<const char*>(digest.data()), length});
  }
  return out;
}

std::string sign_webhook(const std::vector<std::string>& keys, std::string_view id,
                         std::int64_t timestamp, std::string_view body) {
  return WebhookSigner(keys).sign(id, timestamp, body);
}

}  // namespace wirewatch::daemon
