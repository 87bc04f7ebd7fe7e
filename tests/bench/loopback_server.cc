#include "tests/bench/loopback_server.h"

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <cstring>
#include <map>
#include <stdexcept>
#include <string>
#include <string_view>

namespace wirewatch::bench {
namespace {

constexpr std::string_view answer = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";

// Bytes of the whole first request in `data`; 0 when it is not all there.
std::size_t whole_request(std::string_view data) {
  const std::size_t head = data.find("\r\n\r\n");
  if (head == std::string_view::npos) return 0;
  const std::size_t at = data.find("Content-Length: ");
  std::size_t body = 0;
  if (at < head) body = std::strtoul(data.data() + at + 16, nullptr, 10);
  return data.size() >= head + 4 + body ? head + 4 + body : 0;
}

void serve(int listener) {
  const int poll = ::epoll_create1(0);
  const auto watch = [poll](int socket) {
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.fd = socket;
    ::epoll_ctl(poll, EPOLL_CTL_ADD, socket, &event);
  };
  watch(listener);
  std::map<int, std::string> waiting;
  for (;;) {
    epoll_event events[64];
    const int count = ::epoll_wait(poll, events, 64, -1);
    for (int i = 0; i < count; ++i) {
      const int socket = events[i].data.fd;
      if (socket == listener) {
        const int fresh = ::accept(listener, nullptr, nullptr);
        if (fresh < 0) continue;
        const int yes = 1;
        ::setsockopt(fresh, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
        watch(fresh);
        continue;
      }
      char buffer[65536];
      const ssize_t bytes = ::recv(socket, buffer, sizeof buffer, 0);
      if (bytes <= 0) {
        ::close(socket);
        waiting.erase(socket);
        continue;
      }
      std::string& data = waiting[socket].append(buffer, static_cast<std::size_t>(bytes));
      while (const std::size_t length = whole_request(data)) {
        data.erase(0, length);
        if (::send(socket, answer.data(), answer.size(), MSG_NOSIGNAL) < 0) break;
      }
    }
  }
}

}  // namespace

LoopbackServer::LoopbackServer() {
  const int listener = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  socklen_t size = sizeof address;
  sockaddr raw{};
  std::memcpy(&raw, &address, sizeof raw);
  if (listener < 0 || ::bind(listener, &raw, sizeof raw) != 0 || ::listen(listener, 1024) != 0 ||
      ::getsockname(listener, &raw, &size) != 0) {
    throw std::runtime_error("no socket to listen on");
  }
  std::memcpy(&address, &raw, sizeof address);
  port_ = ntohs(address.sin_port);
  process_ = ::fork();
  if (process_ == 0) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    serve(listener);
    ::_exit(0);
  }
  ::close(listener);
}

LoopbackServer::~LoopbackServer() {
  ::kill(process_, SIGKILL);
  ::waitpid(process_, nullptr, 0);
}

}  // namespace wirewatch::bench
