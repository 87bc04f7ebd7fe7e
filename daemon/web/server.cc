#include "daemon/web/server.h"

#include <fmt/format.h>
#include <spdlog/spdlog.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/basic_stream.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>
#include <deque>

#include "daemon/web/targets.h"
#include "feeds/url.h"

namespace wirewatch::daemon {
namespace {

namespace beast = boost::beast;
namespace http = boost::beast::http;

constexpr auto as_tuple = asio::as_tuple(asio::use_awaitable);
constexpr std::size_t header_bytes = 16U << 10U;
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
  if (request.method() == http::verb::head) response.body().clear();
  return response;
}

WebResponse plain(int status, std::string text) {
  WebResponse response;
  response.status = status;
  response.body = std::move(text) + "\n";
  return response;
}

std::optional<unsigned int> peer_uid(int descriptor) {
  ucred peer{};
  socklen_t size = sizeof peer;
  if (::getsockopt(descriptor, SOL_SOCKET, SO_PEERCRED, &peer, &size) != 0) return std::nullopt;
  return peer.uid;
}

// A socket file that nobody listens at is left over from a crash.
bool is_live(const std::string& path) {
  const int probe = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  path.copy(address.sun_path, sizeof address.sun_path - 1);
  // The socket API takes every kind of address through this cast.
  const auto* const generic = reinterpret_cast<const sockaddr*>(&address);
  const bool live = ::connect(probe, generic, sizeof address) == 0;
  ::close(probe);
  return live;
}

}  // namespace

struct WebServer::Impl : std::enable_shared_from_this<WebServer::Impl> {
  Impl(asio::any_io_executor loop_in, WebHandler handler_in, WebLimits limits_in)
      : loop(std::move(loop_in)), handler(std::move(handler_in)), limits(limits_in), ended(loop) {}

  template <class Acceptor>
  asio::awaitable<void> accept(Acceptor& acceptor, bool control);
  asio::awaitable<void> serve(std::shared_ptr<Stream> stream, bool control);
  asio::awaitable<bool> exchange(Stream& stream, beast::flat_buffer& buffer, bool control);
  asio::awaitable<WebResponse> answer(const HttpRequestMessage& message, bool control,
                                      std::optional<unsigned int> uid);
  bool host_allowed(const std::string& host) const;

  asio::any_io_executor loop;
  WebHandler handler;
  WebLimits limits;
  std::deque<asio::ip::tcp::acceptor> tcp;
  std::deque<asio::local::stream_protocol::acceptor> local;
  std::vector<std::string> hosts;
  std::string socket_path;
  std::size_t connections = 0;
  bool stopping = false;
  asio::steady_timer ended;
  std::vector<std::weak_ptr<Stream>> open;
};

bool WebServer::Impl::host_allowed(const std::string& host) const {
  const std::string name = host_without_port(host);
  return std::find(hosts.begin(), hosts.end(), name) != hosts.end();
}

asio::awaitable<WebResponse> WebServer::Impl::answer(const HttpRequestMessage& message,
                                                     bool control,
                                                     std::optional<unsigned int> uid) {
  WebRequest request;
  request.method = std::string(message.method_string());
  if (request.method == "HEAD") request.method = "GET";
  const auto target = message.target();
  if (!split_target(std::string_view(target.data(), target.size()), request)) {
    co_return plain(400, "The address cannot be read.");
  }
  request.host = std::string(message[http::field::host]);
  request.origin = std::string(message[http::field::origin]);
  request.body = message.body();
  request.control = control;
  request.peer_uid = uid;
  if (!control && !host_allowed(request.host)) {
    co_return plain(421, "This address is not ours; name it in public_url if it should be.");
  }
  try {
    WebResponse made = co_await handler(std::move(request));
    co_return made;
  } catch (const std::exception& error) {
    spdlog::error("the page {} failed: {}", std::string(target), error.what());
  }
  co_return plain(500, "Something went wrong; the log says what.");
}

// One request and its answer. False: the connection is done.
asio::awaitable<bool> WebServer::Impl::exchange(Stream& stream, beast::flat_buffer& buffer,
                                                bool control) {
  http::request_parser<http::string_body> parser;
  parser.header_limit(header_bytes);
  parser.body_limit(limits.body_bytes);
  stream.expires_after(limits.idle_timeout);
  const auto [read_error, read] = co_await http::async_read(stream, buffer, parser, as_tuple);
  static_cast<void>(read);
  if (read_error == http::error::body_limit || read_error == http::error::header_limit) {
    const HttpRequestMessage none;
    HttpResponse response = finish(plain(413, "That is too much."), none);
    response.keep_alive(false);
    const auto [refused, sent] = co_await http::async_write(stream, response, as_tuple);
    static_cast<void>(refused);
    static_cast<void>(sent);
    co_return false;
  }
  if (read_error) co_return false;
  const HttpRequestMessage message = parser.release();
  std::optional<unsigned int> uid;
  if (control) uid = peer_uid(stream.socket().native_handle());
  stream.expires_never();  // a reload may take its time
  WebResponse made = co_await answer(message, control, uid);
  HttpResponse response = finish(std::move(made), message);
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

template <class Acceptor>
asio::awaitable<void> WebServer::Impl::accept(Acceptor& acceptor, bool control) {
  const auto self = shared_from_this();
  for (;;) {
    auto [error, socket] = co_await acceptor.async_accept(as_tuple);
    if (stopping || error == asio::error::operation_aborted) break;
    if (error || connections >= limits.connections) continue;
    auto stream = std::make_shared<Stream>(std::move(socket));
    std::erase_if(open, [](const std::weak_ptr<Stream>& one) { return one.expired(); });
    open.push_back(stream);
    ++connections;
    auto done = [self](std::exception_ptr) {
      --self->connections;
      if (self->connections == 0) self->ended.cancel();
    };
    asio::co_spawn(loop, serve(std::move(stream), control), std::move(done));
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
  const std::string named = feeds::host_of(public_url);
  if (!named.empty()) impl_->hosts.push_back(named);
  impl_->tcp.push_back(std::move(acceptor));
  return fmt::format("{}:{}", host, bound.port());
}

Result<void> WebServer::listen_unix(const std::string& path, unsigned int mode) {
  constexpr std::size_t longest = sizeof(sockaddr_un::sun_path) - 1;
  if (path.size() > longest) {
    return Error{ErrorKind::invalid,
                 fmt::format("the control socket's path \"{}\" is longer than {} bytes; choose a "
                             "shorter state folder",
                             path, longest)};
  }
  if (is_live(path)) {
    return Error{ErrorKind::refused, fmt::format("a daemon already answers at \"{}\"", path)};
  }
  ::unlink(path.c_str());
  asio::local::stream_protocol::acceptor acceptor(impl_->loop);
  boost::system::error_code error;
  acceptor.open(asio::local::stream_protocol(), error);
  if (!error) acceptor.bind(asio::local::stream_protocol::endpoint(path), error);
  if (!error) acceptor.listen(asio::socket_base::max_listen_connections, error);
  if (error) {
    return Error{ErrorKind::refused,
                 fmt::format("cannot listen at \"{}\": {}", path, error.message())};
  }
  ::chmod(path.c_str(), mode);
  impl_->socket_path = path;
  impl_->local.push_back(std::move(acceptor));
  return Result<void>();
}

asio::awaitable<void> WebServer::run() {
  const auto impl = impl_;
  for (auto& acceptor : impl->tcp) {
    asio::co_spawn(impl->loop, impl->accept(acceptor, false), [impl](std::exception_ptr) {});
  }
  for (auto& acceptor : impl->local) {
    asio::co_spawn(impl->loop, impl->accept(acceptor, true), [impl](std::exception_ptr) {});
  }
  co_await asio::this_coro::reset_cancellation_state(asio::enable_total_cancellation());
  asio::steady_timer forever(impl->loop, asio::steady_timer::time_point::max());
  const auto [asked] = co_await forever.async_wait(as_tuple);
  static_cast<void>(asked);
  co_await asio::this_coro::reset_cancellation_state(asio::enable_terminal_cancellation());
  co_await asio::this_coro::throw_if_cancelled(false);
  impl->stopping = true;
  boost::system::error_code ignored;
  for (auto& acceptor : impl->tcp) acceptor.close(ignored);
  for (auto& acceptor : impl->local) acceptor.close(ignored);
  // Idle connections are cut for reading; what is being answered goes out.
  for (const auto& weak : impl->open) {
    const auto stream = weak.lock();
    if (stream) stream->socket().shutdown(asio::socket_base::shutdown_receive, ignored);
  }
  while (impl->connections > 0) {
    impl->ended.expires_after(std::chrono::seconds(2));
    const auto [over] = co_await impl->ended.async_wait(as_tuple);
    if (!over) break;
  }
}

}  // namespace wirewatch::daemon
