// What users read when a transfer has failed. Every text names the host and says what is wrong.
#include <gtest/gtest.h>
#include <openssl/x509_vfy.h>

#include <cerrno>
#include <functional>

#include "daemon/loop/transfer.h"

namespace wirewatch::daemon {
namespace {

using feeds::TransportFailure;

struct Case {
  CURLcode code;
  std::function<void(FailureFacts&)> also;
  TransportFailure kind;
  const char* text;
};

void nothing_else(FailureFacts&) {}
std::function<void(FailureFacts&)> certificate(long error) {
  return [error](FailureFacts& facts) { facts.certificate = error; };
}
std::function<void(FailureFacts&)> refused(const char* address, const char* kind) {
  return [address, kind](FailureFacts& facts) {
    facts.refused = asio::ip::make_address(address);
    facts.refused_kind = kind;
  };
}

TEST(TransferFailure, IsToldInWordsThatNameTheHost) {
  const Case cases[] = {
      {CURLE_COULDNT_RESOLVE_HOST, nothing_else, TransportFailure::dns,
       "the name example.org cannot be resolved"},
      {CURLE_COULDNT_RESOLVE_HOST, [](auto& facts) { facts.short_of_descriptors = true; },
       TransportFailure::local, "no file descriptors left"},
      {CURLE_COULDNT_CONNECT, [](auto& facts) { facts.os_error = ENETUNREACH; },
       TransportFailure::connect, "could not connect to example.org:443: network is unreachable"},
      {CURLE_COULDNT_CONNECT, nothing_else, TransportFailure::connect,
       "could not connect to example.org:443"},
      {CURLE_COULDNT_CONNECT, refused("10.0.0.5", "a private address"),
       TransportFailure::refused_address,
       "refused: example.org resolves to 10.0.0.5, a private address (network.allow opens it)"},
      {CURLE_COULDNT_CONNECT,
       [](auto& facts) {
         refused("10.0.0.5", "a private address")(facts);
         facts.tried = true;  // another address of the name was allowed, and did not answer
         facts.os_error = ECONNREFUSED;
       },
       TransportFailure::connect, "could not connect to example.org:443: connection refused"},
      {CURLE_ABORTED_BY_CALLBACK,
       [](auto& facts) {
         refused("fe80::1", "a link-local address")(facts);
         facts.tried = true;
       },
       TransportFailure::refused_address,
       "refused: example.org resolves to fe80::1, a link-local address (network.allow opens it)"},
      {CURLE_OPERATION_TIMEDOUT, [](auto& facts) { facts.started = true; },
       TransportFailure::timeout, "could not connect to example.org:443 within 15 s"},
      {CURLE_PEER_FAILED_VERIFICATION, certificate(X509_V_ERR_CERT_HAS_EXPIRED),
       TransportFailure::tls, "the certificate of example.org has expired"},
      {CURLE_PEER_FAILED_VERIFICATION, certificate(X509_V_ERR_CERT_NOT_YET_VALID),
       TransportFailure::tls, "the certificate of example.org is not valid yet"},
      {CURLE_PEER_FAILED_VERIFICATION, certificate(X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT),
       TransportFailure::tls,
       "the certificate of example.org is signed by itself and not by a known authority"},
      {CURLE_PEER_FAILED_VERIFICATION, certificate(X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY),
       TransportFailure::tls, "the certificate of example.org is not signed by a known authority"},
      {CURLE_PEER_FAILED_VERIFICATION, certificate(X509_V_OK), TransportFailure::tls,
       "the certificate of example.org is for another name"},
      {CURLE_PEER_FAILED_VERIFICATION,
       [](auto& facts) {
         facts.certificate = X509_V_ERR_UNSPECIFIED;  // the chain held, curl refuses the name
         facts.error = "SSL: no alternative certificate subject name matches target host name";
       },
       TransportFailure::tls, "the certificate of example.org is for another name"},
      {CURLE_COULDNT_RESOLVE_PROXY, [](auto& facts) { facts.proxy = "proxy:3128"; },
       TransportFailure::dns, "the proxy proxy:3128 cannot be resolved"},
      {CURLE_COULDNT_CONNECT, [](auto& facts) { facts.proxy = "proxy:3128"; },
       TransportFailure::connect, "could not connect to the proxy proxy:3128"},
      {CURLE_RECV_ERROR,
       [](auto& facts) {
         facts.proxy = "proxy:3128";
         facts.error = "Received HTTP code 407 from proxy after CONNECT";
       },
       TransportFailure::connect,
       "the proxy proxy:3128 wants a user and a password that it knows (407)"},
      {CURLE_PROXY,
       [](auto& facts) {
         facts.proxy = "proxy:1080";
         facts.error = "Can't complete SOCKS5 connection to example.org. (4)";
       },
       TransportFailure::connect,
       "the proxy proxy:1080 does not connect to example.org: Can't complete SOCKS5 connection to "
       "example.org. (4)"},
      {CURLE_PEER_FAILED_VERIFICATION, certificate(X509_V_ERR_INVALID_PURPOSE),
       TransportFailure::tls,
       "the certificate of example.org was not accepted: unsuitable certificate purpose"},
      {CURLE_FAILED_INIT, nothing_else, TransportFailure::local,
       "no file descriptors or memory left"},
  };
  for (const auto& [code, also, kind, text] : cases) {
    FailureFacts facts;
    facts.code = code;
    facts.host = "example.org";
    facts.port = "443";
    facts.deadline = std::chrono::seconds(60);
    also(facts);
    const feeds::Reply reply = failed_reply(facts);
    EXPECT_EQ(reply.failure, kind) << text;
    EXPECT_EQ(reply.failure_text, text);
    EXPECT_EQ(reply.status, 0);
  }
}

TEST(Origin, TrustsTheSameHostAndTheStepUpToHttps) {
  const auto bares = [](const char* from, const char* to) {
    return origin_of(from)->bares(*origin_of(to));
  };
  EXPECT_TRUE(bares("https://a.example/", "http://a.example/"));
  EXPECT_FALSE(bares("https://a.example/", "https://b.example/"));
  EXPECT_FALSE(bares("http://a.example/", "http://b.example/"));
  const auto trusts = [](const char* from, const char* to) {
    return origin_of(from)->trusts(*origin_of(to));
  };
  EXPECT_TRUE(trusts("https://a.example/x", "https://A.example:443/y"));
  EXPECT_TRUE(trusts("http://a.example/", "https://a.example/"));
  EXPECT_FALSE(trusts("https://a.example/", "http://a.example/"));
  EXPECT_FALSE(trusts("http://a.example/", "http://b.example/"));
  EXPECT_FALSE(trusts("http://a.example/", "http://a.example:8080/"));
  EXPECT_FALSE(trusts("http://a.example:8080/", "https://a.example/"));
}

}  // namespace
}  // namespace wirewatch::daemon
