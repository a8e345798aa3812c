package dev.musicfs.catalog;

import dev.musicfs.model.FileVersion;
import io.vertx.sqlclient.Tuple;
import java.sql.ResultSet;
import java.sql.SQLException;

/** The columns that hold a {@link FileVersion}, in every table that has one. */
final class VersionColumns {
    static final String NAMES = "size, mtime_ns, version_tag";
    /** As a condition, with parameters in the order of {@link #add}. */
    static final String ARE = "size = ? AND mtime_ns = ? AND version_tag = ?";

    static final int COUNT = 3;

    private VersionColumns() {}

    /** The version whose first column is this one. */
    static FileVersion read(ResultSet row, int first) throws SQLException {
        return new FileVersion(row.getLong(first), row.getLong(first + 1), row.getString(first + 2));
    }

    static Tuple add(Tuple tuple, FileVersion version) {
        return tuple.addValue(version.sizeBytes())
                .addValue(version.mtimeNanos())
                .addValue(version.tag());
    }
}
