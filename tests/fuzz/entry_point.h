// What libFuzzer, or replay_main.cc in its place, calls with each input (llvm.org/docs/LibFuzzer).
#pragma once

#include <cstddef>
#include <cstdint>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);
