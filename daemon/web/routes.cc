#include "daemon/web/routes.h"

#include "daemon/web/api.h"

namespace wirewatch::daemon {

WebHandler make_routes(Control& control) {
  return [&control](WebRequest request) { return answer_api(control, std::move(request)); };
}

}  // namespace wirewatch::daemon
