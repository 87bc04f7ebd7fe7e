// What the parts of Reader share.
#pragma once

#include <map>

#include "daemon/store/packing.h"
#include "daemon/store/reader.h"
#include "daemon/store/sqlite.h"

namespace wirewatch::daemon {

struct Reader::Impl {
  Impl(const std::string& path, Access access) : connection(path, access) {}

  // Prepared at its first use, then kept.
  Statement& statement(const std::string& sql) {
    auto& kept = statements[sql];
    if (!kept) kept = std::make_unique<Statement>(connection, sql);
    return *kept;
  }

  // "SELECT <the columns of a DocumentRow, then row> FROM documents <where>".
  Statement& documents(const std::string& where);
  DocumentRow document(const Statement& row);
  // Of what was first seen or dated at or after `since`, the number of the first row.
  std::int64_t first_row_since(Instant since);
  std::vector<DocumentRow> all_documents(Statement& bound);

  Connection connection;
  Zstd zstd;
  std::map<std::string, std::unique_ptr<Statement>> statements;  // a few dozen texts, all ours
};

}  // namespace wirewatch::daemon
