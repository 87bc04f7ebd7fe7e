// What a request costs this side in CPU: `connections_bench CACHE CONCURRENT CA_FILE URL…`. Fetches
// every URL once, in their order, and prints the thread's microseconds a request for each tenth.
#include <fmt/format.h>

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <cstdlib>
#include <ctime>
#include <fstream>
#include <iostream>
#include <sstream>

#include "daemon/loop/descriptors.h"
#include "daemon/loop/http.h"
#include "daemon/loop/trust.h"

namespace wirewatch::daemon {
namespace {

double thread_seconds() {
  timespec now{};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) / 1e9;
}

struct Run {
  std::vector<std::string> urls;
  std::size_t next = 0;
  std::size_t done = 0;
  std::size_t failed = 0;
  double since = 0;
};

asio::awaitable<void> worker(HttpClient& http, Run& run) {
  const std::size_t tenth = std::max<std::size_t>(run.urls.size() / 10, 1);
  while (run.next < run.urls.size()) {
    HttpRequest request;
    request.url = run.urls[run.next++];
    const feeds::Reply reply = co_await http.fetch(std::move(request));
    if (reply.status != 200 && run.failed++ == 0) std::cerr << reply.failure_text << "\n";
    if (++run.done % tenth == 0) {
      const double now = thread_seconds();
      fmt::print("{:.1f}\n", (now - run.since) / static_cast<double>(tenth) * 1e6);
      run.since = thread_seconds();
    }
  }
}

int bench(const std::vector<std::string>& words) {
  raise_descriptor_limit();
  asio::io_context io(1);
  Activity activity(io.get_executor());
  HttpLimits limits;
  limits.connections = std::strtoul(words[0].c_str(), nullptr, 10);
  HttpClient http(io, activity, limits, {{"127.0.0.0/8"}});
  if (!words[2].empty()) {
    std::ifstream file(words[2]);
    std::stringstream pem;
    pem << file.rdbuf();
    auto trust = Trust::read(pem.str());
    if (!trust) return 2;
    http.set_trust(std::move(*trust));
  }
  Run run;
  run.urls.assign(words.begin() + 3, words.end());
  if (run.urls.size() == 1 && run.urls[0] == "-") {
    run.urls.clear();
    for (std::string line; std::getline(std::cin, line);) run.urls.push_back(line);
  }
  const std::size_t workers = std::strtoul(words[1].c_str(), nullptr, 10);
  run.since = thread_seconds();
  for (std::size_t i = 0; i < workers; ++i) {
    asio::co_spawn(io, worker(http, run), asio::detached);
  }
  io.run();
  return run.failed == 0 ? 0 : 1;
}

}  // namespace
}  // namespace wirewatch::daemon

int main(int count, char** words) {
  if (count < 5) return 2;
  return wirewatch::daemon::bench(std::vector<std::string>(words + 1, words + count));
}
