// What every answer of the API is made of.
#pragma once

#include <string>
#include <string_view>

#include "daemon/web/server.h"

namespace wirewatch::daemon {

WebResponse json_answer(std::string body, int status = 200);
WebResponse error_answer(int status, std::string_view text);                // {"error": …}
std::string parameter(const WebRequest& request, const std::string& name);  // empty: not given

}  // namespace wirewatch::daemon
