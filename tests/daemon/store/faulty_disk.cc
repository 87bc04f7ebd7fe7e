#include "tests/daemon/store/faulty_disk.h"

#include <sqlite3.h>

#include <filesystem>
#include <fstream>
#include <mutex>
#include <new>

namespace wirewatch::daemon {
namespace {

struct State {
  std::mutex mutex;
  std::function<int()> before_read;
  std::function<int()> before_write;
  std::function<int()> before_sync;
  bool shared_memory = true;
  int syncs = 0;
  std::map<std::string, std::string> durable;
};
State* current = nullptr;  // of the one FaultyDisk
sqlite3_vfs* real_vfs = nullptr;

// SQLite allocates szOsFile bytes: ours, and behind it the real VFS's own file.
struct File {
  sqlite3_file base;
  std::string* path;
  sqlite3_file* real() { return reinterpret_cast<sqlite3_file*>(this + 1); }
};
File* of(sqlite3_file* file) {
  return reinterpret_cast<File*>(file);
}
const sqlite3_io_methods* real_methods(sqlite3_file* file) {
  return of(file)->real()->pMethods;
}

int ask(std::function<int()> State::*hook) {
  std::function<int()> asked;
  {
    const std::lock_guard lock(current->mutex);
    asked = current->*hook;
  }
  return asked ? asked() : SQLITE_OK;
}

int close_file(sqlite3_file* file) {
  const int code = real_methods(file)->xClose(of(file)->real());
  delete of(file)->path;
  return code;
}
int read_file(sqlite3_file* file, void* to, int bytes, sqlite3_int64 at) {
  const int code = ask(&State::before_read);
  if (code != SQLITE_OK) return code;
  return real_methods(file)->xRead(of(file)->real(), to, bytes, at);
}
int write_file(sqlite3_file* file, const void* from, int bytes, sqlite3_int64 at) {
  const int code = ask(&State::before_write);
  return code != SQLITE_OK ? code : real_methods(file)->xWrite(of(file)->real(), from, bytes, at);
}
int truncate_file(sqlite3_file* file, sqlite3_int64 size) {
  return real_methods(file)->xTruncate(of(file)->real(), size);
}
int sync_file(sqlite3_file* file, int flags) {
  int code = ask(&State::before_sync);
  if (code == SQLITE_OK) code = real_methods(file)->xSync(of(file)->real(), flags);
  if (code != SQLITE_OK) return code;
  const std::lock_guard lock(current->mutex);
  ++current->syncs;
  current->durable[*of(file)->path] = content_of(*of(file)->path);
  return SQLITE_OK;
}
int file_size(sqlite3_file* file, sqlite3_int64* size) {
  return real_methods(file)->xFileSize(of(file)->real(), size);
}
int lock_file(sqlite3_file* file, int level) {
  return real_methods(file)->xLock(of(file)->real(), level);
}
int unlock_file(sqlite3_file* file, int level) {
  return real_methods(file)->xUnlock(of(file)->real(), level);
}
int check_lock(sqlite3_file* file, int* held) {
  return real_methods(file)->xCheckReservedLock(of(file)->real(), held);
}
int control_file(sqlite3_file* file, int op, void* argument) {
  return real_methods(file)->xFileControl(of(file)->real(), op, argument);
}
int sector_size(sqlite3_file* file) {
  return real_methods(file)->xSectorSize(of(file)->real());
}
// None of the shortcuts that a real disk may allow, so that each sync is asked for; but for what
// SQLite takes for granted of all of them.
int characteristics(sqlite3_file*) {
  return SQLITE_IOCAP_POWERSAFE_OVERWRITE;
}
int map_shared(sqlite3_file* file, int page, int size, int extend, void volatile** memory) {
  return real_methods(file)->xShmMap(of(file)->real(), page, size, extend, memory);
}
int lock_shared(sqlite3_file* file, int offset, int count, int flags) {
  return real_methods(file)->xShmLock(of(file)->real(), offset, count, flags);
}
void barrier_shared(sqlite3_file* file) {
  real_methods(file)->xShmBarrier(of(file)->real());
}
int unmap_shared(sqlite3_file* file, int remove) {
  return real_methods(file)->xShmUnmap(of(file)->real(), remove);
}

const sqlite3_io_methods methods = {2,
                                    close_file,
                                    read_file,
                                    write_file,
                                    truncate_file,
                                    sync_file,
                                    file_size,
                                    lock_file,
                                    unlock_file,
                                    check_lock,
                                    control_file,
                                    sector_size,
                                    characteristics,
                                    map_shared,
                                    lock_shared,
                                    barrier_shared,
                                    unmap_shared,
                                    nullptr,
                                    nullptr};

const sqlite3_io_methods methods_without_shared_memory = [] {
  sqlite3_io_methods old = methods;
  old.iVersion = 1;
  return old;
}();

int open_file(sqlite3_vfs*, const char* path, sqlite3_file* file, int flags, int* out_flags) {
  File* ours = of(file);
  ours->base.pMethods = nullptr;
  ours->path = nullptr;
  const int code = real_vfs->xOpen(real_vfs, path, ours->real(), flags, out_flags);
  if (code != SQLITE_OK) return code;
  ours->path = new std::string(path == nullptr ? "" : path);
  const std::lock_guard lock(current->mutex);
  ours->base.pMethods = current->shared_memory ? &methods : &methods_without_shared_memory;
  return SQLITE_OK;
}

int delete_file(sqlite3_vfs*, const char* path, int sync_folder) {
  const int code = real_vfs->xDelete(real_vfs, path, sync_folder);
  const std::lock_guard lock(current->mutex);
  if (code == SQLITE_OK) current->durable.erase(path);
  return code;
}

sqlite3_vfs shim;

}  // namespace

FaultyDisk::FaultyDisk() {
  current = new State;
  real_vfs = sqlite3_vfs_find(nullptr);
  shim = *real_vfs;
  shim.pNext = nullptr;
  shim.zName = "faulty";
  shim.szOsFile = static_cast<int>(sizeof(File)) + real_vfs->szOsFile;
  shim.xOpen = open_file;
  shim.xDelete = delete_file;
  sqlite3_vfs_register(&shim, 1);
}

FaultyDisk::~FaultyDisk() {
  sqlite3_vfs_unregister(&shim);
  sqlite3_vfs_register(real_vfs, 1);
  delete current;
  current = nullptr;
}

void FaultyDisk::before_read(std::function<int()> hook) {
  const std::lock_guard lock(current->mutex);
  current->before_read = std::move(hook);
}

void FaultyDisk::before_write(std::function<int()> hook) {
  const std::lock_guard lock(current->mutex);
  current->before_write = std::move(hook);
}

void FaultyDisk::before_sync(std::function<int()> hook) {
  const std::lock_guard lock(current->mutex);
  current->before_sync = std::move(hook);
}

void FaultyDisk::without_shared_memory() {
  const std::lock_guard lock(current->mutex);
  current->shared_memory = false;
}

int FaultyDisk::syncs() const {
  const std::lock_guard lock(current->mutex);
  return current->syncs;
}

std::map<std::string, std::string> FaultyDisk::durable() const {
  const std::lock_guard lock(current->mutex);
  return current->durable;
}

std::string content_of(const std::string& path) {
  std::string content(std::filesystem::file_size(path), '\0');
  std::ifstream(path, std::ios::binary)
      .read(content.data(), static_cast<std::streamsize>(content.size()));
  return content;
}

}  // namespace wirewatch::daemon
