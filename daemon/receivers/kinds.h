// One factory a kind, and what the kinds share; for receiver.cc and the kinds themselves.
#pragma once

#include <simdjson.h>

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "daemon/receivers/receiver.h"

namespace wirewatch::daemon {

std::unique_ptr<Receiver> make_webhook(const ReceiverConfig& config);
std::unique_ptr<Receiver> make_slack(const ReceiverConfig& config);
std::unique_ptr<Receiver> make_discord(const ReceiverConfig& config);
std::unique_ptr<Receiver> make_teams(const ReceiverConfig& config);
std::unique_ptr<Receiver> make_mattermost(const ReceiverConfig& config);
std::unique_ptr<Receiver> make_telegram(const ReceiverConfig& config);
std::unique_ptr<Receiver> make_google_chat(const ReceiverConfig& config);
std::unique_ptr<Receiver> make_matrix(const ReceiverConfig& config);
std::unique_ptr<Receiver> make_ntfy(const ReceiverConfig& config);
std::unique_ptr<Receiver> make_email(const ReceiverConfig& config);

// A POST of `json` to the config's URL, read now, with its extra headers. Errors: the secret that
// holds the URL cannot be read, or is no http(s) URL.
Result<HttpRequest> json_request(const ReceiverConfig& config, std::string json);
// The same to an address that the kind has made itself.
Result<HttpRequest> request_to(const ReceiverConfig& config, std::string url, std::string json);
// The receiver's token, read now. Errors: it cannot be read, or is no single printable word.
Result<std::string> read_token(const ReceiverConfig& config);

// A service's JSON answer; anything else answers as an empty object.
class JsonAnswer {
 public:
  explicit JsonAnswer(const std::string& body);
  std::string text(const char* key) const;
  std::optional<double> number(const char* key) const;
  std::optional<std::int64_t> integer(const char* first, const char* second = nullptr) const;
  bool is_true(const char* key) const;
  bool is_object() const { return ok_; }
  const simdjson::dom::object& object() const { return object_; }

 private:
  simdjson::dom::parser parser_;
  simdjson::dom::object object_;
  bool ok_ = false;
};

// Retry-After (RFC 9110, section 10.2.3) in seconds, whole or with a fraction, or as a date,
// counted from the answer's own Date; clamped to 0 … 24 h. nullopt: absent or unreadable.
std::optional<Span> retry_after(const feeds::Headers& headers);
Span clamp_retry(double seconds);  // to 0 … 24 h

// What answers mean alike everywhere: no answer and 5xx are `later`, 429 and a Retry-After with 503
// `paced`, a redirect `retry`. nullopt: the kind decides.
std::optional<Answer> judge_common(const feeds::Reply& reply);

// A success whose body is a web page, as of a login on the way, for services that answer with none:
// nobody took the message. nullopt: it is none.
std::optional<Answer> judge_page(const feeds::Reply& reply);

bool says_ok(const feeds::Reply& reply);  // the body is "ok" and nothing else

// What a 2xx answer is: delivered where the body says that the message was `taken`, else worth
// another try, told as "200 without WHAT: BODY".
Answer judge_success(const feeds::Reply& reply, bool taken, std::string_view what);

// What any other answer is: `final` means that another try cannot mend it. `said` is the part of
// the body for people; the whole body when empty.
Answer judge_refusal(const feeds::Reply& reply, bool final, std::string_view said = {});

// "404 no_team": the status and the first line of `detail`, made safe and short.
std::string answer_text(int status, std::string_view detail);

}  // namespace wirewatch::daemon
