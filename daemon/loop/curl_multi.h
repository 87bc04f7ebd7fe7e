// libcurl's multi interface driven by the loop (curl_multi_socket_action(3)).
#pragma once

#include <curl/curl.h>

#include <boost/asio/any_completion_handler.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <unordered_map>
#include <unordered_set>
#include <utility>

namespace wirewatch::daemon {

namespace asio = boost::asio;

// Loop thread only. Held by shared_ptr: each transfer keeps its multi, with its connections.
class CurlMulti : public std::enable_shared_from_this<CurlMulti> {
 public:
  CurlMulti(asio::io_context& loop, long connections, long connections_per_host);
  ~CurlMulti();
  CurlMulti(const CurlMulti&) = delete;
  CurlMulti& operator=(const CurlMulti&) = delete;

  // Performs the transfer that `easy` was set up for; the handle must live until then. Returns
  // curl's result; CURLE_OPERATION_TIMEDOUT after `at_most`, the wait for a free connection
  // included (curl's own clocks stand still while a transfer waits for one); CURLE_FAILED_INIT when
  // the daemon itself is short of descriptors or memory. Throws operation_aborted when cancelled
  // (of any type) and when the multi is closed.
  asio::awaitable<CURLcode> perform(CURL* easy, std::chrono::microseconds at_most);

  // Of the sockets of connections, kept ones included; curl's other sockets are not told of. Both
  // are called by transfers of this multi, from inside curl.
  void socket_opened(curl_socket_t socket);
  void socket_closes(curl_socket_t socket);
  // May another connection be kept after its use? Where they fill the cache curl throws the oldest
  // out, and (7.88) never forgets its host: each request then walks through all hosts ever asked.
  bool may_keep() const { return open_.size() < most_kept_; }

  // Ends every transfer with operation_aborted and closes all connections. No curl afterwards.
  void close();

 private:
  using Signature = void(boost::system::error_code, CURLcode);
  using Handler = asio::any_completion_handler<Signature>;
  using Moment = std::chrono::steady_clock::time_point;
  struct Watch;
  using Deadline = std::pair<Moment, std::uint64_t>;
  struct Pending {
    std::uint64_t id;  // handles' addresses are used again, ids never
    Handler handler;
    Moment deadline;
  };

  static int on_socket(CURL* easy, curl_socket_t socket, int what, void* self, void* watch);
  static int on_timer(CURLM* multi, long timeout_ms, void* self);

  void start(CURL* easy, std::chrono::microseconds at_most, Handler handler);
  void finish_later(CURL* easy, std::uint64_t id, boost::system::error_code error, CURLcode code);
  Handler take(CURL* easy);
  void finish(CURL* easy, boost::system::error_code error, CURLcode code);
  void action(curl_socket_t socket, int events);
  void drain();
  void watch(CURL* easy, curl_socket_t socket, int what);
  void unwatch(curl_socket_t socket);
  void forget(curl_socket_t socket);
  void arm(const std::shared_ptr<Watch>& watch);
  void ready(const std::shared_ptr<Watch>& watch, boost::system::error_code error, int events);
  void set_timer(long timeout_ms);
  void arm_timer();
  void kick();
  void arm_deadline();
  void end_late();

  asio::io_context& loop_;
  asio::steady_timer timer_;
  std::optional<Moment> due_;    // when curl wants to be called, beside its sockets
  std::optional<Moment> armed_;  // when the timer ends: at `due_` or before it
  bool kicked_ = false;          // curl is called in a moment
  CURLM* multi_;
  std::unordered_map<curl_socket_t, std::shared_ptr<Watch>> watches_;
  std::unordered_map<CURL*, Pending> pending_;
  std::uint64_t started_ = 0;
  // One timer for all deadlines: most transfers end long before theirs, and a timer for each is
  // made, queued and cancelled for nothing.
  std::map<Deadline, CURL*> deadlines_;
  asio::steady_timer deadline_timer_;
  std::optional<Moment> deadline_armed_;  // at the earliest or before it
  std::unordered_set<curl_socket_t> open_;
  std::size_t most_kept_;
};

}  // namespace wirewatch::daemon
