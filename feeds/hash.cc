#include "feeds/hash.h"

#include <openssl/evp.h>

#include <array>
#include <memory>

namespace wirewatch {

std::string id_of(std::initializer_list<std::string_view> parts) {
  const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> hash(EVP_MD_CTX_new(),
                                                                     &EVP_MD_CTX_free);
  EVP_DigestInit_ex(hash.get(), EVP_sha256(), nullptr);
  for (const std::string_view part : parts) {
    const std::string length = std::to_string(part.size()) + ':';
    EVP_DigestUpdate(hash.get(), length.data(), length.size());
    EVP_DigestUpdate(hash.get(), part.data(), part.size());
  }
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  EVP_DigestFinal_ex(hash.get(), digest.data(), nullptr);
  constexpr std::string_view digits = "0123456789abcdef";
  std::string id;
  id.reserve(32);
  for (std::size_t i = 0; i < 16; ++i) {
    id += digits[digest[i] >> 4U];
    id += digits[digest[i] & 0xfU];
  }
  return id;
}

}  // namespace wirewatch
