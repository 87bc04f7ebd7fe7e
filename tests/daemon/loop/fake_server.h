// A small HTTP server that does what a test tells it to, good manners or not.
#pragma once

#include <boost/asio/io_context.hpp>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace wirewatch::daemon {

namespace asio = boost::asio;

// What the server sends for one request, and what it does then.
struct Script {
  enum class Then : std::uint8_t {
    next_request,  // on the same connection
    close,
    stall,   // says nothing more and keeps the connection
    repeat,  // the last chunk again, without end
  };
  std::vector<std::string> chunks{};
  Then then = Then::next_request;
};

// A whole answer with its length: `answer("200 OK", {"ETag: \"1\""}, "body")`.
Script answer(const std::string& status, const std::vector<std::string>& headers,
              const std::string& body = "");

// Listens on one loopback address and a port of the kernel's choice, on the caller's loop.
class FakeServer {
 public:
  explicit FakeServer(asio::io_context& loop, const std::string& address = "127.0.0.1");
  ~FakeServer();
  FakeServer(const FakeServer&) = delete;
  FakeServer& operator=(const FakeServer&) = delete;

  // "http://127.0.0.1:PORT" and `path`.
  std::string url(const std::string& path) const;
  std::uint16_t port() const;

  // For requests of that path: the scripts in turn, the last for all further ones. A path without
  // a script gets 404.
  void on(const std::string& path, std::vector<Script> scripts);
  void on(const std::string& path, Script script);

  const std::vector<std::string>& requests() const;  // head and body of each, as received
  int connections() const;                           // accepted so far
  int open() const;                                  // not closed by either side

 private:
  struct State;
  struct Session;
  static void accept(const std::shared_ptr<State>& state);
  std::shared_ptr<State> state_;
};

}  // namespace wirewatch::daemon
