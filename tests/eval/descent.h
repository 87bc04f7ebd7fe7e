// The lowest point of a smooth convex function, some of whose numbers must not be negative.
#pragma once

#include <functional>
#include <vector>

namespace wirewatch::eval {

using Numbers = std::vector<double>;

// What numbers cost; writes the slope at them.
using Cost = std::function<double(const Numbers& numbers, Numbers& slope)>;

// From `numbers`, in at most `most_steps` steps. The same function gives the same numbers.
Numbers lowest(const Cost& cost_of, Numbers numbers, const std::vector<bool>& not_negative,
               int most_steps);

}  // namespace wirewatch::eval
