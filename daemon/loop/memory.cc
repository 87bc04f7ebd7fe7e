#include "daemon/loop/memory.h"

#include <malloc.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cstdint>
#include <cstdlib>

namespace wirewatch::daemon {
namespace {

constexpr int megabyte = 1 << 20;
constexpr std::size_t large_page = 2 * megabyte;

void* begin_of_heap = nullptr;

// Lets the heap grow by a gigabyte of addresses (half of the machine's memory where that is less),
// of which none is used yet, and marks them as wanted in large pages: where a page begins to be
// used, the system takes a large one if it has one.
void reserve_heap() {
  const auto pages = static_cast<std::size_t>(::sysconf(_SC_PHYS_PAGES));
  const std::size_t half = pages / 2 * static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
  const auto reserve = static_cast<int>(std::min<std::size_t>(half, 1024 * megabyte));
  ::mallopt(M_TOP_PAD, reserve);
  // The largest that does not get a map of its own; where the heap has that much left it stays.
  void* volatile block = std::malloc(31 * megabyte);  // volatile: or nothing is asked for at all
  std::free(block);
  ::mallopt(M_TOP_PAD, 16 * megabyte);
  const auto begin = reinterpret_cast<std::uintptr_t>(begin_of_heap) / large_page * large_page;
  const auto end = reinterpret_cast<std::uintptr_t>(::sbrk(0));
  const std::uintptr_t first = begin + large_page;
  // Where the system has no large pages it says so, and nothing is lost.
  if (end > first) ::madvise(reinterpret_cast<void*>(first), end - first, MADV_HUGEPAGE);
}

}  // namespace

void settle_allocator() {
  begin_of_heap = ::sbrk(0);
  ::mallopt(M_MMAP_THRESHOLD, 32 * megabyte);  // the largest that glibc takes
  ::mallopt(M_TRIM_THRESHOLD, 2047 * megabyte);
  ::mallopt(M_ARENA_MAX, 1);
  reserve_heap();
}

void give_back_memory() {
  ::malloc_trim(0);
  reserve_heap();
}

}  // namespace wirewatch::daemon
