// Parameters by their names, for evaluations that try many settings.
#pragma once

#include <string>
#include <string_view>

#include "feeds/stories/parameters.h"

namespace wirewatch::eval {

// As Evidence calls it.
std::string_view name_of_evidence(std::size_t evidence);

// The place of a number by its name; null when no parameter, or none that is a fraction, has it.
double* number_of(feeds::Parameters& parameters, const std::string& name);

// "name=value". Ends the program with a message when there is no such parameter.
void assign(feeds::Parameters& parameters, const std::string& setting);

}  // namespace wirewatch::eval
