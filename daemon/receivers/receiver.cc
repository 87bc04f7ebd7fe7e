#include "daemon/receivers/receiver.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>

#include "daemon/receivers/kinds.h"
#include "daemon/receivers/limits.h"
#include "daemon/receivers/text.h"
#include "feeds/ascii.h"
#include "feeds/poll/http_date.h"

namespace wirewatch::daemon {
namespace {

constexpr double longest_patience_s = 24 * 3600;
constexpr Span answer_within = std::chrono::seconds(15);
// Where a second copy would be shown: patience is cheaper than asking twice.
constexpr Span answer_within_once = std::chrono::seconds(60);

bool is_web_url(std::string_view url) {
  const auto begins = [&](std::string_view scheme) {
    return url.size() > scheme.size() &&
           feeds::equal_ignoring_case(url.substr(0, scheme.size()), scheme);
  };
  return begins("https://") || begins("http://");
}

std::string trimmed(std::string text) {
  const auto blank = [](char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; };
  while (!text.empty() && blank(text.back())) text.pop_back();
  text.erase(text.begin(), std::find_if_not(text.begin(), text.end(), blank));
  return text;
}

}  // namespace

Span clamp_retry(double seconds) {
  if (!(seconds > 0)) return Span::zero();
  const double micros = std::ceil(std::min(seconds, longest_patience_s) * 1e6);
  return Span(static_cast<std::int64_t>(micros));
}

std::optional<Span> retry_after(const feeds::Headers& headers) {
  const std::string value = trimmed(std::string(feeds::header(headers, "retry-after")));
  if (value.empty()) return std::nullopt;
  double seconds = 0;
  const char* end = value.data() + value.size();
  const auto [rest, error] = std::from_chars(value.data(), end, seconds);
  if (error == std::errc::result_out_of_range) return clamp_retry(longest_patience_s);
  if (error == std::errc() && rest == end && std::isfinite(seconds)) return clamp_retry(seconds);
  const auto until = feeds::parse_http_date(value);
  const auto from = feeds::parse_http_date(feeds::header(headers, "date"));
  if (!until || !from) return std::nullopt;
  return std::clamp(Span(*until - *from), Span::zero(), clamp_retry(longest_patience_s));
}

std::string answer_text(int status, std::string_view detail) {
  constexpr std::size_t looked_at = 4096;
  const std::string line = cut_text(clean_line(detail.substr(0, looked_at)), limits::answer_text);
  if (status == 0) return line.empty() ? "no answer" : line;
  return line.empty() ? std::to_string(status) : fmt::format("{} {}", status, line);
}

std::optional<Answer> judge_common(const feeds::Reply& reply) {
  const int status = reply.status;
  if (status == 0) {
    Answer answer{AnswerKind::later, answer_text(0, reply.failure_text), {}};
    answer.maybe_taken = reply.sent;
    return answer;
  }
  const auto patience = retry_after(reply.headers);
  if (status == 429) return Answer{AnswerKind::paced, answer_text(status, reply.body), patience};
  if (status == 503 && patience) {
    return Answer{AnswerKind::paced, answer_text(status, reply.body), patience};
  }
  if (status >= 500) {
    Answer answer{AnswerKind::later, answer_text(status, reply.body), patience};
    answer.about_message = status == 500;
    return answer;
  }
  if (status >= 300 && status < 400) {
    return Answer{AnswerKind::retry,
                  answer_text(status,
                              "redirects elsewhere, which is not followed: the receiver's "
                              "own address belongs in the config"),
                  {}};
  }
  if (status < 200) return Answer{AnswerKind::later, answer_text(status, "is no final answer"), {}};
  return std::nullopt;
}

std::optional<Answer> judge_page(const feeds::Reply& reply) {
  const std::size_t first = reply.body.find_first_not_of(" \t\r\n");
  if (first == std::string::npos || reply.body[first] != '<') return std::nullopt;
  return Answer{AnswerKind::retry,
                answer_text(reply.status, "with a web page instead of an answer: " + reply.body),
                {}};
}

bool says_ok(const feeds::Reply& reply) {
  return clean_line(std::string_view(reply.body).substr(0, 64)) == "ok";
}

Answer judge_success(const feeds::Reply& reply, bool taken, std::string_view what) {
  if (taken)
    return {AnswerKind::delivered, answer_text(reply.status, says_ok(reply) ? "ok" : ""), {}};
  return {AnswerKind::retry,
          answer_text(reply.status, fmt::format("without {}: {}", what, reply.body)),
          {}};
}

Answer judge_refusal(const feeds::Reply& reply, bool final, std::string_view said) {
  return {final ? AnswerKind::refused : AnswerKind::retry,
          answer_text(reply.status, said.empty() ? std::string_view(reply.body) : said),
          {}};
}

Result<HttpRequest> json_request(const ReceiverConfig& config, std::string json) {
  auto url = read_secret(config.url);
  if (!url) return url.error();
  return request_to(config, std::move(*url), std::move(json));
}

Result<HttpRequest> request_to(const ReceiverConfig& config, std::string url, std::string json) {
  HttpRequest request;
  request.method = "POST";
  request.url = trimmed(std::move(url));
  if (!is_web_url(request.url)) {
    return Error{ErrorKind::invalid, "the address of receiver \"" + config.name +
                                         "\" is no URL that begins with https:// or http://"};
  }
  constexpr std::size_t usual_headers = 8;
  request.headers.reserve(usual_headers);
  request.headers.emplace_back("Content-Type", "application/json");
  request.headers.emplace_back("User-Agent", "wirewatch");
  request.headers.emplace_back("Accept-Encoding", "identity");
  for (const auto& extra : config.headers) {
    const std::string& name = extra.first;
    const bool ours = feeds::equal_ignoring_case(name, "content-type") ||
                      feeds::equal_ignoring_case(name, "accept-encoding") ||
                      feeds::equal_ignoring_case(name.substr(0, 8), "webhook-");
    if (ours) continue;
    std::erase_if(request.headers,
                  [&](const auto& pair) { return feeds::equal_ignoring_case(pair.first, name); });
    request.headers.push_back(extra);
  }
  request.body = std::move(json);
  request.body_cap = limits::answer_bytes;
  request.deadline = knows_repeats(config.kind) ? answer_within : answer_within_once;
  request.follow_redirects = false;
  request.allow = config.allow;
  return request;
}

// A webhook by its webhook-id, Matrix by the transaction's.
bool knows_repeats(std::string_view kind) {
  return kind == "webhook" || kind == "matrix";
}

Result<std::string> read_token(const ReceiverConfig& config) {
  auto token = read_secret(config.token);
  if (!token) return token.error();
  std::string value = trimmed(std::move(*token));
  const bool printable =
      std::all_of(value.begin(), value.end(), [](char c) { return c > ' ' && c < 0x7f; });
  if (value.empty() || !printable) {
    return Error{ErrorKind::invalid, "the token of receiver \"" + config.name +
                                         "\" is empty or holds blanks: the file should hold "
                                         "the token and nothing else"};
  }
  return value;
}

JsonAnswer::JsonAnswer(const std::string& body) {
  ok_ = parser_.parse(body).get(object_) == simdjson::SUCCESS;
}

std::string JsonAnswer::text(const char* key) const {
  std::string_view value;
  if (!ok_ || object_[key].get(value) != simdjson::SUCCESS) return {};
  return std::string(value);
}

std::optional<double> JsonAnswer::number(const char* key) const {
  double value = 0;
  if (!ok_ || object_[key].get(value) != simdjson::SUCCESS) return std::nullopt;
  return value;
}

std::optional<std::int64_t> JsonAnswer::integer(const char* first, const char* second) const {
  std::int64_t value = 0;
  if (!ok_) return std::nullopt;
  const auto error =
      second == nullptr ? object_[first].get(value) : object_[first][second].get(value);
  return error == simdjson::SUCCESS ? std::optional(value) : std::nullopt;
}

bool JsonAnswer::is_true(const char* key) const {
  bool value = false;
  return ok_ && object_[key].get(value) == simdjson::SUCCESS && value;
}

namespace {

using Maker = std::unique_ptr<Receiver> (*)(const ReceiverConfig&);
constexpr std::pair<const char*, Maker> makers[] = {
    {"slack", make_slack},           {"discord", make_discord},   {"teams", make_teams},
    {"mattermost", make_mattermost}, {"telegram", make_telegram}, {"google_chat", make_google_chat},
    {"matrix", make_matrix},         {"ntfy", make_ntfy},         {"email", make_email},
    {"webhook", make_webhook},
};

}  // namespace

std::unique_ptr<Receiver> make_receiver(const ReceiverConfig& config) {
  for (const auto& [kind, maker] : makers) {
    if (config.kind == kind) return maker(config);
  }
  return nullptr;
}

const std::vector<std::string>& receiver_kinds() {
  static const std::vector<std::string> kinds = [] {
    std::vector<std::string> all;
    for (const auto& maker : makers) all.emplace_back(maker.first);
    all.emplace_back("console");
    return all;
  }();
  return kinds;
}

}  // namespace wirewatch::daemon
