// A small HTTP/1.1 server for the pages (TCP) and the control socket (Unix): Boost.Beast, hidden in
// one file.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "feeds/poll/poll.h"
#include "feeds/result.h"

namespace wirewatch::daemon {

namespace asio = boost::asio;

struct WebRequest {
  std::string method;  // "GET", "HEAD" answered as GET without its body, "POST", …
  std::string path;    // percent-decoded, without the query
  std::map<std::string, std::string> query;  // percent-decoded
  std::string host;                          // the Host header
  std::string origin;                        // the Origin header
  std::string content_type;
  std::string content_encoding;
  std::string hub_signature;             // the X-Hub-Signature header
  std::string body;                      // at most 1 MiB, but for callbacks
  bool control = false;                  // came over the control socket
  std::optional<unsigned int> peer_uid;  // of the control socket's peer
  // Goes where the body of a callback goes: as long as it is held, its bytes count.
  std::shared_ptr<const void> room;
};

struct WebResponse {
  int status = 200;
  std::string content_type = "text/plain; charset=utf-8";
  std::string body;
  feeds::Headers headers;  // beyond the security headers that every answer carries
};

using WebHandler = std::function<asio::awaitable<WebResponse>(WebRequest)>;

struct WebLimits {
  std::size_t connections = 64;  // further ones are refused
  std::size_t body_bytes = 1U << 20U;
  // Of callbacks' bodies together, those that wait to be taken included. More: 503, come again.
  std::size_t callback_bytes = 64U << 20U;
  Span idle_timeout = std::chrono::seconds(30);
};

// Addresses that others were told and that nobody else knows (WebSub callbacks). They are answered
// under any host name: a reverse proxy passes on the one it was asked for.
struct WebCallbacks {
  std::function<bool(std::string_view path)> is;  // decoded path
  // Bytes of a body that may be sent there; nullopt: as everywhere.
  std::function<std::optional<std::size_t>(std::string_view path)> body_limit;
};

// Every answer carries a strict Content-Security-Policy (no script, no inline style),
// X-Content-Type-Options, Referrer-Policy and no caching. A request over TCP whose Host is neither
// the address listened on, localhost, nor the host of `public_url` is refused (DNS rebinding).
class WebServer {
 public:
  WebServer(asio::any_io_executor loop, WebHandler handler, WebLimits limits = {});
  ~WebServer();

  // "127.0.0.1:8420", "[::1]:0"; the address actually bound, with its port. Error: in use, bad.
  Result<std::string> listen_tcp(const std::string& address, const std::string& public_url);
  // The host of another one is ours from now on, instead of that of the last.
  void set_public_url(const std::string& public_url);
  // Replaces a stale socket file; `mode` as in chmod. Error: in use by a live server.
  Result<void> listen_unix(const std::string& path, unsigned int mode);

  void set_callbacks(WebCallbacks callbacks);

  asio::awaitable<void> run();  // until cancelled; requests under way are finished on total

 private:
  struct Impl;
  std::shared_ptr<Impl> impl_;
};

}  // namespace wirewatch::daemon
