// latency_parts FEED FOLDER URL COUNT PAUSE_MS: what an alert is made of at the least, each by
// itself and at the alerts' pace: the feed's document parsed, 4 KB written and synced in the
// folder, a message posted on a kept connection until its answer. Prints "parse sync post",
// microseconds, a line a time.
#include <curl/curl.h>
#include <fcntl.h>
#include <time.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string>

#include "feeds/parse/parse.h"

namespace {

double microseconds() {
  timespec now{};
  clock_gettime(CLOCK_MONOTONIC, &now);
  return static_cast<double>(now.tv_sec) * 1e6 + static_cast<double>(now.tv_nsec) * 1e-3;
}

template <class Part>
double time_of(const Part& part) {
  const double start = microseconds();
  part();
  return microseconds() - start;
}

[[noreturn]] void fail(const char* what) {
  std::fprintf(stderr, "latency_parts: %s\n", what);
  std::exit(1);
}

void parse(const std::string& document) {
  wirewatch::feeds::ParseContext context;
  context.url = "http://news.example/feed";
  const auto parsed = wirewatch::feeds::parse_feed(document, context);
  if (!parsed.has_value() || parsed->items.empty()) fail("the feed has no items");
}

class Disk {
 public:
  explicit Disk(const std::string& folder)
      : file_(open((folder + "/sync-probe").c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600)) {
    if (file_ < 0) fail("cannot write in the folder");
  }
  ~Disk() { close(file_); }
  Disk(const Disk&) = delete;
  Disk& operator=(const Disk&) = delete;

  void sync() const {
    const std::string page(4096, 'x');
    if (write(file_, page.data(), page.size()) != 4096 || fdatasync(file_) != 0)
      fail("the disk takes no writes");
  }

 private:
  int file_;
};

class Poster {
 public:
  explicit Poster(const char* url) : handle_(curl_easy_init()) {
    headers_ = curl_slist_append(headers_, "content-type: application/json");
    curl_easy_setopt(handle_, CURLOPT_URL, url);
    curl_easy_setopt(handle_, CURLOPT_HTTPHEADER, headers_);
    curl_easy_setopt(handle_, CURLOPT_POSTFIELDS, body_.c_str());
    curl_easy_setopt(handle_, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(handle_, CURLOPT_PROXY, "");
  }
  ~Poster() {
    curl_slist_free_all(headers_);
    curl_easy_cleanup(handle_);
  }
  Poster(const Poster&) = delete;
  Poster& operator=(const Poster&) = delete;

  void post() const {
    if (curl_easy_perform(handle_) != CURLE_OK) fail("the receiver does not answer");
  }

 private:
  CURL* handle_;
  curl_slist* headers_ = nullptr;
  // As long as an alert of one report.
  std::string body_ = "{\"text\":\"" + std::string(1500, 'x') + "\"}";
};

}  // namespace

int main(int argc, char** argv) {
  if (argc != 6) fail("FEED FOLDER URL COUNT PAUSE_MS");
  std::ifstream file(argv[1], std::ios::binary);
  const std::string document(std::istreambuf_iterator<char>(file), {});
  const Disk disk(argv[2]);
  const Poster poster(argv[3]);
  const timespec pause{0, std::atol(argv[5]) * 1'000'000};
  poster.post();  // connects
  for (int left = std::atoi(argv[4]); left > 0; --left) {
    nanosleep(&pause, nullptr);
    const double parsed = time_of([&] { parse(document); });
    const double synced = time_of([&] { disk.sync(); });
    const double posted = time_of([&] { poster.post(); });
    std::printf("%.1f %.1f %.1f\n", parsed, synced, posted);
  }
  return 0;
}
