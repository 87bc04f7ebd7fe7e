// Certificate authorities that are trusted besides the system's.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "feeds/result.h"

namespace wirewatch::daemon {

class Trust {
 public:
  // All certificates of a PEM text. Errors: none in it, or one that cannot be read.
  static Result<std::shared_ptr<const Trust>> read(const std::string& pem);
  ~Trust();
  Trust(const Trust&) = delete;
  Trust& operator=(const Trust&) = delete;

  // `tls_context`: an SSL_CTX*, as curl's CURLOPT_SSL_CTX_FUNCTION hands it over. Its store may be
  // shared by many connections; a certificate that is in it already stays there once.
  void add_to(void* tls_context) const;
  bool same_as(const Trust& other) const { return pem_ == other.pem_; }

 private:
  Trust() = default;
  std::string pem_;
  std::vector<void*> certificates_;  // X509*, owned
};

}  // namespace wirewatch::daemon
