// A bare libcurl multi loop, the floor of any poller: `curl_loop MODE ROUNDS AT_ONCE [CA_FILE]`,
// URLs on standard input. Prints microseconds of CPU a request, over all rounds but the first.
//   get      conditional requests with the ETag of the answer before, on kept connections
//   parse    the same, bodies inflated by curl and read by libxml2_items
//   fresh    a new connection for every request
#include <curl/curl.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <iostream>
#include <string>
#include <vector>

#include "tests/bench/peers/libxml2_items.h"

namespace {

struct Transfer {
  std::string url, etag, body;
  CURL* handle = nullptr;
  curl_slist* headers = nullptr;
};

std::size_t take_body(char* data, std::size_t size, std::size_t count, void* transfer) {
  static_cast<Transfer*>(transfer)->body.append(data, size * count);
  return size * count;
}

std::size_t take_header(char* data, std::size_t size, std::size_t count, void* transfer) {
  const std::string line(data, size * count);
  if (line.size() > 8 && strncasecmp(line.c_str(), "etag: ", 6) == 0) {
    static_cast<Transfer*>(transfer)->etag = line.substr(6, line.find_last_not_of("\r\n") - 5);
  }
  return size * count;
}

struct Options {
  std::string mode;
  const char* authorities = nullptr;
};

void prepare(Transfer& transfer, const Options& options) {
  CURL* handle = transfer.handle;
  curl_easy_reset(handle);
  transfer.body.clear();
  curl_easy_setopt(handle, CURLOPT_URL, transfer.url.c_str());
  curl_easy_setopt(handle, CURLOPT_PRIVATE, &transfer);
  curl_easy_setopt(handle, CURLOPT_WRITEFUNCTION, take_body);
  curl_easy_setopt(handle, CURLOPT_WRITEDATA, &transfer);
  curl_easy_setopt(handle, CURLOPT_HEADERFUNCTION, take_header);
  curl_easy_setopt(handle, CURLOPT_HEADERDATA, &transfer);
  curl_easy_setopt(handle, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(handle, CURLOPT_ACCEPT_ENCODING, "gzip");
  curl_easy_setopt(handle, CURLOPT_CAPATH, nullptr);
  if (options.authorities != nullptr) {
    curl_easy_setopt(handle, CURLOPT_CAINFO, options.authorities);
  }
  if (options.mode == "fresh") {
    curl_easy_setopt(handle, CURLOPT_FORBID_REUSE, 1L);
    curl_easy_setopt(handle, CURLOPT_SSL_SESSIONID_CACHE, 0L);
  } else if (!transfer.etag.empty()) {
    curl_slist_free_all(transfer.headers);
    transfer.headers = curl_slist_append(nullptr, ("If-None-Match: " + transfer.etag).c_str());
    curl_easy_setopt(handle, CURLOPT_HTTPHEADER, transfer.headers);
  }
}

// One round over all URLs; the number of requests that failed.
std::size_t round_of(CURLM* multi, std::vector<Transfer>& all, std::size_t at_once,
                     const Options& options, std::size_t& items) {
  std::size_t next = 0;
  std::size_t done = 0;
  std::size_t failed = 0;
  const auto begin = [&] {
    prepare(all[next], options);
    curl_multi_add_handle(multi, all[next++].handle);
  };
  while (next < std::min(at_once, all.size())) begin();
  for (int running = 1; done < all.size();) {
    curl_multi_perform(multi, &running);
    int left = 0;
    while (CURLMsg* message = curl_multi_info_read(multi, &left)) {
      Transfer* transfer = nullptr;
      curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &transfer);
      if (message->data.result != CURLE_OK) ++failed;
      curl_multi_remove_handle(multi, message->easy_handle);
      if (options.mode == "parse" && !transfer->body.empty()) {
        items += wirewatch::bench::libxml2_items(transfer->body).size();
      }
      ++done;
      if (next < all.size()) begin();
    }
    if (done < all.size()) curl_multi_poll(multi, nullptr, 0, 1000, nullptr);
  }
  return failed;
}

}  // namespace

int main(int count, char** words) {
  if (count < 4) return 2;
  const Options options{words[1], count > 4 ? words[4] : nullptr};
  const int rounds = std::atoi(words[2]);
  curl_global_init(CURL_GLOBAL_ALL);
  std::vector<Transfer> all;
  for (std::string line; std::getline(std::cin, line);) all.emplace_back().url = line;
  for (Transfer& transfer : all) transfer.handle = curl_easy_init();
  CURLM* multi = curl_multi_init();
  std::size_t failed = 0;
  std::size_t items = 0;
  std::clock_t start = std::clock();
  for (int round = 0; round < rounds; ++round) {
    failed += round_of(multi, all, std::strtoul(words[3], nullptr, 10), options, items);
    if (round == 0 && rounds > 1) start = std::clock();
  }
  const double seconds = static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;
  const auto requests = static_cast<double>(all.size()) * std::max(1, rounds - 1);
  std::printf("%.2f %zu %zu\n", seconds / requests * 1e6, items, failed);
  return failed == 0 ? 0 : 1;
}
