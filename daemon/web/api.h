// The control socket's interface: JSON over HTTP, used by the verbs.
//
// clang-format off
//   GET  /v1/status                     the daemon, receivers, counts
//   GET  /v1/feeds                      feeds with health
//   POST /v1/feeds/poll?name=           poll now
//   POST /v1/feeds/release?name= [&drop=1]  decides what is held of a feed, or drops it
//   GET  /v1/alerts?rule=&story=&since=&limit=
//   GET  /v1/alerts/ID                  one, with its deliveries; a beginning is enough
//   GET  /v1/deliveries?alert=&receiver=&state=&since=&until=&limit=
//   POST /v1/deliveries/replay?id=|alert=|receiver=|since= [&state=&until=&limit=]  queued again
//   GET  /v1/items?text=&limit=
//   GET  /v1/why?item=
//   GET  /v1/stories/ID
//   POST /v1/reload                     takes the files now; 200 accepted, 409 refused
//   POST /v1/clock?by=900s              steps a manual clock, returns when all is quiet
// clang-format on
//
// A parameter that cannot be read is refused (400), never ignored.
// Instants are ISO 8601; errors are {"error": "one sentence"} with a fitting status.
#pragma once

#include <boost/asio/awaitable.hpp>

#include "daemon/control.h"
#include "daemon/web/server.h"

namespace wirewatch::daemon {

// The request came over the control socket; its peer decides what it may change.
asio::awaitable<WebResponse> answer_api(Control& control, WebRequest request);

}  // namespace wirewatch::daemon
