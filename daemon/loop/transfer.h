// One HTTP exchange as curl sees it: a request set up, an answer collected within its bounds.
#pragma once

#include <curl/curl.h>

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/loop/address_guard.h"
#include "daemon/loop/http.h"
#include "daemon/loop/spare_handles.h"
#include "daemon/loop/trust.h"

namespace wirewatch::daemon {

class CurlMulti;  // daemon/loop/curl_multi.h

// What is known when a transfer has failed; for the text that users read.
struct FailureFacts {
  CURLcode code = CURLE_OK;
  std::string host;  // as the URL names it
  std::string port;
  std::string proxy;     // host and port of the one that was asked; empty: none
  std::string error;     // curl's own words
  long os_error = 0;     // errno of a failed connect
  long certificate = 0;  // X509_V_ERR_*, 0 unknown
  bool started = false;  // a connection was tried or taken; else it still waited for a free one
  bool tried = false;    // an address that the guard lets pass
  bool connected = false;
  bool short_of_descriptors = false;
  std::optional<asio::ip::address> refused;  // by the guard
  std::string refused_kind;
  bool mail = false;  // by SMTP
  bool body_too_big = false;
  bool head_too_big = false;
  std::size_t body_cap = 0;
  HttpLimits limits{};
  Span deadline{};
};

inline constexpr std::size_t head_cap = 256U << 10U;  // bytes of all header lines of one exchange

// The kind and the text of a failure; secrets (paths, queries, credentials) are not in it.
feeds::Reply failed_reply(const FailureFacts& facts);

// Scheme, host and port of an http or https URL, or (`mail`) an smtp or smtps URL, as curl
// understands it.
struct Origin {
  std::string scheme;
  std::string host;
  std::string port;
  // May headers meant for this origin go to `other`? The same host, and no step down from https.
  bool trusts(const Origin& other) const;
  // Would what is sent here encrypted be for all to read at `other`?
  bool bares(const Origin& other) const { return scheme == "https" && other.scheme != "https"; }
};
// Texts of errors never hold the whole URL.
Result<Origin> origin_of(const std::string& url, bool mail = false);

// Headers of a request that are no secrets and go to any host: User-Agent, Accept*, If-*.
bool travels(std::string_view header_name);
bool of_body(std::string_view header_name);  // Content-*: means nothing without the body

// A header that cannot be sent: a name that is no token (RFC 9110, 5.6.2), or a value with bytes
// other than 0x20 to 0x7e and tab. The text names the header and never its value.
std::optional<std::string> bad_header(const feeds::Headers& headers);

// What all transfers of a client have in common, and how this one goes.
struct TransferSetup {
  HttpLimits limits{};
  std::shared_ptr<const AddressGuard> guard;
  std::shared_ptr<const Trust> trust;
  CURLSH* share = nullptr;
  SpareHandles* spare = nullptr;  // null: a new handle; of one client alone, outlives the transfer
  Proxy proxy{};                  // empty: straight to the host
  CurlMulti* sockets = nullptr;   // hears of open ones, if not null; outlives the connections
  bool keep = true;               // the connection may be used again
  bool http2 = true;              // offered where TLS lets it be chosen
};

// An SMTP dialogue as far as it went. What is sent is seen by its first word alone.
struct MailDialogue {
  std::string verb;            // of the last command: "EHLO", "AUTH", "RCPT" …
  std::size_t recipients = 0;  // named so far
  int code = 0;                // of the last answer; 0: none yet
  std::string text;            // of it, one line
  bool more = false;           // its last line is still to come
  bool over = false;           // QUIT was said: what follows does not count
};

// Owns its curl handle; must not move while it runs. Request and setup outlive it.
class Transfer {
 public:
  Transfer(const HttpRequest& request, Origin origin, Span time_left, const TransferSetup& setup);
  ~Transfer();
  Transfer(const Transfer&) = delete;
  Transfer& operator=(const Transfer&) = delete;

  CURL* handle() { return easy_; }

  // The answer, once curl has ended with `code`. Called once.
  feeds::Reply reply(CURLcode code);
  // The absolute URL that a 301, 302, 303, 307 or 308 points to; empty without one.
  std::string redirect_target() const;

 private:
  static std::size_t on_header(char* data, std::size_t size, std::size_t count, void* self);
  static std::size_t on_body(char* data, std::size_t size, std::size_t count, void* self);
  static curl_socket_t on_open(void* self, curlsocktype purpose, struct curl_sockaddr* address);
  static int on_close(void* multi, curl_socket_t socket);
  static int on_connected(void* self, char* remote, char* local, int remote_port, int local_port);
  static int on_resolve(void* resolver, void* reserved, void* self);
  static CURLcode on_tls(CURL* easy, void* context, void* self);
  static int on_dialogue(CURL* easy, curl_infotype kind, char* data, std::size_t size, void* self);
  static std::size_t on_mail_line(char* data, std::size_t size, std::size_t count, void* self);
  static int on_mail_close(void* self, curl_socket_t socket);
  static std::size_t on_upload(char* data, std::size_t size, std::size_t count, void* self);

  void set_up();  // what every request has
  void set_own(Span time_left);
  void set_request(const HttpRequest& request);
  void set_mail(const MailEnvelope& mail, const std::string& url);
  feeds::Reply mail_reply(CURLcode code);
  void collect_facts(CURLcode code);
  bool went_out() const;  // all of the request
  void set_proxy();
  bool give_back();  // false: the handle is still ours
  bool take_header(std::string_view line);
  bool refuse(const asio::ip::address& address);

  CURL* easy_;
  bool plain_ = false;  // what it has beside what every request has can be taken back
  bool posts_ = false;
  HeaderLines lines_{};
  curl_slist* recipients_ = nullptr;  // of a mail
  std::string_view body_to_send_;
  std::size_t body_sent_ = 0;
  MailDialogue dialogue_{};
  std::vector<curl_socket_t> mail_sockets_;  // open ones
  Origin origin_;
  const TransferSetup& setup_;
  feeds::Reply reply_{};
  std::size_t head_bytes_ = 0;
  bool head_done_ = false;
  bool ended_ = false;  // curl has let go of it
  bool sound_ = false;  // and brought an answer
  int attempts_ = 0;    // connections on which it was to be sent
  FailureFacts facts_{};
  char error_[CURL_ERROR_SIZE] = {};
};

}  // namespace wirewatch::daemon
