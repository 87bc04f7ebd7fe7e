#include "daemon/web/api_answers.h"

#include "feeds/json_writer.h"

namespace wirewatch::daemon {

WebResponse json_answer(std::string body, int status) {
  WebResponse response;
  response.status = status;
  response.content_type = "application/json";
  response.body = std::move(body);
  return response;
}

WebResponse error_answer(int status, std::string_view text) {
  JsonWriter json;
  json.begin_object();
  json.member("error", text);
  json.end_object();
  return json_answer(json.take(), status);
}

std::string parameter(const WebRequest& request, const std::string& name) {
  const auto found = request.query.find(name);
  return found == request.query.end() ? std::string() : found->second;
}

}  // namespace wirewatch::daemon
