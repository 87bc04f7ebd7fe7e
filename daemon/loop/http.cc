#include "daemon/loop/http.h"

#include <curl/curl.h>
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <csignal>
#include <map>
#include <new>
#include <utility>

#include "daemon/loop/address_guard.h"
#include "daemon/loop/curl_multi.h"
#include "daemon/loop/transfer.h"
#include "daemon/loop/trust.h"

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

bool keeps_method(int status) {
  return status == 307 || status == 308;
}

// The request that follows an answer of `status` to `request`, at `target`.
void redirect(HttpRequest& request, int status, std::string target, bool trusted) {
  if (!keeps_method(status) && request.method != "GET" && request.method != "HEAD") {
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

// Whether the proxy is asked for `url`. Behind it only what is written there can be judged: the
// refusal, if so.
std::optional<feeds::Reply> choose_proxy(TransferSetup& setup, const Proxy& proxy,
                                         const std::string& url, const std::string& host) {
  const bool proxied = goes_through(proxy, host);
  setup.proxy = proxied ? proxy : Proxy{};
  if (!proxied) return std::nullopt;
  const auto kind = setup.guard->written_refusal(url);
  if (!kind) return std::nullopt;
  return refused(TransportFailure::refused_address, written_address(host, *kind));
}

// Which of a mail's recipients was refused for good, counted from 1; 0: none.
std::size_t refused_mailbox(const feeds::Reply& reply) {
  const std::string_view count = feeds::header(reply.headers, "recipients");
  std::size_t named = 0;
  std::from_chars(count.data(), count.data() + count.size(), named);
  const bool refusal = reply.status >= 500 && feeds::header(reply.headers, "stage") == "recipient";
  return refusal ? named : 0;
}

// What one exchange brought.
struct Hop {
  feeds::Reply reply{};
  std::string target;   // of a redirect
  bool broken = false;  // HTTP/2 itself failed
};

Hop hop_of(Transfer& transfer, CURLcode code, const HttpRequest& request) {
  Hop hop;
  hop.broken = code == CURLE_HTTP2 || code == CURLE_HTTP2_STREAM;
  hop.reply = transfer.reply(code);
  if (hop.reply.status != 0 && request.follow_redirects) hop.target = transfer.redirect_target();
  return hop;
}

CURLcode start_curl() {
  // OpenSSL writes with write(2): a peer that has gone must be an error and not the end of us.
  // With CURLOPT_NOSIGNAL curl leaves this to the program.
  std::signal(SIGPIPE, SIG_IGN);
  return curl_global_init(CURL_GLOBAL_DEFAULT);
}

}  // namespace

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

  // Most requests go where others went before.
  Result<Origin> known_origin(const std::string& url);

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

  TransferSetup setup_for(const HttpRequest& request, const std::shared_ptr<CurlMulti>& chosen) {
    TransferSetup setup{limits, guard_of(request), trust, share.get()};
    setup.spare = &spare;
    setup.sockets = chosen.get();
    return setup;
  }

  static asio::awaitable<feeds::Reply> fetch(std::shared_ptr<Impl> self, HttpRequest request);
  static asio::awaitable<feeds::Reply> send_mail(std::shared_ptr<Impl> self, HttpRequest request);

  struct ShareCleanup {
    void operator()(CURLSH* handle) const { curl_share_cleanup(handle); }
  };

  asio::io_context& loop;
  Activity& activity;
  HttpLimits limits;
  std::unique_ptr<CURLSH, ShareCleanup> share{curl_share_init()};  // outlives every transfer
  SpareHandles spare;
  NetworkRules rules;
  std::shared_ptr<const AddressGuard> guard;
  std::shared_ptr<const Trust> trust;
  std::function<Result<Proxy>()> default_proxy;
  std::shared_ptr<CurlMulti> multi;
  std::vector<std::weak_ptr<CurlMulti>> retired;
  std::map<std::string, Origin, std::less<>> origins;  // by what stands before the path
};

Result<Origin> HttpClient::Impl::known_origin(const std::string& url) {
  constexpr std::size_t most = 1024;
  const std::size_t scheme = url.find("://");
  const std::size_t path =
      scheme == std::string::npos ? scheme : url.find_first_of("/?#\\", scheme + 3);
  const std::string_view site = std::string_view(url).substr(0, path);
  const std::string_view rest = std::string_view(url).substr(site.size());
  const bool plain = std::all_of(rest.begin(), rest.end(),
                                 [](char c) { return c > ' ' && c <= '~' && c != '\\'; });
  const auto found = plain ? origins.find(site) : origins.end();
  if (found != origins.end()) return found->second;
  Result<Origin> origin = origin_of(url);
  if (!origin || !plain) return origin;
  if (origins.size() >= most) origins.clear();
  origins.emplace(site, *origin);
  return origin;
}

asio::awaitable<feeds::Reply> HttpClient::Impl::fetch(std::shared_ptr<Impl> self,
                                                      HttpRequest request) {
  const Activity::Token token(self->activity);
  const auto multi = self->multi;
  TransferSetup setup = self->setup_for(request, multi);
  const auto deadline = SteadyClock::now() + request.deadline;
  if (auto bad = bad_header(request.headers)) {
    co_return refused(TransportFailure::other, std::move(*bad));
  }
  const Result<Proxy> proxy = self->proxy_of(request);
  if (!proxy) co_return refused(TransportFailure::other, proxy.error().text);
  Result<Origin> origin = self->known_origin(request.url);
  if (!origin) co_return refused(TransportFailure::other, origin.error().text);
  bool permanent = true;
  for (int hops = 0;;) {
    auto refusal = choose_proxy(setup, *proxy, request.url, origin->host);
    if (refusal) co_return std::move(*refusal);
    setup.keep = multi->may_keep();
    const auto left = std::chrono::duration_cast<Span>(deadline - SteadyClock::now());
    Transfer transfer(request, *origin, left, setup);
    const CURLcode code = co_await multi->perform(transfer.handle(), left);
    Hop hop = hop_of(transfer, code, request);
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
    const bool keeps_body = keeps_method(hop.reply.status) && !request.body.empty();
    if (keeps_body && origin->bares(*next)) {  // it may hold a secret, as hub.secret is
      co_return refused(
          TransportFailure::refused_redirect,
          fmt::format("refused: {} redirects what is sent to it from https to http", origin->host));
    }
    ++hops;
    permanent = permanent && (hop.reply.status == 301 || hop.reply.status == 308);
    redirect(request, hop.reply.status, std::move(hop.target), origin->trusts(*next));
    origin = std::move(next);
  }
}

// Mailboxes that the server refuses for good are left out and named in the reply; as long as one
// may be taken later, nothing is sent to any, so that nobody gets a message twice.
asio::awaitable<feeds::Reply> HttpClient::Impl::send_mail(std::shared_ptr<Impl> self,
                                                          HttpRequest request) {
  const Activity::Token token(self->activity);
  const auto multi = self->multi;
  TransferSetup setup = self->setup_for(request, multi);
  const auto deadline = SteadyClock::now() + request.deadline;
  const Result<Proxy> proxy = self->proxy_of(request);
  if (!proxy) co_return refused(TransportFailure::other, proxy.error().text);
  Result<Origin> origin = origin_of(request.url, true);
  if (!origin) co_return refused(TransportFailure::other, origin.error().text);
  auto refusal = choose_proxy(setup, *proxy, request.url, origin->host);
  if (refusal) co_return std::move(*refusal);
  setup.keep = false;
  feeds::Headers left_out;
  for (;;) {
    const auto left = std::chrono::duration_cast<Span>(deadline - SteadyClock::now());
    Transfer transfer(request, *origin, left, setup);
    const CURLcode code = co_await multi->perform(transfer.handle(), left);
    Hop hop = hop_of(transfer, code, request);
    std::vector<std::string>& to = request.mail->to;
    const std::size_t named = refused_mailbox(hop.reply);
    if (named > 0 && named <= to.size()) {
      const auto which = to.begin() + static_cast<std::ptrdiff_t>(named) - 1;
      left_out.emplace_back("refused",
                            fmt::format("{} ({} {})", *which, hop.reply.status, hop.reply.body));
      to.erase(which);
      if (!to.empty()) continue;
    }
    for (auto& header : left_out) hop.reply.headers.push_back(std::move(header));
    co_return std::move(hop.reply);
  }
}

HttpClient::HttpClient(asio::io_context& loop, Activity& activity, HttpLimits limits,
                       NetworkRules rules)
    : impl_(std::make_shared<Impl>(loop, activity, limits, rules)) {}

HttpClient::~HttpClient() {
  impl_->close();
}

asio::awaitable<feeds::Reply> HttpClient::fetch(HttpRequest request) {
  if (request.mail) return Impl::send_mail(impl_, std::move(request));
  return Impl::fetch(impl_, std::move(request));
}

void HttpClient::set_rules(NetworkRules rules) {
  if (rules != impl_->rules) impl_->renew(rules);
}

void HttpClient::set_trust(std::shared_ptr<const Trust> trust) {
  const std::shared_ptr<const Trust>& before = impl_->trust;
  if (trust == before || (trust && before && trust->same_as(*before))) return;
  impl_->trust = std::move(trust);
  impl_->renew(impl_->rules);
}

void HttpClient::set_proxy(std::function<Result<Proxy>()> proxy) {
  impl_->default_proxy = std::move(proxy);
}

}  // namespace wirewatch::daemon
