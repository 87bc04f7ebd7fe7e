#include "daemon/commands/client.h"

#include <curl/curl.h>
#include <fmt/format.h>
#include <simdjson.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>

#include "daemon/commands/places.h"
#include "daemon/commands/print.h"
#include "daemon/config/state_key.h"
#include "daemon/store/folder.h"
#include "feeds/ascii.h"
#include "feeds/json_writer.h"

namespace wirewatch::daemon {
namespace {

// Where the service keeps things (systemd/wirewatch.service.in).
constexpr auto service_config = "/etc/wirewatch/config.yaml";
constexpr auto service_state = "/var/lib/wirewatch";

constexpr long answer_within_s = 60;
constexpr long reload_within_s = 600;  // a big config takes its time
// When an answer is late the daemon is asked beside whether it lives, which it says at once,
// whatever else it is doing.
constexpr auto doubt_after = std::chrono::seconds(5);
constexpr long alive_within_s = 3;
constexpr int silence = 504;  // the status that stands for no answer
constexpr std::size_t most_answer = 256U << 20U;

std::size_t append(char* data, std::size_t size, std::size_t count, void* target) {
  auto* body = static_cast<std::string*>(target);
  if (body->size() + size * count > most_answer) return 0;
  body->append(data, size * count);
  return size * count;
}

std::size_t swallow(char*, std::size_t size, std::size_t count, void*) {
  return size * count;
}

using Easy = std::unique_ptr<CURL, decltype(&curl_easy_cleanup)>;

Easy request_to(const std::string& socket, const std::string& target, long within_s) {
  Easy easy(curl_easy_init(), &curl_easy_cleanup);
  const std::string url = "http://wirewatch" + target;
  curl_easy_setopt(easy.get(), CURLOPT_UNIX_SOCKET_PATH, socket.c_str());
  curl_easy_setopt(easy.get(), CURLOPT_URL, url.c_str());
  curl_easy_setopt(easy.get(), CURLOPT_PROXY, "");
  curl_easy_setopt(easy.get(), CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(easy.get(), CURLOPT_TIMEOUT, within_s);
  return easy;
}

// Whether the daemon that lets a request wait lives; asked once.
struct Doubt {
  const std::string& socket;
  std::chrono::steady_clock::time_point due = std::chrono::steady_clock::now() + doubt_after;
  bool settled = false;
};

// curl calls it about once a second; not 0: the request is given up.
int settle(void* about, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
  Doubt& doubt = *static_cast<Doubt*>(about);
  if (doubt.settled || std::chrono::steady_clock::now() < doubt.due) return 0;
  doubt.settled = true;
  const Easy ping = request_to(doubt.socket, "/healthz", alive_within_s);
  curl_easy_setopt(ping.get(), CURLOPT_WRITEFUNCTION, &swallow);
  return curl_easy_perform(ping.get()) == CURLE_OPERATION_TIMEDOUT ? 1 : 0;
}

bool there(const std::string& path) {
  std::error_code error;
  return std::filesystem::exists(path, error);
}

bool same_place(const std::string& one, const std::string& other) {
  std::error_code error;
  return std::filesystem::weakly_canonical(one, error) ==
         std::filesystem::weakly_canonical(other, error);
}

DaemonAnswer no_answer(const std::string& text) {
  return {silence, fmt::format(R"({{"error":"{}"}})", text)};
}

// What is said of a daemon that was reached and did not answer; nullopt: another socket may be
// asked. What changes something is never sent a second time: the first may have been obeyed.
std::optional<DaemonAnswer> unanswered(CURLcode code, const std::string& method, long within_s) {
  if (code == CURLE_COULDNT_CONNECT) return std::nullopt;
  if (code == CURLE_ABORTED_BY_CALLBACK) {
    return no_answer(fmt::format(
        "the daemon is there but does not answer, not even whether it lives; {}its log may say "
        "what it is doing (`journalctl -u wirewatch`). If it stays like that, restart it "
        "(`systemctl restart wirewatch`): nothing that it has stored is lost",
        method == "POST" ? "it may still do what was asked, and " : ""));
  }
  if (code == CURLE_OPERATION_TIMEDOUT) {
    return no_answer(fmt::format(
        "the daemon does not answer within {} s; {}", within_s,
        method == "POST" ? "it may still do what was asked, see `wirewatch status` and its log"
                         : "its log may say what it is doing"));
  }
  if (method != "POST") return std::nullopt;
  return no_answer(
      "the daemon ended the connection before it answered; it may have done what was asked, see "
      "`wirewatch status` and its log");
}

std::optional<DaemonAnswer> ask_socket(const std::string& socket, const std::string& method,
                                       const std::string& target) {
  const long within_s = target == "/v1/reload" ? reload_within_s : answer_within_s;
  const Easy easy = request_to(socket, target, within_s);
  DaemonAnswer answer;
  Doubt doubt{socket};
  curl_easy_setopt(easy.get(), CURLOPT_NOPROGRESS, 0L);
  curl_easy_setopt(easy.get(), CURLOPT_XFERINFOFUNCTION, &settle);
  curl_easy_setopt(easy.get(), CURLOPT_XFERINFODATA, &doubt);
  curl_easy_setopt(easy.get(), CURLOPT_WRITEFUNCTION, &append);
  curl_easy_setopt(easy.get(), CURLOPT_WRITEDATA, &answer.body);
  if (method == "POST") curl_easy_setopt(easy.get(), CURLOPT_POSTFIELDS, "");
  const CURLcode code = curl_easy_perform(easy.get());
  if (code != CURLE_OK) return unanswered(code, method, within_s);
  long status = 0;
  curl_easy_getinfo(easy.get(), CURLINFO_RESPONSE_CODE, &status);
  answer.status = static_cast<int>(status);
  return answer;
}

}  // namespace

std::string with_query(const std::string& path, const Query& query) {
  std::string target = path;
  char mark = '?';
  for (const auto& [name, value] : query) {
    if (value.empty()) continue;
    target += fmt::format("{}{}={}", mark, name, feeds::percent_encoded(value));
    mark = '&';
  }
  return target;
}

Client Client::from(const CommandLine& line) {
  Client client;
  const std::string config = line.value_or("config", default_config());
  std::string configured;
  if (!line.has("state") && !config.empty()) configured = configured_state_folder(config);
  client.state_ = state_folder(line.value("state"), configured);
  client.state_named_ = line.has("state");
  client.named_config_ = line.value_or("config", "");
  const bool nowhere = !line.has("state") && configured.empty() && !there(client.state_);
  const bool service = config.empty() || config == service_config;
  if (nowhere && service && there(service_state)) client.state_ = service_state;
  return client;
}

// Whether the daemon behind a socket outside of the state folder is the one that is asked for.
// `silent` gets what is to be said of one that does not say.
bool Client::is_meant(const std::string& socket, std::optional<DaemonAnswer>& silent) const {
  const bool any = !state_named_ && named_config_.empty();
  if (any || socket == state_ + "/control.sock") return true;
  const auto status = ask_socket(socket, "GET", "/v1/status");
  if (status && status->status == silence) silent = status;
  if (!status || status->status != 200) return false;
  simdjson::dom::parser parser;
  simdjson::dom::element root;
  if (parser.parse(status->body).get(root) != simdjson::SUCCESS) return false;
  const bool same_state = same_place(text_at(root, "state"), state_);
  return same_state || (!state_named_ && same_place(text_at(root, "config"), named_config_));
}

std::optional<DaemonAnswer> Client::ask(const std::string& method,
                                        const std::string& target) const {
  std::optional<DaemonAnswer> silent;
  bool closed = false;
  for (const std::string& socket : control_socket_candidates(state_)) {
    const bool own = socket.starts_with(state_ + "/");
    closed = closed || (own && ::access(socket.c_str(), W_OK) != 0 && errno == EACCES);
    if (!there(socket) || !is_meant(socket, silent)) continue;
    if (auto answer = ask_socket(socket, method, target)) return answer;
  }
  // Where nobody holds the state folder, it was another's.
  if (silent && StateFolder::in_use(state_)) return silent;
  // Somebody else's: whether a daemon runs there is not to be seen.
  std::error_code error;
  const bool seen = std::filesystem::exists(state_ + "/lock", error);
  if (closed) error = std::make_error_code(std::errc::permission_denied);
  if (error != std::errc::permission_denied || (seen && !closed)) return std::nullopt;
  JsonWriter json;
  json.begin_object().member(
      "error", fmt::format("the state folder \"{}\" cannot be looked into: {}; ask as its owner, "
                           "or with sudo",
                           state_, error.message()));
  json.end_object();
  return DaemonAnswer{403, json.take()};
}

Result<std::unique_ptr<Reader>> Client::open_store() const {
  return Reader::open(state_);
}

std::vector<OptionSpec> client_options(std::vector<OptionSpec> more) {
  more.push_back({"config", "FILE", "the daemon's config, to find its state folder"});
  more.push_back({"state", "FOLDER", "the state folder itself"});
  more.push_back({"json", "", "the answer as JSON"});
  return more;
}

int complain_about(std::string_view verb, const std::optional<DaemonAnswer>& answer) {
  if (!answer) {
    return complain(verb,
                    "no daemon answers; start one with `wirewatch run` or `systemctl start "
                    "wirewatch`, or name its state folder with --state");
  }
  simdjson::dom::parser parser;
  std::string_view text;
  if (parser.parse(answer->body)["error"].get(text) != simdjson::SUCCESS) text = answer->body;
  return complain(verb, text);
}

}  // namespace wirewatch::daemon
