#include "daemon/web/server.h"

#include <fmt/format.h>
#include <spdlog/spdlog.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/basic_stream.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>
#include <deque>
#include <vector>

#include "daemon/receivers/text.h"
#include "daemon/web/body_room.h"
#include "daemon/web/targets.h"
#include "feeds/url.h"

namespace wirewatch::daemon {
namespace {

namespace beast = boost::beast;
namespace http = boost::beast::http;

constexpr auto as_tuple = asio::as_tuple(asio::use_awaitable);
constexpr std::size_t header_bytes = 16U << 10U;
constexpr std::size_t drained_bytes = 4U << 20U;  // of a request that was refused
constexpr auto drained_within = std::chrono::seconds(2);
constexpr auto accept_pause = std::chrono::milliseconds(100);
constexpr const char* policy =
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'none'; base-uri 'none'; "
    "frame-ancestors 'none'";

using Stream = beast::basic_stream<asio::generic::stream_protocol>;
using HttpResponse = http::response<http::string_body>;
using HttpRequestMessage = http::request<http::string_body>;

HttpResponse finish(WebResponse made, const HttpRequestMessage& request) {
  HttpResponse response(static_cast<http::status>(made.status), request.version());
  response.set(http::field::content_type, made.content_type);
  response.set(http::field::cache_control, "no-store");
  response.set("Content-Security-Policy", policy);
  response.set("X-Content-Type-Options", "nosniff");
  response.set("Referrer-Policy", "no-referrer");
  for (const auto& [name, value] : made.headers) response.set(name, value);
  response.keep_alive(request.keep_alive());
  response.body() = std::move(made.body);
  response.prepare_payload();
  // RFC 9110, 9.3.2: the length of what GET would have brought stays in the header.
  if (request.method() == http::verb::head) response.body().clear();
  return response;
}

WebResponse plain(int status, std::string text) {
  WebResponse response;
  response.status = status;
  response.body = std::move(text) + "\n";
  return response;
}

// What is said to a request that could not be read; nullopt when nobody listens any more.
std::optional<WebResponse> complaint(const boost::system::error_code& error) {
  if (error == http::error::body_limit) return plain(413, "The request's body is too big.");
  if (error == http::error::header_limit) return plain(431, "The request's header is too big.");
  if (error == http::error::end_of_stream || error == http::error::partial_message) {
    return std::nullopt;
  }
  if (error.category() != http::make_error_code(http::error::bad_target).category()) {
    return std::nullopt;
  }
  return plain(400, "The request cannot be read.");
}

std::optional<unsigned int> peer_uid(int descriptor) {
  ucred peer{};
  socklen_t size = sizeof peer;
  if (::getsockopt(descriptor, SOL_SOCKET, SO_PEERCRED, &peer, &size) != 0) return std::nullopt;
  return peer.uid;
}

WebResponse no_room() {
  WebResponse response = plain(503, "Too much is being sent at the moment.");
  response.headers.emplace_back("Retry-After", "60");
  return response;
}

// What stands at a path where a control socket is wanted.
enum class Found : std::uint8_t { nothing, stale, live, other };

// A socket file that nobody listens at is left over from a crash. The probe never waits: a server
// whose backlog is full lives too. `path` fits into an address.
Found look_at(const std::string& path) {
  struct stat facts {};
  if (::lstat(path.c_str(), &facts) != 0) return Found::nothing;
  if (!S_ISSOCK(facts.st_mode)) return Found::other;
  const int probe = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (probe < 0) return Found::live;  // nothing is removed on a guess
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  path.copy(address.sun_path, sizeof address.sun_path - 1);
  // The socket API takes every kind of address through this cast.
  const auto* const generic = reinterpret_cast<const sockaddr*>(&address);
  const int connected = ::connect(probe, generic, sizeof address);
  const bool refused = connected != 0 && errno == ECONNREFUSED;
  ::close(probe);
  return refused ? Found::stale : Found::live;
}

}  // namespace

struct WebServer::Impl : std::enable_shared_from_this<WebServer::Impl> {
  Impl(asio::any_io_executor loop_in, WebHandler handler_in, WebLimits limits_in)
      : loop(std::move(loop_in)), handler(std::move(handler_in)), limits(limits_in), ended(loop) {}

  template <class Acceptor>
  asio::awaitable<void> accept(Acceptor& acceptor, bool control);
  asio::awaitable<void> serve(std::shared_ptr<Stream> stream, bool control);
  asio::awaitable<bool> exchange(Stream& stream, beast::flat_buffer& buffer, bool control);
  asio::awaitable<void> turn_away(Stream& stream, WebResponse made);
  asio::awaitable<WebResponse> answer(HttpRequestMessage& message, bool control,
                                      std::optional<unsigned int> uid,
                                      std::shared_ptr<BodyRoom> room);
  bool host_allowed(const std::string& host) const;
  bool is_callback(const WebRequest& request) const;
  // Bytes of the body that a callback may be sent; nullopt: it is none that anybody knows.
  std::optional<std::size_t> callback_limit(const HttpRequestMessage& head, bool control) const;
  void admit(std::shared_ptr<Stream> stream, bool control);
  void start();
  void stop_listening();
  void cut_idle();
  void cut_all();

  asio::any_io_executor loop;
  WebHandler handler;
  WebLimits limits;
  WebCallbacks callbacks;
  std::deque<asio::ip::tcp::acceptor> tcp;
  std::deque<asio::local::stream_protocol::acceptor> local;
  std::vector<std::string> hosts;  // that we listen on
  std::string named;               // in public_url, without "www."
  bool any_address = false;        // listens on every address of the machine
  std::string socket_path;
  std::size_t pages = 0;     // connections over TCP, which must not lock out …
  std::size_t controls = 0;  // … those over the control socket
  bool stopping = false;
  asio::steady_timer ended;
  std::vector<std::weak_ptr<Stream>> open;
  std::shared_ptr<BodyBytes> callback_bytes = std::make_shared<BodyBytes>(0);
};

// DNS rebinding needs a name, so a bare address of ours is as good as localhost.
bool WebServer::Impl::host_allowed(const std::string& host) const {
  const std::string name = host_without_port(host);
  if (std::find(hosts.begin(), hosts.end(), name) != hosts.end()) return true;
  if (!named.empty() && (name == named || name == "www." + named)) return true;
  if (!any_address) return false;
  const bool bracketed = name.size() > 2 && name.front() == '[' && name.back() == ']';
  boost::system::error_code error;
  asio::ip::make_address(bracketed ? name.substr(1, name.size() - 2) : name, error);
  return !error;
}

bool WebServer::Impl::is_callback(const WebRequest& request) const {
  return callbacks.is && callbacks.is(request.path);
}

// What somebody sends who knows no callback is never more than a page's request.
std::optional<std::size_t> WebServer::Impl::callback_limit(const HttpRequestMessage& head,
                                                           bool control) const {
  WebRequest request;
  const auto target = head.target();
  const bool readable = split_target(std::string_view(target.data(), target.size()), request);
  if (control || !readable || !is_callback(request) || !callbacks.body_limit) {
    return std::nullopt;
  }
  return callbacks.body_limit(request.path);
}

asio::awaitable<WebResponse> WebServer::Impl::answer(HttpRequestMessage& message, bool control,
                                                     std::optional<unsigned int> uid,
                                                     std::shared_ptr<BodyRoom> room) {
  WebRequest request;
  request.method = std::string(message.method_string());
  if (request.method == "HEAD") request.method = "GET";
  const auto target = message.target();
  if (!split_target(std::string_view(target.data(), target.size()), request)) {
    co_return plain(400, "The address cannot be read.");
  }
  request.host = std::string(message[http::field::host]);
  request.origin = std::string(message[http::field::origin]);
  request.content_type = std::string(message[http::field::content_type]);
  request.content_encoding = std::string(message[http::field::content_encoding]);
  request.hub_signature = std::string(message["X-Hub-Signature"]);
  request.body = std::move(message.body());
  request.room = std::move(room);
  request.control = control;
  request.peer_uid = uid;
  if (!control && !host_allowed(request.host) && !is_callback(request)) {
    co_return plain(421, "This address is not ours; name it in public_url if it should be.");
  }
  try {
    WebResponse made = co_await handler(std::move(request));
    co_return made;
  } catch (const std::exception& error) {
    const std::string_view asked(target.data(), target.size());
    spdlog::error("the page {} failed: {}", clean_line(asked), clean_line(error.what()));
  }
  co_return plain(500, "Something went wrong; the log says what.");
}

// Answers without having read the whole request, then swallows some of the rest: closing on unread
// bytes would reset the connection, and the answer with it.
asio::awaitable<void> WebServer::Impl::turn_away(Stream& stream, WebResponse made) {
  const HttpRequestMessage none;
  HttpResponse response = finish(std::move(made), none);
  response.keep_alive(false);
  stream.expires_after(limits.idle_timeout);
  const auto [refused, sent] = co_await http::async_write(stream, response, as_tuple);
  static_cast<void>(sent);
  boost::system::error_code ignored;
  stream.socket().shutdown(asio::socket_base::shutdown_send, ignored);
  if (refused || stopping) co_return;
  std::vector<char> bin(16U << 10U);
  const auto room = asio::buffer(bin);
  stream.expires_after(drained_within);
  for (std::size_t drained = 0; drained < drained_bytes;) {
    const auto [over, count] = co_await stream.async_read_some(room, as_tuple);
    if (over || stopping) break;
    drained += count;
  }
}

// One request and its answer. False: the connection is done.
asio::awaitable<bool> WebServer::Impl::exchange(Stream& stream, beast::flat_buffer& buffer,
                                                bool control) {
  http::request_parser<http::string_body> parser;
  parser.header_limit(header_bytes);
  parser.body_limit(boost::none);             // until it is known whose body it is
  stream.expires_after(limits.idle_timeout);  // for all of the request, however slowly it drips
  const auto [head_error, head] =
      co_await http::async_read_header(stream, buffer, parser, as_tuple);
  static_cast<void>(head);
  boost::system::error_code read_error = head_error;
  std::shared_ptr<BodyRoom> room;
  if (!read_error) {
    const auto callback = callback_limit(parser.get(), control);
    const std::size_t limit = callback.value_or(limits.body_bytes);
    const std::size_t bytes =
        parser.content_length().value_or(callback && parser.chunked() ? limit : 0);
    parser.body_limit(limit);
    if (bytes > limit) read_error = http::error::body_limit;
    if (!read_error && callback) {
      room = BodyRoom::take(callback_bytes, bytes, limits.callback_bytes);
      if (!room) {
        WebResponse refusal = no_room();
        co_await turn_away(stream, std::move(refusal));
        co_return false;
      }
    }
  }
  if (!read_error) {
    const auto [error, read] = co_await http::async_read(stream, buffer, parser, as_tuple);
    static_cast<void>(read);
    read_error = error;
  }
  if (read_error) {
    std::optional<WebResponse> refusal = complaint(read_error);
    if (refusal) co_await turn_away(stream, std::move(*refusal));
    co_return false;
  }
  HttpRequestMessage message = parser.release();
  if (room) room->shrink(message.body().size());
  std::optional<unsigned int> uid;
  if (control) uid = peer_uid(stream.socket().native_handle());
  stream.expires_never();  // a reload may take its time
  WebResponse made = co_await answer(message, control, uid, std::move(room));
  HttpResponse response = finish(std::move(made), message);
  if (stopping) response.keep_alive(false);
  stream.expires_after(limits.idle_timeout);
  const auto [write_error, written] = co_await http::async_write(stream, response, as_tuple);
  static_cast<void>(written);
  co_return !write_error && response.keep_alive() && !stopping;
}

asio::awaitable<void> WebServer::Impl::serve(std::shared_ptr<Stream> stream, bool control) {
  beast::flat_buffer buffer;
  for (;;) {
    const bool goes_on = co_await exchange(*stream, buffer, control);
    if (!goes_on) break;
  }
  boost::system::error_code ignored;
  stream->socket().shutdown(asio::socket_base::shutdown_send, ignored);
}

// Serves one connection, or drops it when there are too many of its kind.
void WebServer::Impl::admit(std::shared_ptr<Stream> stream, bool control) {
  std::size_t& count = control ? controls : pages;
  if (count >= limits.connections) return;
  std::erase_if(open, [](const std::weak_ptr<Stream>& one) { return one.expired(); });
  open.push_back(stream);
  ++count;
  auto done = [self = shared_from_this(), control](const std::exception_ptr&) {
    --(control ? self->controls : self->pages);
    self->ended.cancel();
  };
  asio::co_spawn(loop, serve(std::move(stream), control), std::move(done));
}

template <class Acceptor>
asio::awaitable<void> WebServer::Impl::accept(Acceptor& acceptor, bool control) {
  while (!stopping) {
    auto [error, socket] = co_await acceptor.async_accept(as_tuple);
    if (stopping || error == asio::error::operation_aborted) break;
    if (!error) {
      admit(std::make_shared<Stream>(std::move(socket)), control);
      continue;
    }
    // No descriptors left, say: the connection stays in the backlog, so trying at once would spin.
    asio::steady_timer pause(loop, accept_pause);
    const auto [woken] = co_await pause.async_wait(as_tuple);
    static_cast<void>(woken);
  }
}

void WebServer::Impl::start() {
  const auto keep = [self = shared_from_this()](const std::exception_ptr&) {};
  for (auto& acceptor : tcp) asio::co_spawn(loop, accept(acceptor, false), keep);
  for (auto& acceptor : local) asio::co_spawn(loop, accept(acceptor, true), keep);
}

void WebServer::Impl::stop_listening() {
  stopping = true;
  boost::system::error_code ignored;
  for (auto& acceptor : tcp) acceptor.close(ignored);
  for (auto& acceptor : local) acceptor.close(ignored);
}

// Whoever waits for a request reads its end; what is being answered goes out.
void WebServer::Impl::cut_idle() {
  boost::system::error_code ignored;
  for (const auto& weak : open) {
    const auto stream = weak.lock();
    if (stream) stream->socket().shutdown(asio::socket_base::shutdown_receive, ignored);
  }
}

void WebServer::Impl::cut_all() {
  for (const auto& weak : open) {
    const auto stream = weak.lock();
    if (stream) stream->close();
  }
}

WebServer::WebServer(asio::any_io_executor loop, WebHandler handler, WebLimits limits)
    : impl_(std::make_shared<Impl>(std::move(loop), std::move(handler), limits)) {}

WebServer::~WebServer() {
  if (!impl_->socket_path.empty()) ::unlink(impl_->socket_path.c_str());
}

Result<std::string> WebServer::listen_tcp(const std::string& address,
                                          const std::string& public_url) {
  using asio::ip::tcp;
  const auto place = split_address(address);
  boost::system::error_code error;
  const auto ip = place ? asio::ip::make_address(place->host, error) : asio::ip::address();
  if (!place || error) {
    return Error{ErrorKind::invalid,
                 fmt::format("listen: \"{}\" is no address such as 127.0.0.1:8420", address)};
  }
  tcp::acceptor acceptor(impl_->loop);
  const tcp::endpoint endpoint(ip, place->port);
  acceptor.open(endpoint.protocol(), error);
  if (!error) acceptor.set_option(asio::socket_base::reuse_address(true), error);
  if (!error) acceptor.bind(endpoint, error);
  if (!error) acceptor.listen(asio::socket_base::max_listen_connections, error);
  if (error) {
    return Error{ErrorKind::refused,
                 fmt::format("cannot listen on {}: {}; choose another with `listen:` or --listen",
                             address, error.message())};
  }
  const auto bound = acceptor.local_endpoint();
  const std::string host = bound.address().is_v6()
                               ? fmt::format("[{}]", bound.address().to_string())
                               : bound.address().to_string();
  impl_->hosts.insert(impl_->hosts.end(), {host, "localhost", "127.0.0.1", "[::1]"});
  impl_->any_address = impl_->any_address || bound.address().is_unspecified();
  set_public_url(public_url);
  impl_->tcp.push_back(std::move(acceptor));
  return fmt::format("{}:{}", host, bound.port());
}

void WebServer::set_public_url(const std::string& public_url) {
  impl_->named = feeds::host_of(public_url);
}

Result<void> WebServer::listen_unix(const std::string& path, unsigned int mode) {
  constexpr std::size_t longest = sizeof(sockaddr_un::sun_path) - 1;
  if (path.size() > longest) {
    return Error{ErrorKind::invalid,
                 fmt::format("the control socket's path \"{}\" is longer than {} bytes; choose a "
                             "shorter state folder",
                             path, longest)};
  }
  const Found found = look_at(path);
  if (found == Found::live) {
    return Error{ErrorKind::refused, fmt::format("a daemon already answers at \"{}\"", path)};
  }
  if (found == Found::other) {
    return Error{ErrorKind::refused, fmt::format("\"{}\" is not a socket; move it away", path)};
  }
  if (found == Found::stale) ::unlink(path.c_str());
  asio::local::stream_protocol::acceptor acceptor(impl_->loop);
  boost::system::error_code error;
  acceptor.open(asio::local::stream_protocol(), error);
  if (!error) acceptor.bind(asio::local::stream_protocol::endpoint(path), error);
  if (!error) acceptor.listen(asio::socket_base::max_listen_connections, error);
  if (error) {
    return Error{ErrorKind::refused,
                 fmt::format("cannot listen at \"{}\": {}", path, error.message())};
  }
  impl_->socket_path = path;
  if (::chmod(path.c_str(), mode) != 0) {
    return Error{ErrorKind::refused, fmt::format("cannot open \"{}\" to others", path)};
  }
  impl_->local.push_back(std::move(acceptor));
  return Result<void>();
}

void WebServer::set_callbacks(WebCallbacks callbacks) {
  impl_->callbacks = std::move(callbacks);
}

asio::awaitable<void> WebServer::run() {
  const auto impl = impl_;
  impl->start();
  co_await asio::this_coro::throw_if_cancelled(false);
  co_await asio::this_coro::reset_cancellation_state(asio::enable_total_cancellation());
  impl->ended.expires_at(asio::steady_timer::time_point::max());
  auto asked = asio::cancellation_type::none;
  while (asked == asio::cancellation_type::none) {  // each connection's end rings the same bell
    const auto [rung] = co_await impl->ended.async_wait(as_tuple);
    static_cast<void>(rung);
    const auto state = co_await asio::this_coro::cancellation_state;
    asked = state.cancelled();
  }
  impl->stop_listening();
  impl->cut_idle();
  // From here on only terminal wakes a wait: being asked twice politely changes nothing.
  co_await asio::this_coro::reset_cancellation_state(asio::enable_total_cancellation(),
                                                     asio::enable_terminal_cancellation());
  bool insisted = (asked & asio::cancellation_type::terminal) != asio::cancellation_type::none;
  while (!insisted && impl->pages + impl->controls > 0) {
    const auto [rung] = co_await impl->ended.async_wait(as_tuple);
    static_cast<void>(rung);
    const auto state = co_await asio::this_coro::cancellation_state;
    insisted =
        (state.cancelled() & asio::cancellation_type::terminal) != asio::cancellation_type::none;
  }
  if (insisted) impl->cut_all();
}

}  // namespace wirewatch::daemon
