// Which path answers what: pages for people, /v1/… for the command line, metrics, an Atom feed.
#pragma once

#include "daemon/control.h"
#include "daemon/web/server.h"

namespace wirewatch::daemon {

// Pages (GET, no script, everything escaped): / (status), /alerts, /alerts/ID, /feeds,
// /stories/ID. For machines: /healthz, /readyz, /metrics (Prometheus text 0.0.4), /alerts.atom.
// /v1/…: see api.h; only over the control socket, changes only for root and the daemon's own user.
// `control` outlives the handler.
WebHandler make_routes(Control& control);

}  // namespace wirewatch::daemon
