// What would be right where a query names an entity that is not defined.
#pragma once

#include <string>

#include "rules/entities/gazetteer.h"

namespace wirewatch::rules {

// `reference` is without its '@'.
std::string hint_for_entity(const std::string& reference, const Gazetteer& gazetteer);

}  // namespace wirewatch::rules
