#include "daemon/loop/transfer.h"

#include <fcntl.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <new>
#include <string_view>
#include <utility>

#include "daemon/loop/curl_multi.h"
#include "feeds/ascii.h"

namespace wirewatch::daemon {
namespace {

using boost::system::error_code;

constexpr std::size_t usual_headers = 12;          // room for so many
constexpr std::size_t usual_head = 512;            // bytes
constexpr std::size_t small_answer = 256U << 10U;  // as receivers give

std::string_view trimmed(std::string_view text) {
  const auto blank = [](char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; };
  while (!text.empty() && blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && blank(text.back())) text.remove_suffix(1);
  return text;
}

long whole_milliseconds(Span span) {
  const auto count = std::chrono::ceil<std::chrono::milliseconds>(span).count();
  return static_cast<long>(std::max<std::int64_t>(count, 1));  // zero would mean for ever
}

std::optional<asio::ip::address> address_of(const sockaddr& raw) {
  if (raw.sa_family == AF_INET) {
    sockaddr_in v4{};
    std::memcpy(&v4, &raw, sizeof v4);
    return asio::ip::address_v4(ntohl(v4.sin_addr.s_addr));
  }
  if (raw.sa_family == AF_INET6) {
    sockaddr_in6 v6{};
    std::memcpy(&v6, &raw, sizeof v6);
    asio::ip::address_v6::bytes_type bytes;
    std::memcpy(bytes.data(), &v6.sin6_addr, bytes.size());
    return asio::ip::address_v6(bytes);
  }
  return std::nullopt;
}

// A look-up or a certificate file that fails for want of a descriptor tells so only indirectly.
bool out_of_descriptors() {
  const int probe = ::fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 0);
  if (probe >= 0) ::close(probe);
  return probe < 0 && (errno == EMFILE || errno == ENFILE);
}

}  // namespace

Transfer::Transfer(const HttpRequest& request, Origin origin, Span time_left,
                   const TransferSetup& setup)
    : easy_(nullptr), body_to_send_(request.body), origin_(std::move(origin)), setup_(setup) {
  facts_.body_cap = request.body_cap;
  facts_.limits = setup_.limits;
  facts_.deadline = request.deadline;
  facts_.mail = request.mail.has_value();
  SpareHandles::Handle handle{nullptr, false};
  if (setup_.spare != nullptr && !request.mail) handle = setup_.spare->take();
  easy_ = handle.easy == nullptr ? new_handle() : handle.easy;
  if (!handle.set_up) set_up();
  set_own(time_left);
  if (request.mail) {
    set_mail(*request.mail, request.url);
  } else {
    set_request(request);
  }
  if (!setup_.proxy.url.empty()) set_proxy();
}

Transfer::~Transfer() {
  if (!give_back()) curl_easy_cleanup(easy_);
  curl_slist_free_all(recipients_);
}

// Not a mail's, whose connection still answers to its transfer, and not what was broken off. What
// is not set anew by the next one goes back to what set_up() left. Where a kept connection had died
// curl asks again, five times in the life of a handle: only to clear it begins that count anew.
bool Transfer::give_back() {
  if (setup_.spare == nullptr || facts_.mail || !ended_) return false;
  const bool as_it_was = plain_ && sound_ && attempts_ <= 1;
  if (as_it_was) {
    curl_easy_setopt(easy_, CURLOPT_HTTPHEADER, nullptr);
    curl_easy_setopt(easy_, CURLOPT_ERRORBUFFER, nullptr);
    if (posts_) {
      curl_easy_setopt(easy_, CURLOPT_POSTFIELDS, nullptr);
      curl_easy_setopt(easy_, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(-1));
      curl_easy_setopt(easy_, CURLOPT_HTTPGET, 1L);
    }
  }
  setup_.spare->give({easy_, as_it_was});
  return true;
}

// Nothing that a request decides: a handle keeps it from one transfer to the next.
void Transfer::set_up() {
  const HttpLimits& limits = setup_.limits;
  const auto low_speed_s = std::chrono::ceil<std::chrono::seconds>(limits.low_speed_time).count();
  curl_easy_setopt(easy_, CURLOPT_SHARE, setup_.share);
  curl_easy_setopt(easy_, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(easy_, CURLOPT_CONNECTTIMEOUT_MS, whole_milliseconds(limits.connect_timeout));
  curl_easy_setopt(easy_, CURLOPT_LOW_SPEED_LIMIT, static_cast<long>(limits.low_speed_bytes));
  curl_easy_setopt(easy_, CURLOPT_LOW_SPEED_TIME, static_cast<long>(low_speed_s));
  // Every request walks through all names that curl remembers: of thousands of hosts, a minute's
  // worth would cost more than the request itself, and feeds come back later than that anyway.
  curl_easy_setopt(easy_, CURLOPT_DNS_CACHE_TIMEOUT, 0L);
  // Without it a transfer cancelled during a name look-up waits for the resolver's thread.
  curl_easy_setopt(easy_, CURLOPT_QUICK_EXIT, 1L);
  curl_easy_setopt(easy_, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(easy_, CURLOPT_REDIR_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(easy_, CURLOPT_FOLLOWLOCATION, 0L);  // by hand, hop by hop
  curl_easy_setopt(easy_, CURLOPT_MAXREDIRS, 0L);
  curl_easy_setopt(easy_, CURLOPT_SSL_VERIFYPEER, 1L);
  curl_easy_setopt(easy_, CURLOPT_SSL_VERIFYHOST, 2L);
  // The bundle file stays; the folder of single certificates costs 45 ms a new connection.
  curl_easy_setopt(easy_, CURLOPT_CAPATH, nullptr);
  // An empty name means none, not even from the environment.
  curl_easy_setopt(easy_, CURLOPT_PROXY, "");
  curl_easy_setopt(easy_, CURLOPT_NOPROXY, "");
  curl_easy_setopt(easy_, CURLOPT_HEADERFUNCTION, &Transfer::on_header);
  curl_easy_setopt(easy_, CURLOPT_WRITEFUNCTION, &Transfer::on_body);
  curl_easy_setopt(easy_, CURLOPT_OPENSOCKETFUNCTION, &Transfer::on_open);
  curl_easy_setopt(easy_, CURLOPT_PREREQFUNCTION, &Transfer::on_connected);
  curl_easy_setopt(easy_, CURLOPT_SSL_CTX_FUNCTION, &Transfer::on_tls);
  curl_easy_setopt(easy_, CURLOPT_RESOLVER_START_FUNCTION, &Transfer::on_resolve);
}

// What is this transfer's, whatever it is, and so set by each.
void Transfer::set_own(Span time_left) {
  curl_easy_setopt(easy_, CURLOPT_TIMEOUT_MS, whole_milliseconds(time_left));
  curl_easy_setopt(
      easy_, CURLOPT_HTTP_VERSION,
      static_cast<long>(setup_.http2 ? CURL_HTTP_VERSION_2TLS : CURL_HTTP_VERSION_1_1));
  // Requests to one host wait to hear whether its connection takes several at once. Not over
  // plain HTTP, which never does.
  curl_easy_setopt(easy_, CURLOPT_PIPEWAIT, setup_.http2 && origin_.scheme == "https" ? 1L : 0L);
  curl_easy_setopt(easy_, CURLOPT_FORBID_REUSE, setup_.keep ? 0L : 1L);
  const bool told = setup_.sockets != nullptr;
  curl_easy_setopt(easy_, CURLOPT_CLOSESOCKETFUNCTION, told ? &Transfer::on_close : nullptr);
  curl_easy_setopt(easy_, CURLOPT_CLOSESOCKETDATA, setup_.sockets);
  curl_easy_setopt(easy_, CURLOPT_HEADERDATA, this);
  curl_easy_setopt(easy_, CURLOPT_WRITEDATA, this);
  curl_easy_setopt(easy_, CURLOPT_OPENSOCKETDATA, this);
  curl_easy_setopt(easy_, CURLOPT_PREREQDATA, this);
  curl_easy_setopt(easy_, CURLOPT_SSL_CTX_DATA, this);
  curl_easy_setopt(easy_, CURLOPT_RESOLVER_START_DATA, this);
  curl_easy_setopt(easy_, CURLOPT_ERRORBUFFER, error_);
  // curl makes a buffer for each answer and frees it: 16 KB (0) are dear to whoever has few bytes.
  curl_easy_setopt(easy_, CURLOPT_BUFFERSIZE, facts_.body_cap <= small_answer ? 1024L : 0L);
}

void Transfer::set_request(const HttpRequest& request) {
  curl_easy_setopt(easy_, CURLOPT_URL, request.url.c_str());
  posts_ = !body_to_send_.empty() || request.method == "POST";
  plain_ = request.method == (posts_ ? "POST" : "GET") && setup_.proxy.url.empty();
  if (posts_) {
    curl_easy_setopt(easy_, CURLOPT_POSTFIELDSIZE_LARGE,
                     static_cast<curl_off_t>(body_to_send_.size()));
    curl_easy_setopt(easy_, CURLOPT_POSTFIELDS, body_to_send_.data());
  }
  if (request.method == "HEAD") {
    curl_easy_setopt(easy_, CURLOPT_NOBODY, 1L);
  } else if (request.method != (posts_ ? "POST" : "GET")) {
    curl_easy_setopt(easy_, CURLOPT_CUSTOMREQUEST, request.method.c_str());
  }
  const auto names = [&](std::string_view name) {
    return std::any_of(request.headers.begin(), request.headers.end(), [&](const auto& header) {
      return feeds::equal_ignoring_case(header.first, name);
    });
  };
  lines_.reserve(usual_headers, usual_head);
  for (const auto& [name, value] : request.headers) lines_.add(name, value);
  if (!names("Accept-Encoding")) lines_.add("Accept-Encoding", "gzip, deflate, br, zstd");
  if (!names("User-Agent")) lines_.add("User-Agent", "wirewatch");
  if (posts_) {
    // curl would wait for "100 Continue" and call any body a form.
    lines_.leave_out("Expect");
    if (!names("Content-Type")) lines_.leave_out("Content-Type");
  }
  curl_easy_setopt(easy_, CURLOPT_HTTPHEADER, lines_.list());
}

// SOCKS proxies are given names: what a name leads to is then looked up once, by the one that
// connects.
void Transfer::set_proxy() {
  const Proxy& proxy = setup_.proxy;
  curl_easy_setopt(easy_, CURLOPT_PROXY, proxy.url.c_str());
  if (proxy.url.starts_with("socks5:")) {
    curl_easy_setopt(easy_, CURLOPT_PROXYTYPE, static_cast<long>(CURLPROXY_SOCKS5_HOSTNAME));
    const std::string named = "socks5h" + proxy.url.substr(proxy.url.find(':'));
    curl_easy_setopt(easy_, CURLOPT_PROXY, named.c_str());
  }
  curl_easy_setopt(easy_, CURLOPT_HEADEROPT, static_cast<long>(CURLHEADER_SEPARATE));
  curl_easy_setopt(easy_, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
  curl_easy_setopt(easy_, CURLOPT_PROXY_CAPATH, nullptr);
  if (!proxy.user.empty()) {
    curl_easy_setopt(easy_, CURLOPT_PROXYAUTH, static_cast<long>(CURLAUTH_BASIC));
    curl_easy_setopt(easy_, CURLOPT_PROXYUSERNAME, proxy.user.c_str());
    curl_easy_setopt(easy_, CURLOPT_PROXYPASSWORD, proxy.password.c_str());
  }
  const auto at = proxy.url.find("://");
  facts_.proxy = proxy.url.substr(at + 3);
  while (facts_.proxy.ends_with('/')) facts_.proxy.pop_back();
}

CURLcode Transfer::on_tls(CURL*, void* context, void* self) {
  const auto& trust = static_cast<Transfer*>(self)->setup_.trust;
  if (trust) trust->add_to(context);
  return CURLE_OK;
}

std::size_t Transfer::on_header(char* data, std::size_t size, std::size_t count, void* self) {
  const std::string_view line(data, size * count);
  try {
    return static_cast<Transfer*>(self)->take_header(line) ? line.size() : 0;
  } catch (const std::bad_alloc&) {
    return 0;
  }
}

// One line of a head, with its line end. curl hands over every head of an exchange, those of
// "100 Continue" included, and the trailers of a chunked body.
bool Transfer::take_header(std::string_view line) {
  head_bytes_ += line.size();
  if (head_bytes_ > head_cap) {
    facts_.head_too_big = true;
    return false;
  }
  if (line.substr(0, 5) == "HTTP/") {
    reply_.headers.clear();
    reply_.headers.reserve(usual_headers);
    head_done_ = false;
    return true;
  }
  if (head_done_) return true;  // a trailer is no header
  if (trimmed(line).empty()) {
    head_done_ = true;
    return true;
  }
  if ((line.front() == ' ' || line.front() == '\t') && !reply_.headers.empty()) {
    reply_.headers.back().second.append(" ").append(trimmed(line));  // a folded line
    return true;
  }
  const auto colon = line.find(':');
  if (colon == std::string_view::npos) return true;
  reply_.headers.emplace_back(trimmed(line.substr(0, colon)), trimmed(line.substr(colon + 1)));
  return true;
}

std::size_t Transfer::on_body(char* data, std::size_t size, std::size_t count, void* self) {
  auto* const transfer = static_cast<Transfer*>(self);
  const std::size_t bytes = size * count;
  std::string& body = transfer->reply_.body;
  if (bytes > transfer->facts_.body_cap - body.size()) {
    transfer->facts_.body_too_big = true;
    return 0;
  }
  try {
    body.append(data, bytes);
  } catch (const std::bad_alloc&) {
    transfer->facts_.body_too_big = true;
    return 0;
  }
  return bytes;
}

bool Transfer::refuse(const asio::ip::address& address) {
  if (!setup_.proxy.url.empty()) return false;  // the proxy's, which the config names
  const auto kind = setup_.guard->refusal(address);
  if (!kind) return false;
  facts_.refused = address;
  facts_.refused_kind = *kind;
  return true;
}

curl_socket_t Transfer::on_open(void* self, curlsocktype, struct curl_sockaddr* address) {
  auto* const transfer = static_cast<Transfer*>(self);
  transfer->facts_.started = true;
  const auto target = address_of(address->addr);
  if (!target || transfer->refuse(*target)) return CURL_SOCKET_BAD;
  transfer->facts_.tried = true;
  const int socket = ::socket(address->family, address->socktype | SOCK_CLOEXEC | SOCK_NONBLOCK,
                              address->protocol);
  if (socket < 0 && (errno == EMFILE || errno == ENFILE)) {
    transfer->facts_.short_of_descriptors = true;
  }
  if (socket >= 0 && transfer->facts_.mail) transfer->mail_sockets_.push_back(socket);
  if (socket >= 0 && transfer->setup_.sockets != nullptr) {
    transfer->setup_.sockets->socket_opened(socket);
  }
  return socket;
}

// The transfer that opened the connection may be long gone.
int Transfer::on_close(void* multi, curl_socket_t socket) {
  static_cast<CurlMulti*>(multi)->socket_closes(socket);
  return ::close(socket);
}

// Also called for a connection that is used again: the rules may have changed since it was made.
int Transfer::on_connected(void* self, char* remote, char*, int, int) {
  auto* const transfer = static_cast<Transfer*>(self);
  ++transfer->attempts_;
  transfer->facts_.started = true;
  transfer->facts_.connected = true;
  error_code error;
  const auto address = asio::ip::make_address(remote, error);
  if (error || transfer->refuse(address)) return CURL_PREREQFUNC_ABORT;
  return CURL_PREREQFUNC_OK;
}

int Transfer::on_resolve(void*, void*, void* self) {
  static_cast<Transfer*>(self)->facts_.started = true;
  return 0;
}

feeds::Reply Transfer::reply(CURLcode code) {
  ended_ = true;
  sound_ = code == CURLE_OK;
  if (facts_.mail) return mail_reply(code);
  long status = 0;
  curl_easy_getinfo(easy_, CURLINFO_RESPONSE_CODE, &status);
  if (code == CURLE_OK && status >= 100) {
    reply_.status = static_cast<int>(status);
    return std::move(reply_);
  }
  collect_facts(code);
  feeds::Reply failed = failed_reply(facts_);
  failed.sent = went_out();
  return failed;
}

bool Transfer::went_out() const {
  long request = 0;
  curl_off_t body = 0;
  curl_easy_getinfo(easy_, CURLINFO_REQUEST_SIZE, &request);
  curl_easy_getinfo(easy_, CURLINFO_SIZE_UPLOAD_T, &body);
  return request > 0 && body >= static_cast<curl_off_t>(body_to_send_.size());
}

void Transfer::collect_facts(CURLcode code) {
  facts_.code = code;
  facts_.host = origin_.host;
  facts_.port = origin_.port;
  facts_.error = error_;
  curl_easy_getinfo(easy_, CURLINFO_OS_ERRNO, &facts_.os_error);
  curl_easy_getinfo(easy_, CURLINFO_SSL_VERIFYRESULT, &facts_.certificate);
  curl_off_t connect_us = 0;  // 0 for a connection that is used again
  curl_easy_getinfo(easy_, CURLINFO_CONNECT_TIME_T, &connect_us);
  facts_.connected = facts_.connected || connect_us > 0;
  if (code == CURLE_COULDNT_RESOLVE_HOST || code == CURLE_SSL_CACERT_BADFILE) {
    facts_.short_of_descriptors = out_of_descriptors();
  }
}

std::string Transfer::redirect_target() const {
  long status = 0;
  curl_easy_getinfo(easy_, CURLINFO_RESPONSE_CODE, &status);
  if (status != 301 && status != 302 && status != 303 && status != 307 && status != 308) return {};
  const char* target = nullptr;
  curl_easy_getinfo(easy_, CURLINFO_REDIRECT_URL, &target);
  return target == nullptr ? std::string() : std::string(target);
}

bool Origin::trusts(const Origin& other) const {
  if (!feeds::equal_ignoring_case(host, other.host)) return false;
  if (scheme == other.scheme) return port == other.port;
  return scheme == "http" && port == "80" && other.port == "443";  // the usual step up to https
}

bool travels(std::string_view header_name) {
  return feeds::equal_ignoring_case(header_name, "User-Agent") ||
         feeds::equal_ignoring_case(header_name.substr(0, 6), "Accept") ||
         feeds::equal_ignoring_case(header_name.substr(0, 3), "If-");
}

bool of_body(std::string_view header_name) {
  return feeds::equal_ignoring_case(header_name.substr(0, 8), "Content-");
}

}  // namespace wirewatch::daemon
