#include "daemon/loop/trust.h"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>

namespace wirewatch::daemon {

Result<std::shared_ptr<const Trust>> Trust::read(const std::string& pem) {
  const std::unique_ptr<BIO, decltype(&BIO_free)> source(
      BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())), &BIO_free);
  if (!source) return Error{ErrorKind::internal, "no memory for certificates"};
  std::shared_ptr<Trust> trust(new Trust());
  while (X509* certificate = PEM_read_bio_X509(source.get(), nullptr, nullptr, nullptr)) {
    trust->certificates_.push_back(certificate);
  }
  const unsigned long last = ERR_peek_last_error();
  ERR_clear_error();
  const bool at_end = ERR_GET_REASON(last) == PEM_R_NO_START_LINE;
  if (!at_end) return Error{ErrorKind::invalid, "one of its certificates cannot be read"};
  if (trust->certificates_.empty()) {
    return Error{ErrorKind::invalid, "it holds no certificate (PEM, -----BEGIN CERTIFICATE-----)"};
  }
  trust->pem_ = pem;
  return std::shared_ptr<const Trust>(std::move(trust));
}

Trust::~Trust() {
  for (void* const certificate : certificates_) X509_free(static_cast<X509*>(certificate));
}

void Trust::add_to(void* tls_context) const {
  X509_STORE* const store = SSL_CTX_get_cert_store(static_cast<SSL_CTX*>(tls_context));
  for (void* const certificate : certificates_) {
    X509_STORE_add_cert(store, static_cast<X509*>(certificate));
  }
  ERR_clear_error();
}

}  // namespace wirewatch::daemon
