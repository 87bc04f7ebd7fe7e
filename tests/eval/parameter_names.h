// Parameters by their names, for evaluations that try many settings.
#pragma once

#include <string>

#include "feeds/stories/parameters.h"

namespace wirewatch::eval {

// The place of a number by its name, "w.nearest" for a weight of the evidence; null when no
// parameter, or none that is a fraction, has it.
double* number_of(feeds::Parameters& parameters, const std::string& name);

// "name=value". Ends the program with a message when there is no such parameter.
void assign(feeds::Parameters& parameters, const std::string& setting);

}  // namespace wirewatch::eval
