#include "rules/match/severity.h"

namespace wirewatch::rules {

std::string_view to_string(AlertSeverity severity) {
  switch (severity) {
    case AlertSeverity::low:
      return "low";
    case AlertSeverity::normal:
      return "normal";
    case AlertSeverity::high:
      return "high";
    case AlertSeverity::critical:
      return "critical";
  }
  return "normal";
}

}  // namespace wirewatch::rules
