// SQLite with owners: a connection, statements that are prepared once and kept, a transaction that
// rolls back unless it is committed. Everything throws StoreFailure. One thread at a time.
#pragma once

#include <concepts>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "daemon/store/failure.h"
#include "feeds/time.h"

struct sqlite3;
struct sqlite3_stmt;

namespace wirewatch::daemon {

enum class Access {
  read_only,
  immutable,   // read-only, and nobody can be writing: works where the folder cannot be written
  read_write,  // created when missing
  // The same, and commits reach the log in one piece (gathered_log.h): under synchronous=FULL
  // alone.
  write_gathered
};

class GatheredLog;
class Statement;

class Connection {
 public:
  Connection(std::string path, Access access);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  void run(const std::string& sql);             // any number of statements, answers ignored
  std::int64_t number(const std::string& sql);  // first column of the first row; 0 without rows
  std::int64_t changes() const;                 // rows that the last statement changed
  bool in_transaction() const;
  // Of every poll and every look into the store: prepared once.
  void begin_reading();
  void begin_writing();
  void commit();
  const std::string& path() const { return path_; }
  sqlite3* raw() { return db_; }
  [[noreturn]] void fail(int code) const;  // throws what `code` means to the user

 private:
  void execute(std::unique_ptr<Statement>& kept, std::string_view sql);

  std::string path_;
  std::unique_ptr<GatheredLog> log_;  // null: as SQLite writes it
  sqlite3* db_ = nullptr;
  std::unique_ptr<Statement> begin_reading_;
  std::unique_ptr<Statement> begin_writing_;
  std::unique_ptr<Statement> commit_;
};

struct Blob {  // bytes that are not text
  std::string_view bytes;
};

class Statement {
 public:
  Statement(Connection& connection, std::string_view sql);
  ~Statement();
  Statement(const Statement&) = delete;
  Statement& operator=(const Statement&) = delete;

  // Forgets earlier values and binds ?1, ?2 …; text may hold NUL and any bytes.
  template <class... Values>
  Statement& bind(const Values&... values) {
    reset();
    [[maybe_unused]] int index = 0;
    (put(++index, values), ...);
    return *this;
  }
  void execute();  // to its end
  // Calls `row()` for each row; the statement is reset however this ends, so that no reader keeps
  // the write-ahead log from starting over.
  template <class Row>
  void for_each(Row row) {
    const Resetter resetter{*this};
    while (step()) row();
  }

  // Columns of the current row, from 0.
  std::int64_t integer(int column) const;
  template <std::integral T>
  T as(int column) const {
    return static_cast<T>(integer(column));
  }
  double real(int column) const;
  std::string text(int column) const;  // text or blob, byte for byte
  Instant instant(int column) const { return from_unix_micros(integer(column)); }
  std::optional<Instant> maybe_instant(int column) const;

 private:
  struct Resetter {
    Statement& statement;
    ~Resetter() { statement.reset(); }
  };
  bool step();
  void reset();
  void check(int code) const;
  void put_integer(int index, std::int64_t value);
  template <std::integral T>
  void put(int index, T value) {
    put_integer(index, static_cast<std::int64_t>(value));
  }
  void put(int index, double value);
  void put(int index, std::string_view value);
  void put(int index, Blob value);
  void put(int index, Instant value) { put_integer(index, to_unix_micros(value)); }
  void put(int index, Span value) { put_integer(index, value.count()); }
  void put(int index, const std::optional<Instant>& value);

  Connection& connection_;
  sqlite3_stmt* statement_ = nullptr;
};

class Transaction {
 public:
  enum class Mode { read, write };
  Transaction(Connection& connection, Mode mode);
  ~Transaction();
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;
  void commit();

 private:
  Connection& connection_;
};

}  // namespace wirewatch::daemon
