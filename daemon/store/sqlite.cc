#include "daemon/store/sqlite.h"

#include <fmt/format.h>
#include <sqlite3.h>
#include <sys/resource.h>

#include <cerrno>
#include <filesystem>

#include "daemon/store/gathered_log.h"

namespace wirewatch::daemon {
namespace {

// SQLITE_TRANSIENT without its C cast: SQLite copies the bytes.
const auto copied =
    reinterpret_cast<sqlite3_destructor_type>(-1);  // NOLINT(performance-no-int-to-ptr)

std::string folder_of(const std::string& path) {
  return std::filesystem::path(path).parent_path().string();
}

Error explain(int code, const std::string& detail, const std::string& path) {
  switch (code & 0xff) {
    case SQLITE_FULL:
      return {
          ErrorKind::temporary,
          fmt::format("the disk of \"{}\" is full: {}; it goes on by itself once there is space",
                      folder_of(path), detail)};
    case SQLITE_IOERR:
      return {ErrorKind::temporary,
              fmt::format("the disk of \"{}\" fails: {}", folder_of(path), detail)};
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return {ErrorKind::temporary,
              fmt::format("the database \"{}\" is in use by another program: {}", path, detail)};
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return {ErrorKind::invalid,
              fmt::format("the database \"{0}\" is damaged: {1}; stop wirewatch, move \"{0}\", "
                          "\"{0}-wal\" and \"{0}-shm\" away and put a backup in the first one's "
                          "place (without any, wirewatch starts anew from a baseline)",
                          path, detail)};
    case SQLITE_CANTOPEN:
    case SQLITE_PERM:
    case SQLITE_AUTH:
    case SQLITE_READONLY:
      return {ErrorKind::refused,
              fmt::format("the database \"{}\" cannot be used: {}; run as the user who owns \"{}\"",
                          path, detail, folder_of(path))};
    case SQLITE_NOMEM:
    case SQLITE_TOOBIG:
      return {ErrorKind::too_big, fmt::format("the database \"{}\": {}", path, detail)};
    default:
      return {ErrorKind::internal, fmt::format("the database \"{}\": {}", path, detail)};
  }
}

// A path as the URI that SQLite opens: '?', '#' and '%' in folder names are not its syntax.
std::string immutable_uri(const std::string& path) {
  std::string uri = "file:";
  for (const char c : path) {
    if (c == '?' || c == '#' || c == '%') {
      uri += fmt::format("%{:02X}", static_cast<unsigned>(c));
    } else {
      uri += c;
    }
  }
  return uri + "?immutable=1";
}

bool files_have_a_largest_size() {
  rlimit limit{};
  return ::getrlimit(RLIMIT_FSIZE, &limit) == 0 && limit.rlim_cur != RLIM_INFINITY;
}

// SQLite would count each allocation of all threads under one lock, for figures that nobody asks.
void do_without_memory_figures() {
  static const int once = sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
  static_cast<void>(once);  // refused where SQLite is in use already: then it counts
}

}  // namespace

Connection::Connection(std::string path, Access access) : path_(std::move(path)) {
  do_without_memory_figures();
  const std::string name = access == Access::immutable ? immutable_uri(path_) : path_;
  const bool writes = access == Access::read_write || access == Access::write_gathered;
  const int flags = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE |
                    (writes ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE : SQLITE_OPEN_READONLY) |
                    (access == Access::immutable ? SQLITE_OPEN_URI : 0);
  if (access == Access::write_gathered) log_ = std::make_unique<GatheredLog>();
  const int code = sqlite3_open_v2(name.c_str(), &db_, flags, log_ ? log_->name() : nullptr);
  if (code != SQLITE_OK) {
    const Error error = explain(code, sqlite3_errstr(code), path_);
    sqlite3_close(db_);
    throw StoreFailure(error);
  }
  constexpr int busy_timeout_ms = 10000;
  sqlite3_busy_timeout(db_, busy_timeout_ms);
  if (log_) {
    const auto drop = [](void* log) { static_cast<GatheredLog*>(log)->drop(); };
    sqlite3_rollback_hook(db_, drop, log_.get());
  }
}

Connection::~Connection() {
  for (auto* kept : {&begin_reading_, &begin_writing_, &commit_}) kept->reset();
  sqlite3_close(db_);
}

void Connection::fail(int code) const {
  const int extended = sqlite3_extended_errcode(db_);
  const char* detail =
      (extended & 0xff) == (code & 0xff) ? sqlite3_errmsg(db_) : sqlite3_errstr(code);
  // Some calls report a full disk as a plain I/O error; a limit on files' sizes always is one, and
  // its errno may be another's by now.
  const int cause = (code & 0xff) == SQLITE_IOERR ? sqlite3_system_errno(db_) : 0;
  const bool limited =
      cause == EFBIG || (extended == SQLITE_IOERR_WRITE && files_have_a_largest_size());
  const bool full = (code & 0xff) == SQLITE_FULL || cause == ENOSPC || limited;
  if (limited) detail = "a file may not grow further (ulimit -f, LimitFSIZE=)";
  throw StoreFailure(explain(full ? SQLITE_FULL : code, detail, path_), full);
}

void Connection::run(const std::string& sql) {
  const int code = sqlite3_exec(db_, sql.c_str(), nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) fail(code);
}

void Connection::execute(std::unique_ptr<Statement>& kept, std::string_view sql) {
  if (!kept) kept = std::make_unique<Statement>(*this, sql);
  kept->execute();
}

void Connection::begin_reading() {
  execute(begin_reading_, "BEGIN");
}

void Connection::begin_writing() {
  execute(begin_writing_, "BEGIN IMMEDIATE");
}

void Connection::commit() {
  execute(commit_, "COMMIT");
}

std::int64_t Connection::number(const std::string& sql) {
  Statement statement(*this, sql);
  std::optional<std::int64_t> first;
  statement.for_each([&] {
    if (!first) first = statement.integer(0);
  });
  return first.value_or(0);
}

std::int64_t Connection::changes() const {
  return sqlite3_changes64(db_);
}

bool Connection::in_transaction() const {
  return sqlite3_get_autocommit(db_) == 0;
}

Statement::Statement(Connection& connection, std::string_view sql) : connection_(connection) {
  check(sqlite3_prepare_v3(connection.raw(), sql.data(), static_cast<int>(sql.size()),
                           SQLITE_PREPARE_PERSISTENT, &statement_, nullptr));
}

Statement::~Statement() {
  sqlite3_finalize(statement_);
}

void Statement::check(int code) const {
  if (code != SQLITE_OK) connection_.fail(code);
}

bool Statement::step() {
  const int code = sqlite3_step(statement_);
  if (code == SQLITE_ROW) return true;
  if (code != SQLITE_DONE) connection_.fail(code);
  return false;
}

void Statement::reset() {
  sqlite3_reset(statement_);
}

void Statement::execute() {
  for_each([] {});
}

void Statement::put_integer(int index, std::int64_t value) {
  check(sqlite3_bind_int64(statement_, index, value));
}

void Statement::put(int index, double value) {
  check(sqlite3_bind_double(statement_, index, value));
}

void Statement::put(int index, std::string_view value) {
  const char* bytes = value.data() == nullptr ? "" : value.data();  // a null pointer binds NULL
  check(sqlite3_bind_text64(statement_, index, bytes, value.size(), copied, SQLITE_UTF8));
}

void Statement::put(int index, Blob value) {
  const char* bytes = value.bytes.data() == nullptr ? "" : value.bytes.data();
  check(sqlite3_bind_blob64(statement_, index, bytes, value.bytes.size(), copied));
}

void Statement::put(int index, const std::optional<Instant>& value) {
  if (value) {
    put(index, *value);
  } else {
    check(sqlite3_bind_null(statement_, index));
  }
}

std::int64_t Statement::integer(int column) const {
  return sqlite3_column_int64(statement_, column);
}

double Statement::real(int column) const {
  return sqlite3_column_double(statement_, column);
}

std::string Statement::text(int column) const {
  const void* bytes = sqlite3_column_blob(statement_, column);
  const auto size = static_cast<std::size_t>(sqlite3_column_bytes(statement_, column));
  return bytes == nullptr ? std::string() : std::string(static_cast<const char*>(bytes), size);
}

std::optional<Instant> Statement::maybe_instant(int column) const {
  if (sqlite3_column_type(statement_, column) == SQLITE_NULL) return std::nullopt;
  return instant(column);
}

Transaction::Transaction(Connection& connection, Mode mode) : connection_(connection) {
  if (mode == Mode::write) {
    connection_.begin_writing();
  } else {
    connection_.begin_reading();
  }
}

Transaction::~Transaction() {
  // SQLite has rolled back by itself after some failures; a failing ROLLBACK leaves nothing to do.
  if (connection_.in_transaction()) {
    sqlite3_exec(connection_.raw(), "ROLLBACK", nullptr, nullptr, nullptr);
  }
}

void Transaction::commit() {
  connection_.commit();
}

}  // namespace wirewatch::daemon
