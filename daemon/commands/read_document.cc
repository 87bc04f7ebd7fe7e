#include "daemon/commands/read_document.h"

#include <fmt/format.h>

#include "daemon/commands/config_for.h"
#include "daemon/commands/fetch.h"
#include "daemon/polling/feed_request.h"
#include "feeds/parse/content_coding.h"

namespace wirewatch::daemon {
namespace {

constexpr std::size_t largest = 64U << 20U;

Result<std::string> inflate(std::string_view bytes, std::string_view encoding,
                            const std::string& from) {
  auto body = feeds::decode_content(bytes, encoding, largest);
  if (!body) return Error{body.error().kind, fmt::format("{}: {}", from, body.error().text)};
  return std::move(body->bytes);
}

// As the daemon asks for it, but unconditionally.
Result<void> ask_as(const FeedConfig& feed, const Settings& settings, HttpRequest& request) {
  const FeedRequest& own = feed.request();
  auto headers = headers_of(own);
  if (!headers) return headers.error();
  request.headers = std::move(*headers);
  const std::string& agent = user_agent_of(own, settings);
  if (!agent.empty()) request.headers.emplace_back("User-Agent", agent);
  return set_proxy(own, request);
}

}  // namespace

bool is_address(std::string_view from) {
  return from.starts_with("http://") || from.starts_with("https://");
}

Result<Settings> settings_for(std::string_view verb, const CommandLine& line) {
  if (!line.has("config")) return Settings{};
  const auto snapshot = config_for(verb, line);
  if (!snapshot) return Error{ErrorKind::invalid, "the config is refused"};
  return snapshot->settings;
}

Result<ReadDocument> fetch_document(const std::string& url, const Settings& settings,
                                    const FeedConfig* feed) {
  HttpRequest request;
  request.url = url;
  request.body_cap = settings.body_cap;
  request.deadline = settings.http_deadline;
  if (feed != nullptr) {
    if (auto asked = ask_as(*feed, settings, request); !asked) return asked.error();
  }
  const feeds::Reply reply = fetch_now(std::move(request), settings);
  if (reply.status == 0) return Error{ErrorKind::temporary, reply.failure_text};
  if (reply.status != 200) {
    return Error{ErrorKind::refused, fmt::format("the server answers {}", reply.status)};
  }
  auto bytes = inflate(reply.body, feeds::header(reply.headers, "content-encoding"), url);
  if (!bytes) return bytes.error();
  ReadDocument document;
  document.bytes = std::move(*bytes);
  document.url = reply.effective_url.empty() ? url : reply.effective_url;
  document.content_type = feeds::header(reply.headers, "content-type");
  return document;
}

Result<ReadDocument> read_file_document(const std::string& from) {
  const auto raw = read_input(from);
  if (!raw) return raw.error();
  auto bytes = inflate(*raw, "", from);
  if (!bytes) return bytes.error();
  ReadDocument document;
  document.bytes = std::move(*bytes);
  return document;
}

Result<ReadDocument> read_document(std::string_view verb, const CommandLine& line,
                                   const std::string& from) {
  const auto settings = is_address(from) ? settings_for(verb, line) : Result<Settings>(Settings{});
  if (!settings) return settings.error();
  auto document = is_address(from) ? fetch_document(from, *settings) : read_file_document(from);
  if (!document) return document;
  document->url = line.value_or("url", document->url);
  document->content_type = line.value_or("content-type", document->content_type);
  return document;
}

}  // namespace wirewatch::daemon
