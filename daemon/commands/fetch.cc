#include "daemon/commands/fetch.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>

#include "daemon/loop/http.h"

namespace wirewatch::daemon {
namespace {

asio::awaitable<void> fetch_into(HttpClient& http, HttpRequest request, feeds::Reply& reply) {
  reply = co_await http.fetch(std::move(request));
}

}  // namespace

feeds::Reply fetch_now(HttpRequest request, const Settings& settings) {
  asio::io_context io(1);
  Activity activity(io.get_executor());
  HttpClient http(io, activity, settings.http, settings.network);
  http.set_trust(settings.trust);
  http.set_proxy([proxy = settings.proxy] { return open_proxy(proxy); });
  feeds::Reply reply;
  asio::co_spawn(io, fetch_into(http, std::move(request), reply), asio::detached);
  io.run();
  return reply;
}

}  // namespace wirewatch::daemon
