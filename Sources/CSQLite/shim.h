#pragma once
#include <sqlite3.h>

/// Binds bytes that the statement copies; what SQLite's own macro says for that is a cast that Swift cannot see.
static inline int csqlite_bind_copied_blob(sqlite3_stmt *statement, int index, const void *bytes, int length) {
  return sqlite3_bind_blob(statement, index, bytes, length, SQLITE_TRANSIENT);
}

static inline int csqlite_bind_copied_text(sqlite3_stmt *statement, int index, const char *text, int length) {
  return sqlite3_bind_text(statement, index, text, length, SQLITE_TRANSIENT);
}
