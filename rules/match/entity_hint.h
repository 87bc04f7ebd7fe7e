// What would be right where a query names an entity that is not defined.
#pragma once

#include <string>

#include "rules/diagnostic.h"
#include "rules/entities/gazetteer.h"

namespace wirewatch::rules {

// `reference` is without its '@'. A near one is named as long as `suggestions` last.
std::string hint_for_entity(const std::string& reference, const Gazetteer& gazetteer,
                            Suggestions& suggestions);

}  // namespace wirewatch::rules
