// A bare libcurl multi loop, the floor of any poller: `curl_loop MODE ROUNDS AT_ONCE [CA_FILE]`,
// URLs on standard input. Prints microseconds of CPU a request, over all rounds but the first.
// Requests for feeds have the heads that the daemon's have: what is taken, who asks, validators.
//   get      conditional requests with the validators of the answer before, on kept connections
//   paced    the same, ten begun every 5 ms: between them the process sleeps, as a daemon does
//   parse    the same as get, bodies inflated by curl and read by libxml2_items
//   fresh    a new connection for every request
#include <curl/curl.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <iostream>
#include <string>
#include <string_view>
#include <vector>

#include "tests/bench/peers/libxml2_items.h"

namespace {

using Clock = std::chrono::steady_clock;
constexpr auto beat = std::chrono::milliseconds(5);

struct Transfer {
  std::string url, etag, modified, body;
  CURL* handle = nullptr;
  curl_slist* headers = nullptr;
};

std::size_t take_body(char* data, std::size_t size, std::size_t count, void* transfer) {
  static_cast<Transfer*>(transfer)->body.append(data, size * count);
  return size * count;
}

std::size_t take_header(char* data, std::size_t size, std::size_t count, void* transfer) {
  auto* const mine = static_cast<Transfer*>(transfer);
  const std::string_view line(data, size * count);
  const auto value_of = [&](std::string_view name) {
    const bool found =
        line.size() > name.size() && strncasecmp(line.data(), name.data(), name.size()) == 0;
    return found ? line.substr(name.size(), line.find_last_not_of("\r\n") + 1 - name.size())
                 : std::string_view();
  };
  if (const auto etag = value_of("etag: "); !etag.empty()) mine->etag = etag;
  if (const auto when = value_of("last-modified: "); !when.empty()) mine->modified = when;
  return size * count;
}

struct Options {
  std::string mode;
  const char* authorities = nullptr;
};

constexpr const char* accept =
    "Accept: application/atom+xml, application/rss+xml, application/feed+json, "
    "application/rdf+xml;q=0.9, application/xml;q=0.8, text/xml;q=0.8, application/json;q=0.8, "
    "*/*;q=0.1";

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
  curl_easy_setopt(handle, CURLOPT_ACCEPT_ENCODING, "gzip, deflate, br, zstd");
  curl_easy_setopt(handle, CURLOPT_CAPATH, nullptr);
  if (options.authorities != nullptr) {
    curl_easy_setopt(handle, CURLOPT_CAINFO, options.authorities);
  }
  if (options.mode == "fresh") {
    curl_easy_setopt(handle, CURLOPT_FORBID_REUSE, 1L);
    curl_easy_setopt(handle, CURLOPT_SSL_SESSIONID_CACHE, 0L);
    return;
  }
  curl_easy_setopt(handle, CURLOPT_USERAGENT, "wirewatch");
  curl_slist_free_all(transfer.headers);
  transfer.headers = curl_slist_append(nullptr, accept);
  if (!transfer.etag.empty()) {
    curl_slist_append(transfer.headers, ("If-None-Match: " + transfer.etag).c_str());
    curl_slist_append(transfer.headers, ("If-Modified-Since: " + transfer.modified).c_str());
  }
  curl_easy_setopt(handle, CURLOPT_HTTPHEADER, transfer.headers);
}

// How many may have begun, of a round that began at `start`.
std::size_t allowed(const Options& options, Clock::time_point start) {
  if (options.mode != "paced") return SIZE_MAX;
  return 10 * (1 + static_cast<std::size_t>((Clock::now() - start) / beat));
}

// One round over all URLs; the number of requests that failed.
std::size_t round_of(CURLM* multi, std::vector<Transfer>& all, std::size_t at_once,
                     const Options& options, std::size_t& items) {
  std::size_t next = 0;
  std::size_t done = 0;
  std::size_t failed = 0;
  std::size_t under_way = 0;
  const auto start = Clock::now();
  const auto begin = [&] {
    const std::size_t most = std::min(all.size(), allowed(options, start));
    for (; next < most && under_way < at_once; ++under_way) {
      prepare(all[next], options);
      curl_multi_add_handle(multi, all[next++].handle);
    }
  };
  for (int running = 1; done < all.size();) {
    begin();
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
      --under_way;
      begin();
    }
    const int patience = options.mode == "paced" ? 5 : 1000;
    if (done < all.size()) curl_multi_poll(multi, nullptr, 0, patience, nullptr);
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
