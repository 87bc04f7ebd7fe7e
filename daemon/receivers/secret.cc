#include <cstdlib>
#include <fstream>

#include "daemon/receivers/receiver.h"

namespace wirewatch::daemon {
namespace {

constexpr std::size_t longest_secret = 64 * 1024;

std::string without_line_breaks(std::string text) {
  while (!text.empty() && (text.back() == '\n' || text.back() == '\r')) text.pop_back();
  return text;
}

Result<std::string> from_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) {
    return Error{ErrorKind::not_found, "secret file \"" + path +
                                           "\" cannot be read; it must exist and be readable by "
                                           "the user that wirewatch runs as"};
  }
  std::string text(longest_secret + 1, '\0');
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(file.gcount()));
  if (text.size() > longest_secret) {
    return Error{ErrorKind::too_big, "secret file \"" + path + "\" has more than 64 KiB"};
  }
  text = without_line_breaks(std::move(text));
  if (text.empty()) {
    return Error{ErrorKind::invalid, "secret file \"" + path + "\" is empty"};
  }
  return text;
}

}  // namespace

Result<std::string> read_secret(const SecretRef& secret) {
  switch (secret.from) {
    case SecretRef::From::file:
      return from_file(secret.where);
    case SecretRef::From::environment: {
      const char* value = std::getenv(secret.where.c_str());
      if (value == nullptr || *value == '\0') {
        return Error{ErrorKind::not_found, "environment variable \"" + secret.where +
                                               "\", which holds a secret, is not set"};
      }
      return without_line_breaks(value);
    }
    case SecretRef::From::literal:
      return secret.where;
    case SecretRef::From::none:
      break;
  }
  return Error{ErrorKind::invalid, "no secret is named"};
}

}  // namespace wirewatch::daemon
