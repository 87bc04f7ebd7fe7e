#include "daemon/store/gathered_log.h"

#include <fmt/format.h>
#include <sqlite3.h>

#include <algorithm>
#include <array>
#include <new>
#include <vector>

namespace wirewatch::daemon {
namespace {

using Methods = sqlite3_io_methods;

struct Gathered {
  std::string bytes;
  sqlite3_int64 begin = 0;  // of them in the file
  bool wanted = false;
  sqlite3_int64 room = 0;  // the file's size: behind the last page there may be zeros
};

// SQLite makes room for szOsFile bytes: ours, and behind it the file of the VFS below.
struct LogFile {
  sqlite3_file seen;
  Gathered* gathered;
  std::vector<Gathered*>* open;  // of all that are
};

Gathered& gathered_in(sqlite3_file* file) {
  return *reinterpret_cast<LogFile*>(file)->gathered;
}

sqlite3_file* below(sqlite3_file* file) {
  return reinterpret_cast<sqlite3_file*>(reinterpret_cast<LogFile*>(file) + 1);
}

// Zeros up to a multiple of GatheredLog::ahead. No page of a log is all zeros, so whoever reads it
// stops there. Only time is lost where they cannot be written: the pages tell whether the disk is
// full.
void make_room(sqlite3_file* file, sqlite3_int64 end) {
  static constexpr std::array<char, 0x10000> zeros{};
  Gathered& gathered = gathered_in(file);
  sqlite3_file* const real = below(file);
  const sqlite3_int64 wanted = (end / GatheredLog::ahead + 1) * GatheredLog::ahead;
  while (gathered.room < wanted) {
    const auto size = std::min<sqlite3_int64>(zeros.size(), wanted - gathered.room);
    const int code =
        real->pMethods->xWrite(real, zeros.data(), static_cast<int>(size), gathered.room);
    if (code != SQLITE_OK) return;
    gathered.room += size;
  }
}

int write_below(sqlite3_file* file, const void* from, int size, sqlite3_int64 at) {
  Gathered& gathered = gathered_in(file);
  if (gathered.wanted && at + size > gathered.room) make_room(file, at + size);
  sqlite3_file* const real = below(file);
  const int code = real->pMethods->xWrite(real, from, size, at);
  if (code == SQLITE_OK) gathered.room = std::max(gathered.room, at + size);
  return code;
}

// Who is told of a failure rolls back: what was gathered must not be written any more.
int write_gathered(sqlite3_file* file) {
  Gathered& gathered = gathered_in(file);
  if (gathered.bytes.empty()) return SQLITE_OK;
  const int code = write_below(file, gathered.bytes.data(), static_cast<int>(gathered.bytes.size()),
                               gathered.begin);
  gathered.bytes.clear();
  return code;
}

// What is left at the end was never synced, so nobody was told that it is there.
int close_file(sqlite3_file* file) {
  std::erase(*reinterpret_cast<LogFile*>(file)->open, reinterpret_cast<LogFile*>(file)->gathered);
  delete reinterpret_cast<LogFile*>(file)->gathered;
  sqlite3_file* const real = below(file);
  return real->pMethods->xClose(real);
}

int write_file(sqlite3_file* file, const void* from, int size, sqlite3_int64 at) {
  Gathered& gathered = gathered_in(file);
  const auto held = static_cast<sqlite3_int64>(gathered.bytes.size());
  const bool fits = gathered.wanted && size <= GatheredLog::most;
  if (!fits || at != gathered.begin + held || held + size > GatheredLog::most) {
    if (const int code = write_gathered(file); code != SQLITE_OK) return code;
  }
  if (!fits) return write_below(file, from, size, at);
  if (gathered.bytes.empty()) gathered.begin = at;
  gathered.bytes.append(static_cast<const char*>(from), static_cast<std::size_t>(size));
  return SQLITE_OK;
}

// Everything else first writes what is gathered.
template <auto Method, class... Arguments>
int after_write(sqlite3_file* file, Arguments... arguments) {
  if (const int code = write_gathered(file); code != SQLITE_OK) return code;
  sqlite3_file* const real = below(file);
  return (real->pMethods->*Method)(real, arguments...);
}

int cut_file(sqlite3_file* file, sqlite3_int64 size) {
  const int code = after_write<&Methods::xTruncate>(file, size);
  if (code == SQLITE_OK) gathered_in(file).room = size;
  return code;
}

template <auto Method, class... Arguments>
int passed_on(sqlite3_file* file, Arguments... arguments) {
  sqlite3_file* const real = below(file);
  return (real->pMethods->*Method)(real, arguments...);
}

// Version 1: a log has no shared memory, and is not mapped.
constexpr Methods methods_of_logs() {
  Methods methods{};
  methods.iVersion = 1;
  methods.xClose = close_file;
  methods.xRead = after_write<&Methods::xRead, void*, int, sqlite3_int64>;
  methods.xWrite = write_file;
  methods.xTruncate = cut_file;
  methods.xSync = after_write<&Methods::xSync, int>;
  methods.xFileSize = after_write<&Methods::xFileSize, sqlite3_int64*>;
  methods.xLock = passed_on<&Methods::xLock, int>;
  methods.xUnlock = passed_on<&Methods::xUnlock, int>;
  methods.xCheckReservedLock = passed_on<&Methods::xCheckReservedLock, int*>;
  methods.xFileControl = passed_on<&Methods::xFileControl, int, void*>;
  methods.xSectorSize = passed_on<&Methods::xSectorSize>;
  methods.xDeviceCharacteristics = passed_on<&Methods::xDeviceCharacteristics>;
  return methods;
}
constexpr Methods log_methods = methods_of_logs();

int open_log(sqlite3_vfs* real, const char* path, sqlite3_file* file, int flags, int* out_flags,
             std::vector<Gathered*>& open) {
  auto* const ours = reinterpret_cast<LogFile*>(file);
  ours->seen.pMethods = nullptr;  // of a file that is not open
  std::unique_ptr<Gathered> gathered(new (std::nothrow) Gathered);
  if (gathered == nullptr) return SQLITE_NOMEM;
  try {
    gathered->bytes.reserve(GatheredLog::most);  // of which nothing is touched until it is needed
    open.reserve(open.size() + 1);
  } catch (const std::bad_alloc&) {
    return SQLITE_NOMEM;
  }
  if (const int code = real->xOpen(real, path, below(file), flags, out_flags); code != SQLITE_OK)
    return code;
  const int traits = passed_on<&Methods::xDeviceCharacteristics>(file);
  gathered->wanted = (traits & SQLITE_IOCAP_POWERSAFE_OVERWRITE) != 0;
  if (const int code = passed_on<&Methods::xFileSize>(file, &gathered->room); code != SQLITE_OK) {
    below(file)->pMethods->xClose(below(file));
    return code;
  }
  ours->gathered = gathered.release();
  ours->open = &open;
  open.push_back(ours->gathered);
  ours->seen.pMethods = &log_methods;
  return SQLITE_OK;
}

}  // namespace

// Like the one below in everything but what it opens.
struct GatheredLog::Vfs : sqlite3_vfs {
  explicit Vfs(sqlite3_vfs* below) : sqlite3_vfs(*below), real(below) {
    pNext = nullptr;
    szOsFile = static_cast<int>(sizeof(LogFile)) + real->szOsFile;
    xOpen = open;
  }

  static int open(sqlite3_vfs* self, const char* path, sqlite3_file* file, int flags,
                  int* out_flags) {
    auto* const ours = static_cast<Vfs*>(self);
    sqlite3_vfs* const real = ours->real;
    if ((flags & SQLITE_OPEN_WAL) != 0)
      return open_log(real, path, file, flags, out_flags, ours->logs);
    return real->xOpen(real, path, file, flags, out_flags);
  }

  sqlite3_vfs* real;
  std::vector<Gathered*> logs;  // that are open
};

GatheredLog::GatheredLog() : vfs_(std::make_unique<Vfs>(sqlite3_vfs_find(nullptr))) {
  name_ = fmt::format("gathered-{}", static_cast<const void*>(vfs_.get()));
  vfs_->zName = name_.c_str();
  sqlite3_vfs_register(vfs_.get(), 0);
}

void GatheredLog::drop() {
  for (Gathered* log : vfs_->logs) log->bytes.clear();
}

GatheredLog::~GatheredLog() {
  sqlite3_vfs_unregister(vfs_.get());
}

}  // namespace wirewatch::daemon
