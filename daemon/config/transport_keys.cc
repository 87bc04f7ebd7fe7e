// How requests reach their hosts: proxies, logins, authorities, hubs.
#include <fmt/format.h>

#include "daemon/config/draft.h"
#include "daemon/config/units.h"
#include "daemon/loop/trust.h"
#include "daemon/polling/websub_config.h"

namespace wirewatch::daemon {
namespace {

constexpr std::size_t kMaxUser = 255;

// `user` and its password; RFC 7617, 2: a user holds no colon.
BasicAuth read_login(const Context& context, MapReader& map, const std::string& what) {
  BasicAuth login;
  const auto user = map.text("user");
  login.password = read_secret_ref(context, map, "password", false, "a password");
  const bool secret = login.password.from != SecretRef::From::none;
  if (user && (!valid_header_value(*user) || user->find(':') != user->npos ||
               user->size() > kMaxUser || user->empty())) {
    map.error("user", "\"user\" cannot be sent",
              "1 to 255 characters of printable ASCII, without ':'");
    return {};
  }
  if (user.has_value() == secret) {
    if (user) login.user = *user;
    return login;
  }
  const bool given = map.has("password_file") || map.has("password_env") || map.has("password");
  if (user && !given) {
    map.error("user", fmt::format("{} has a user but no password", what),
              "write `password_file: PATH` beside it");
  } else if (!user) {
    map.error("password_file", fmt::format("{} has a password but no user", what),
              "write `user: NAME` beside it");
  }
  return {};
}

std::optional<std::string> proxy_url(MapReader& map, const std::string& key,
                                     const std::string& url) {
  const auto good = check_proxy(url);
  if (good) return url;
  map.error(key, "this is no URL of a proxy", good.error().text);
  return std::nullopt;
}

}  // namespace

std::optional<ProxyConfig> read_proxy(const Context& context, MapReader& map) {
  const ValuePtr value = map.find("proxy");
  if (!value) return std::nullopt;
  ProxyConfig proxy;
  if (value->kind != Value::Kind::map) {
    const auto text = map.text("proxy");
    if (!text) return std::nullopt;
    if (*text == "off") return proxy;
    const auto url = proxy_url(map, "proxy", *text);
    if (!url) return std::nullopt;
    proxy.url = *url;
    return proxy;
  }
  MapReader inner(context, *value, "\"proxy\"");
  const auto text = inner.text("url");
  const auto url = text ? proxy_url(inner, "url", *text) : std::nullopt;
  if (!text && !inner.has("url")) {
    context.problems.error(context.at(*value), "this proxy has no URL", "write `url: …`, or `off`");
  }
  proxy.login = read_login(context, inner, "the proxy");
  for (const Located& entry : inner.texts("except")) {
    if (!valid_network(entry.text) && (!valid_label(entry.text) || entry.text.empty() ||
                                       entry.text.find('/') != entry.text.npos)) {
      context.problems.error(Place{&context.file, entry.offset},
                             fmt::format("{} is no host and no network", in_quotes(entry.text)),
                             "a name as intranet.example, or a network as 10.0.0.0/8");
      continue;
    }
    proxy.except.push_back(entry.text);
  }
  inner.finish();
  if (!url) return std::nullopt;
  proxy.url = *url;
  return proxy;
}

BasicAuth read_basic(const Context& context, MapReader& map) {
  const ValuePtr value = map.find("basic");
  if (!value) return {};
  MapReader inner(context, *value, "\"basic\"");
  if (!inner.is_map()) return {};
  BasicAuth login = read_login(context, inner, "\"basic\"");
  if (!inner.has("user") && !inner.has("password_file") && !inner.has("password_env") &&
      !inner.has("password")) {
    context.problems.error(context.at(*value), "\"basic\" says nothing",
                           "write `basic: {user: NAME, password_file: PATH}`");
  }
  inner.finish();
  return login;
}

std::shared_ptr<const Trust> read_authorities(const Context& context, Sources& sources,
                                              MapReader& map) {
  const auto named = map.text("ca_file");
  if (!named) return nullptr;
  const auto path = expand_path(context, map.find("ca_file")->offset, *named);
  if (!path) return nullptr;
  const auto file = sources.read(*path);
  if (!file) {
    map.error("ca_file", file.error().text);
    return nullptr;
  }
  auto trust = Trust::read((*file)->text());
  if (!trust) {
    map.error("ca_file",
              fmt::format("{} names no authorities: {}", in_quotes(*named), trust.error().text));
    return nullptr;
  }
  return std::move(*trust);
}

void read_websub(const Context& context, MapReader& map, Settings& settings) {
  const ValuePtr value = map.find("websub");
  if (!value) return;
  if (value->kind != Value::Kind::map) {
    const std::vector<std::string> words = {"off", "on"};
    const auto word = map.choice("websub", words);
    if (!word || *word == 0) return;
    if (settings.public_url.empty()) {
      map.error("websub", "hubs need an address to which they can send",
                "write `public_url: https://…` as well, or `websub: {callback_url: https://…}`");
      return;
    }
    settings.callback_url = settings.public_url + callback_path;
    return;
  }
  MapReader inner(context, *value, "\"websub\"");
  const auto url = inner.text("callback_url");
  if (!inner.has("callback_url")) {
    context.problems.error(context.at(*value), "\"websub\" has no \"callback_url\"",
                           "write `websub: {callback_url: https://…}`, or `websub: off`");
  }
  inner.finish();
  if (!url) return;
  const auto good = check_url(*url);
  if (!good || url_has_password(*url) || url->find_first_of("?#") != url->npos) {
    inner.error("callback_url", "this is no URL for \"callback_url\"",
                good ? "without user, password, '?' and '#'" : good.error().text);
    return;
  }
  settings.callback_url = *url;
  while (settings.callback_url.back() == '/') settings.callback_url.pop_back();
}

}  // namespace wirewatch::daemon
