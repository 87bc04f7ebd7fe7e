// Secrets are named, never held: the readers of everything that refers to one.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdlib>

#include "daemon/config/draft.h"
#include "daemon/config/units.h"
#include "feeds/ascii.h"

namespace wirewatch::daemon {
namespace {

bool name_byte(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_';
}

// What says how long a request is and what becomes of its connection: another one's would be
// misunderstood. (`Host` may be another: a server that is asked by its address goes by it.)
bool set_by_the_request(const std::string& header) {
  static constexpr std::array<std::string_view, 4> own = {"content-length", "transfer-encoding",
                                                          "connection", "upgrade"};
  return std::find(own.begin(), own.end(), feeds::lower(header)) != own.end();
}

bool secret_header(const std::string& header) {
  const std::string name = feeds::lower(header);
  for (const char* word : {"authorization", "cookie", "token", "secret", "api-key", "apikey"}) {
    if (name.find(word) != std::string::npos) return true;
  }
  return false;
}

// "${NAME}" somewhere in a text: only as the whole value it is read as a variable.
bool names_a_variable(const std::string& text) {
  for (std::size_t at = text.find("${"); at != text.npos; at = text.find("${", at + 2)) {
    const std::size_t end = text.find('}', at);
    if (end == text.npos) return false;
    if (!environment_name(text.substr(at, end - at + 1)).empty()) return true;
  }
  return false;
}

// `references`: it could be given by one.
void refuse_secret_header(const Context& context, const Place& place, const std::string& name,
                          const std::string& value, bool references) {
  std::string text =
      fmt::format("header {} holds a secret, which may not stand in the config", in_quotes(name));
  std::string hint = "receivers are signed with `secret_file` instead";
  if (references && value.find('$') != value.npos) {
    if (names_a_variable(value)) {
      text = fmt::format("header {} has a variable within a text", in_quotes(name));
    }
    hint = fmt::format(
        "a variable holds the whole value, a \"Bearer\" as well: write `{}: ${{NAME}}`", name);
  } else if (references) {
    hint = fmt::format("write `{0}: {{file: /etc/wirewatch/secrets/…}}` or `{0}: ${{NAME}}`", name);
  }
  context.problems.error(place, std::move(text), std::move(hint));
}

SecretRef file_ref(const Context& context, const Located& path) {
  SecretRef ref;
  const auto expanded = expand_path(context, path.offset, path.text);
  if (!expanded) return ref;
  ref.from = SecretRef::From::file;
  ref.where = *expanded;
  return ref;
}

SecretRef environment_ref(const Context& context, const Located& name) {
  SecretRef ref;
  if (environment_name("${" + name.text + "}").empty()) {
    // Perhaps the secret itself: it is not repeated.
    context.problems.error(Place{&context.file, name.offset},
                           "this is no name of an environment variable",
                           "letters, digits and '_', as in SLACK_URL");
    return ref;
  }
  ref.from = SecretRef::From::environment;
  ref.where = name.text;
  return ref;
}

}  // namespace

std::string environment_name(const std::string& text) {
  if (text.size() < 4 || text.rfind("${", 0) != 0 || text.back() != '}') return {};
  const std::string name = text.substr(2, text.size() - 3);
  const bool good = std::all_of(name.begin(), name.end(), name_byte) &&
                    std::isdigit(static_cast<unsigned char>(name[0])) == 0 && name.size() <= 128;
  return good ? name : std::string();
}

void warn_of_variable(const Context& context, std::size_t offset, const std::string& what,
                      const std::string& text) {
  if (!names_a_variable(text)) return;
  context.problems.warning(
      Place{&context.file, offset},
      fmt::format("{} names a variable where none is read: it is sent as it is written", what),
      "variables are read in paths, and as the whole value of a secret");
}

std::optional<std::string> expand_path(const Context& context, std::size_t offset,
                                       const std::string& path) {
  const Place place{&context.file, offset};
  if (path.size() > 4096) {
    context.problems.error(place, "a path is longer than 4096 bytes");
    return std::nullopt;
  }
  std::string result;
  for (std::size_t i = 0; i < path.size();) {
    const std::size_t end = path.compare(i, 2, "${") == 0 ? path.find('}', i) : path.npos;
    const std::string name =
        end == path.npos ? std::string() : environment_name(path.substr(i, end - i + 1));
    if (name.empty()) {
      result += path[i++];
      continue;
    }
    const char* value = std::getenv(name.c_str());
    if (value == nullptr && name == "CREDENTIALS_DIRECTORY") return path;
    if (value == nullptr) {
      context.problems.error(place, fmt::format("the environment has no {}", in_quotes(name)),
                             "set the variable, or write the path out");
      return std::nullopt;
    }
    result += value;
    i = end + 1;
  }
  return absolute_path(context.folder, result);
}

SecretRef read_secret_ref(const Context& context, MapReader& map, const std::string& key,
                          bool literal_allowed, const std::string& what) {
  const std::string file_key = key + "_file";
  const std::string env_key = key + "_env";
  const int given = static_cast<int>(map.has(key)) + static_cast<int>(map.has(file_key)) +
                    static_cast<int>(map.has(env_key));
  if (given > 1) {
    map.error(map.has(file_key) ? file_key : env_key,
              fmt::format("{} is given more than once", what),
              fmt::format("keep one of \"{0}_file\", \"{0}_env\", \"{0}\"", key));
    return {};
  }
  if (map.has(file_key)) {
    const auto path = map.text(file_key);
    return path ? file_ref(context, Located{*path, map.find(file_key)->offset}) : SecretRef{};
  }
  if (map.has(env_key)) {
    const auto name = map.text(env_key);
    return name ? environment_ref(context, Located{*name, map.find(env_key)->offset}) : SecretRef{};
  }
  const auto value = map.text(key);
  if (!value) return {};
  const std::string variable = environment_name(*value);
  if (!variable.empty()) return SecretRef{SecretRef::From::environment, variable};
  if (literal_allowed) {
    warn_of_variable(context, map.find(key)->offset, what, *value);
    return SecretRef{SecretRef::From::literal, *value};
  }
  map.error(
      key, fmt::format("{} is a secret and may not stand in the config", what),
      fmt::format("write `{}: PATH` of a file that holds it, or `{}: ${{NAME}}`", file_key, key));
  return {};
}

void read_headers(const Context& context, MapReader& map, feeds::Headers& plain,
                  std::vector<std::pair<std::string, SecretRef>>* secret) {
  const ValuePtr value = map.find("headers");
  if (!value) return;
  const MapReader check(context, *value, "\"headers\"");
  if (value->kind != Value::Kind::map) return;
  for (const KeyValue& pair : value->pairs) {
    const Place place{&context.file, pair.value->offset};
    if (!valid_header_name(pair.key)) {
      context.problems.error(Place{&context.file, pair.key_offset},
                             fmt::format("{} is no name of a header", in_quotes(pair.key)));
      continue;
    }
    if (set_by_the_request(pair.key)) {
      // No error: configs of earlier versions may hold it, and must still start.
      context.problems.warning(
          Place{&context.file, pair.key_offset},
          fmt::format("the header {} is left out: each request has its own", in_quotes(pair.key)),
          "remove the line");
      continue;
    }
    if (pair.value->kind == Value::Kind::map && secret != nullptr) {
      MapReader reference(context, *pair.value, fmt::format("header {}", in_quotes(pair.key)));
      const auto file = reference.text("file");
      const auto env = reference.text("env");
      SecretRef ref;
      if (file && env) {
        context.problems.error(place, "a header takes either \"file\" or \"env\", not both");
      } else if (file) {
        ref = file_ref(context, Located{*file, reference.find("file")->offset});
      } else if (env) {
        ref = environment_ref(context, Located{*env, reference.find("env")->offset});
      } else if (!reference.has("file") && !reference.has("env")) {
        context.problems.error(place, fmt::format("header {} has no value", in_quotes(pair.key)),
                               "write a text, or `{file: …}`, or `{env: NAME}`");
      }
      reference.finish();
      if (ref.from != SecretRef::From::none) secret->emplace_back(pair.key, ref);
      continue;
    }
    const auto text = text_of(context, *pair.value, fmt::format("header {}", in_quotes(pair.key)));
    if (!text) continue;
    const std::string variable = environment_name(*text);
    if (!variable.empty() && secret != nullptr) {
      secret->emplace_back(pair.key, SecretRef{SecretRef::From::environment, variable});
    } else if (secret_header(pair.key)) {
      refuse_secret_header(context, place, pair.key, *text, secret != nullptr);
    } else if (!valid_header_value(*text)) {
      context.problems.error(
          place,
          fmt::format("header {} holds a line break, or bytes that no header may",
                      in_quotes(pair.key)),
          "printable ASCII on one line");
    } else {
      warn_of_variable(context, place.offset, fmt::format("header {}", in_quotes(pair.key)), *text);
      plain.emplace_back(pair.key, *text);
    }
  }
}

std::vector<std::string> read_networks(const Context& context, MapReader& map,
                                       const std::string& key) {
  std::vector<std::string> result;
  for (const Located& item : map.texts(key)) {
    if (valid_network(item.text)) {
      result.push_back(item.text);
    } else {
      context.problems.error(Place{&context.file, item.offset},
                             fmt::format("{} is no network", in_quotes(item.text)),
                             "an address and a prefix length: 10.0.0.0/8, 127.0.0.1/32, fd00::/8");
    }
  }
  return result;
}

bool valid_label(const std::string& text) {
  return text.size() <= 200 && std::none_of(text.begin(), text.end(), [](char c) {
           const auto byte = static_cast<unsigned char>(c);
           return byte < 0x20 || byte == 0x7F;
         });
}

}  // namespace wirewatch::daemon
