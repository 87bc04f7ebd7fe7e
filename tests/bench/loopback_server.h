// A web server for benches: takes every request on keep-alive and answers 200, in a process of its
// own, so that what it costs is not ours.
#pragma once

#include <sys/types.h>

#include <cstdint>

namespace wirewatch::bench {

class LoopbackServer {
 public:
  LoopbackServer();   // listens on all of 127.0.0.0/8; before any thread is started
  ~LoopbackServer();  // ends the process
  LoopbackServer(const LoopbackServer&) = delete;
  LoopbackServer& operator=(const LoopbackServer&) = delete;
  std::uint16_t port() const { return port_; }

 private:
  pid_t process_ = 0;
  std::uint16_t port_ = 0;
};

}  // namespace wirewatch::bench
