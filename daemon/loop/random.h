// Jitter. Decisions take it as a value, so that they repeat in tests.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <random>

namespace wirewatch::daemon {

// Uniform in [0, 1); seeded from the system unless `seed` is given.
inline std::function<double()> make_random(std::optional<std::uint64_t> seed = std::nullopt) {
  auto engine = std::make_shared<std::mt19937_64>(seed ? *seed : std::random_device()());
  return [engine] { return std::uniform_real_distribution<double>(0.0, 1.0)(*engine); };
}

}  // namespace wirewatch::daemon
