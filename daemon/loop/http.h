// HTTP for feeds and receivers: libcurl's multi interface on the loop, guarded and bounded.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "daemon/loop/activity.h"
#include "daemon/loop/clock.h"
#include "daemon/loop/network.h"
#include "feeds/poll/poll.h"

namespace wirewatch::daemon {

class Trust;  // daemon/loop/trust.h

// What the poller and the deliverer need of it; tests give their own.
class Fetcher {
 public:
  virtual ~Fetcher() = default;
  virtual asio::awaitable<feeds::Reply> fetch(HttpRequest request) = 0;
};

class HttpClient : public Fetcher {
 public:
  HttpClient(asio::io_context& loop, Activity& activity, HttpLimits limits, NetworkRules rules);
  ~HttpClient() override;
  HttpClient(const HttpClient&) = delete;
  HttpClient& operator=(const HttpClient&) = delete;

  // The answer, or why there was none (`status` 0, `failure`, `failure_text`). Throws only when
  // cancelled. Sends "Accept-Encoding: gzip, deflate, br, zstd" unless the headers name one; the
  // body comes back as sent. Header values with bytes outside 0x20–0x7e and tab are refused.
  // "User-Agent: wirewatch" likewise. A failure's text names hosts only: paths, queries and
  // credentials of URLs may be secrets. After a redirect to another host, port or from https to
  // http, only User-Agent, Accept* and If-* headers are sent. A 301, 302 or 303 turns what is
  // neither GET nor HEAD into a GET without a body (RFC 9110, 15.4); a 307 or 308 that would send
  // a body from https to http is refused. HTTP/2 where the server
  // chooses it by ALPN (RFC 9113, 3.2); a GET that HTTP/2 itself broke is tried once over HTTP/1.1.
  // A request with `mail` goes by SMTP on a connection of its own: `status` and `body` are the last
  // answer's code and words, and for headers stand "stage" (where in the dialogue it came: hello,
  // encryption, login, sender, recipient, message) and one "refused" for each mailbox that was.
  asio::awaitable<feeds::Reply> fetch(HttpRequest request) override;

  // After a reload. Others than before close pooled connections; the same ones leave them.
  void set_rules(NetworkRules rules);
  // Authorities beside the system's; null: none. Connections as above.
  void set_trust(std::shared_ptr<const Trust> trust);
  // The proxy of requests that name none, asked for at each; an error fails the request with its
  // text.
  void set_proxy(std::function<Result<Proxy>()> proxy);

 private:
  struct Impl;
  std::shared_ptr<Impl> impl_;  // a fetch under way may outlive its client: it then throws
};

}  // namespace wirewatch::daemon
