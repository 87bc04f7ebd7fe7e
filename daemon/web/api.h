// The control socket's interface: JSON over HTTP, used by the verbs.
//
//   GET  /v1/status                    the daemon, receivers, counts
//   GET  /v1/feeds                     feeds with health
//   POST /v1/feeds/poll?name=          poll now
//   GET  /v1/alerts?rule=&story=&since=&limit=
//   GET  /v1/alerts/ID                 one, with its deliveries (an unambiguous beginning is
//   enough) GET  /v1/deliveries?receiver=&state=&since=&until=&limit= POST
//   /v1/deliveries/replay?id=|alert=|receiver=&state=&since=&until=   back in the queue GET
//   /v1/items?text=&limit=   GET /v1/why?item=   GET /v1/stories/ID POST /v1/reload takes the files
//   now; 200 accepted, 409 refused POST /v1/clock?by=900s             steps a manual clock and
//   returns when all is quiet
//
// Instants are ISO 8601; errors are {"error": "one sentence"} with a fitting status.
#pragma once

#include <boost/asio/awaitable.hpp>

#include "daemon/control.h"
#include "daemon/web/server.h"

namespace wirewatch::daemon {

asio::awaitable<WebResponse> answer_api(Control& control, WebRequest request);

}  // namespace wirewatch::daemon
