package dev.musicfs.catalog;

import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;
import java.nio.file.Path;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteErrorCode;

/** The one place where errors of SQLite become failures of MusicFS. */
final class SqliteFailure {
    /** SQL state of a row that says what no row may say, in a database whose pages are whole. */
    static final String BAD_ROW = "bad row";

    /** The low byte of an extended result code is the primary one (https://sqlite.org/rescode.html). */
    private static final int PRIMARY_CODE = 0xFF;

    private static final String MAKE_ROOM = "; make room on its disk (df and df -i tell what is missing)";

    private SqliteFailure() {}

    /** The failure of {@code attempt} (as in "cannot read the totals") on a database; one of ours comes back as it is. */
    static MusicFsException of(Path database, String attempt, Throwable failure) {
        if (failure instanceof MusicFsException ours) {
            return ours;
        }
        SQLException sql = sqlExceptionIn(failure);
        String reason = reasonOf(failure);
        if (sql == null) {
            FailureKind kind = MusicFsException.kindOf(failure);
            return new MusicFsException(
                    kind,
                    "cannot " + attempt + " the catalog " + database + ": " + reason
                            + (kind == FailureKind.NO_SPACE ? MAKE_ROOM : ""),
                    failure);
        }
        FailureKind kind = kindOf(sql.getErrorCode() & PRIMARY_CODE);
        if (kind == FailureKind.CORRUPT) {
            return new MusicFsException(
                    kind,
                    "the catalog " + database + " is damaged (" + reason
                            + "); the next start of the daemon restores it from its backup, or builds a new one from the"
                            + " origins",
                    failure);
        }
        return new MusicFsException(
                kind, "cannot " + attempt + " the catalog " + database + ": " + reason + remedy(sql), failure);
    }

    /** The same where SQLite did not tell that its disk is full, as it does not of a file it could not make. */
    static MusicFsException withoutRoom(Path database, String attempt, Throwable failure) {
        return new MusicFsException(
                FailureKind.NO_SPACE,
                "cannot " + attempt + " the catalog " + database + ": its disk is full (" + reasonOf(failure) + ")"
                        + MAKE_ROOM,
                failure);
    }

    private static String remedy(SQLException sql) {
        int code = sql.getErrorCode() & PRIMARY_CODE;
        if (code == SQLiteErrorCode.SQLITE_BUSY.code || code == SQLiteErrorCode.SQLITE_LOCKED.code) {
            return "; another process has locked it, and has to let it go";
        }
        if (kindOf(code) == FailureKind.NO_SPACE) {
            return MAKE_ROOM;
        }
        return kindOf(code) == FailureKind.REJECTED
                ? "; the user of this process has to be able to read and write it and its directory"
                : "";
    }

    /** Whether SQLite itself found the file damaged. */
    static boolean isDamage(Throwable failure) {
        SQLException sql = sqlExceptionIn(failure);
        return sql != null
                && !BAD_ROW.equals(sql.getSQLState())
                && kindOf(sql.getErrorCode() & PRIMARY_CODE) == FailureKind.CORRUPT;
    }

    /** What SQLite says of it. */
    static String reasonOf(Throwable failure) {
        SQLException sql = sqlExceptionIn(failure);
        return String.valueOf((sql == null ? failure : sql).getMessage());
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
