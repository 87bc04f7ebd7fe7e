#include "daemon/receivers/signature.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <array>

namespace wirewatch::daemon {
namespace {

const unsigned char* bytes_of(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

std::string base64(const unsigned char* bytes, std::size_t count) {
  std::string out(4 * ((count + 2) / 3) + 1, '\0');  // EVP_EncodeBlock writes a NUL as well
  const int length =
      EVP_EncodeBlock(reinterpret_cast<unsigned char*>(out.data()), bytes, static_cast<int>(count));
  out.resize(static_cast<std::size_t>(length));
  return out;
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

std::string sign_webhook(const std::vector<std::string>& keys, std::string_view id,
                         std::int64_t timestamp, std::string_view body) {
  std::string signed_text(id);
  signed_text += '.' + std::to_string(timestamp) + '.';
  signed_text += body;
  std::string out;
  for (const std::string& key : keys) {
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned int length = 0;
    HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), bytes_of(signed_text),
         signed_text.size(), digest.data(), &length);
    if (!out.empty()) out += ' ';
    out += "v1," + base64(digest.data(), length);
  }
  return out;
}

}  // namespace wirewatch::daemon
