#include "tests/daemon/loop/fake_server.h"

#include <boost/asio/buffer.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/write.hpp>
#include <utility>

namespace wirewatch::daemon {

using asio::ip::tcp;
using boost::system::error_code;

Script answer(const std::string& status, const std::vector<std::string>& headers,
              const std::string& body) {
  std::string text = "HTTP/1.1 " + status + "\r\n";
  for (const std::string& header : headers) text += header + "\r\n";
  text += "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
  return Script{.chunks = {text}};
}

struct FakeServer::State {
  State(asio::io_context& loop, const std::string& address)
      : acceptor(loop, tcp::endpoint(asio::ip::make_address(address), 0)) {}

  Script next_script(const std::string& path) {
    const auto found = scripts.find(path);
    if (found == scripts.end()) return answer("404 Not Found", {});
    Script script = found->second.front();
    if (found->second.size() > 1) found->second.erase(found->second.begin());
    return script;
  }

  tcp::acceptor acceptor;
  std::map<std::string, std::vector<Script>> scripts;
  std::vector<std::string> requests;
  int connections = 0;
  int open = 0;
};

struct FakeServer::Session : std::enable_shared_from_this<Session> {
  Session(std::shared_ptr<State> owner, tcp::socket connection)
      : state(std::move(owner)), socket(std::move(connection)) {
    ++state->connections;
    ++state->open;
  }
  ~Session() { --state->open; }

  void read_request() {
    asio::async_read_until(
        socket, asio::dynamic_buffer(input), "\r\n\r\n",
        [self = shared_from_this()](const error_code& error, std::size_t head_size) {
          if (!error) self->read_body(head_size);
        });
  }

  void read_body(std::size_t head_size) {
    std::size_t length = 0;
    const auto field = input.find("Content-Length: ");
    if (field < head_size) length = std::stoul(input.substr(field + 16));
    const std::size_t all = head_size + length;
    const std::size_t missing = all > input.size() ? all - input.size() : 0;
    asio::async_read(socket, asio::dynamic_buffer(input), asio::transfer_exactly(missing),
                     [self = shared_from_this(), all](const error_code& error, std::size_t) {
                       if (!error) self->take_request(all);
                     });
  }

  void take_request(std::size_t size) {
    state->requests.push_back(input.substr(0, size));
    input.erase(0, size);
    const std::string& request = state->requests.back();
    const auto start = request.find(' ') + 1;
    script = state->next_script(request.substr(start, request.find(' ', start) - start));
    chunk = 0;
    play();
  }

  void play() {
    if (chunk == script.chunks.size() && script.then == Script::Then::repeat) --chunk;
    if (chunk == script.chunks.size()) {
      if (script.then == Script::Then::next_request) read_request();
      if (script.then == Script::Then::stall) wait_for_end();
      return;  // to close, nothing holds the session any more
    }
    const std::string& bytes = script.chunks[chunk++];
    asio::async_write(socket, asio::buffer(bytes),
                      [self = shared_from_this()](const error_code& error, std::size_t) {
                        if (!error) self->play();
                      });
  }

  void wait_for_end() {
    socket.async_wait(tcp::socket::wait_read, [self = shared_from_this()](const error_code&) {});
  }

  std::shared_ptr<State> state;
  tcp::socket socket;
  std::string input;
  Script script;
  std::size_t chunk = 0;
};

FakeServer::FakeServer(asio::io_context& loop, const std::string& address)
    : state_(std::make_shared<State>(loop, address)) {
  accept(state_);
}

FakeServer::~FakeServer() {
  error_code ignored;
  state_->acceptor.close(ignored);
}

void FakeServer::accept(const std::shared_ptr<State>& state) {
  state->acceptor.async_accept([state](const error_code& error, tcp::socket socket) {
    if (!state->acceptor.is_open()) return;
    if (!error) std::make_shared<Session>(state, std::move(socket))->read_request();
    accept(state);
  });
}

std::string FakeServer::url(const std::string& path) const {
  return "http://" + state_->acceptor.local_endpoint().address().to_string() + ":" +
         std::to_string(port()) + path;
}

std::uint16_t FakeServer::port() const {
  return state_->acceptor.local_endpoint().port();
}

void FakeServer::on(const std::string& path, std::vector<Script> scripts) {
  state_->scripts[path] = std::move(scripts);
}

void FakeServer::on(const std::string& path, Script script) {
  on(path, std::vector<Script>{std::move(script)});
}

const std::vector<std::string>& FakeServer::requests() const {
  return state_->requests;
}

int FakeServer::connections() const {
  return state_->connections;
}

int FakeServer::open() const {
  return state_->open;
}

}  // namespace wirewatch::daemon
