#include "daemon/commands/check_secrets.h"

#include <fmt/format.h>

#include <cstdlib>
#include <filesystem>
#include <set>

namespace wirewatch::daemon {
namespace {

class Missing {
 public:
  explicit Missing(const Snapshot& snapshot) : file_(snapshot.config_file) {}

  void look_for(const SecretRef& secret, const std::string& whose) {
    if (secret.from == SecretRef::From::environment) return look_for_variable(secret.where, whose);
    if (secret.from != SecretRef::From::file || !seen_.insert(secret.where).second) return;
    // Of ${CREDENTIALS_DIRECTORY} only the service knows where it is.
    if (secret.where.find("${") != std::string::npos) return;
    std::error_code code;
    const auto status = std::filesystem::status(secret.where, code);
    if (status.type() != std::filesystem::file_type::not_found) return;
    warn(fmt::format("{}: there is no secret file \"{}\" yet", whose, secret.where),
         "it is read when it is needed: write the secret into it before");
  }
  std::vector<ConfigMessage> take() { return std::move(messages_); }

 private:
  void look_for_variable(const std::string& name, const std::string& whose) {
    const char* value = std::getenv(name.c_str());
    if ((value != nullptr && *value != '\0') || !seen_.insert("${" + name + "}").second) return;
    warn(fmt::format("{}: the variable \"{}\", which holds a secret, is not set here", whose, name),
         "set it where the daemon is started, as by Environment= of its unit");
  }
  void warn(std::string text, std::string hint) {
    ConfigMessage message;
    message.error = false;
    message.file = file_;
    message.text = std::move(text);
    message.hint = std::move(hint);
    messages_.push_back(std::move(message));
  }

  std::string file_;
  std::set<std::string> seen_;
  std::vector<ConfigMessage> messages_;
};

}  // namespace

std::vector<ConfigMessage> missing_secrets(const Snapshot& snapshot) {
  Missing missing(snapshot);
  for (const ReceiverConfig& receiver : snapshot.receivers) {
    const std::string whose = fmt::format("receiver \"{}\"", receiver.name);
    missing.look_for(receiver.url, whose);
    missing.look_for(receiver.token, whose);
    missing.look_for(receiver.user, whose);
    for (const SecretRef& secret : receiver.secrets) missing.look_for(secret, whose);
  }
  for (const FeedConfig& feed : snapshot.feeds) {
    const std::string whose = fmt::format("feed \"{}\"", feed.name);
    const FeedRequest& request = feed.request();
    missing.look_for(request.basic.password, whose);
    for (const auto& [header, secret] : request.secret_headers) missing.look_for(secret, whose);
    if (request.proxy) missing.look_for(request.proxy->login.password, whose);
  }
  missing.look_for(snapshot.settings.proxy.login.password, "the proxy");
  missing.look_for(snapshot.settings.heartbeat.url, "the heartbeat");
  return missing.take();
}

}  // namespace wirewatch::daemon
