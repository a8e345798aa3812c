package dev.musicfs.catalog;

import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;
import java.nio.file.Path;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteErrorCode;

/** The one place where errors of SQLite become failures of MusicFS. */
final class SqliteFailure {
    /** The low byte of an extended result code is the primary one (https://sqlite.org/rescode.html). */
    private static final int PRIMARY_CODE = 0xFF;

    private SqliteFailure() {}

    /** The failure of {@code attempt} (as in "cannot read the totals") on a database; one of ours comes back as it is. */
    static MusicFsException of(Path database, String attempt, Throwable failure) {
        if (failure instanceof MusicFsException ours) {
            return ours;
        }
        SQLException sql = sqlExceptionIn(failure);
        String reason = String.valueOf((sql == null ? failure : sql).getMessage());
        if (sql == null) {
            return new MusicFsException(
                    MusicFsException.kindOf(failure),
                    "cannot " + attempt + " the catalog " + database + ": " + reason,
                    failure);
        }
        FailureKind kind = kindOf(sql.getErrorCode() & PRIMARY_CODE);
        String message = kind == FailureKind.CORRUPT
                ? "the catalog " + database + " is damaged (" + reason
                        + "); move it away and MusicFS builds a new one from the origins"
                : "cannot " + attempt + " the catalog " + database + ": " + reason;
        return new MusicFsException(kind, message, failure);
    }

    private static FailureKind kindOf(int primaryCode) {
        for (SQLiteErrorCode code : SQLiteErrorCode.values()) {
            if (code.code == primaryCode) {
                return kindOf(code);
            }
        }
        return FailureKind.INTERNAL;
    }

    private static FailureKind kindOf(SQLiteErrorCode primary) {
        return switch (primary) {
            case SQLITE_FULL -> FailureKind.NO_SPACE;
            case SQLITE_CORRUPT, SQLITE_NOTADB -> FailureKind.CORRUPT;
            case SQLITE_CONSTRAINT, SQLITE_MISMATCH, SQLITE_TOOBIG -> FailureKind.INVALID;
            case SQLITE_READONLY, SQLITE_CANTOPEN, SQLITE_PERM, SQLITE_AUTH -> FailureKind.REJECTED;
            case SQLITE_IOERR, SQLITE_BUSY, SQLITE_LOCKED, SQLITE_PROTOCOL, SQLITE_INTERRUPT, SQLITE_NOMEM ->
                FailureKind.UNAVAILABLE;
            default -> FailureKind.INTERNAL;
        };
    }

    /** The exception with SQLite's code: a batch wraps it in one without. */
    private static @Nullable SQLException sqlExceptionIn(Throwable failure) {
        SQLException found = null;
        for (Throwable t = failure; t != null; t = t.getCause()) {
            if (t instanceof SQLException sql) {
                found = sql;
                if (sql.getErrorCode() != 0) {
                    return sql;
                }
            }
        }
        return found;
    }
}
