#include "daemon/loop/http.h"

#include <curl/curl.h>
#include <fmt/format.h>

#include <chrono>
#include <csignal>
#include <new>
#include <utility>

#include "daemon/loop/address_guard.h"
#include "daemon/loop/curl_multi.h"
#include "daemon/loop/transfer.h"

namespace wirewatch::daemon {
namespace {

using feeds::TransportFailure;
using SteadyClock = std::chrono::steady_clock;

constexpr int most_hops = 5;

feeds::Reply refused(TransportFailure kind, std::string text) {
  feeds::Reply reply;
  reply.failure = kind;
  reply.failure_text = std::move(text);
  return reply;
}

// The request that follows an answer of `status` to `request`, at `target`.
void redirect(HttpRequest& request, int status, std::string target, bool trusted) {
  const bool keeps_method = status == 307 || status == 308;
  if (!keeps_method && request.method != "GET" && request.method != "HEAD") {
    request.method = "GET";
    request.body.clear();
    std::erase_if(request.headers, [](const auto& header) { return of_body(header.first); });
  }
  if (!trusted) {
    std::erase_if(request.headers, [](const auto& header) { return !travels(header.first); });
  }
  request.url = std::move(target);
}

std::string written_address(const std::string& host, const std::string& kind) {
  return fmt::format("refused: {} is {} (network.allow opens it)", host, kind);
}

CURLcode start_curl() {
  // OpenSSL writes with write(2): a peer that has gone must be an error and not the end of us.
  // With CURLOPT_NOSIGNAL curl leaves this to the program.
  std::signal(SIGPIPE, SIG_IGN);
  return curl_global_init(CURL_GLOBAL_DEFAULT);
}

}  // namespace

// What one exchange brought.
struct Hop {
  feeds::Reply reply{};
  std::string target;   // of a redirect
  bool broken = false;  // HTTP/2 itself failed
};

struct HttpClient::Impl {
  Impl(asio::io_context& io, Activity& counted, HttpLimits bounds, const NetworkRules& initial)
      : loop(io), activity(counted), limits(bounds) {
    static const CURLcode once = start_curl();
    if (once != CURLE_OK || share == nullptr) throw std::bad_alloc();
    curl_share_setopt(share.get(), CURLSHOPT_SHARE, CURL_LOCK_DATA_SSL_SESSION);
    renew(initial);
  }

  // New rules, new connections. Requests under way end with what they began with.
  void renew(const NetworkRules& renewed) {
    rules = renewed;
    guard = std::make_shared<const AddressGuard>(rules);
    std::erase_if(retired, [](const auto& old) { return old.expired(); });
    if (multi) retired.push_back(multi);
    multi = std::make_shared<CurlMulti>(loop, static_cast<long>(limits.connections),
                                        static_cast<long>(limits.connections_per_host));
  }

  // Pooled connections are judged again by the guard of whoever reuses them.
  std::shared_ptr<const AddressGuard> guard_of(const HttpRequest& request) const {
    if (request.allow.empty()) return guard;
    NetworkRules wider = rules;
    wider.allow.insert(wider.allow.end(), request.allow.begin(), request.allow.end());
    return std::make_shared<const AddressGuard>(wider);
  }

  void close() {
    for (const auto& weak : retired) {
      if (const auto old = weak.lock()) old->close();
    }
    multi->close();
  }

  Result<Proxy> proxy_of(const HttpRequest& request) const {
    if (request.proxy) return *request.proxy;
    return default_proxy ? default_proxy() : Result<Proxy>(Proxy{});
  }

  // One hop. `left`: until the request's deadline.
  static asio::awaitable<Hop> hop(std::shared_ptr<CurlMulti> multi, const HttpRequest& request,
                                  const Origin& origin, Span left, TransferSetup setup);
  static asio::awaitable<feeds::Reply> fetch(std::shared_ptr<Impl> self, HttpRequest request);

  struct ShareCleanup {
    void operator()(CURLSH* handle) const { curl_share_cleanup(handle); }
  };

  asio::io_context& loop;
  Activity& activity;
  HttpLimits limits;
  std::unique_ptr<CURLSH, ShareCleanup> share{curl_share_init()};  // outlives every transfer
  NetworkRules rules;
  std::shared_ptr<const AddressGuard> guard;
  std::shared_ptr<const Trust> trust;
  std::function<Result<Proxy>()> default_proxy;
  std::shared_ptr<CurlMulti> multi;
  std::vector<std::weak_ptr<CurlMulti>> retired;
};

asio::awaitable<Hop> HttpClient::Impl::hop(std::shared_ptr<CurlMulti> multi,
                                           const HttpRequest& request, const Origin& origin,
                                           Span left, TransferSetup setup) {
  Transfer transfer(request, origin, left, std::move(setup));
  const CURLcode code = co_await multi->perform(transfer.handle(), left);
  Hop hop;
  hop.broken = code == CURLE_HTTP2 || code == CURLE_HTTP2_STREAM;
  hop.reply = transfer.reply(code);
  if (hop.reply.status != 0 && request.follow_redirects) hop.target = transfer.redirect_target();
  co_return hop;
}

asio::awaitable<feeds::Reply> HttpClient::Impl::fetch(std::shared_ptr<Impl> self,
                                                      HttpRequest request) {
  const Activity::Token token(self->activity);
  const auto multi = self->multi;
  TransferSetup setup{self->limits, self->guard_of(request), self->trust, self->share.get()};
  const auto deadline = SteadyClock::now() + request.deadline;
  if (auto bad = bad_header(request.headers)) {
    co_return refused(TransportFailure::other, std::move(*bad));
  }
  const Result<Proxy> proxy = self->proxy_of(request);
  if (!proxy) co_return refused(TransportFailure::other, proxy.error().text);
  Result<Origin> origin = origin_of(request.url);
  if (!origin) co_return refused(TransportFailure::other, origin.error().text);
  bool permanent = true;
  for (int hops = 0;;) {
    const bool proxied = goes_through(*proxy, origin->host);
    setup.proxy = proxied ? *proxy : Proxy{};
    if (proxied) {
      if (const auto kind = setup.guard->written_refusal(request.url)) {
        co_return refused(TransportFailure::refused_address, written_address(origin->host, *kind));
      }
    }
    setup.sockets = &multi->sockets();
    setup.keep = multi->may_keep();
    const auto left = std::chrono::duration_cast<Span>(deadline - SteadyClock::now());
    Hop hop = co_await Impl::hop(multi, request, *origin, left, setup);
    if (hop.broken && setup.http2 && request.method == "GET") {
      setup.http2 = false;
      continue;
    }
    if (hop.target.empty()) {
      hop.reply.effective_url = request.url;
      if (hops > 0 && permanent) hop.reply.permanent_url = request.url;
      co_return std::move(hop.reply);
    }
    if (hops == most_hops) {
      co_return refused(
          TransportFailure::redirect_loop,
          fmt::format("refused: {} redirects more than {} times", origin->host, most_hops));
    }
    Result<Origin> next = origin_of(hop.target);
    if (!next) {
      co_return refused(TransportFailure::refused_redirect,
                        fmt::format("refused: {} redirects to a place that cannot be followed: {}",
                                    origin->host, next.error().text));
    }
    ++hops;
    permanent = permanent && (hop.reply.status == 301 || hop.reply.status == 308);
    redirect(request, hop.reply.status, std::move(hop.target), origin->trusts(*next));
    origin = std::move(next);
  }
}

HttpClient::HttpClient(asio::io_context& loop, Activity& activity, HttpLimits limits,
                       NetworkRules rules)
    : impl_(std::make_shared<Impl>(loop, activity, limits, rules)) {}

HttpClient::~HttpClient() {
  impl_->close();
}

asio::awaitable<feeds::Reply> HttpClient::fetch(HttpRequest request) {
  return Impl::fetch(impl_, std::move(request));
}

void HttpClient::set_rules(NetworkRules rules) {
  impl_->renew(rules);
}

void HttpClient::set_trust(std::shared_ptr<const Trust> trust) {
  impl_->trust = std::move(trust);
  impl_->renew(impl_->rules);
}

void HttpClient::set_proxy(std::function<Result<Proxy>()> proxy) {
  impl_->default_proxy = std::move(proxy);
}

}  // namespace wirewatch::daemon
